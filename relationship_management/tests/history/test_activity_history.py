"""What is known of an activity that it does not remember itself."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from ...models.activity import history
from ...models.shared import row_trigger
from ..activity.activity_case import ActivityCase

START = datetime(2026, 5, 4, 8)  # noqa: DTZ001 UTC, as in the table


@tagged("post_install", "-at_install")
class TestActivityHistory(ActivityCase):
    """When an activity ended, whatever way, and what a deleted one was last."""

    def setUp(self):
        super().setUp()
        self.set_clock(0)
        self.addCleanup(row_trigger.set_clock, self.env.cr)

    def set_clock(self, hours):
        self.env.flush_all()
        row_trigger.set_clock(self.env.cr, START + timedelta(hours=hours))

    def kept(self, activity_id):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT * FROM relationship_activity_history WHERE activity_id = %s",
            [activity_id],
        )
        return self.env.cr.dictfetchone()

    def hours(self, activity, *names):
        """Return when something was, in hours since the start."""
        kept = self.kept(activity.id)
        return [kept[n] and (kept[n] - START) / timedelta(hours=1) for n in names]

    def test_what_is_merely_planned_has_none(self):
        activity = self.plan()
        self.tasks(activity)[0].with_user(self.anna).action_feedback()
        self.assertEqual(activity.state, "in_progress")
        self.assertIsNone(self.kept(activity.id))

    def test_done_reopened_cancelled_and_done_again(self):
        activity = self.plan()
        ends = ("first_done_at", "done_at", "cancelled_at", "reopen_count")
        for hour, action, expected in (
            (1, "action_done", [1, 1, None, 0]),
            (2, "action_reopen", [1, None, None, 1]),
            (3, "action_cancel", [1, None, 3, 1]),
            (4, "action_reopen", [1, None, None, 2]),
            (5, "action_done", [1, 5, None, 2]),
        ):
            self.set_clock(hour)
            getattr(activity, action)()
            found = self.hours(activity, *ends[:3])
            self.assertEqual([*found, self.kept(activity.id)[ends[3]]], expected)

    def test_the_last_task_ends_it(self):
        activity = self.plan()
        self.set_clock(6)
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.assertEqual(self.hours(activity, "done_at"), [6])

    def test_plain_sql_ends_it(self):
        activity = self.plan()
        self.set_clock(7)
        self.env.cr.execute(
            "UPDATE relationship_activity SET state = 'done' WHERE id = %s",
            [activity.id],
        )
        self.assertEqual(self.hours(activity, "first_done_at", "done_at"), [7, 7])

    def test_a_deleted_one_leaves_what_it_was(self):
        campaign = self.new_campaign()
        kind = self.new_type("Calls", {}, {}, channel="phone")
        activity = self.plan(campaign_id=campaign.id, type_id=kind.id)
        self.set_clock(1)
        activity.action_done()
        self.set_clock(9)
        id_, number = activity.id, activity.number or None
        responsible = activity.user_id.id
        activity.with_user(self.ewa).unlink()
        kept = self.kept(id_)
        expected = {
            "deleted_at": START + timedelta(hours=9),
            "done_at": START + timedelta(hours=1),
            "state": "done",
            "number": number,
            "type_id": kind.id,
            "channel": "phone",
            "user_id": responsible,
            "utm_campaign_id": campaign.utm_campaign_id.id,
            "date_from": self.today,
            "date_done": self.today,
            "create_date": START,
        }
        self.assertEqual({name: kept[name] for name in expected}, expected)

    def test_it_counts_the_tasks_that_are_deleted_with_it_no_more(self):
        activity = self.plan()
        self.tasks(activity)[0].with_user(self.anna).action_feedback()
        self.set_clock(1)
        id_ = activity.id
        activity.with_user(self.ewa).unlink()
        kept = self.kept(id_)
        self.assertEqual((kept["task_count"], kept["done_task_count"]), (1, 1))

    def test_plain_sql_deletes_it_with_all_its_tasks(self):
        activity = self.plan()
        self.set_clock(1)
        self.env.cr.execute(
            "DELETE FROM relationship_activity WHERE id = %s", [activity.id]
        )
        kept = self.kept(activity.id)
        self.assertEqual((kept["state"], kept["task_count"]), ("planned", 2))
        self.assertEqual(kept["partner_id"], self.stalmet.id)

    def test_created_and_deleted_in_one_transaction_leaves_nothing(self):
        activity = self.plan()
        activity.action_done()
        self.assertTrue(self.kept(activity.id))
        id_ = activity.id
        activity.with_user(self.ewa).unlink()
        self.assertIsNone(self.kept(id_))

    def test_nothing_that_people_have_written_is_kept(self):
        kept = {name for names in history.KEPT.values() for name in names}
        self.assertFalse(kept & {"name", "text", "result_note"})
