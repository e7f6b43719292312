from datetime import timedelta

from psycopg2.errors import CheckViolation, RestrictViolation, UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import RelationshipCase


class ConsentCase(RelationshipCase):
    """Two people who say things; Jan, who sells nothing, records them."""

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

    def say(self, partner, channel, action, user=None, days_ago=None, **values):
        if days_ago is not None:
            values["date"] = fields.Datetime.now() - timedelta(days=days_ago)
        consents = self.env["relationship.consent"].with_user(user or self.jan)
        return consents.create(
            {"partner_id": partner.id, "channel": channel, "action": action, **values}
        )

    def state(self, partner, channel, purpose=None, user=None, day=None):
        partner = partner.with_user(user or self.jan)
        return partner._get_consent_states([channel], purpose, day)[partner.id][channel]

    def entries(self, partner):
        self.env.flush_all()
        self.env.invalidate_all()
        return partner.consent_ids


@tagged("post_install", "-at_install")
class TestConsents(ConsentCase):
    """A ledger of who agreed or objected to what; its newest entry decides."""

    def test_the_newest_entry_decides(self):
        self.assertEqual(self.state(self.nowak, "letter"), "unknown")
        self.say(self.nowak, "letter", "given")
        self.assertEqual(self.state(self.nowak, "letter"), "given")
        self.say(self.nowak, "letter", "withdrawn")
        self.assertEqual(self.state(self.nowak, "letter"), "withdrawn")
        self.say(self.nowak, "letter", "given", days_ago=1)
        self.assertEqual(self.state(self.nowak, "letter"), "withdrawn")

    def test_a_purpose_and_every_purpose(self):
        events = self.events
        self.say(self.nowak, "email", "given", days_ago=3, purpose_id=events.id)
        self.assertEqual(self.state(self.nowak, "email"), "unknown")
        self.assertEqual(self.state(self.nowak, "email", events), "given")
        self.say(self.nowak, "email", "withdrawn", days_ago=2)
        self.assertEqual(self.state(self.nowak, "email", events), "withdrawn")
        self.say(self.nowak, "email", "given", days_ago=1, purpose_id=events.id)
        self.assertEqual(self.state(self.nowak, "email", events), "given")
        self.assertEqual(self.state(self.nowak, "email"), "withdrawn")

    def test_a_lifted_objection_is_not_a_consent(self):
        self.say(self.nowak, "letter", "given", days_ago=4)
        self.say(self.nowak, "letter", "withdrawn", days_ago=3)
        self.say(self.nowak, "letter", "given", days_ago=2, purpose_id=self.events.id)
        self.say(self.nowak, "letter", "lifted", days_ago=1)
        self.assertEqual(self.state(self.nowak, "letter"), "unknown")
        self.assertEqual(self.state(self.nowak, "letter", self.events), "given")

    def test_a_consent_runs_out_and_what_was_said_before_holds_again(self):
        today = fields.Date.context_today(self.nowak)
        self.say(self.nowak, "fax", "withdrawn", days_ago=9)
        self.say(self.nowak, "fax", "given", days_ago=5, valid_until=today)
        self.assertEqual(self.state(self.nowak, "fax"), "given")
        later = self.nowak.with_context(relationship_date=today + timedelta(days=1))
        self.assertEqual(self.state(later, "fax"), "withdrawn")
        self.assertEqual(later.with_user(self.jan).consent_fax, "withdrawn")

    def test_another_day_knows_what_was_said_until_then(self):
        self.say(self.nowak, "letter", "given", days_ago=20)
        self.say(self.nowak, "letter", "withdrawn", days_ago=10)
        today = fields.Date.context_today(self.nowak)
        for days, expected in ((30, "unknown"), (15, "given"), (5, "withdrawn")):
            day = today - timedelta(days=days)
            self.assertEqual(self.state(self.nowak, "letter", day=day), expected)

    def test_a_correction_takes_the_place_of_what_it_corrects(self):
        self.say(self.nowak, "letter", "withdrawn", days_ago=5)
        wrong = self.say(self.nowak, "letter", "given", days_ago=1)
        self.assertEqual(self.state(self.nowak, "letter"), "given")
        action = wrong.with_user(self.jan).action_correct()
        form = Form(
            wrong.with_user(self.jan).browse().with_context(**action["context"])
        )
        form.action = "void"
        correction = form.save()
        self.assertEqual(correction.corrects_id, wrong)
        self.assertEqual(self.state(self.nowak, "letter"), "withdrawn")
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
        ):
            self.say(self.nowak, "letter", "void", corrects_id=wrong.id)

    def test_a_correction_speaks_of_the_same_partner(self):
        wrong = self.say(self.nowak, "letter", "given")
        with self.assertRaises(ValidationError) as caught:
            self.say(self.rek, "letter", "given", corrects_id=wrong.id)
        self.assertIn("Entered by mistake", str(caught.exception))

    def test_a_mistake_must_name_its_entry(self):
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
        ):
            self.say(self.nowak, "letter", "void")

    def test_nothing_is_changed_or_deleted(self):
        entry = self.say(self.nowak, "letter", "given")
        for user in (self.jan, self.ewa, self.env.user):
            with self.assertRaises(UserError):
                entry.with_user(user).write({"action": "withdrawn"})
            with self.assertRaises(UserError):
                entry.with_user(user).unlink()
        for statement in (
            "UPDATE relationship_consent SET action = 'withdrawn' WHERE id = %s",
            f"UPDATE relationship_consent SET partner_id = {self.rek.id} WHERE id = %s",
            "UPDATE relationship_consent SET company_id = 1 WHERE id = %s",
            "DELETE FROM relationship_consent WHERE id = %s",
            "TRUNCATE relationship_consent CASCADE; SELECT %s",
        ):
            with (
                self.subTest(statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [entry.id])

    def test_the_entry_keeps_its_company_and_addresses(self):
        entry = self.say(self.nowak, "letter", "given")
        self.nowak.write({"email": "new@example.com", "company_id": self.company.id})
        self.env.flush_all()
        self.assertFalse(entry.company_id)
        self.assertEqual(entry.email, "nowak@stalmet.example.com")

    def test_who_entered_it_cannot_be_forged(self):
        entry = self.say(
            self.nowak,
            "email",
            "given",
            user_id=self.ewa.id,
            email="other@example.com",
            create_uid=self.ewa.id,
        )
        self.assertEqual(entry.user_id, self.jan)
        self.assertEqual(entry.create_uid, self.jan)
        self.assertEqual(entry.email, "nowak@stalmet.example.com")
        for origin in ("import", "blacklist", "unsubscribe", "merge"):
            with self.assertRaises(ValidationError):
                self.say(self.nowak, "email", "given", origin=origin)

    def test_nobody_agrees_in_the_future(self):
        with self.assertRaises(ValidationError):
            self.say(self.nowak, "letter", "given", days_ago=-1)

    def test_a_consent_does_not_end_before_it_begins(self):
        yesterday = fields.Date.context_today(self.nowak) - timedelta(days=1)
        with self.assertRaises(ValidationError):
            self.say(self.nowak, "letter", "given", valid_until=yesterday)
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
        ):
            self.say(self.nowak, "fax", "withdrawn", valid_until=yesterday)

    def test_a_partner_with_entries_is_kept(self):
        self.say(self.nowak, "letter", "given")
        with self.assertRaises(UserError) as caught:
            self.nowak.unlink()
        self.assertIn("Archive them", str(caught.exception))
        self.nowak.action_archive()

    def test_a_run_leaves_out_who_refused_and_says_why(self):
        self.say(self.nowak, "email", "withdrawn")
        zofia, blocked = self.env["res.partner"].create(
            [
                {"name": "Zofia Maj", "email": "zofia@example.com"},
                {"name": "Blocked", "email": "blocked@example.com"},
            ]
        )
        self.env["mail.blacklist"]._add("blocked@example.com")
        self.say(zofia, "email", "given")
        partners = (self.nowak | self.rek | self.stalmet | zofia | blocked).with_user(
            self.jan
        )
        allowed, reasons = partners._split_by_consent("email")
        self.assertEqual(allowed, self.rek | zofia)
        self.assertEqual(
            {reason: len(left_out) for reason, left_out in reasons.items()},
            {"Refused": 2, "No address": 1},
        )
        allowed, reasons = partners._split_by_consent("email", only_given=True)
        self.assertEqual(allowed, zofia)
        self.assertEqual(len(reasons["No consent recorded"]), 2)

    def test_a_purpose_does_not_take_the_address_off_the_blacklist(self):
        self.say(self.nowak, "email", "withdrawn", days_ago=1)
        self.say(self.nowak, "email", "given", purpose_id=self.events.id)
        self.assertEqual(self.state(self.nowak, "email", self.events), "given")
        partners = self.nowak.with_user(self.jan)
        allowed, reasons = partners._split_by_consent("email", self.events)
        self.assertFalse(allowed)
        self.assertEqual(list(reasons), ["On the blacklist"])

    def test_states_can_be_searched(self):
        self.say(self.nowak, "letter", "given")
        self.say(self.rek, "letter", "withdrawn", purpose_id=self.events.id)
        partners = self.env["res.partner"].with_user(self.jan)
        everybody = partners.search([("id", "in", (self.nowak | self.rek).ids)])

        def find(records, *condition):
            return records.search(
                [("id", "in", everybody.ids), ("consent_letter", *condition)]
            )

        self.assertEqual(find(partners, "=", "given"), self.nowak)
        self.assertEqual(find(partners, "!=", "given"), self.rek)
        self.assertEqual(find(partners, "=", "unknown"), self.rek)
        self.assertEqual(find(partners, "in", ["given", "unknown"]), everybody)
        self.assertFalse(find(partners, "=", "withdrawn"))
        for_events = partners.with_context(relationship_purpose_id=self.events.id)
        self.assertEqual(find(for_events, "=", "withdrawn"), self.rek)
        self.assertEqual(find(for_events, "not in", ["withdrawn"]), self.nowak)
        for state in ("given", "withdrawn", "unknown"):
            for partner in everybody:
                found = partner in find(partners, "=", state)
                self.assertEqual(found, partner.consent_letter == state)

    def test_many_partners_cost_as_many_queries_as_one(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Partner {number}"} for number in range(1000)]
        )
        self.env.flush_all()
        partners = partners.with_user(self.jan)
        partners[:1]._get_consent_states()
        with self.assertQueryCount(1):
            partners._get_consent_states(["email", "letter"], self.events)

    def test_one_dialog_records_several_channels(self):
        dialog = self.env["relationship.consent.record"].with_user(self.jan)
        dialog = dialog.with_context(
            active_model="res.partner", active_ids=(self.nowak | self.rek).ids
        )
        with Form(dialog) as form:
            form.letter = form.fax = True
            form.origin = "form"
            form.evidence = "Form at the fair"
        form.save().action_record()
        entries = self.entries(self.nowak | self.rek)
        self.assertEqual(len(entries), 4)
        self.assertEqual(set(entries.mapped("evidence")), {"Form at the fair"})
        self.assertEqual(set(entries.mapped("origin")), {"form"})
        self.assertEqual(entries.user_id, self.jan)

    def test_evidence_is_neither_exchanged_nor_deleted(self):
        files = self.env["ir.attachment"].with_user(self.jan)
        file = files.create({"name": "form.txt", "raw": b"I agree"})
        dialog = self.env["relationship.consent.record"].with_user(self.jan)
        dialog.create(
            {
                "partner_ids": self.nowak.ids,
                "letter": True,
                "fax": True,
                "attachment_ids": [Command.set(file.ids)],
            }
        ).action_record()
        entries = self.entries(self.nowak)
        self.assertEqual(entries.attachment_ids, file)
        self.assertEqual(len(entries.filtered("attachment_ids")), 2)
        self.assertEqual(file.with_user(self.anna).raw, b"I agree")
        for user in (self.jan, self.env.user):
            for forgery in ({"raw": b"I object"}, {"res_id": 0}, {"name": "x"}):
                with self.assertRaises(UserError):
                    file.with_user(user).write(forgery)
            with self.assertRaises(UserError):
                file.with_user(user).unlink()
        with self.assertRaises(AccessError):
            files.create(
                {
                    "name": "late.txt",
                    "raw": b"late",
                    "res_model": "relationship.consent",
                    "res_id": entries[0].id,
                }
            )

    def test_files_of_something_else_are_no_evidence(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "order.txt",
                "raw": b"order",
                "res_model": "res.partner",
                "res_id": self.nowak.id,
            }
        )
        with self.assertRaises(ValidationError):
            self.say(
                self.nowak, "letter", "given", attachment_ids=[Command.link(file.id)]
            )

    def test_other_companies_keep_theirs(self):
        leipzig = self.other_company
        entry = self.say(
            self.nowak, "letter", "withdrawn", self.katrin, company_id=leipzig.id
        )
        self.assertEqual(self.state(self.nowak, "letter"), "unknown")
        self.assertEqual(
            self.state(self.nowak, "letter", user=self.katrin), "withdrawn"
        )
        entries = self.env["relationship.consent"].with_user(self.jan)
        self.assertNotIn(entry, entries.search([]))
        with self.assertRaises(AccessError):
            entry.with_user(self.jan).read(["action"])
        with self.assertRaises(AccessError):
            self.say(self.nowak, "letter", "given", company_id=leipzig.id)

    def test_an_entry_belongs_to_the_company_of_its_partner(self):
        self.nowak.company_id = self.company
        self.assertEqual(
            self.say(self.nowak, "letter", "given").company_id, self.company
        )
        with self.assertRaises(UserError):
            self.say(self.nowak, "letter", "given", self.katrin)

    def test_portal_and_clerks_record_and_read_nothing(self):
        portal = new_test_user(self.env, "portal_c", groups="base.group_portal")
        clerk = new_test_user(self.env, "clerk_c", groups="base.group_user")
        for user in (portal, clerk):
            with self.assertRaises(AccessError):
                self.say(self.nowak, "letter", "given", user)
            with self.assertRaises(AccessError):
                self.nowak.with_user(user).get_consents()

    def test_the_form_page_names_purposes_that_differ(self):
        self.say(self.nowak, "letter", "withdrawn", days_ago=1)
        self.say(self.nowak, "letter", "given", purpose_id=self.events.id)
        letter, fax = self.nowak.with_user(self.jan).get_consents()[:2]
        self.assertEqual(letter["state"], "withdrawn")
        self.assertEqual([p["text"] for p in letter["purposes"]], ["Given"])
        self.assertEqual((fax["state"], fax["purposes"]), ("unknown", []))

    def test_the_proof_tells_every_entry(self):
        self.say(self.nowak, "letter", "given", days_ago=2, evidence="At the fair")
        entry = self.say(self.nowak, "letter", "withdrawn", evidence="By phone")
        reports = self.env["ir.actions.report"].with_user(self.jan)
        for report, ids in (
            ("report_consent", self.nowak.ids),
            ("report_consent_entries", entry.ids),
        ):
            html, _kind = reports._render_qweb_html(
                f"relationship_management.{report}", ids
            )
            text = html.decode()
            self.assertLess(text.index("At the fair"), text.index("By phone"))
            self.assertIn(self.jan.name, text)
            self.assertIn("nowak@stalmet.example.com", text)

    def test_the_privacy_lookup_finds_the_entries(self):
        if "privacy.lookup.wizard" not in self.env:
            self.skipTest("privacy_lookup is not installed")
        entry = self.say(self.nowak, "letter", "given")
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.nowak.name, "email": self.nowak.email}
        )
        wizard.action_lookup()
        found = wizard.line_ids.filtered(
            lambda line: line.res_model_id.model == "relationship.consent"
        )
        self.assertEqual(found.mapped("res_id"), entry.ids)
