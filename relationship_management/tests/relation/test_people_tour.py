from odoo import Command
from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestPeopleTour(TourCase):
    """A salesperson takes a suggestion, and reads how the people relate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.new_anna("anna_people")
        ours = "relationship_management.relationship"
        customer, maj, rek = cls.env["res.partner"].create(
            [
                {"name": "Tour customer", "is_company": True},
                {"name": "Zofia Tour"},
                {"name": "Tomasz Tour"},
            ]
        )
        cls.env["relationship.relation"].create(
            [
                {
                    "left_partner_id": maj.id,
                    "type_id": cls.env.ref(f"{ours}_relation_type_{name}").id,
                    "right_partner_id": other.id,
                }
                for name, other in (("adviser", customer), ("knows", rek))
            ]
        )
        decides = cls.env.ref(f"{ours}_reference_type_decision_maker")
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Tour line",
                "type": "opportunity",
                "partner_id": customer.id,
                "user_id": cls.anna.id,
                "reference_ids": [
                    Command.create({"partner_id": rek.id, "type_id": decides.id})
                ],
            }
        )

    def test_a_suggestion_is_taken(self):
        self.start_tour(
            f"/odoo/crm/{self.lead.id}",
            "relationship_people_tour",
            login="anna_people",
        )
        roles = {line.partner_id.name: line.kind for line in self.lead.reference_ids}
        self.assertEqual(
            roles, {"Tomasz Tour": "decision_maker", "Zofia Tour": "influencer"}
        )


@tagged("post_install", "-at_install")
class TestPeopleTourOnPhone(TestPeopleTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
