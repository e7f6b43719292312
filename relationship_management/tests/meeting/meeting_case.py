"""What the tests of meetings have in common."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..activity.activity_case import ActivityCase


def at(moment):
    """Return a moment in UTC."""
    return fields.Datetime.to_datetime(f"{moment}:00")


# A Monday; in July Warsaw is two hours ahead of UTC.
TEN = at("2031-07-07 08:00")
ON_MONDAY = (TEN.date(), TEN.date())


@tagged("post_install", "-at_install")
class MeetingCase(ActivityCase):
    """A type whose activities are meetings; Anna visits Stalmet at ten in Warsaw."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls.env.ref("mail.mail_activity_data_meeting")
        cls.showing = cls.new_type("Test showing", is_meeting=True, meeting_hours=1.5)
        cls.maj = cls.env["res.partner"].create(
            {"name": "Maj", "parent_id": cls.stalmet.id, "email": "maj@example.com"}
        )

    @classmethod
    def show(cls, user=None, **values):
        values = {"type_id": cls.showing.id, "meeting_start": TEN, **values}
        return cls.plan(user, **values)

    @classmethod
    def events(cls, activity):
        """Return what stands in the calendar, whoever may see it."""
        events = cls.env["calendar.event"].sudo()
        return events.search([("relationship_activity_id", "in", activity.ids)])

    @classmethod
    def event(cls, activity):
        return cls.events(activity).ensure_one()

    def drag(self, event, user=None, **ahead):
        """Move a meeting in the calendar as a user, as the client does."""
        event = event.sudo(False).with_user(user or self.anna)
        step = timedelta(**ahead)
        event.write({"start": event.start + step, "stop": event.stop + step})

    def assertIsAt(self, activity, start, hours=1.5):
        """Assert that activity and calendar say the same time."""
        event = self.event(activity)
        self.assertEqual(activity.meeting_start, start)
        self.assertEqual(event.start, start)
        self.assertEqual(event.stop, start + timedelta(hours=hours))
        self.assertEqual(activity.meeting_hours, hours)
        self.assertFalse(activity.meeting_other_time or activity.is_meeting_missing)

    def get_invited(self, *partners):
        """Return which of the partners have got a message about a meeting so far."""
        notes = (
            self.env["mail.notification"]
            .sudo()
            .search([("res_partner_id", "in", [partner.id for partner in partners])])
        )
        return notes.res_partner_id
