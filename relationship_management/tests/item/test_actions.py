"""What people do in the list itself."""

from odoo.exceptions import AccessError, UserError, ValidationError
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
        self.task.date_deadline = day = self.day(-1)
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

    def test_tasks_are_moved_and_handed_over_together(self):
        rows = self.rows(self.tasks(self.activity)).with_user(self.piotr)
        action = (rows | self.rows(self.lead).with_user(self.piotr)).action_change()
        dialogs = self.env[action["res_model"]].with_user(self.piotr)
        dialog = dialogs.with_context(**action["context"]).create({})
        self.assertEqual(dialog.task_count, len(rows))
        with self.refused("Choose a day or a colleague"):
            dialog.action_apply()
        dialog.write({"user_id": self.piotr.id, "date_deadline": self.day(30)})
        dialog.action_apply()
        tasks = self.tasks(self.activity)
        self.assertEqual(tasks.user_id, self.piotr)
        self.assertEqual({*tasks.mapped("date_deadline")}, {self.day(30)})
        self.assertEqual(self.told(tasks[0], "user_id"), self.piotr)

    def test_nobody_moves_what_they_may_not_change(self):
        dialog = self.env["relationship.item.change"].with_user(self.jan)
        task = self.lead.activity_schedule(user_id=self.anna.id)
        words = "not allowed to|doesn't have|security restrictions|may not"
        with self.refused(words, AccessError):
            dialog.create(
                {"task_ids": task.ids, "date_deadline": self.day(9)}
            ).action_apply()

    def hand_over(self, tasks, giver=None, **values):
        dialogs = self.env["relationship.item.change"].with_user(giver or self.ewa)
        dialogs.create({"task_ids": tasks.ids, **values}).action_apply()

    def test_nobody_gets_what_is_kept_from_them(self):
        """By the type of the activity or of the record, or by its company."""
        board = self.env["res.groups"].create({"name": "Board"})
        secret = self.new_type("Take-over", {"summary": "Buy"})
        hidden = self.tasks(self.plan(type_id=secret.id))
        secret.see_group_ids = board
        self.lead.sudo().opportunity_type_id = self.machine_deal
        of_lead = self.lead.activity_schedule(summary="Check", user_id=self.ewa.id)
        theirs = self.new_lead(
            name="Leipzig", user_id=False, company_id=self.other_company.id
        ).activity_schedule(summary="Count", user_id=self.katrin.id)
        self.hand_over(of_lead, user_id=self.jan.id)  # core's way, who sells nothing
        self.assertEqual(of_lead.user_id, self.jan)
        of_lead.sudo().user_id = self.ewa
        self.machine_deal.see_group_ids = board
        for tasks, giver, refusal in (
            (hidden, self.ewa, "may not see activities of the type"),
            (of_lead, self.ewa, "may not see records of the type"),
            (theirs, self.katrin, "does not work for"),
        ):
            former = tasks.user_id
            with self.refused(refusal, ValidationError):
                self.hand_over(tasks, giver, user_id=self.jan.id)
            self.assertEqual(tasks.user_id, former)
        with self.refused("may not see records of the type", ValidationError):
            self.lead.with_user(self.ewa).activity_schedule(user_id=self.jan.id)

    def test_a_day_that_no_calendar_has(self):
        for day in ("0001-01-01", "9999-12-31"):
            with self.refused("between the years 1900 and 2200"):
                self.hand_over(self.task, date_deadline=day)
        self.task.sudo().date_deadline = "9999-12-31"
        with self.refused("these tasks are due later, or are meetings"):
            self.row.action_tomorrow()
