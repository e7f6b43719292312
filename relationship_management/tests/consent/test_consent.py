from datetime import timedelta

from psycopg2.errors import RestrictViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import RelationshipCase


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
        with self.refused("was corrected before: correct the", ValidationError):
            self.say(self.nowak, "letter", "void", corrects_id=wrong.id)

    def test_a_correction_speaks_of_the_same_partner(self):
        wrong = self.say(self.nowak, "letter", "given")
        with self.assertRaises(ValidationError) as caught:
            self.say(self.rek, "letter", "given", corrects_id=wrong.id)
        self.assertIn("Entered by mistake", str(caught.exception))

    def test_a_mistake_must_name_its_entry(self):
        with self.refused("Open the wrong entry and choose Correct", ValidationError):
            self.say(self.nowak, "letter", "void")

    def test_nothing_is_changed_or_deleted(self):
        entry = self.say(self.nowak, "letter", "given")
        for user in (self.jan, self.ewa, self.env.user):
            with self.refused("is never changed"):
                entry.with_user(user).write({"action": "withdrawn"})
            with self.refused("is never deleted|not allowed to delete 'Consent'"):
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
                self.refused("are never changed or deleted", RestrictViolation),
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
            with self.refused(
                "Only the system itself writes entries of the origin", ValidationError
            ):
                self.say(self.nowak, "email", "given", origin=origin)

    def test_nobody_agrees_in_the_future(self):
        with self.refused("in the future: enter when", ValidationError):
            self.say(self.nowak, "letter", "given", days_ago=-1)

    def test_a_consent_does_not_end_before_it_begins(self):
        yesterday = fields.Date.context_today(self.nowak) - timedelta(days=1)
        with self.refused("cannot end before it was given", ValidationError):
            self.say(self.nowak, "letter", "given", valid_until=yesterday)
        with self.refused("clear the last day", ValidationError):
            self.say(self.nowak, "fax", "withdrawn", valid_until=yesterday)

    def test_a_partner_with_entries_is_kept(self):
        self.say(self.nowak, "letter", "given")
        with self.assertRaises(UserError) as caught:
            self.nowak.unlink()
        self.assertIn("Archive them", str(caught.exception))
        self.nowak.action_archive()

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
                with self.refused(
                    "is evidence of a consent|not allowed to access this document"
                ):
                    file.with_user(user).write(forgery)
            with self.refused(
                "is evidence of a consent|not allowed to access this document"
            ):
                file.with_user(user).unlink()
        with self.refused("not allowed to access this document", AccessError):
            files.create(
                {
                    "name": "late.txt",
                    "raw": b"late",
                    "res_model": "relationship.consent",
                    "res_id": entries[0].id,
                }
            )

    def test_the_dialog_takes_its_own_files_and_no_others(self):
        self.jan.group_ids |= self.env.ref("base.group_partner_manager")
        files = self.env["ir.attachment"].with_user(self.jan)
        dialogs = self.env["relationship.consent.record"].with_user(self.jan)
        dialog = dialogs.create({"partner_ids": self.nowak.ids, "letter": True})
        place = {"res_model": dialog._name, "res_id": dialog.id}
        own = files.create({"name": "form.txt", "raw": b"I agree", **place})
        dialog.attachment_ids = own
        dialog.action_record()
        self.assertEqual(self.entries(self.nowak).attachment_ids, own)
        place = {"res_model": "res.partner", "res_id": self.rek.id}
        contract = files.create({"name": "contract.txt", "raw": b"We sell", **place})
        other = dialogs.create({"partner_ids": self.nowak.ids, "fax": True})
        other.attachment_ids = contract
        with (
            self.refused("belongs to something else", ValidationError),
            self.env.cr.savepoint(),
        ):
            other.action_record()
        found = (contract.res_model, contract.res_id)
        self.assertEqual(found, ("res.partner", self.rek.id))

    def test_files_of_something_else_are_no_evidence(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "order.txt",
                "raw": b"order",
                "res_model": "res.partner",
                "res_id": self.nowak.id,
            }
        )
        with self.refused("belongs to something else", ValidationError):
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
        with self.refused(r"'read' access to:\n- Consent \(", AccessError):
            entry.with_user(self.jan).read(["action"])
        with self.refused(r"'read' access to:\n- Companies \(", AccessError):
            self.say(self.nowak, "letter", "given", company_id=leipzig.id)

    def test_an_entry_belongs_to_the_company_of_its_partner(self):
        self.nowak.company_id = self.company
        self.assertEqual(
            self.say(self.nowak, "letter", "given").company_id, self.company
        )
        with self.refused(r"'read' access to:\n- Contact \("):
            self.say(self.nowak, "letter", "given", self.katrin)
        consents = self.env["relationship.consent"].with_user(self.jan)
        with self.refused("belongs to another company"):
            consents.with_context(**self.in_both_companies(self.jan)).create(
                {
                    "partner_id": self.nowak.id,
                    "channel": "letter",
                    "action": "given",
                    "company_id": self.other_company.id,
                }
            )

    def test_portal_and_clerks_record_and_read_nothing(self):
        portal = new_test_user(self.env, "portal_c", groups="base.group_portal")
        clerk = new_test_user(self.env, "clerk_c", groups="base.group_user")
        for user in (portal, clerk):
            with self.refused(
                r"'read' access to:\n- Contact|not allowed to create 'Consent'",
                AccessError,
            ):
                self.say(self.nowak, "letter", "given", user)
            with self.refused(
                r"'read' access to:\n- Contact|not allowed to access 'Consent'",
                AccessError,
            ):
                self.nowak.with_user(user).get_consents()
