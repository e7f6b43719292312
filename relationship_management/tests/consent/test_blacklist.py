from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .test_consent import ConsentCase


@tagged("post_install", "-at_install")
class TestConsentBlacklists(ConsentCase):
    """The ledger and core's blacklists say the same, whichever learns it first."""

    def blacklisted(self, partner):
        self.env.flush_all()
        self.env.invalidate_all()
        return partner.is_blacklisted

    def number_listed(self, partner):
        return bool(
            self.env["phone.blacklist"].search(
                [("number", "=", partner.phone_sanitized)]
            )
        )

    @classmethod
    def _new_keeper(cls):
        """Return a user who keeps the blacklists and may nothing else of ours."""
        group = cls.env["res.groups"].create({"name": "Keepers of the blacklists"})
        cls.env["ir.model.access"].create(
            [
                {
                    "name": f"keeper {model}",
                    "model_id": cls.env["ir.model"]._get_id(model),
                    "group_id": group.id,
                    **dict.fromkeys(
                        ("perm_read", "perm_write", "perm_create", "perm_unlink"), True
                    ),
                }
                for model in ("mail.blacklist", "phone.blacklist")
            ]
        )
        keeper = new_test_user(cls.env, "test_keeper", groups="base.group_user")
        keeper.group_ids |= group
        return keeper

    def assertSaid(self, partner, channels, action, state, user):
        """Assert what the newest entries of these channels say, and who made them."""
        newest = self.entries(partner)[: len(channels)]
        self.assertEqual(set(newest.mapped("channel")), set(channels))
        self.assertEqual(set(newest.mapped("action")), {action})
        self.assertEqual(newest.user_id, user)
        for channel in channels:
            self.assertEqual(self.state(partner, channel), state)

    def test_who_keeps_the_lists_needs_no_rights_on_consents(self):
        keeper = self._new_keeper()
        with self.refused("not allowed to access 'Consent'", AccessError):
            self.env["relationship.consent"].with_user(keeper).search([])
        mails = self.env["mail.blacklist"].with_user(keeper)
        phones = self.env["phone.blacklist"].with_user(keeper)
        nowak, rek = self.nowak.email, self.rek.phone_sanitized
        for partner, channels, steps in (
            (self.nowak, ["email"], (mails._add, mails._remove, nowak)),
            (self.rek, ["phone", "sms"], (phones.add, phones.remove, rek)),
        ):
            add, remove, address = steps
            add(address)
            self.assertSaid(partner, channels, "withdrawn", "withdrawn", keeper)
            remove(address)
            self.assertSaid(partner, channels, "lifted", "unknown", keeper)

    def test_who_keeps_the_lists_may_create_and_delete_their_entries(self):
        keeper = self._new_keeper()
        mails = self.env["mail.blacklist"].with_user(keeper)
        phones = self.env["phone.blacklist"].with_user(keeper)
        for partner, channels, entries, values in (
            (self.nowak, ["email"], mails, {"email": self.nowak.email}),
            (self.rek, ["phone", "sms"], phones, {"number": self.rek.phone_sanitized}),
        ):
            entry = entries.create(values)
            self.assertSaid(partner, channels, "withdrawn", "withdrawn", keeper)
            entry.unlink()
            self.assertSaid(partner, channels, "lifted", "unknown", keeper)

    def test_who_records_a_consent_needs_no_rights_on_the_lists(self):
        for model in ("mail.blacklist", "phone.blacklist"):
            with self.refused(
                "not allowed to access '(Mail|Phone) Blacklist'", AccessError
            ):
                self.env[model].with_user(self.anna).search([])
        self.say(self.rek, "email", "withdrawn", self.anna)
        self.say(self.rek, "phone", "withdrawn", self.anna)
        self.assertTrue(self.blacklisted(self.rek))
        self.assertTrue(self.number_listed(self.rek))
        self.say(self.rek, "email", "given", self.anna)
        self.say(self.rek, "phone", "given", self.anna)
        self.assertFalse(self.blacklisted(self.rek))
        self.assertFalse(self.number_listed(self.rek))

    def test_a_correction_of_what_the_list_said_takes_it_off(self):
        self.env["mail.blacklist"].with_user(self._new_keeper())._add(self.nowak.email)
        wrong = self.entries(self.nowak)
        self.say(self.nowak, "email", "void", corrects_id=wrong.id)
        self.assertFalse(self.blacklisted(self.nowak))
        self.assertEqual(self.state(self.nowak, "email"), "unknown")

    def test_an_objection_reaches_the_blacklist_and_back(self):
        blacklist = self.env["mail.blacklist"]
        self.say(self.nowak, "email", "withdrawn")
        self.assertTrue(self.blacklisted(self.nowak))
        self.assertEqual(len(self.entries(self.nowak)), 1)
        self.say(self.nowak, "email", "given")
        self.assertFalse(self.blacklisted(self.nowak))
        self.assertEqual(len(self.entries(self.nowak)), 2)
        blacklist._add(self.nowak.email)
        self.assertEqual(self.state(self.nowak, "email"), "withdrawn")
        self.assertEqual(self.entries(self.nowak)[0].origin, "blacklist")
        blacklist._add(self.nowak.email)
        self.assertEqual(len(self.entries(self.nowak)), 3)
        blacklist._remove(self.nowak.email)
        self.assertEqual(self.entries(self.nowak)[0].action, "lifted")
        self.assertEqual(self.state(self.nowak, "email"), "unknown")

    def test_taken_off_the_blacklist_is_no_consent(self):
        self.env["mail.blacklist"]._add(self.nowak.email)
        self.env["mail.blacklist"]._remove(self.nowak.email)
        self.assertEqual(
            self.entries(self.nowak).mapped("action"), ["lifted", "withdrawn"]
        )
        self.assertEqual(self.state(self.nowak, "email"), "unknown")

    def test_a_deleted_or_renamed_entry_of_the_blacklist_counts(self):
        entry = self.env["mail.blacklist"]._add(self.nowak.email)
        entry.email = "Rek@stalmet.example.com"
        self.assertEqual(self.state(self.nowak, "email"), "unknown")
        self.assertEqual(self.state(self.rek, "email"), "withdrawn")
        entry.unlink()
        self.assertEqual(self.state(self.rek, "email"), "unknown")

    def test_who_unsubscribes_by_a_link_says_it_in_person(self):
        public = self.env.ref("base.public_user")
        self.env["mail.blacklist"].with_user(public).sudo()._add(self.nowak.email)
        entry = self.entries(self.nowak)
        self.assertEqual(entry.origin, "unsubscribe")
        self.assertEqual(entry.user_id, public)
        self.nowak.email = "anna@example.com"
        self.assertEqual(self.state(self.nowak, "email"), "withdrawn")
        self.assertTrue(self.blacklisted(self.nowak))

    def test_archived_partners_are_heard(self):
        self.nowak.action_archive()
        self.env["mail.blacklist"]._add(self.nowak.email)
        self.assertEqual(self.state(self.nowak, "email"), "withdrawn")

    def test_the_phone_blacklist_stops_calls_and_messages(self):
        self.env["phone.blacklist"].add(self.rek.phone)
        self.assertEqual(self.state(self.rek, "phone"), "withdrawn")
        self.assertEqual(self.state(self.rek, "sms"), "withdrawn")
        self.say(self.rek, "sms", "given")
        self.assertTrue(self.number_listed(self.rek))
        self.say(self.rek, "phone", "given")
        self.assertFalse(self.number_listed(self.rek))
        self.assertEqual(self.state(self.rek, "phone"), "given")

    def test_refused_messages_are_no_refused_calls(self):
        self.say(self.rek, "sms", "withdrawn")
        self.assertTrue(self.number_listed(self.rek))
        self.assertEqual(self.state(self.rek, "phone"), "unknown")
        self.assertEqual(len(self.entries(self.rek)), 1)

    def test_one_purpose_leaves_the_blacklist_alone(self):
        self.say(self.nowak, "email", "withdrawn", purpose_id=self.events.id)
        self.assertFalse(self.blacklisted(self.nowak))

    def test_a_corrected_objection_leaves_the_blacklist(self):
        wrong = self.say(self.nowak, "email", "withdrawn")
        self.say(self.nowak, "email", "void", corrects_id=wrong.id)
        self.assertFalse(self.blacklisted(self.nowak))
        self.assertEqual(self.state(self.nowak, "email"), "unknown")

    def test_an_older_consent_does_not_beat_the_blacklist(self):
        """As when old consents are imported after people unsubscribed."""
        self.env["mail.blacklist"]._add(self.nowak.email)
        self.say(self.nowak, "email", "given", days_ago=400)
        self.assertEqual(self.state(self.nowak, "email"), "withdrawn")
        self.assertTrue(self.blacklisted(self.nowak))

    def test_blacklists_from_before_the_ledger_are_taken_over(self):
        self.env.cr.execute(
            "INSERT INTO mail_blacklist (email, active, write_date)"
            " VALUES (%s, true, now() - interval '2 years')",
            [self.nowak.email],
        )
        self.assertEqual(self.state(self.nowak, "email"), "unknown")
        for _twice in range(2):
            self.env["relationship.consent"]._record_blacklists()
        entry = self.entries(self.nowak)
        self.assertEqual(entry.action, "withdrawn")
        self.assertLess(entry.date, fields.Datetime.now() - timedelta(days=700))

    def test_a_shared_address_stays_as_long_as_somebody_refuses(self):
        self.rek.email = self.nowak.email
        self.say(self.nowak, "email", "withdrawn")
        self.say(self.rek, "email", "withdrawn", days_ago=0)
        self.assertEqual(self.state(self.rek, "email"), "withdrawn")
        self.say(self.nowak, "email", "given")
        self.assertTrue(self.blacklisted(self.nowak))
        self.assertEqual(self.state(self.rek, "email"), "withdrawn")
        self.say(self.rek, "email", "given")
        self.assertFalse(self.blacklisted(self.nowak))

    def test_a_partner_who_gets_a_blacklisted_address_shows_it(self):
        self.env["mail.blacklist"]._add("new@stalmet.example.com")
        self.nowak.email = "New@stalmet.example.com"
        created = self.env["res.partner"].create(
            {"name": "New", "email": "new@stalmet.example.com"}
        )
        for partner in (self.nowak, created):
            self.assertEqual(self.state(partner, "email"), "withdrawn")
        partners = self.env["res.partner"].with_user(self.jan)
        found = partners.search([("consent_email", "=", "withdrawn")])
        self.assertLessEqual(self.nowak | created, found)
        self.assertNotIn(self.rek, found)
        # The address was refused, not the person.
        self.nowak.email = "right@stalmet.example.com"
        self.assertEqual(self.state(self.nowak, "email"), "unknown")
        self.assertFalse(self.blacklisted(self.nowak))

    def test_who_refuses_still_does_at_a_new_address(self):
        self.say(self.nowak, "email", "withdrawn")
        self.nowak.with_user(self.ewa).email = "anna@example.com"
        self.assertTrue(self.blacklisted(self.nowak))

    def test_companies_share_the_blacklist_not_the_consent(self):
        leipzig = self.other_company
        self.say(self.nowak, "email", "withdrawn", self.katrin, company_id=leipzig.id)
        self.assertTrue(self.blacklisted(self.nowak))
        self.assertEqual(len(self.entries(self.nowak)), 1)
        _allowed, reasons = self.nowak.with_user(self.jan)._split_by_consent("email")
        self.assertEqual(list(reasons), ["blacklisted"])
        self.say(self.nowak, "email", "given", self.katrin, company_id=leipzig.id)
        self.assertFalse(self.blacklisted(self.nowak))

    def test_a_refusal_holds_again_when_the_consent_has_ended(self):
        today = fields.Date.context_today(self.nowak)
        self.say(self.nowak, "email", "withdrawn", days_ago=3)
        self.say(self.nowak, "email", "given", days_ago=2, valid_until=today)
        self.assertFalse(self.blacklisted(self.nowak))
        partners = self.env["res.partner"]
        partners._cron_refuse_again()
        self.assertFalse(self.blacklisted(self.nowak))
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            partners._cron_refuse_again()
            self.assertEqual(self.state(self.nowak, "email"), "withdrawn")
        self.assertTrue(self.blacklisted(self.nowak))

    def test_many_addresses_cost_hardly_more_queries_than_few(self):
        def count(number):
            partners = self.env["res.partner"].create(
                [
                    {"name": f"P{number}-{i}", "email": f"p{i}@n{number}.example.com"}
                    for i in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            counts = []
            before = self.env.cr.sql_log_count
            self.env["relationship.consent"].with_user(self.jan).create(
                [
                    {"partner_id": p.id, "channel": "email", "action": "withdrawn"}
                    for p in partners
                ]
            )
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(p.is_blacklisted for p in partners))
            return counts[0]

        count(1)
        few, many = count(10), count(1000)
        # Core writes 100 rows in one statement and one message for each new address.
        self.assertLess(many - few, 400, (few, many))

    def test_a_thousand_addresses_reach_the_ledger_in_few_queries(self):
        self.env["res.partner"].create(
            [{"name": f"P{i}", "email": f"p{i}@bulk.example.com"} for i in range(1000)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        addresses = {f"p{i}@bulk.example.com" for i in range(1000)}
        before = self.env.cr.sql_log_count
        self.env["mail.blacklist"]._record_addresses(addresses, "withdrawn")
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 60)

    def test_a_mass_mail_skips_who_refused(self):
        self.say(self.nowak, "email", "withdrawn")
        marta = new_test_user(
            self.env,
            "marta_consent",
            "base.group_user,relationship_management.relationship_management_group_user",
            email="marta@nordmark.example.com",
        )
        composer = (
            self.env["mail.compose.message"]
            .with_user(marta)
            .create(
                {
                    "composition_mode": "mass_mail",
                    "model": "res.partner",
                    "res_ids": (self.nowak | self.rek).ids,
                    "subject": "Open day",
                    "body": "<p>Come and see</p>",
                }
            )
        )
        composer._action_send_mail()
        mails = self.env["mail.mail"].search([("subject", "=", "Open day")])
        states = {mail.res_id: mail.state for mail in mails}
        self.assertEqual(states.get(self.nowak.id, "cancel"), "cancel")
        self.assertIn(states.get(self.rek.id), ("outgoing", "sent", "exception"))
