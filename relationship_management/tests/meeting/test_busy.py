from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .meeting_case import TEN, SecretMeetingCase

NOT_READ = "have 'read' access|not allowed to access 'Lead'|does not exist"
REFUSED = "about something that you may not see"


class BusyCase(SecretMeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = (cls.jan | cls.ewa).partner_id

    def get_busy(self):
        """Return meetings that are busy for Jan, each for a reason of its own."""
        deal = self.new_deal()
        both = self.show(self.ewa, lead_id=deal.id, user_id=self.ewa.id)
        private = self.new_meeting(self.new_lead(), privacy="private")
        return {
            "activity": self.hidden,
            "opportunity": self.new_meeting(deal),
            "both": self.event(both),
            "private": private.with_env(self.env),
            "at an activity": self.new_meeting(
                self.hidden.relationship_activity_id, opportunity_id=False
            ),
            "of a task": self.new_loose(deal),
            "of a task of an activity": self.new_loose(
                self.hidden.relationship_activity_id
            ),
        }

    def new_loose(self, record):
        """Return a meeting that knows nothing but its task, as *Reschedule* leaves."""
        nothing = dict.fromkeys(("opportunity_id", "res_model_id", "res_id"), False)
        event = self.new_meeting(record, **nothing)
        task = record.with_user(self.ewa).activity_schedule(
            "mail.mail_activity_data_meeting", user_id=self.ewa.id
        )
        task.calendar_event_id = event
        return event


@tagged("post_install", "-at_install")
class TestBusyMeetings(BusyCase):
    """Whoever sees a meeting as busy is told nothing of it, and has no part in it."""

    def post(self, event, **values):
        words = "Two million"
        message = event.message_post(
            body=words,
            message_type=values.pop("message_type", "comment"),
            subtype_xmlid="mail.mt_comment",
            **values,
        )
        return message.sudo().notified_partner_ids

    def test_nobody_is_told_what_it_is_about(self):
        events = self.env["calendar.event"]
        busy = self.get_busy()
        for event in busy.values():
            event.sudo().location = "Room of the two million"
        self.env.flush_all()
        self.env.invalidate_all()
        for name, event in busy.items():
            seen = event.with_user(self.jan)
            with self.subTest(name):
                self.assertEqual(seen.read(["location"])[0]["location"], False)
                found = events.with_user(self.jan).search(
                    [("id", "=", event.id), ("location", "ilike", "million")]
                )
                self.assertFalse(found)

    def test_nobody_begins_to_follow(self):
        for name, event in self.get_busy().items():
            with self.subTest(name):
                followers = event.sudo().message_partner_ids
                with self.refused(REFUSED, AccessError):
                    self.see(self.jan, event).message_subscribe(self.jan.partner_id.ids)
                event.invalidate_recordset()
                self.assertEqual(event.sudo().message_partner_ids, followers)
        self.see(self.ewa).message_subscribe(self.ewa.partner_id.ids)
        self.assertIn(self.ewa.partner_id, self.hidden.message_partner_ids)

    def test_everybody_follows_what_they_are_told(self):
        event = self.event(self.show())
        self.see(self.jan, event).message_subscribe(self.jan.partner_id.ids)
        self.assertIn(self.jan.partner_id, self.post(event))

    def test_who_followed_before_is_told_no_more(self):
        for name, event in self.get_busy().items():
            with self.subTest(name):
                event.message_subscribe(self.people.ids)
                self.assertNotIn(self.jan.partner_id, self.post(event))
                # Nor whoever is named all the same.
                named = self.post(event, partner_ids=self.people.ids)
                self.assertNotIn(self.jan.partner_id, named)
                if name != "private":
                    self.assertIn(self.ewa.partner_id, named)
                with self.refused("Document type: Message", AccessError):
                    self.post(self.see(self.jan, event))
                # What comes in by e-mail is not lost.
                self.post(self.see(self.jan, event), message_type="email")

    def test_who_is_told_of_it_again_is_told_the_news(self):
        self.hidden.message_subscribe(self.people.ids)
        self.secret.see_group_ids = self.secret.use_group_ids = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn(self.jan.partner_id, self.post(self.hidden))
        self.post(self.see(self.jan))

    def test_who_comes_is_told_whatever_it_is_about(self):
        for name, event in self.get_busy().items():
            with self.subTest(name):
                event.partner_ids += self.jan.partner_id
                event.message_subscribe(self.people.ids)
                self.assertIn(self.jan.partner_id, self.post(event))
                theirs = self.see(self.jan, event)
                self.assertTrue(theirs.message_subscribe(self.jan.partner_id.ids))

    def test_another_company_is_told_nothing_either(self):
        event = self.event(self.show(company_id=self.company.id))
        event.message_subscribe((self.katrin | self.jan).partner_id.ids)
        told = self.post(event)
        self.assertIn(self.jan.partner_id, told)
        self.assertNotIn(self.katrin.partner_id, told)
        with self.refused(REFUSED, AccessError):
            katrin = self.see(self.katrin, event)
            katrin.message_subscribe(self.katrin.partner_id.ids)

    def test_nobody_changes_who_comes(self):
        mine = {"start": TEN, "stop": TEN + timedelta(hours=1), "name": "Lunch"}
        own = self.env["calendar.event"].with_user(self.jan).create(mine)
        for name, event in self.get_busy().items():
            if name == "private":
                continue  # core's own sentence
            [guest] = event.sudo().attendee_ids[:1].ids
            guest = self.env["calendar.attendee"].with_user(self.jan).browse(guest)
            new = {"event_id": event.id, "partner_id": self.jan.partner_id.id}
            for change in (
                lambda g, new: g.create(new),
                lambda g, new: own.attendee_ids.write({"event_id": new["event_id"]}),
                lambda g, new: g.write({"state": "declined"}),
                lambda g, new: g.do_decline(),
                lambda g, new: g.check_access("read"),
                lambda g, new: g.unlink(),
            ):
                # Core's own sentence where it does not find it.
                words = f"{REFUSED}|have 'read' access"
                with self.subTest(name), self.refused(words, AccessError):
                    self.env.invalidate_all()
                    change(guest, new)

    def test_nobody_copies_it(self):
        for name, event in self.get_busy().items():
            with self.subTest(name), self.refused(REFUSED, AccessError):
                self.see(self.jan, event).copy({"partner_ids": [Command.clear()]})
        self.assertEqual(self.see(self.anna).copy().name, "Take over PakTech")


@tagged("post_install", "-at_install")
class TestMovedDocuments(SecretMeetingCase):
    """Nobody learns from a meeting of their own what hangs at a record."""

    def setUp(self):
        super().setUp()
        mine = {"start": TEN, "stop": TEN + timedelta(hours=1), "name": "Lunch"}
        self.own = self.env["calendar.event"].with_user(self.jan).create(mine)
        self.mine = mine

    def get_hidden(self):
        """Return records that Jan may not see."""
        campaign = self.new_campaign(self.ewa, user_id=self.ewa.id)
        campaign.sudo().type_id.see_group_ids = self.secret.see_group_ids
        foreign = self.env["res.partner"].create(
            {"name": "Foreign", "company_id": self.other_company.id}
        )
        return [self.new_deal(), campaign, foreign, self.activity]

    def get_ways(self, record):
        model = self.env["ir.model"]._get_id(record._name)
        return {
            "id": {"res_model_id": model, "res_id": record.id},
            "name": {"res_model": record._name, "res_id": record.id},
            "text": {"res_model": record._name, "res_id": str(record.id)},
            "both": {
                "res_model": record._name,
                "res_id": record.id,
                "res_model_id": self.env["ir.model"]._get_id("res.users"),
            },
        }

    def test_nobody_hangs_a_meeting_at_what_they_may_not_see(self):
        for record in self.get_hidden():
            for way, values in self.get_ways(record).items():
                with self.subTest(record._name, way=way):
                    with self.refused(NOT_READ, UserError):
                        self.own.write(dict(values))
                    with self.refused(NOT_READ, UserError):
                        # Core plans no task there then, which would be refused.
                        task = {"activity_ids": [Command.clear()]}
                        self.own.create({**self.mine, **values, **task})
                    defaults = {f"default_{k}": v for k, v in values.items()}
                    with self.refused(NOT_READ, UserError):
                        task = {"activity_ids": [Command.clear()]}
                        self.own.with_context(**defaults).create({**self.mine, **task})
        self.assertFalse(self.own.res_id)

    def test_nor_by_changing_one_half_of_it(self):
        deal = self.new_deal()
        self.own.sudo().write({"res_id": deal.id})
        model = self.env["ir.model"]._get_id("crm.lead")
        with self.refused(NOT_READ, AccessError):
            self.own.write({"res_model_id": model})
        self.own.sudo().write({"res_id": False, "res_model_id": model})
        with self.refused(NOT_READ, AccessError):
            self.own.write({"res_id": deal.id})
        self.assertFalse(self.own.res_id)

    def test_what_stands_there_stays_for_who_comes(self):
        event = self.new_meeting(self.new_deal())
        event.partner_ids += self.jan.partner_id
        theirs = self.see(self.jan, event)
        theirs.write({"res_id": event.res_id, "res_model_id": event.res_model_id.id})
        theirs.name = "Crane"
        self.assertEqual(event.name, "Crane")

    def test_everybody_hangs_it_at_what_they_see(self):
        values = {"res_id": self.stalmet.id}
        values["res_model_id"] = self.env["ir.model"]._get_id("res.partner")
        self.own.write(values)
        self.assertEqual(self.own.res_model, "res.partner")
        self.own.write({"res_id": False, "res_model_id": False})
        self.assertFalse(self.own.res_model or self.own.res_id)
