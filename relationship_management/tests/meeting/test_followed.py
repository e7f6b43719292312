from datetime import date, timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .meeting_case import ON_MONDAY, TEN, MeetingCase, at


@tagged("post_install", "-at_install")
class TestFollowingMeetings(MeetingCase):
    """The meeting follows its activity, and goes with it where it is still to come."""

    def test_a_new_time_moves_it(self):
        activity = self.show()
        event = self.event(activity)
        activity.write({"meeting_start": TEN.replace(hour=12), "meeting_hours": 2})
        self.assertIsAt(activity, TEN.replace(hour=12), 2)
        # Earlier and longer, with the same end.
        activity.write({"meeting_start": TEN, "meeting_hours": 6})
        self.assertIsAt(activity, TEN, 6)
        self.assertEqual(self.event(activity), event)

    def test_another_day_keeps_the_time_of_day_where_clocks_change(self):
        activity = self.show()
        activity.date_from = "2031-12-01"
        # Ten in Warsaw, too, where it is one hour ahead then.
        self.assertIsAt(activity, at("2031-12-01 09:00"))
        self.assertEqual(activity.date_to, date(2031, 12, 1))
        # At two in the morning of that day clocks jump to three.
        night = self.show(meeting_start=at("2031-03-28 01:30"))
        night.date_from = "2031-03-30"
        self.assertEqual(night.date_from, date(2031, 3, 30))
        self.assertIsAt(night, at("2031-03-30 01:30"))

    def test_across_midnight_it_has_two_days(self):
        activity = self.show()
        activity.meeting_start = at("2031-07-07 21:00")
        self.assertEqual(
            (activity.date_from, activity.date_to),
            (date(2031, 7, 7), date(2031, 7, 8)),
        )

    def test_name_and_people_follow(self):
        activity = self.show(participant_ids=self.piotr.ids)
        self.event(activity).with_user(self.anna).partner_ids = [
            Command.link(self.kranbau.id)
        ]
        activity.write(
            {
                "name": "Show it",
                "user_id": self.ewa.id,
                "participant_ids": [Command.set(self.anna.ids)],
            }
        )
        event = self.event(activity)
        self.assertEqual((event.name, event.user_id), ("Show it", self.ewa))
        # Whom somebody invited in the calendar stays invited.
        people = (self.ewa | self.anna).partner_id
        self.assertEqual(event.partner_ids, people | self.kranbau)

    def test_a_name_that_a_person_gave_it_stays(self):
        activity = self.show()
        self.event(activity).with_user(self.anna).name = "Lunch"
        activity.name = "Show it"
        self.assertEqual(self.event(activity).name, "Lunch")

    def test_another_contact_person_is_invited_instead(self):
        self.showing.invites_contact = True
        activity = self.show(contact_id=self.maj.id)
        other = self.maj.copy({"name": "Lis", "email": "lis@example.com"})
        activity.contact_id = other
        event = self.event(activity)
        self.assertEqual(event.partner_ids, self.anna.partner_id | other)
        self.assertEqual(event.attendee_ids.partner_id, self.anna.partner_id | other)

    def test_cancelling_calls_off_what_is_to_come(self):
        self.showing.invites_contact = True
        activity = self.show(contact_id=self.maj.id)
        activity.action_cancel()
        self.assertFalse(self.events(activity))
        self.assertEqual(activity.meeting_start, TEN)
        self.assertFalse(activity.is_meeting_missing)
        told = self.env["mail.notification"].search(
            [("res_partner_id", "in", (self.maj | self.anna.partner_id).ids)]
        )
        self.assertEqual(told.res_partner_id, self.maj)
        self.assertIn("Deleted event: Fair", told.mail_message_id.mapped("subject"))
        activity.action_reopen()
        self.assertIsAt(activity, TEN)

    def test_many_are_called_off_in_one_message_a_colleague(self):
        self.showing.invites_contact = True
        values = {"contact_id": self.maj.id, "participant_ids": self.piotr.ids}
        for end in ("action_cancel", "unlink"):
            many = self.env["relationship.activity"].with_user(self.anna)
            for _index in range(11):
                many |= self.show(**values)
            domain = [("res_partner_id", "in", (self.maj | self.piotr.partner_id).ids)]
            notes = self.env["mail.notification"].sudo()
            before = notes.search(domain)
            getattr(many, end)()
            told = (notes.search(domain) - before).mapped("res_partner_id.name")
            came = notes.search(domain) - before
            by_colleague = came.filtered(
                lambda note: note.res_partner_id == self.piotr.partner_id
            )
            self.assertEqual(len(by_colleague), 1, told)
            self.assertIn("11", by_colleague.mail_message_id.subject)
            self.assertEqual(len(came - by_colleague), 11)

    def test_what_has_been_stays(self):
        past = fields.Datetime.now().replace(second=0, microsecond=0)
        past -= timedelta(days=3)
        for end in ("action_cancel", "action_done", "unlink"):
            with self.subTest(end):
                activity = self.show(meeting_start=past)
                event = self.event(activity)
                getattr(activity, end)()
                self.assertTrue(event.exists().active)

    def test_a_done_activity_keeps_its_meeting(self):
        activity = self.show()
        activity.action_done()
        self.assertTrue(self.event(activity).active)

    def test_deleting_it_calls_off_what_is_to_come(self):
        activity = self.show()
        event = self.event(activity)
        activity.unlink()
        self.assertFalse(event.exists())

    def test_what_is_left_of_a_deleted_one_is_for_those_who_came(self):
        activity = self.show(meeting_start=fields.Datetime.now() - timedelta(days=3))
        event = self.event(activity)
        activity.unlink()
        seen = event.sudo(False).with_user(self.ewa)
        seen.invalidate_recordset()
        self.assertEqual(seen.name, "Busy")
        self.assertEqual(event.privacy, "private")

    def test_an_archived_one_is_not_in_the_calendar(self):
        activity = self.show()
        activity.active = False
        self.assertFalse(self.events(activity) or activity.is_meeting_missing)
        activity.active = True
        self.assertIsAt(activity, TEN)

    def test_no_time_and_another_type_take_it_out(self):
        activity = self.show()
        activity.meeting_start = False
        self.assertFalse(self.events(activity) or activity.is_meeting_missing)
        self.assertEqual((activity.date_from, activity.date_to), ON_MONDAY)
        activity = self.show()
        activity.type_id = self.visit
        self.assertFalse(self.events(activity) or activity.meeting_start)

    def test_a_type_that_changes_changes_no_activity(self):
        activity = self.show()
        self.showing.is_meeting = False
        activity.date_from = "2031-07-08"
        self.assertIsAt(activity, TEN + timedelta(days=1))

    def test_a_colleague_who_leaves_hands_it_over(self):
        lead = self.new_lead(self.piotr, user_id=self.piotr.id)
        activity = self.show(self.piotr, lead_id=lead.id, user_id=self.piotr.id)
        self.piotr.substitute_id = self.ewa
        self.piotr.active = False
        event = self.event(activity)
        self.assertEqual((activity.user_id, event.user_id), (self.ewa, self.ewa))
        self.assertEqual(event.partner_ids, self.ewa.partner_id)

    def test_merged_opportunities_bring_their_meetings(self):
        leads = self.new_lead() | self.new_lead()
        coming = self.show(lead_id=leads[0].id)
        other = self.show(lead_id=leads[1].id)
        past = self.show(
            lead_id=leads[1].id, meeting_start=fields.Datetime.now() - timedelta(days=3)
        )
        past.action_done()
        head = leads.with_user(self.anna).merge_opportunity()
        for activity in coming | other | past:
            event = self.event(activity)
            self.assertEqual(activity.lead_id, head)
            self.assertEqual(event.opportunity_id, head)
            self.assertEqual((event.res_model, event.res_id), (head._name, head.id))

    def test_a_deleted_opportunity_leaves_what_has_been(self):
        lead = self.new_lead()
        coming = self.show(lead_id=lead.id)
        past = self.show(
            lead_id=lead.id, meeting_start=fields.Datetime.now() - timedelta(days=3)
        )
        past.action_done()
        lead.with_user(self.ewa).unlink()
        self.assertFalse(self.events(coming))
        event = self.event(past)
        self.assertEqual((event.res_model, event.res_id), (past._name, past.id))

    def test_the_task_that_is_the_meeting_shows_its_time(self):
        kind = self.new_type(
            "Test talk",
            {"summary": "Talk", "activity_type_id": self.meeting.id, "delay_count": 0}
            | {"per": "responsible"},
            {"summary": "Report", "delay_count": 2},
            is_meeting=True,
        )
        activity = self.show(type_id=kind.id, participant_ids=self.piotr.ids)
        event = self.event(activity)
        talks = self.tasks(activity, summary="Talk")
        self.assertEqual(talks.calendar_event_id, event)
        self.assertEqual(talks.user_id, self.anna | self.piotr)
        self.assertFalse(self.tasks(activity, summary="Report").calendar_event_id)
        items = self.env["relationship.day.item"].with_user(self.piotr)
        self.assertEqual(len(items.search([("start", "=", TEN)])), 1)
        activity.meeting_start = TEN + timedelta(days=1)
        self.assertIsAt(activity, TEN + timedelta(days=1), 1)
        self.assertEqual(set(talks.mapped("date_deadline")), {date(2031, 7, 8)})
        self.assertEqual(talks.calendar_event_id, event)
        self.assertFalse(any(talks.mapped("is_changed_by_hand")))
        # What came of it is nothing for the readers of the calendar.
        self.anna.with_user(self.anna).calendar_default_privacy = "private"
        done = talks.filtered(lambda task: task.user_id == self.anna)
        done.with_user(self.ewa).action_feedback(feedback="They are broke")
        self.assertEqual((done.active, done.feedback), (False, "They are broke"))
        self.assertFalse(event.notes)
        # Core would delete the tasks with their meeting.
        event.with_user(self.anna).unlink()
        self.assertEqual(talks.exists(), talks)
        self.assertTrue(activity.is_meeting_missing)

    def test_meetings_of_merged_partners_are_those_of_the_one_that_stays(self):
        double = self.env["res.partner"].create({"name": "Stalmet SA"})
        event = self.event(self.show(partner_id=double.id))
        own = self.env["calendar.event"].create(
            {
                "name": "Lunch",
                "start": TEN,
                "stop": TEN,
                "res_id": double.id,
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((double | self.stalmet).ids, self.stalmet)
        self.env.invalidate_all()
        self.assertEqual((event | own).mapped("res_id"), [self.stalmet.id] * 2)
