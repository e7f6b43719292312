"""For whose members an activity is, also in the background."""

from unittest.mock import patch

from odoo.tests import tagged

from ...models.activity import tasks
from .test_background import AfterCase


@tagged("post_install", "-at_install")
class TestCompanies(AfterCase):
    """It is for members of the companies that were switched on when it was planned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.sudo().relationship_linked_company_ids = cls.other_company
        cls.anna.company_ids = cls.company | cls.other_company
        theirs = cls.env["res.partner"].create(
            [{"name": f"Leipzig {n}", "email": f"l{n}@x.example"} for n in range(3)]
        )
        members = cls.env["relationship.campaign.addressee"].with_user(cls.katrin)
        cls.leipzig = members.create(
            [{"campaign_id": cls.campaign.id, "partner_id": p.id} for p in theirs]
        )

    def plan_for(self, companies):
        return (
            self.env["relationship.activity"]
            .with_user(self.anna)
            .with_context(allowed_company_ids=companies.ids)
            .create({"type_id": self.calls.id, "campaign_id": self.campaign.id})
        )

    def test_in_the_background(self):
        self.calling.wait_template_id = False
        for companies, count in (
            (self.company, 10),
            (self.company | self.other_company, 13),
        ):
            activity = self.plan_for(companies)
            self.assertEqual(activity.run_total, count)
            self.run_cron()
            self.assertEqual(activity.run_done, count)
            self.assertEqual(len(self.calls_of(activity)), count)
            activity.with_user(self.anna).date_from = self.day(3)
            self.assertEqual(activity.run_total, count)
            self.run_cron()
            self.assertEqual(len(self.calls_of(activity)), count)
            activity.action_cancel()

    def test_at_once_and_later(self):
        with patch.object(tasks, "FEW", 100):
            for companies, count in (
                (self.company, 10),
                (self.company | self.other_company, 13),
            ):
                activity = self.plan_for(companies)
                self.do(activity)
                self.assertEqual(len(self.calls_of(activity)), count)
                activity.action_cancel()
                activity.with_context(allowed_company_ids=[]).action_reopen()
                self.assertEqual(len(self.calls_of(activity)), count)

    def test_a_member_of_another_company_who_is_included_again(self):
        self.calling.wait_template_id = False
        with patch.object(tasks, "FEW", 100):
            activity = self.plan_for(self.company)
        self.leipzig[0].action_leave_out()
        self.leipzig[0].action_take_in()
        self.assertEqual(len(self.calls_of(activity)), 10)
