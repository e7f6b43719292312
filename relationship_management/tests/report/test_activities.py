"""Statistics count an activity, and its tasks, where its type may be analysed."""

from odoo import Command
from odoo.tests import tagged

from ..activity.activity_case import ActivityCase


@tagged("post_install", "-at_install")
class TestActivities(ActivityCase):
    """Activities and tasks in the statistics of partners, as their types allow."""

    def test_statistics_count_what_may_be_analysed(self):
        self.plan().action_done()
        report = self.env["relationship.partner.report"]
        mine = [("partner_id", "=", self.stalmet.id), ("kind", "=", "bracket")]
        self.assertEqual(report.with_user(self.anna).search(mine).status, "done")
        self.visit.analyse_group_ids = self.env["res.groups"].create({"name": "X"})
        self.assertFalse(report.with_user(self.anna).search(mine))
        self.assertTrue(report.with_user(self.ewa).search(mine))

    def test_statistics_count_tasks_as_what_they_are_done_for(self):
        """The type of the activity, and of its project, decides about all of it."""
        lead = self.new_lead(partner_id=self.stalmet.id)
        lead.sudo().opportunity_type_id = self.machine_deal
        campaign = self.new_campaign()
        planned = (
            self.plan(),
            self.plan(lead_id=lead.id),
            self.plan(campaign_id=campaign.id, partner_id=self.stalmet.id),
        )
        for record in (*planned, self.stalmet):
            record.activity_schedule("mail.mail_activity_data_call")
        everything = (2 + 2 + 3 + 1, 3)
        self.assertEqual(self.count(self.anna, planned), everything)
        few = self.env["res.groups"].create({"name": "X"})
        # Tasks of the first two, what stands at each of the three, a call; and these.
        for kind, left in (
            (self.visit, (0 + 0 + 0 + 1, 0)),
            (self.machine_deal, (2 + 0 + 2 + 1, 2)),
            (self.fair_type, (2 + 2 + 2 + 1, 2)),
        ):
            with self.subTest(kind.name):
                kind.analyse_group_ids = few
                self.assertEqual(self.count(self.anna, planned), left)
                self.assertEqual(self.count(self.ewa, planned), everything)
                kind.analyse_group_ids = [Command.clear()]

    def count(self, user, planned):
        """Return how many tasks and activities the statistics count, and a pivot."""
        self.env.invalidate_all()
        report = self.env["relationship.partner.report"].with_user(user)
        rows = report.search([("partner_id", "=", self.stalmet.id)])
        kinds = rows.mapped("kind")
        activities = self.env["relationship.activity"].with_user(user)
        ids = [activity.id for activity in planned]
        [pivot] = activities.formatted_read_group([("id", "in", ids)], [], ["__count"])
        self.assertEqual(kinds.count("bracket"), pivot["__count"])
        self.assertEqual(activities.search_count([("id", "in", ids)]), len(ids))
        return kinds.count("activity"), kinds.count("bracket")
