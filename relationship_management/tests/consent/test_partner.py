from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import format_date

from .test_consent import ConsentCase


@tagged("post_install", "-at_install")
class TestPartnerConsents(ConsentCase):
    """Whom a run may approach, and who can be found by what they said."""

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
            {"blacklisted": 2, "no_address": 1},
        )
        allowed, reasons = partners._split_by_consent("email", only_given=True)
        self.assertEqual(allowed, zofia)
        self.assertEqual(reasons["no_consent"], self.rek)

    def test_a_purpose_does_not_take_the_address_off_the_blacklist(self):
        self.say(self.nowak, "email", "withdrawn", days_ago=1)
        self.say(self.nowak, "email", "given", purpose_id=self.events.id)
        self.assertEqual(self.state(self.nowak, "email", self.events), "given")
        partners = self.nowak.with_user(self.jan)
        allowed, reasons = partners._split_by_consent("email", self.events)
        self.assertFalse(allowed)
        self.assertEqual(list(reasons), ["blacklisted"])

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

    def test_a_split_costs_as_many_queries_for_many_as_for_few(self):
        partners = self.env["res.partner"].create(
            [
                {"name": f"Partner {number}", "email": f"p{number}@split.example.com"}
                for number in range(1000)
            ]
        )
        self.say(partners[7], "email", "withdrawn")
        self.env.flush_all()
        partners = partners.with_user(self.jan)
        partners.mapped("email")
        partners[:1]._split_by_consent("email")
        with self.assertQueryCount(1):
            allowed, reasons = partners._split_by_consent("email")
        self.assertEqual(len(allowed), 999)
        self.assertEqual(reasons, {"blacklisted": partners[7]})


@tagged("post_install", "-at_install")
class TestConsentPage(ConsentCase):
    """The strip on the partner form: state, since when, why, and the way to mend it."""

    def channels(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        consents = self.nowak.with_user(user or self.jan).get_consents()
        return {consent["channel"]: consent for consent in consents}

    def test_five_channels_in_their_order(self):
        consents = self.nowak.with_user(self.jan).get_consents()
        self.assertEqual(
            [consent["label"] for consent in consents],
            ["Letter", "Fax", "E-mail", "Phone call", "SMS"],
        )
        for consent in consents:
            self.assertEqual(consent["text"], "Unknown")
            self.assertEqual((consent["details"], consent["entry_id"]), ([], False))

    def test_since_when_and_on_which_legal_basis(self):
        today = fields.Date.context_today(self.nowak.with_user(self.jan))
        end = today + timedelta(days=90)
        entry = self.say(
            self.nowak,
            "letter",
            "given",
            days_ago=20,
            valid_until=end,
            legal_basis="legitimate_interest",
        )
        letter = self.channels()["letter"]
        self.assertEqual(letter["text"], "Given")
        self.assertEqual(letter["entry_id"], entry.id)
        since = format_date(self.env, today - timedelta(days=20))
        self.assertEqual(
            letter["details"],
            [
                f"Since {since}",
                f"Until {format_date(self.env, end)}",
                "Legitimate interest",
            ],
        )

    def test_the_entry_that_decides_is_named_not_the_newest(self):
        decides = self.say(self.nowak, "fax", "withdrawn", days_ago=2)
        self.say(self.nowak, "fax", "given", days_ago=5)
        self.say(self.nowak, "fax", "given", purpose_id=self.events.id)
        fax = self.channels()["fax"]
        self.assertEqual(fax["entry_id"], decides.id)
        self.assertEqual(
            [(p["name"], p["text"]) for p in fax["purposes"]],
            [("Invitations to events", "Given")],
        )

    def test_where_it_came_from_when_nobody_said_it_to_us(self):
        self.env["mail.blacklist"]._add(self.nowak.email)
        self.assertEqual(self.channels()["email"]["details"][-1], "Blacklist")

    def test_the_blacklist_of_another_company_is_told(self):
        self.say(
            self.nowak,
            "email",
            "withdrawn",
            self.katrin,
            company_id=self.other_company.id,
        )
        email = self.channels()["email"]
        self.assertEqual(email["state"], "unknown")
        self.assertEqual(email["details"], ["On the blacklist of Odoo"])
        self.assertFalse(email["entry_id"])
        self.assertEqual(self.channels(self.katrin)["email"]["state"], "withdrawn")

    def test_a_corrected_entry_no_longer_shows(self):
        wrong = self.say(self.nowak, "letter", "given")
        self.say(self.nowak, "letter", "void", corrects_id=wrong.id)
        self.assertEqual(self.channels()["letter"]["state"], "unknown")

    def test_the_page_names_purposes_that_differ(self):
        self.say(self.nowak, "letter", "withdrawn", days_ago=1)
        self.say(self.nowak, "letter", "given", purpose_id=self.events.id)
        consents = self.channels()
        self.assertEqual(consents["letter"]["state"], "withdrawn")
        purposes = consents["letter"]["purposes"]
        self.assertEqual([p["text"] for p in purposes], ["Given"])
        self.assertEqual(consents["fax"]["purposes"], [])

    def test_the_page_is_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        jan = self.jan.with_context(lang="fr_FR")
        self.say(self.nowak, "letter", "given")
        page = self.nowak.with_user(jan).with_context(lang="fr_FR")
        day = fields.Date.context_today(page)
        self.assertIn(
            format_date(self.env, day, lang_code="fr_FR"),
            page.get_consents()[0]["details"][0],
        )

    def test_the_page_costs_few_queries(self):
        self.say(self.nowak, "letter", "given", days_ago=1)
        self.say(self.nowak, "fax", "withdrawn", purpose_id=self.events.id)
        self.channels()
        partner = self.nowak.with_user(self.jan)
        partner.get_consents()
        with self.assertQueryCount(5):
            partner.get_consents()

    def test_all_entries_are_those_of_the_partner(self):
        mine = self.say(self.nowak, "letter", "given")
        self.say(self.rek, "letter", "given")
        action = self.nowak.with_user(self.jan).action_view_consents()
        entries = self.env[action["res_model"]].with_user(self.jan)
        self.assertEqual(entries.search(action["domain"]), mine)
        self.assertEqual(action["context"]["default_partner_id"], self.nowak.id)

    def test_portal_and_clerks_see_nothing(self):
        portal = new_test_user(self.env, "portal_page", groups="base.group_portal")
        clerk = new_test_user(self.env, "clerk_page", groups="base.group_user")
        for user in (portal, clerk):
            with self.refused(
                r"'read' access to:\n- Contact|not allowed to access 'Consent'",
                AccessError,
            ):
                self.nowak.with_user(user).get_consents()


@tagged("post_install", "-at_install")
class TestConsentProof(ConsentCase):
    """What is printed, and what a search for personal data finds."""

    def render(self, report, ids, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        reports = self.env["ir.actions.report"].with_user(user or self.jan)
        name = f"relationship_management.{report}"
        return reports._render_qweb_html(name, ids)[0].decode()

    def test_the_proof_tells_every_entry(self):
        self.say(self.nowak, "letter", "given", days_ago=2, evidence="At the fair")
        entry = self.say(self.nowak, "letter", "withdrawn", evidence="By phone")
        for report, ids in (
            ("report_consent", self.nowak.ids),
            ("report_consent_entries", entry.ids),
        ):
            text = self.render(report, ids)
            self.assertLess(text.index("At the fair"), text.index("By phone"))
            self.assertIn(self.jan.name, text)
            self.assertIn("nowak@stalmet.example.com", text)

    def test_the_proof_names_corrections_and_files(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.jan)
            .create({"name": "signed-form.txt", "raw": b"I agree"})
        )
        wrong = self.say(self.nowak, "letter", "given", attachment_ids=file.ids)
        right = self.say(self.nowak, "letter", "void", corrects_id=wrong.id)
        text = " ".join(self.render("report_consent", self.nowak.ids).split())
        self.assertIn("signed-form.txt", text)
        self.assertIn(file.checksum, text)
        self.assertIn(f"Corrected by no. <span>{right.id}</span>", text)
        self.assertIn(f"Corrects no. <span>{wrong.id}</span>", text)

    def test_the_proof_leaves_out_what_was_said_to_other_companies(self):
        self.say(
            self.nowak,
            "letter",
            "withdrawn",
            self.katrin,
            company_id=self.other_company.id,
            evidence="Said in Leipzig",
        )
        text = self.render("report_consent", self.nowak.ids)
        self.assertNotIn("Said in Leipzig", text)
        text = self.render("report_consent", self.nowak.ids, self.katrin)
        self.assertIn("Said in Leipzig", text)

    def test_many_partners_have_a_page_each(self):
        self.say(self.nowak, "letter", "given")
        self.say(self.rek, "fax", "given")
        text = self.render("report_consent", (self.nowak | self.rek).ids)
        self.assertEqual(text.count('class="page"'), 2)

    def test_a_search_for_personal_data_can_find_the_entries(self):
        """Core's lookup asks models by fields like these; see its ``_get_query``."""
        consents = self.env["relationship.consent"]
        partner = consents._fields["partner_id"]
        self.assertTrue(partner.store)
        self.assertNotEqual(partner.ondelete, "cascade")
        self.assertTrue(consents._auto)
        self.assertTrue(consents._fields["email"].store)
        entry = self.say(self.nowak, "letter", "given")
        self.nowak.write({"name": "Somebody else", "email": "else@example.com"})
        self.env.flush_all()
        # What the address was then leads to the entry, too.
        found = consents.search([("email", "ilike", "nowak@stalmet.example.com")])
        self.assertEqual(found, entry)

    def test_the_privacy_lookup_finds_the_entries(self):
        self.nowak.name = "Anna Lookup"
        entries = self.say(self.nowak, "letter", "given")
        entries |= self.say(self.nowak, "fax", "withdrawn")
        found = self.look_up(self.nowak)
        self.assertEqual(
            {id_ for model, id_ in found if model == entries._name}, set(entries.ids)
        )
