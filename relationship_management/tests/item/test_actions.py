"""What people do in the list itself."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_mirror import ItemCase


@tagged("post_install", "-at_install")
class TestItemActions(ItemCase):
    def setUp(self):
        super().setUp()
        self.task = self.tasks(self.activity)[0]
        self.row = self.rows(self.task).with_user(self.anna)

    def test_a_task_is_done_in_its_dialog(self):
        action = self.row.action_done()
        dialog = self.env[action["res_model"]].with_user(self.anna)
        dialog.with_context(**action["context"]).create({"note": "Well"}).action_done()
        self.assertFalse(self.task.active)
        self.assertEqual(self.told(self.task, "status"), "done")

    def test_tomorrow_is_the_next_working_day(self):
        self.task.date_deadline = "2026-06-12"  # a Friday
        with self.subTest("late ones from today"):
            self.row.action_tomorrow()
            day = self.task.date_deadline
            self.assertGreater(day, self.today)
            self.assertLess(day.weekday(), 5)
        self.assertEqual(self.told(self.task, "date_due"), day)

    def test_nothing_but_open_tasks(self):
        lead = self.rows(self.lead).with_user(self.anna)
        for action in (lead.action_done, lead.action_tomorrow):
            with self.assertRaisesRegex(UserError, "Choose open tasks"):
                action()
        # Chosen together with others, tasks are moved and the others are not.
        day = self.task.date_deadline
        (lead | self.row).action_tomorrow()
        self.assertNotEqual(self.task.date_deadline, day)

    def test_the_partners_go_into_a_campaign(self):
        rows = self.row | self.rows(self.rival).with_user(self.anna)
        action = rows.action_assign_to_campaign()
        dialog = self.env[action["res_model"]].with_user(self.anna)
        dialog = dialog.with_context(**action["context"])
        other = self.new_campaign(title="Other")
        dialog.create({"campaign_id": other.id}).action_assign()
        self.assertEqual(
            self.env["relationship.campaign.addressee"]
            .search([("campaign_id", "=", other.id)])
            .target_id,
            self.stalmet,
        )
        self.assertTrue(rows.action_generate_campaign()["context"]["default_is_new"])
