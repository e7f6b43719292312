from psycopg2.errors import RestrictViolation

from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from ...models.shared import row_trigger
from .test_consent import ConsentCase


@tagged("post_install", "-at_install")
class TestConsentMerge(ConsentCase):
    """Merged partners keep every entry, and the stricter word."""

    def merge(self, source, destination):
        self.rek.email = self.nowak.email
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | destination).ids, destination)
        self.env.invalidate_all()

    def test_an_older_refusal_wins_over_a_younger_consent(self):
        refused = self.say(self.rek, "letter", "withdrawn", days_ago=9)
        given = self.say(self.nowak, "letter", "given", days_ago=5)
        self.merge(self.rek, self.nowak)
        merged, *before = self.entries(self.nowak)
        self.assertEqual(before, [given, refused])
        self.assertEqual((merged.origin, merged.action), ("merge", "withdrawn"))
        self.assertEqual(self.state(self.nowak, "letter"), "withdrawn")
        notes = "".join(self.nowak.message_ids.mapped("body"))
        self.assertIn("Consents taken over: 1", notes)
        self.assertIn("the refusal holds", notes)

    def test_a_refusal_of_everything_wins_over_a_younger_purpose(self):
        self.say(self.rek, "letter", "withdrawn", days_ago=9)
        self.say(self.nowak, "letter", "given", days_ago=5, purpose_id=self.events.id)
        self.merge(self.rek, self.nowak)
        self.assertEqual(self.state(self.nowak, "letter", self.events), "withdrawn")

    def test_a_younger_refusal_needs_no_further_entry(self):
        self.say(self.nowak, "letter", "given", days_ago=9)
        self.say(self.rek, "letter", "withdrawn", days_ago=5)
        self.merge(self.rek, self.nowak)
        self.assertEqual(len(self.entries(self.nowak)), 2)
        self.assertEqual(self.state(self.nowak, "letter"), "withdrawn")

    def test_who_agrees_on_a_channel_keeps_it(self):
        self.say(self.nowak, "letter", "given", days_ago=9)
        self.say(self.rek, "fax", "given", days_ago=5)
        self.merge(self.rek, self.nowak)
        for channel in ("letter", "fax"):
            self.assertEqual(self.state(self.nowak, channel), "given")

    def test_the_blacklist_follows_the_merge(self):
        self.say(self.rek, "email", "withdrawn")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.rek | self.nowak).ids, self.nowak)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self.nowak.is_blacklisted)

    def test_every_way_into_the_ledger_but_the_merge_is_closed(self):
        entry = self.say(self.rek, "letter", "given")
        with row_trigger.announce_consent_merge(
            self.env.cr, self.rek.ids, self.nowak.id
        ):
            for statement, partner in (
                ("UPDATE relationship_consent SET partner_id = %s", self.stalmet),
                (
                    "UPDATE relationship_consent SET channel = 'fax', partner_id = %s",
                    self.nowak,
                ),
            ):
                with (
                    mute_logger("odoo.sql_db"),
                    self.refused("are never changed or deleted", RestrictViolation),
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(
                        statement + " WHERE id = %s", [partner.id, entry.id]
                    )


@tagged("post_install", "-at_install")
class TestConsentImport(ConsentCase):
    """Odoo's own import takes the file of the template."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nowak.name, cls.rek.name = "Import Nowak", "Import Rek"

    def load(self, text, user=None):
        wizard = (
            self.env["base_import.import"]
            .with_user(user or self.jan)
            .create(
                {
                    "res_model": "relationship.consent",
                    "file": text.encode(),
                    "file_name": "consents.csv",
                    "file_type": "text/csv",
                }
            )
        )
        header = text.splitlines()[0].split(",")
        with mute_logger("odoo.sql_db"):
            return wizard.execute_import(
                header,
                header,
                {"quoting": '"', "separator": ",", "has_headers": True},
            )

    def test_a_file_is_imported_by_who_imports_it(self):
        result = self.load(
            "partner_id,channel,action,purpose_id,date,evidence,user_id,origin\n"
            f"Import Nowak,E-mail,Given,{self.events.name},2024-01-15 10:00:00,Fair,"
            f"{self.ewa.login},Blacklist\n"
            "Import Rek,Phone call,Withdrawn,,2024-02-01 09:00:00,Call,,\n"
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self.nowak.consent_ids.user_id, self.jan)
        self.assertEqual(self.nowak.consent_ids.origin, "import")
        self.assertEqual(self.state(self.nowak, "email", self.events), "given")
        self.assertEqual(self.state(self.rek, "phone"), "withdrawn")

    def test_a_wrong_row_is_named_and_nothing_is_imported(self):
        result = self.load(
            "partner_id,channel,action,date\n"
            "Import Nowak,E-mail,Given,2024-01-15 10:00:00\n"
            "Import Rek,E-mail,Given,2999-01-01 10:00:00\n"
        )
        message = result["messages"][-1]
        self.assertIn("in the future", message["message"])
        self.assertEqual(message["rows"], {"from": 1, "to": 1})
        self.assertFalse(result["ids"])
        self.assertFalse(self.nowak.consent_ids)

    def test_the_template_can_be_imported(self):
        template = self.env["relationship.consent"].get_import_templates()[0]
        _slash, addon, path = template["template"].split("/", 2)
        with file_open(f"{addon}/{path}") as file:
            result = self.load(file.read().replace("Stalmet S.A.", "Import Rek"))
        self.assertFalse(result["messages"])
