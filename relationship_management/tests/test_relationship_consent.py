from datetime import timedelta

from psycopg2.errors import RestrictViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import RelationshipCase


@tagged("post_install", "-at_install")
class TestConsents(RelationshipCase):
    """A ledger of who agreed or objected to what; its newest entry decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nowak, cls.rek = cls.env["res.partner"].create(
            [
                {"name": "Anna Nowak", "email": "nowak@stalmet.example.com"},
                {
                    "name": "Tomasz Rek",
                    "email": "rek@stalmet.example.com",
                    "phone": "+48 32 555 01 01",
                    "country_id": cls.env.ref("base.pl").id,
                },
            ]
        )
        cls.events = cls.env.ref(
            "relationship_management.relationship_consent_purpose_events"
        )

    def say(self, partner, channel, action, user=None, **values):
        consents = self.env["relationship.consent"].with_user(user or self.jan)
        return consents.create(
            {"partner_id": partner.id, "channel": channel, "action": action, **values}
        )

    def state(self, partner, channel, purpose=None):
        partner = partner.with_user(self.jan)
        return partner._get_consent_states(purpose)[partner.id][channel]

    def test_the_newest_entry_decides(self):
        self.assertEqual(self.state(self.nowak, "letter"), "unknown")
        self.say(self.nowak, "letter", "given")
        self.assertEqual(self.state(self.nowak, "letter"), "given")
        self.say(self.nowak, "letter", "withdrawn")
        self.assertEqual(self.state(self.nowak, "letter"), "withdrawn")
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.say(self.nowak, "letter", "given", date=yesterday)
        self.assertEqual(self.state(self.nowak, "letter"), "withdrawn")

    def test_a_purpose_and_every_purpose(self):
        day = timedelta(days=1)
        now = fields.Datetime.now()
        self.say(
            self.nowak, "letter", "given", purpose_id=self.events.id, date=now - 3 * day
        )
        self.assertEqual(self.state(self.nowak, "letter"), "unknown")
        self.assertEqual(self.state(self.nowak, "letter", self.events), "given")
        self.say(self.nowak, "letter", "withdrawn", date=now - 2 * day)
        self.assertEqual(self.state(self.nowak, "letter", self.events), "withdrawn")
        self.say(
            self.nowak, "letter", "given", purpose_id=self.events.id, date=now - day
        )
        self.assertEqual(self.state(self.nowak, "letter", self.events), "given")
        self.assertEqual(self.state(self.nowak, "letter"), "withdrawn")

    def test_a_consent_runs_out(self):
        today = fields.Date.context_today(self.nowak)
        self.say(self.nowak, "fax", "given", valid_until=today)
        self.assertEqual(self.state(self.nowak, "fax"), "given")
        later = self.nowak.with_context(relationship_date=today + timedelta(days=1))
        self.assertEqual(self.state(later, "fax"), "unknown")

    def test_nothing_is_changed_or_deleted(self):
        entry = self.say(self.nowak, "letter", "given")
        for user in (self.jan, self.ewa, self.env.user):
            with self.assertRaises(UserError):
                entry.with_user(user).write({"action": "withdrawn"})
            with self.assertRaises(UserError):
                entry.with_user(user).unlink()
        for statement in (
            "UPDATE relationship_consent SET action = 'withdrawn' WHERE id = %s",
            "DELETE FROM relationship_consent WHERE id = %s",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [entry.id])

    def test_who_entered_it_cannot_be_forged(self):
        entry = self.say(
            self.nowak, "email", "given", user_id=self.ewa.id, origin="import"
        )
        self.assertEqual(entry.user_id, self.jan)
        self.assertEqual(entry.origin, "person")
        self.assertEqual(entry.address, "nowak@stalmet.example.com")

    def test_nobody_agrees_in_the_future(self):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        with self.assertRaises(ValidationError):
            self.say(self.nowak, "letter", "given", date=tomorrow)

    def test_a_partner_with_entries_is_kept(self):
        self.say(self.nowak, "letter", "given")
        with self.assertRaises(UserError) as caught:
            self.nowak.unlink()
        self.assertIn("archive them", str(caught.exception))

    def test_an_objection_reaches_the_blacklist_and_back(self):
        blacklist = self.env["mail.blacklist"]
        self.say(self.nowak, "email", "withdrawn")
        self.assertTrue(self.nowak.is_blacklisted)
        self.assertEqual(len(self.nowak.consent_ids), 1)
        self.say(self.nowak, "email", "given")
        self.nowak.invalidate_recordset()
        self.assertFalse(self.nowak.is_blacklisted)
        self.assertEqual(len(self.nowak.consent_ids), 2)
        blacklist._add(self.nowak.email)
        self.assertEqual(self.state(self.nowak, "email"), "withdrawn")
        self.nowak.invalidate_recordset()
        self.assertEqual(self.nowak.consent_ids[0].origin, "blacklist")
        blacklist._remove(self.nowak.email)
        self.nowak.invalidate_recordset()
        self.assertEqual(self.nowak.consent_ids[0].action, "lifted")
        self.assertEqual(self.state(self.nowak, "email"), "unknown")

    def test_the_phone_blacklist_stops_calls_and_messages(self):
        self.env["phone.blacklist"].add(self.rek.phone_sanitized)
        self.assertEqual(self.state(self.rek, "phone"), "withdrawn")
        self.assertEqual(self.state(self.rek, "sms"), "withdrawn")
        self.say(self.rek, "sms", "given")
        self.assertTrue(
            self.env["phone.blacklist"].search([("number", "=", self.rek.phone)])
        )
        self.say(self.rek, "phone", "given")
        self.assertEqual(self.state(self.rek, "phone"), "given")

    def test_one_purpose_leaves_the_blacklist_alone(self):
        self.say(self.nowak, "email", "withdrawn", purpose_id=self.events.id)
        self.assertFalse(self.nowak.is_blacklisted)

    def test_an_address_on_the_blacklist_is_refused(self):
        self.env["mail.blacklist"]._add("new@stalmet.example.com")
        self.nowak.email = "new@stalmet.example.com"
        self.assertEqual(self.state(self.nowak, "email"), "withdrawn")
        partners = self.env["res.partner"].with_user(self.jan)
        found = partners.search([("consent_email", "=", "withdrawn")])
        self.assertIn(self.nowak, found)
        self.assertNotIn(self.rek, found)
        self.assertIn(self.rek, partners.search([("consent_email", "=", "unknown")]))

    def test_a_run_leaves_out_who_refused_and_says_why(self):
        self.say(self.nowak, "email", "withdrawn")
        partners = (self.nowak | self.rek | self.stalmet).with_user(self.jan)
        allowed, reasons = partners._split_by_consent("email")
        self.assertEqual(allowed, self.rek)
        self.assertEqual(
            {reason: left_out.ids for reason, left_out in reasons.items()},
            {"Refused": self.nowak.ids, "No address": self.stalmet.ids},
        )

    def test_many_partners_cost_as_many_queries_as_one(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Partner {number}"} for number in range(100)]
        )
        self.env.flush_all()
        partners.with_user(self.jan)._get_consent_states()
        with self.assertQueryCount(2):
            partners.with_user(self.jan)._get_consent_states()

    def test_one_dialog_records_several_channels(self):
        dialog = self.env["relationship.consent.record"].with_user(self.jan)
        dialog = dialog.with_context(
            active_model="res.partner", active_ids=(self.nowak | self.rek).ids
        )
        with Form(dialog) as form:
            form.letter = form.fax = True
            form.evidence = "Form at the fair"
        form.save().action_record()
        entries = (self.nowak | self.rek).consent_ids
        self.assertEqual(len(entries), 4)
        self.assertEqual(set(entries.mapped("evidence")), {"Form at the fair"})

    def test_other_companies_keep_theirs(self):
        self.say(
            self.nowak,
            "letter",
            "withdrawn",
            self.katrin,
            company_id=self.other_company.id,
        )
        self.assertEqual(self.state(self.nowak, "letter"), "unknown")

    def test_the_proof_tells_every_entry(self):
        self.say(self.nowak, "letter", "given", evidence="Form at the fair")
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.jan)
            ._render_qweb_html("relationship_management.report_consent", self.nowak.ids)
        )
        self.assertIn(b"Form at the fair", html)
        self.assertIn(self.jan.name.encode(), html)

    def test_a_merge_lets_the_stricter_word_win(self):
        self.say(self.nowak, "letter", "given")
        self.say(self.rek, "letter", "withdrawn")
        self.nowak.email = self.rek.email = False
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.nowak | self.rek).ids, self.nowak)
        self.env.invalidate_all()
        self.assertEqual(len(self.nowak.consent_ids), 3)
        self.assertEqual(self.state(self.nowak, "letter"), "withdrawn")
