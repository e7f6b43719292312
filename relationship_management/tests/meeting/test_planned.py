from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .meeting_case import ON_MONDAY, TEN, MeetingCase, at


@tagged("post_install", "-at_install")
class TestPlannedMeetings(MeetingCase):
    """An activity with a time stands in the calendar of its people, once."""

    def test_a_time_puts_the_activity_into_the_calendar(self):
        lead = self.new_lead(partner_id=self.stalmet.id)
        activity = self.show(lead_id=lead.id, participant_ids=self.piotr.ids)
        event = self.event(activity)
        self.assertIsAt(activity, TEN)
        self.assertEqual((activity.date_from, activity.date_to), ON_MONDAY)
        self.assertEqual(event.name, "Fair")
        self.assertEqual(event.user_id, self.anna)
        self.assertEqual(
            event.partner_ids, self.anna.partner_id | self.piotr.partner_id
        )
        self.assertEqual((event.res_model, event.res_id), (lead._name, lead.id))
        self.assertEqual(event.opportunity_id, lead)
        self.assertEqual(activity.meeting_id, event)
        self.assertFalse(event.allday)
        # Of core's tasks there is none beside those of the type.
        self.assertFalse(lead.activity_ids)

    def test_without_a_time_nothing_stands_there(self):
        activity = self.plan(type_id=self.showing.id)
        self.assertFalse(self.events(activity) or activity.is_meeting_missing)
        activity.meeting_start = TEN
        self.assertIsAt(activity, TEN)
        self.assertEqual((activity.date_from, activity.date_to), ON_MONDAY)

    def test_a_type_without_meetings_takes_no_time(self):
        sentence = "of the type Test visit have no time of day: give only days"
        with self.refused(sentence, ValidationError):
            self.plan(meeting_start=TEN)
        activity = self.plan()
        with self.refused(sentence, ValidationError):
            activity.meeting_start = TEN

    def test_a_meeting_takes_some_time(self):
        sentence = "A meeting takes some time, and 240 hours at most"
        for hours in (0, -1, 241, float("nan"), float("inf")):
            with self.subTest(hours), self.refused(sentence, ValidationError):
                self.show(meeting_hours=hours)
            with self.subTest(hours), self.refused(sentence, ValidationError):
                self.showing.meeting_hours = hours
        self.visit.meeting_hours = 0  # its activities are none

    def test_one_planned_before_its_type_had_a_time_is_as_long_as_that_says(self):
        kind = self.new_type("Former talk")
        first, second = self.plan(type_id=kind.id), self.plan(type_id=kind.id)
        kind.write({"is_meeting": True, "meeting_hours": 2})
        first.meeting_start = TEN
        self.assertIsAt(first, TEN, 2)
        form = Form(second)
        form.meeting_start = TEN
        self.assertEqual(form.meeting_hours, 2)
        form.save()
        self.assertIsAt(second, TEN, 2)

    def test_days_are_those_of_the_responsible(self):
        late = at("2031-07-07 21:30")  # half past eleven in Warsaw
        activity = self.show(meeting_start=late)
        self.assertEqual(activity.date_from, date(2031, 7, 7))
        self.assertEqual(activity.date_to, date(2031, 7, 8))
        self.piotr.tz = "Asia/Tokyo"
        activity = self.show(meeting_start=late, user_id=self.piotr.id)
        self.assertEqual(activity.date_from, date(2031, 7, 8))
        # Up to midnight it takes nothing of the next day.
        activity = self.show(meeting_start=late, meeting_hours=0.5)
        self.assertEqual(activity.date_to, date(2031, 7, 7))

    def test_days_are_right_also_if_the_project_says_who_does_it(self):
        self.piotr.tz = "Asia/Tokyo"
        lead = self.new_lead(self.piotr, user_id=self.piotr.id)
        late = at("2031-07-07 21:30")
        activity = self.show(self.ewa, lead_id=lead.id, meeting_start=late)
        self.assertEqual(activity.user_id, self.piotr)
        self.assertEqual(activity.date_from, date(2031, 7, 8))
        self.assertIsAt(activity, late)

    def test_dates_beyond_the_calendar_are_refused(self):
        for year in (1, 1800, 9999):
            with (
                self.subTest(year),
                self.refused("between the years 1900 and 2200", ValidationError),
            ):
                self.show(meeting_start=at(f"{year:04}-01-01 00:00"))

    def test_a_meeting_outside_the_campaign_is_refused(self):
        campaign = self.new_campaign(date_from="2031-07-01", date_to="2031-07-06")
        with self.refused("would lie outside of the campaign", ValidationError):
            self.show(campaign_id=campaign.id)

    def test_nobody_outside_is_written_to_without_being_asked(self):
        people = {"participant_ids": self.piotr.ids, "contact_id": self.maj.id}
        activity = self.show(**people)
        self.assertNotIn(self.maj, self.event(activity).partner_ids)
        self.assertFalse(self.get_invited(self.maj))
        self.assertTrue(self.get_invited(self.piotr.partner_id))
        self.showing.invites_contact = True
        activity = self.show(**people)
        self.assertIn(self.maj, self.event(activity).partner_ids)
        self.assertTrue(self.get_invited(self.maj))

    def test_the_text_of_the_activity_is_not_in_the_invitation(self):
        self.showing.invites_contact = True
        activity = self.show(contact_id=self.maj.id, text="<p>They are broke</p>")
        self.assertNotIn("broke", self.event(activity).description or "")

    def test_who_may_not_see_it_cannot_take_part(self):
        lead = self.new_lead()
        with self.refused("may not see", ValidationError):
            self.show(lead_id=lead.id, participant_ids=self.katrin.ids)
        self.assertFalse(self.env["calendar.event"].search([("start", "=", TEN)]))

    def test_who_may_not_plan_puts_nothing_into_the_calendar(self):
        with self.refused("not allowed|may not", AccessError):
            self.show(self.jan)
        self.assertFalse(self.env["calendar.event"].search([("start", "=", TEN)]))

    def test_an_absent_responsible_has_the_meeting_all_the_same(self):
        self.piotr.write(
            {
                "absent_from": "2031-07-01",
                "absent_until": "2031-07-31",
                "substitute_id": self.anna.id,
            }
        )
        activity = self.show(user_id=self.piotr.id)
        self.assertEqual(self.event(activity).user_id, self.piotr)

    def test_who_looks_after_somebody_else_may_keep_a_private_calendar(self):
        self.anna.with_user(self.anna).calendar_default_privacy = "private"
        activity = self.show(self.piotr, user_id=self.anna.id)
        activity.meeting_start = TEN.replace(hour=12)
        self.assertIsAt(activity, TEN.replace(hour=12))

    def test_defaults_of_a_client_say_nothing_of_the_meeting(self):
        forging = {
            "default_partner_ids": self.maj.ids,
            "default_privacy": "public",
            "default_name": "Forged",
        }
        activities = self.env["relationship.activity"].with_user(self.anna)
        activity = activities.with_context(**forging).create(
            {
                "name": "Fair",
                "type_id": self.showing.id,
                "meeting_start": TEN,
                "partner_id": self.stalmet.id,
            }
        )
        event = self.event(activity)
        self.assertEqual((event.name, event.privacy), ("Fair", False))
        self.assertEqual(event.partner_ids, self.anna.partner_id)

    def test_the_form_shows_the_days_at_once(self):
        form = Form(self.env["relationship.activity"].with_user(self.anna))
        form.type_id = self.showing
        form.partner_id = self.stalmet
        self.assertEqual(form.meeting_hours, 1.5)
        form.meeting_start = TEN
        self.assertEqual(form.date_from, TEN.date())
        activity = form.save()
        self.assertIsAt(activity, TEN)

    def test_a_duplicate_waits_for_a_time(self):
        activity = self.show()
        copied = activity.copy()
        self.assertFalse(copied.meeting_start or self.events(copied))
        copied.meeting_start = TEN
        self.assertIsAt(copied, TEN)

    def test_a_duplicate_with_a_time_waits_until_it_is_saved(self):
        copied = self.show().copy({"meeting_start": TEN})
        self.assertFalse(self.events(copied) or copied.is_meeting_missing)
        copied.name = "Show it"
        self.assertIsAt(copied, TEN)

    def test_an_opportunity_is_told_of_it_by_the_activity_alone(self):
        lead = self.new_lead()
        before = len(lead.message_ids)
        self.show(lead_id=lead.id)
        self.assertEqual(len(lead.message_ids), before)

    def test_many_cost_no_more_each(self):
        """Nobody gets two hundred mails, and each costs what it costs alone."""

        def count(number):
            values = {
                "name": "Fair",
                "type_id": self.showing.id,
                "meeting_start": TEN,
                "partner_id": self.stalmet.id,
                "participant_ids": self.piotr.ids,
            }
            activities = self.env["relationship.activity"].with_user(self.anna)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            found = activities.create([dict(values) for _index in range(number)])
            self.env.flush_all()
            self.assertEqual(len(self.events(found)), number)
            return self.env.cr.sql_log_count - before

        count(20)
        few, many = count(20), count(200)
        self.assertLess((many - few) / 180, 12)
        told = self.env["mail.notification"].search_count(
            [("res_partner_id", "=", self.piotr.partner_id.id)]
        )
        self.assertEqual(told, 3)

    def test_guests_of_many_are_invited(self):
        self.showing.invites_contact = True
        for _index in range(2):
            values = {
                "name": "Fair",
                "type_id": self.showing.id,
                "meeting_start": TEN,
                "partner_id": self.stalmet.id,
                "contact_id": self.maj.id,
            }
            activities = self.env["relationship.activity"].with_user(self.anna)
            activities.create([dict(values) for _index in range(11)])
        told = self.env["mail.notification"].search_count(
            [("res_partner_id", "=", self.maj.id)]
        )
        self.assertEqual(told, 22)
