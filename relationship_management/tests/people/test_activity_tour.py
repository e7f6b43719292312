from odoo import Command, fields
from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestActivityTour(TourCase):
    """A salesperson plans a visit with its meeting and people, and ends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.new_anna("anna_activity")
        cls.customer, cls.member, cls.joined, _person = cls.env["res.partner"].create(
            [
                {"name": "A Tour customer", "is_company": True},
                {"name": "A Tour member"},
                {"name": "B Tour member"},
                {"name": "A Tour buyer"},
            ]
        )
        role = "relationship_management.relationship_reference_type_decision_maker"
        cls.env["relationship.activity.type"].create(
            {
                "name": "Tour visit",
                "is_meeting": True,
                "needs_result": True,
                "template_ids": [Command.create({"summary": "Prepare {partner}"})],
                "result_ids": [Command.create({"name": "Tour yes"})],
                "planned_role_ids": [
                    Command.create({"reference_type_id": cls.env.ref(role).id})
                ],
            }
        )

    def test_a_visit_from_its_plan_to_its_result(self):
        path, name = "/odoo/sales-activities", "relationship_activity_tour"
        self.start_tour(path, name, login="anna_activity")
        activities = self.env["relationship.activity"]
        activity = activities.search([("partner_id", "=", self.customer.id)])
        if not self.touch_enabled:
            self.assertEqual(activity.state, "done")
            self.assertEqual(activity.result_id.name, "Tour yes")
        self.assertEqual(activity.date_from, fields.Date.to_date("2030-05-06"))
        self.assertEqual(activity.meeting_id.partner_ids, self.anna.partner_id)
        roles = {line.partner_id.name: line.kind for line in activity.reference_ids}
        self.assertEqual(roles, {"A Tour buyer": "decision_maker"})

    def test_who_joins_a_campaign_later_gets_a_task(self):
        kind = self.env["relationship.campaign.type"].create({"name": "Tour fair"})
        campaign = self.env["relationship.campaign"].create(
            {"title": "Tour campaign", "type_id": kind.id, "user_id": self.anna.id}
        )
        calls = self.env["relationship.activity.type"].create(
            {
                "name": "Tour calls",
                "template_ids": [
                    Command.create({"summary": "Call {partner}", "per": "addressee"})
                ],
            }
        )
        members = self.env["relationship.campaign.addressee"]
        members.create({"campaign_id": campaign.id, "partner_id": self.member.id})
        activity = (
            self.env["relationship.activity"]
            .with_user(self.anna)
            .create({"type_id": calls.id, "campaign_id": campaign.id})
        )
        members.create({"campaign_id": campaign.id, "partner_id": self.joined.id})
        path = f"/odoo/sales-activities/{activity.id}"
        self.start_tour(path, "relationship_joining_tour", login="anna_activity")
        self.assertEqual(
            sorted(activity.task_ids.mapped("summary")),
            ["Call A Tour member", "Call B Tour member"],
        )


@tagged("post_install", "-at_install")
class TestActivityTourOnPhone(TestActivityTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
