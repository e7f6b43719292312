from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ...models.activity import tasks
from .test_run import RunCase


@tagged("post_install", "-at_install")
class TestLoad(RunCase):
    """Tasks are shared out among people and days, however they come about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Callers",
                "company_id": False,
                "member_ids": [Command.set((cls.anna | cls.piotr).ids)],
            }
        )

    def plan_at_once(self, **values):
        with patch.object(tasks, "FEW", 100):
            return self.plan_calls(**values)

    def plan_later(self, **values):
        activity = self.plan_calls(**values)
        self.run_cron()
        return activity

    def count_days(self, activity):
        """Return how many tasks people have at most on one day."""
        rows = [*self.tasks(activity), *self.todo(activity)]
        days = [(row.user_id, row.date_deadline) for row in rows]
        self.assertEqual(len(days), activity.task_count)
        return max(days.count(day) for day in days)

    def test_members_are_shared_out_in_a_team(self):
        self.calls.template_ids.write(
            {"responsible_type": "team", "team_id": self.team.id}
        )
        for plan in self.plan_at_once, self.plan_later, self.plan_later:
            activity = plan()
            rows = [*self.tasks(activity), *self.todo(activity)]
            users = [row.user_id for row in rows]
            self.assertEqual([users.count(u) for u in self.team.member_ids], [5, 5])

    def test_what_is_done_is_no_load_where_a_list_shows_it(self):
        """Neither for the least loaded, nor on the days of what is shared out."""
        for person in self.people[:3]:
            task = person.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=self.today,
                user_id=self.anna.id,
            )
            task.with_user(self.anna).action_feedback()
        self.calls.template_ids.write(
            {"responsible_type": "team", "team_id": self.team.id}
        )
        shown = self.env["relationship.activity"].with_user(self.anna)
        shown = shown.with_context(active_test=False)
        values = {"type_id": self.calls.id, "campaign_id": self.campaign.id}
        with patch.object(tasks, "FEW", 100):
            activity = shown.create({**values, "date_from": self.today})
        planned = self.tasks(activity)
        users = [task.user_id for task in planned]
        self.assertEqual([users.count(u) for u in self.team.member_ids], [5, 5])
        first = planned.filtered(lambda task: task.user_id == self.anna)[0]
        self.assertEqual(first.date_deadline, self.today)

    def test_all_lines_together_keep_to_the_tasks_a_day(self):
        self.calls.template_ids.copy({"summary": "Write to {contact}"})
        for plan in self.plan_at_once, self.plan_later:
            activity = plan()
            self.assertEqual(activity.task_count, 20)
            self.assertEqual(self.count_days(activity), 1)
            activity.action_cancel()

    def test_another_date_keeps_to_the_tasks_a_day(self):
        for plan in self.plan_at_once, self.plan_later:
            activity = plan()
            for days in 7, 8:
                activity.date_from = self.day(days)
                self.run_cron()
                self.assertEqual(activity.task_count, 10)
                self.assertEqual(self.count_days(activity), 1)
                first = min(t.date_deadline for t in self.tasks(activity))
                self.assertEqual(first, self.day(days))
            activity.action_cancel()

    def test_what_is_planned_together_is_shared_out_together(self):
        """An import of activities gives not all of them to one, nor to one day."""
        kind = self.new_type(
            "Ring",
            {"summary": "R", "responsible_type": "team", "team_id": self.team.id},
        )
        activities = self.env["relationship.activity"].with_user(self.anna)
        four = activities.create(
            [{"type_id": kind.id, "partner_id": self.stalmet.id} for _n in range(4)]
        )
        users = [task.user_id for task in self.tasks(four)]
        self.assertEqual([users.count(u) for u in self.team.member_ids], [2, 2])
        values = {"type_id": self.calls.id, "campaign_id": self.campaign.id}
        with patch.object(tasks, "FEW", 100):
            two = activities.create([values, values])
        days = self.tasks(two).mapped("date_deadline")
        self.assertEqual((len(days), len(set(days))), (20, 20))

    def test_who_was_given_something_else_before_counts_with_all(self):
        model = self.env["ir.model"]._get_id("res.partner")
        self.env["mail.activity"].create(
            [
                {"res_model_id": model, "res_id": person.id, "user_id": self.anna.id}
                for person in self.people
            ]
        )
        kind = self.new_type(
            "Visit",
            {"summary": "Prepare"},
            {"summary": "Call", "responsible_type": "team", "team_id": self.team.id},
        )
        activity = self.plan(type_id=kind.id)
        self.assertEqual(self.tasks(activity).user_id, self.anna | self.piotr)

    def test_who_inherits_keeps_to_the_tasks_a_day(self):
        """On the day on which it was due, or on the next one with room."""
        mine = self.plan_later()
        self.calls = self.calls.copy()
        self.calls.template_ids.write(
            {"responsible_type": "other", "responsible_id": self.piotr.id}
        )
        theirs = self.plan_later()
        rows = [*self.tasks(theirs), *self.todo(theirs)]
        before = {row.addressee_id: row.date_deadline for row in rows}
        self.assertEqual(rows[0].user_id, self.piotr)
        self.piotr.with_user(self.env.ref("base.user_admin")).action_archive()
        self.env.invalidate_all()
        both = mine | theirs
        rows = [*self.tasks(both), *self.todo(both)]
        self.assertEqual({row.user_id for row in rows}, {self.anna})
        days = {row.date_deadline for row in rows}
        self.assertEqual((len(rows), len(days)), (20, 20))
        for row in [*self.tasks(theirs), *self.todo(theirs)]:
            self.assertGreaterEqual(row.date_deadline, before[row.addressee_id])
        self.assertFalse(self.tasks(both).filtered("is_changed_by_hand"))
