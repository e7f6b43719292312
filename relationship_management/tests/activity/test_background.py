"""What begins later for very many members begins in the background, too."""

from unittest.mock import patch

from odoo.tests import tagged

from ...models.activity import slots, tasks
from .test_run import RunCase


class AfterCase(RunCase):
    """Somebody prints a list, then each member is called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls = cls.new_type(
            "Test calls",
            {"summary": "Print"},
            {"summary": "Call {contact}", "per": "addressee"},
            tasks_per_day=1,
        )
        cls.printing, cls.calling = cls.calls.template_ids
        cls.calling.wait_template_id = cls.printing

    def do(self, activity):
        self.tasks(activity).filtered("active").with_user(self.anna).action_feedback()

    def calls_of(self, activity):
        rows = [*self.tasks(activity, plan_template_id=self.calling.id)]
        return [*rows, *self.todo(activity)]


@tagged("post_install", "-at_install")
class TestAfter(AfterCase):
    """Whoever does the task before waits for nothing."""

    def test_members_are_called_in_the_background(self):
        activity = self.plan_calls()
        self.do(activity)
        self.assertFalse(self.calls_of(activity))
        self.assertEqual((activity.run_state, activity.run_total), ("running", 10))
        self.assertEqual(activity.state, "in_progress")
        self.run_cron()
        self.assertFalse(activity.run_state)
        calls = self.calls_of(activity)
        self.assertEqual(len({call.task_key for call in calls}), 10)
        self.assertEqual(len({call.date_deadline for call in calls}), 10)
        self.assertLess(len(self.tasks(activity)), 11)

    def test_a_task_that_was_given_up(self):
        activity = self.plan_calls()
        self.tasks(activity).with_user(self.anna).unlink()
        self.run_cron()
        self.assertEqual(len(self.calls_of(activity)), 10)

    def test_a_line_that_was_deleted(self):
        activity = self.plan_calls()
        self.printing.with_user(self.ewa).unlink()
        self.assertFalse(self.calls_of(activity))
        self.run_cron()
        self.assertEqual(len(self.calls_of(activity)), 10)

    def test_another_date_plans_them_anew(self):
        activity = self.plan_calls()
        self.do(activity)
        self.run_cron()
        activity.with_user(self.anna).date_from = self.day(20)
        self.run_cron()
        days = [call.date_deadline for call in self.calls_of(activity)]
        self.assertEqual((len(days), min(days)), (10, self.day(20)))

    def test_another_date_begins_nothing(self):
        activity = self.plan_calls()
        activity.with_user(self.anna).date_from = self.day(20)
        self.run_cron()
        self.assertFalse(self.calls_of(activity))

    def test_reopened(self):
        activity = self.plan_calls()
        self.do(activity)
        self.run_cron()
        activity.with_user(self.anna).action_cancel()
        self.assertFalse(self.calls_of(activity))
        activity.with_user(self.anna).action_reopen()
        self.run_cron()
        self.assertEqual(len(self.calls_of(activity)), 10)

    def test_included_again(self):
        activity = self.plan_calls()
        self.do(activity)
        self.run_cron()
        member = self.members[3].with_user(self.anna)
        member.action_leave_out()
        self.assertEqual(len(self.calls_of(activity)), 9)
        member.action_take_in()
        self.assertEqual(len(self.calls_of(activity)), 10)

    def test_nobody_may_be_reached(self):
        """Then it ends, and does not begin again and again."""
        self.people.email = False
        activity = self.plan_calls(channel="email")
        self.do(activity)
        self.run_cron()
        self.assertFalse(self.calls_of(activity))
        self.assertEqual((activity.state, activity.run_state), ("done", False))

    def test_one_after_the_other(self):
        """What was given up does not come back with what begins later."""
        self.calling.wait_template_id = False
        self.printing.wait_template_id = self.calling
        last = self.calling.copy(
            {"summary": "Thank {contact}", "wait_template_id": False}
        )
        last.wait_template_id = self.printing
        with patch.object(tasks, "FEW", 100):
            activity = self.plan_calls()
        self.tasks(activity)[0].with_user(self.anna).unlink()
        self.do(activity)
        self.do(activity)
        self.run_cron()
        self.assertEqual(len(self.tasks(activity, plan_template_id=self.calling.id)), 9)
        thanks = [
            *self.tasks(activity, plan_template_id=last.id),
            *self.todo(activity),
        ]
        self.assertEqual(len(thanks), 10)

    def test_each_after_each_when_it_is_reopened(self):
        """What waits for a call of the same member comes for those who were called."""
        self.printing.unlink()
        thank = self.calling.copy(
            {"summary": "Thank {contact}", "wait_template_id": False}
        )
        thank.wait_template_id = self.calling
        with patch.object(tasks, "FEW", 100):
            activity = self.plan_calls()
            self.tasks(activity)[:8].with_user(self.anna).action_feedback()
        activity.with_user(self.anna).action_cancel()
        activity.with_user(self.anna).action_reopen()
        self.run_cron()
        keys = [
            *self.tasks(activity, plan_template_id=thank.id),
            *self.todo(activity).filtered(lambda t: t.template_id == thank),
        ]
        self.assertEqual({row.addressee_id for row in keys}, set(self.members[:8]))
        self.assertEqual(
            len(self.tasks(activity, plan_template_id=self.calling.id))
            + len(self.todo(activity).filtered(lambda t: t.template_id != thank)),
            10,
        )


@tagged("post_install", "-at_install")
class TestFaultAfter(AfterCase):
    """What fails after a task does not take it back, and can be tried again."""

    def go_on(self, activity):
        activity.with_user(self.anna).action_go_on()
        self.run_cron()

    def test_no_day_is_left(self):
        with patch.object(tasks, "FEW", 100):
            activity = self.plan_calls()
            with patch.object(slots, "MAX_DAYS", 3):
                self.do(activity)
            self.assertFalse(self.tasks(activity).filtered("active"))
            self.assertEqual(
                (activity.state, activity.run_state), ("in_progress", "failed")
            )
            self.assertIn("more than ten years from now", activity.run_error)
            self.go_on(activity)
        self.assertEqual(len(self.calls_of(activity)), 10)
        self.assertFalse(activity.run_error)

    def test_on_an_opportunity(self):
        activity = self.plan(lead_id=self.new_lead().id, type_id=self.calls.id)
        original = type(activity)._prepare_missing

        def fail(*args, **kwargs):
            raise ValueError("No such day.")

        with patch.object(type(activity), "_prepare_missing", fail):
            self.do(activity)
        self.assertEqual(original, type(activity)._prepare_missing)
        self.assertEqual(
            (activity.run_state, activity.run_error), ("failed", "No such day.")
        )
        self.go_on(activity)
        self.assertEqual(len(self.tasks(activity).filtered("active")), 1)
