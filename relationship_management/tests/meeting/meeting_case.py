"""What the tests of meetings have in common."""

from datetime import timedelta

from odoo import Command, fields
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


@tagged("post_install", "-at_install")
class SecretMeetingCase(MeetingCase):
    """A meeting for the board, Ewa and Anna; Anna comes, Jan may not see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env["res.groups"].create({"name": "Board"})
        cls.ewa.group_ids |= group
        cls.anna.group_ids |= group
        cls.secret = cls.new_type(
            "Test secret",
            is_meeting=True,
            see_group_ids=[Command.set(group.ids)],
            use_group_ids=[Command.set(group.ids)],
        )
        cls.activity = cls.show(name="Take over PakTech", type_id=cls.secret.id)
        cls.hidden = cls.event(cls.activity)

    def see(self, user, event=None):
        events = (event or self.hidden).sudo(False).with_user(user)
        events.invalidate_recordset()
        return events.with_context(allowed_company_ids=user.company_ids.ids)

    def new_deal(self, name="Secret crane", **values):
        """Create an opportunity of Ewa's that only the board may see."""
        kind = self.machine_deal.copy(
            {"name": "Secret deal", "see_group_ids": self.secret.see_group_ids.ids}
        )
        values = {"opportunity_type_id": kind.id, "user_id": self.ewa.id, **values}
        return self.new_lead(self.ewa, name=name, **values).with_env(self.env)

    def new_meeting(self, deal, **values):
        """Put a meeting into Ewa's calendar that hangs at an opportunity."""
        return self.env["calendar.event"].create(
            {
                "name": deal.name,
                "start": TEN,
                "stop": TEN + timedelta(hours=1),
                "opportunity_id": deal.id,
                "res_model_id": self.env["ir.model"]._get_id(deal._name),
                "res_id": deal.id,
                "user_id": self.ewa.id,
                "partner_ids": [Command.set(self.ewa.partner_id.ids)],
                **values,
            }
        )
