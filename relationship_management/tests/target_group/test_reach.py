from datetime import timedelta
from itertools import product
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.consent.channel import LISTED_NAMES
from ...models.consent.judge import Judge
from ...models.target_group.freeze_sql import (
    FreezeQuery,
)
from .reach_case import CHANNELS, SAID, WHO, ReachCase

# Today, when a consent for two days has ended, and before anybody said anything.
DAYS = (0, 3, -20)


@tagged("post_install", "-at_install")
class TestReach(ReachCase):
    """Who may be addressed, by every state of a partner and every question."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.questions = list(
            product(CHANNELS, (cls.events.browse(), cls.events), (False, True))
        )
        cls.campaign = cls.new_campaign(channel="letter")

    def expect(self, state, channel, purpose, needs_consent, day=0):
        """Return why somebody in this state may not be addressed."""
        said, to, address, is_listed, is_archived, who = state
        own = None if to == "other" else SAID[said][2 if purpose else 1]
        firm = WHO[who]
        if day < 0:
            own = firm = None
        elif day and said == "for two days":
            own = None
        if is_archived or "archived" in who:
            return "archived"
        if address != "present":
            return "no_address"
        if is_listed and channel in LISTED_NAMES:
            return "blacklisted"
        if "withdrawn" in (own, firm) or (needs_consent and own != "given"):
            return "no_consent"
        return None

    def check(self, found, *question, **values):
        """Compare reasons by partner with what the table says."""
        wrong = {
            self.states[id_]: (reason, expected)
            for id_, reason in found.items()
            if id_ in self.states
            for expected in (self.expect(self.states[id_], *question, **values),)
            if reason != expected
        }
        self.assertFalse(wrong, question)

    def ask_freezing(self, channel, purpose, needs_consent, addressing, **context):
        self.campaign.write(
            {
                "channel": channel,
                "purpose_id": purpose.id,
                "needs_consent": needs_consent,
            }
        )
        query = FreezeQuery(self.campaign.with_context(**context), None, addressing)
        rows = self.env.execute_query_dict(
            query.get_judged(query.get_pairs(query.get_ids(self.people.ids)))
        )
        return {row["target_id"]: row["reason"] for row in rows}

    def ask_partners(self, *question, **values):
        partners = self.people.with_user(self.anna)
        allowed, groups = partners._split_by_consent(*question, **values)
        reasons = {p.id: reason for reason, same in groups.items() for p in same}
        self.assertFalse(reasons.keys() & set(allowed.ids))
        return {**dict.fromkeys(allowed.ids), **reasons}

    def test_partners(self):
        for question in self.questions:
            for day in DAYS:
                asked = self.today + timedelta(days=day) if day else None
                found = self.ask_partners(*question, day=asked)
                self.assertEqual(found.keys(), self.states.keys())
                self.check(found, *question, day=day)

    def test_freezing(self):
        for question in self.questions:
            for addressing in ("person", "company_contact"):
                found = self.ask_freezing(*question, addressing)
                self.assertGreater(len(found), 1000)
                self.check(found, *question)

    def test_page(self):
        for partner in self.people[::97].with_user(self.jan):
            for consent in partner.get_consents():
                found = {partner.id: consent["reason"]}
                self.check(found, consent["channel"], self.events.browse(), False)

    def test_contacting(self):
        self.campaign.channel = False
        self.campaign._assign(self.people.ids, "person")
        addressees = self.campaign.addressee_ids
        self.assertGreater(len(addressees), 1000)
        for channel, purpose, needs_consent in self.questions[::3]:
            self.campaign.write(
                {
                    "channel": channel,
                    "purpose_id": purpose.id,
                    "needs_consent": needs_consent,
                }
            )
            reasons = addressees._find_reasons()
            found = {a.target_id.id: reasons.get(a.id) for a in addressees}
            self.check(found, channel, purpose, needs_consent)

    def test_nobody_is_addressed_on_the_day_that_somebody_looks_at(self):
        """The day and the purpose of a list of partners are not those of a campaign."""
        question = ("fax", self.events.browse(), True)
        context = {
            "relationship_date": str(self.today - timedelta(days=4)),
            "relationship_purpose_id": self.events.id,
        }
        self.check(self.ask_freezing(*question, "person", **context), *question)
        with patch.object(self, "people", self.people.with_context(**context)):
            self.check(self.ask_partners(*question), *question)

    def test_any_number_in_one_statement(self):
        """A statement of partners stays in the database, whatever it finds."""
        judge = Judge(self.env(user=self.anna))
        found = SQL(
            "SELECT id FROM res_partner WHERE id >= %s AND name LIKE 'Reach%%'",
            min(self.people.ids),
        )
        query = judge.get_verdicts(found, [("fax", None), ("fax", self.events.id)])
        with self.assertQueryCount(1):
            rows = self.env.execute_query_dict(query)
        for purpose in (self.events.browse(), self.events):
            reasons = {
                row["partner_id"]: row["reason"]
                for row in rows
                if row["purpose_id"] == (purpose.id or 0)
            }
            self.assertLessEqual(self.states.keys(), reasons.keys())
            self.check(reasons, "fax", purpose, False)
