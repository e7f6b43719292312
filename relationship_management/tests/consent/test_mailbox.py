from odoo.tests import tagged
from odoo.tools import SQL

from ...models.consent.judge import Judge
from .test_consent import ConsentCase


@tagged("post_install", "-at_install")
class TestMailbox(ConsentCase):
    """A refusal counts for the mailbox, whoever of those who share it has said it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.news = cls.env["relationship.consent.purpose"].create({"name": "News 3"})
        cls.maj = cls.env["res.partner"].create({"name": "Zofia Maj"})

    def reason(self, partner, channel="email", purpose=None, user=None):
        partner = partner.with_user(user or self.jan)
        _allowed, groups = partner._split_by_consent(channel, purpose or self.events)
        return next(iter(groups), None)

    def refuse(self, channel="email", purpose=None, **values):
        purpose = self.events if purpose is None else purpose
        return self.say(
            self.nowak, channel, "withdrawn", purpose_id=purpose.id, **values
        )

    def test_the_same_mailbox(self):
        for email, same in (
            ("shared@x.example", True),
            ("SHARED@x.example", True),
            ("Rek <shared@x.example>", True),
            ("other@x.example; shared@x.example", True),
            ("other@x.example, Anna <shared@x.example>", True),
            ("not-shared@x.example", False),
            ("shared@x.example.org", False),
        ):
            with self.subTest(email=email), self.env.cr.savepoint() as savepoint:
                self.nowak.email, self.rek.email = "shared@x.example", email
                self.refuse()
                self.assertEqual(self.reason(self.rek), "no_consent" if same else None)
                self.assertFalse(self.reason(self.rek, purpose=self.news))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_each_address_of_whoever_refused(self):
        self.nowak.email = "one@x.example; two@x.example"
        self.rek.email = "two@x.example"
        self.refuse()
        self.assertEqual(self.reason(self.rek), "no_consent")

    def test_each_address_against_the_blacklist(self):
        self.rek.email = "one@x.example; two@x.example"
        self.assertFalse(self.reason(self.rek))
        self.env["mail.blacklist"].create({"email": "two@x.example"})
        self.assertEqual(self.reason(self.rek), "blacklisted")

    def test_phone_numbers_and_faxes(self):
        self.nowak.write({"phone": "+48 501 502 503", "fax": "061/55"})
        self.rek.write({"phone": "+48501502503", "fax": "(061) 55"})
        for channel in ("phone", "sms", "fax"):
            self.assertFalse(self.reason(self.rek, channel))
            self.refuse(channel)
            self.assertEqual(self.reason(self.rek, channel), "no_consent")

    def test_postal_addresses_of_one_person(self):
        address = {"name": "Jan Kos", "street": "Polna 1", "city": "Poznań"}
        address["country_id"] = self.env.ref("base.pl").id
        (self.nowak | self.rek).write(address)
        self.maj.write({**address, "name": "Ewa Kos"})
        self.refuse("letter")
        self.assertEqual(self.reason(self.rek, "letter"), "no_consent")
        self.assertFalse(self.reason(self.maj, "letter"))
        self.rek.street = False
        self.assertFalse(self.reason(self.rek, "letter"))

    def test_a_consent_of_another_does_not_lift_it(self):
        self.nowak.email = self.rek.email = "shared@x.example"
        self.refuse(days_ago=5)
        self.say(self.rek, "email", "given", purpose_id=self.events.id)
        self.assertEqual(self.reason(self.rek), "no_consent")
        self.say(self.nowak, "email", "lifted", purpose_id=self.events.id)
        self.assertFalse(self.reason(self.rek))

    def test_it_moves_with_the_address(self):
        self.nowak.email = self.rek.email = "shared@x.example"
        self.refuse()
        self.nowak.email = "new@x.example"
        self.assertFalse(self.reason(self.rek))

    def test_archived_and_hidden_ones_count_and_nobody_is_told_who(self):
        self.nowak.email = self.rek.email = "shared@x.example"
        self.refuse()
        self.nowak.active = False
        self.assertEqual(self.reason(self.rek), "no_consent")
        page = self.rek.with_user(self.jan).get_consents()
        [email] = [row for row in page if row["channel"] == "email"]
        self.assertFalse(email["reason"])  # of every purpose nobody has said anything

    def test_the_page_tells_that_somebody_else_refused(self):
        self.nowak.fax = self.rek.fax = "061 55"
        self.say(self.nowak, "fax", "withdrawn")
        page = self.rek.with_user(self.jan).get_consents()
        [fax] = [row for row in page if row["channel"] == "fax"]
        self.assertEqual((fax["reason"], fax["state"]), ("no_consent", "unknown"))
        self.assertIn("Refused by somebody else with this address", fax["details"])
        self.assertNotIn(self.nowak.name, str(fax))

    def test_what_was_said_to_another_company_counts_there(self):
        self.nowak.email = self.rek.email = "shared@x.example"
        self.env["relationship.consent"].create(
            {
                "partner_id": self.nowak.id,
                "company_id": self.other_company.id,
                "purpose_id": self.events.id,
                "channel": "email",
                "action": "withdrawn",
            }
        )
        self.assertFalse(self.reason(self.rek))
        self.assertEqual(self.reason(self.rek, user=self.katrin), "no_consent")

    def test_the_refused_mailboxes_are_read_once_for_any_number(self):
        judge = Judge(self.env(user=self.jan))
        query = judge.get_verdicts(
            SQL("SELECT id FROM res_partner"), [("email", self.events.id)]
        )
        self.env.cr.execute(SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", query))
        [[[explained]]] = self.env.cr.fetchall()

        def walk(node):
            yield node
            for child in node.get("Plans", ()):
                yield from walk(child)

        made = [
            node
            for node in walk(explained["Plan"])
            if node.get("Parent Relationship") == "InitPlan"
            and any(inner.get("Alias") == "o" for inner in walk(node))
        ]
        self.assertEqual([node["Actual Loops"] for node in made], [1])
