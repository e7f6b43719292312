from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .meeting_case import TEN, SecretMeetingCase

BUSY = "about something that you may not see"
OTHERS = "meeting of others: ask one of those who take part to plan"


@tagged("post_install", "-at_install")
class TestOtherEnd(SecretMeetingCase):
    """Nobody gets into a meeting that is busy for them from its other end."""

    def setUp(self):
        super().setUp()
        self.guest = self.maj
        self.hidden.sudo().partner_ids |= self.guest
        self.private = self.new_meeting(self.new_lead(), privacy="private")
        self.env.flush_all()

    def get_guests(self, event):
        event.invalidate_recordset()
        return event.sudo().partner_ids

    # Partners

    def test_nobody_brings_anybody_in_or_out_at_a_partner(self):
        for event in self.hidden | self.private:
            for user in (self.jan, self.piotr, self.katrin):
                for commands in (
                    [Command.link(event.id)],
                    [Command.set(event.ids)],
                    event.ids,
                ):
                    partners = self.env["res.partner"].with_user(user)
                    with self.subTest(user=user.login, commands=commands):
                        own = user.partner_id.with_user(user)
                        with self.refused(BUSY, AccessError):
                            own.write({"meeting_ids": commands})
                        with self.refused(BUSY, AccessError):
                            partners.create({"name": "New", "meeting_ids": commands})
                        filled = partners.with_context(default_meeting_ids=commands)
                        with self.refused(BUSY, AccessError):
                            filled.create({"name": "New"})
        for commands in (
            [Command.unlink(self.hidden.id)],
            [Command.clear()],
            [Command.set([])],
            [Command.delete(self.hidden.id)],
            False,
        ):
            with self.subTest(commands), self.refused(BUSY, AccessError):
                self.guest.with_user(self.jan).write({"meeting_ids": commands})
        self.assertIn(self.guest, self.get_guests(self.hidden))
        self.assertNotIn(self.jan.partner_id, self.get_guests(self.hidden))

    def test_no_text_stands_for_a_meeting(self):
        own = self.jan.partner_id.with_user(self.jan)
        for id_ in (str(self.hidden.id), float(self.hidden.id), [self.hidden.id]):
            with self.subTest(id_), self.refused("is no record", ValidationError):
                own.write({"meeting_ids": [[Command.LINK, id_, 0]]})
        self.assertNotIn(self.jan.partner_id, self.get_guests(self.hidden))

    def test_no_import_brings_anybody_in(self):
        own = self.jan.partner_id
        partners = self.env["res.partner"].with_user(self.jan)
        names = [".id", "meeting_ids/.id"]
        result = partners.load(names, [[str(own.id), str(self.hidden.id)]])
        self.assertFalse(result["ids"])
        self.assertRegex(result["messages"][0]["message"], BUSY)
        self.assertNotIn(own, self.get_guests(self.hidden))

    def test_nor_does_the_user(self):
        with self.refused(f"{BUSY}|allowed to modify 'User'", AccessError):
            self.jan.with_user(self.jan).write(
                {"meeting_ids": [Command.link(self.hidden.id)]}
            )
        self.assertNotIn(self.jan.partner_id, self.get_guests(self.hidden))

    def test_everybody_comes_to_what_they_are_told(self):
        event = self.event(self.show())
        own = self.piotr.partner_id.with_user(self.piotr)
        own.write({"meeting_ids": [Command.link(event.id)]})
        self.assertIn(self.piotr.partner_id, self.get_guests(event))
        own.write({"meeting_ids": [Command.unlink(event.id)]})
        self.assertNotIn(self.piotr.partner_id, self.get_guests(event))
        guest = self.guest.with_user(self.ewa)
        guest.write({"meeting_ids": [Command.unlink(self.hidden.id)]})
        self.assertNotIn(self.guest, self.get_guests(self.hidden))

    def merge(self, user, *partners):
        partners = self.env["res.partner"].union(*partners)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
        merging = {
            "partner_ids": [Command.set(partners.ids)],
            "dst_partner_id": partners[-1].id,
        }
        return wizard.create(merging).action_merge()

    def test_nobody_merges_themselves_in(self):
        self.jan.group_ids |= self.env.ref("base.group_partner_manager")
        own = self.jan.partner_id
        guest = self.env["res.partner"].create(
            {"name": "Alike", "email": "alike@example.com"}
        )
        own.email = guest.email
        self.hidden.sudo().partner_ids |= guest
        with self.refused("stands against this", AccessError):
            self.merge(self.jan, guest, own)
        # Nobody of these looks into a calendar.
        double = guest.copy({"email": guest.email})
        self.merge(self.jan, guest, double)
        self.assertIn(double, self.get_guests(self.hidden))

    def test_whoever_has_private_meetings_takes_over_a_double(self):
        """To their own meetings nobody comes anew."""
        own, meeting = self.jan.partner_id, self.new_open(privacy="private")
        double = self.env["res.partner"].create(
            {"name": own.name, "email": own.email or "jan@example.com"}
        )
        own.email = double.email
        self.merge(self.env.ref("base.user_admin"), double, own)
        self.assertFalse(double.exists())
        self.assertIn(own, self.get_guests(meeting))

    # Tasks

    def new_task(self, user, event, **values):
        lead = self.new_lead(user, user_id=user.id)
        values = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": lead.id,
            "activity_type_id": self.call.id,
            "user_id": user.id,
            "calendar_event_id": event.id,
            **values,
        }
        return self.env["mail.activity"].with_user(user).create(values)

    def new_open(self, **values):
        values = {"name": "Open", "start": TEN, **values}
        values["stop"] = TEN + timedelta(hours=1)
        return self.env["calendar.event"].with_user(self.jan).create(values)

    def test_nobody_plans_a_task_at_a_meeting_of_others(self):
        clerk = new_test_user(self.env, "clerk_of_tasks", "base.group_user")
        event, none = self.new_open(), self.env["calendar.event"]
        own = self.new_task(self.piotr, none)
        at_lead = {"res_model_id": own.res_model_id.id}
        for meeting, words in (
            (event, OTHERS),
            (self.hidden, BUSY),
            (self.private, BUSY),
        ):
            with self.subTest(meeting.id):
                with self.refused(words, AccessError):
                    self.new_task(self.piotr, meeting)
                with self.refused(words, AccessError):
                    own.write({"calendar_event_id": meeting.id})
                filling = own.with_context(default_calendar_event_id=meeting.id)
                with self.refused(words, AccessError):
                    filling.create({"res_id": own.res_id, **at_lead})
        with self.refused("is no record", ValidationError):
            own.write({"calendar_event_id": str(self.hidden.id)})
        self.assertFalse(own.calendar_event_id)
        self.assertEqual(event.with_user(clerk).name, "Open")

    def test_who_takes_part_plans_one(self):
        invited = self.new_open(partner_ids=[Command.set(self.piotr.partner_id.ids)])
        self.assertTrue(self.new_task(self.piotr, invited).calendar_event_id)
        own = self.new_task(self.piotr, self.env["calendar.event"])
        mine = self.new_open().with_user(self.piotr).copy({"user_id": self.anna.id})
        self.assertEqual(
            (mine.user_id, mine.partner_ids), (self.anna, self.jan.partner_id)
        )
        own.calendar_event_id = mine

    def test_who_reschedules_the_task_of_a_colleague_makes_a_meeting(self):
        task = self.new_task(self.piotr, self.env["calendar.event"])
        context = task.with_user(self.ewa).action_create_calendar_event()["context"]
        events = self.env["calendar.event"].with_user(self.ewa).with_context(**context)
        event = events.create({"start": TEN, "stop": TEN + timedelta(hours=1)})
        self.assertEqual(event.user_id, self.piotr)
        self.assertEqual(task.calendar_event_id.id, event.id)
        # Once more, which leaves the first one alone.
        context = task.with_user(self.ewa).action_create_calendar_event()["context"]
        events = self.env["calendar.event"].with_user(self.ewa).with_context(**context)
        later = events.create({"start": TEN, "stop": TEN + timedelta(hours=2)})
        self.assertTrue(later.activity_ids)
