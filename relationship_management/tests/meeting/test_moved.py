from datetime import date, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .meeting_case import ON_MONDAY, TEN, MeetingCase


@tagged("post_install", "-at_install")
class TestMovedMeetings(MeetingCase):
    """What people change in the calendar, and what the activity says of it."""

    def test_dragging_the_meeting_moves_the_activity(self):
        activity = self.show()
        self.drag(self.event(activity), days=1, hours=1)
        self.assertIsAt(activity, TEN + timedelta(days=1, hours=1))
        self.assertEqual(activity.date_from, date(2031, 7, 8))
        self.assertEqual(activity.date_to, date(2031, 7, 8))

    def test_tasks_go_along(self):
        kind = self.new_type("Test talk", {"summary": "Prepare"}, is_meeting=True)
        activity = self.show(type_id=kind.id)
        before = self.tasks(activity).date_deadline
        self.drag(self.event(activity), days=7)
        self.assertEqual(self.tasks(activity).date_deadline, before + timedelta(days=7))

    def test_pulling_its_end_changes_the_hours(self):
        activity = self.show()
        event = self.event(activity).with_user(self.anna)
        event.stop = event.start + timedelta(hours=3)
        self.assertIsAt(activity, TEN, 3)

    def test_a_meeting_of_all_day_has_days_and_no_time(self):
        activity = self.show()
        self.event(activity).with_user(self.anna).write(
            {"allday": True, "start_date": "2031-07-08", "stop_date": "2031-07-09"}
        )
        days = (date(2031, 7, 8), date(2031, 7, 9))
        self.assertFalse(activity.meeting_start or activity.meeting_other_time)
        self.assertEqual((activity.date_from, activity.date_to), days)
        activity.write({"date_from": "2031-07-10", "date_to": "2031-07-10"})
        event = self.event(activity)
        self.assertTrue(event.allday)
        self.assertEqual(event.start_date, date(2031, 7, 10))
        activity.meeting_start = TEN
        self.assertFalse(self.event(activity).allday)
        self.assertIsAt(activity, TEN)
        activity.write({"meeting_start": False})
        self.assertFalse(self.events(activity))

    def test_who_may_not_change_the_activity_moves_the_meeting_alone(self):
        activity = self.show()
        self.drag(self.event(activity), self.jan, hours=2)
        self.assertEqual(activity.meeting_start, TEN)
        self.assertEqual((activity.date_from, activity.date_to), ON_MONDAY)
        self.assertEqual(self.event(activity).start, TEN + timedelta(hours=2))
        self.assertIn(
            "12:00", activity.with_context(tz="Europe/Warsaw").meeting_other_time
        )
        # Whoever may change it decides.
        activity.meeting_start = TEN + timedelta(hours=3)
        self.assertIsAt(activity, TEN + timedelta(hours=3))

    def test_what_no_activity_has_stays_with_the_meeting(self):
        for change in (
            lambda event: event.write({"stop": event.start}),
            lambda event: event.write({"stop": event.start + timedelta(days=11)}),
        ):
            activity = self.show()
            event = self.event(activity).sudo(False).with_user(self.anna)
            change(event)
            self.assertEqual(
                (activity.meeting_start, activity.meeting_hours), (TEN, 1.5)
            )
            self.assertTrue(activity.meeting_other_time)
        activity = self.show()
        self.showing.is_meeting = False
        self.drag(self.event(activity), days=1)
        self.assertEqual(activity.meeting_start, TEN)
        self.assertTrue(activity.meeting_other_time)

    def test_a_task_that_keeps_its_day_leaves_the_meeting(self):
        kind = self.new_type(
            "Test talk",
            {"summary": "Meet", "activity_type_id": self.meeting.id},
            is_meeting=True,
        )
        activity = self.show(type_id=kind.id)
        task = self.tasks(activity)
        self.assertEqual(task.calendar_event_id, self.event(activity))
        task.with_user(self.anna).summary = "Meet them, with slides"
        self.drag(self.event(activity), days=1)
        self.assertEqual(task.date_deadline, TEN.date())
        self.assertFalse(task.calendar_event_id)

    def test_a_campaign_keeps_the_meeting_in_its_days(self):
        campaign = self.new_campaign(date_from="2031-07-01", date_to="2031-07-08")
        activity = self.show(campaign_id=campaign.id)
        event = self.event(activity)
        with self.refused("would lie outside of the campaign", ValidationError):
            self.drag(event, days=7)
        self.drag(event, days=1)
        self.assertIsAt(activity, TEN + timedelta(days=1))

    def test_a_done_activity_is_not_moved(self):
        activity = self.show()
        activity.action_done()
        self.drag(self.event(activity), days=1)
        self.assertEqual(activity.meeting_start, TEN)

    def test_a_deleted_meeting_is_told_and_comes_back_on_request(self):
        activity = self.show()
        for remove in (lambda e: e.unlink(), lambda e: e.write({"active": False})):
            remove(self.event(activity).with_user(self.anna))
            self.assertTrue(activity.is_meeting_missing)
            self.assertFalse(activity.meeting_id)
            activity.name = "Show it"
            self.assertFalse(self.events(activity))
            activity.action_plan_meeting()
            self.assertIsAt(activity, TEN)
        activity.action_plan_meeting()
        self.assertIsAt(activity, TEN)
        self.event(activity).with_user(self.anna).unlink()
        # Who gives it another time means it.
        activity.meeting_start = TEN + timedelta(days=1)
        self.assertIsAt(activity, TEN + timedelta(days=1))

    def test_repeated_meetings_are_not_all_the_activitys(self):
        activity = self.show()
        event = self.event(activity).with_user(self.anna)
        event.write(
            {
                "recurrency": True,
                "rrule_type_ui": "weekly",
                "rrule_type": "weekly",
                "interval": 1,
                "end_type": "count",
                "count": 3,
                "mon": True,
            }
        )
        every = event.recurrence_id.calendar_event_ids
        self.assertEqual(len(every), 3)
        self.assertEqual(every.relationship_activity_id, activity)
        self.assertIsAt(activity, TEN)
        activity.meeting_start = TEN + timedelta(hours=1)
        self.assertIsAt(activity, TEN + timedelta(hours=1))
        self.assertEqual((every - event).mapped("start")[0].hour, TEN.hour)
        activity.action_cancel()
        self.assertEqual(len(every.exists()), 2)

    def test_nobody_says_that_a_meeting_is_of_an_activity(self):
        activity = self.show()
        events = self.env["calendar.event"].with_user(self.anna)
        values = {"name": "Mine", "start": TEN, "stop": TEN + timedelta(hours=1)}
        link = {"relationship_activity_id": activity.id}
        event = events.create(values | link)
        forging = events.with_context(default_relationship_activity_id=activity.id)
        event |= forging.create(values)
        event.write(link)
        self.assertFalse(event.relationship_activity_id)
        self.event(activity).with_user(self.anna).write(
            {"relationship_activity_id": False}
        )
        self.assertIsAt(activity, TEN)

    def test_a_copy_of_the_meeting_is_nobodys(self):
        activity = self.show()
        self.event(activity).with_user(self.anna).copy()
        self.assertIsAt(activity, TEN)
