from odoo import fields
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .test_consent import ConsentCase

COLUMNS = [
    "partner_id",
    "channel",
    "action",
    "purpose_id",
    "legal_basis",
    "date",
    "valid_until",
    "evidence",
]
OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
    "date_format": "%Y-%m-%d",
    "datetime_format": "%Y-%m-%d %H:%M:%S",
}


@tagged("post_install", "-at_install")
class TestConsentImport(ConsentCase):
    """Consents come in through Odoo's own import; a wrong row says what is wrong."""

    def setUp(self):
        super().setUp()
        self.nowak.name = "Import Nowak"
        self.rek.name = "Import Rek"

    def import_file(self, *lines, user=None, columns=COLUMNS):
        wizard = (
            self.env["base_import.import"]
            .with_user(user or self.jan)
            .create(
                {
                    "res_model": "relationship.consent",
                    "file": "\n".join((",".join(columns), *lines)).encode(),
                    "file_type": "text/csv",
                    "file_name": "consents.csv",
                }
            )
        )
        return wizard.execute_import(columns, columns, OPTIONS)

    def load(self, columns, *rows, user=None):
        consents = self.env["relationship.consent"].with_user(user or self.jan)
        return consents.load(columns, [list(row) for row in rows])

    def assertRefused(self, sentence, *lines, columns=COLUMNS):
        """Assert that nothing of these lines is imported, and what is said about it."""
        before = len(self.env["relationship.consent"].search([]))
        with mute_logger("odoo.sql_db"):
            result = self.import_file(*lines, columns=columns)
        messages = " ".join(message["message"] for message in result["messages"])
        self.assertIn(sentence, messages)
        self.assertEqual(len(self.env["relationship.consent"].search([])), before)
        return result["messages"]

    def test_a_file_becomes_entries(self):
        result = self.import_file(
            "Import Nowak,E-mail,Given,Advertising,Consent,"
            "2025-01-15 10:00:00,2099-01-15,Form at the fair",
            "Import Rek,Phone call,Withdrawn,,,2025-02-03 09:30:00,,Said on the phone",
            "Import Nowak,Letter,Given,,Legitimate interest,2025-02-03 09:30:00,,",
        )
        self.assertFalse(result["messages"])
        nowak, rek = self.entries(self.nowak), self.entries(self.rek)
        self.assertEqual(set((nowak | rek).mapped("origin")), {"import"})
        self.assertEqual((nowak | rek).user_id, self.jan)
        email = nowak.filtered(lambda entry: entry.channel == "email")
        self.assertEqual(email.purpose_id.code, "advertising")
        self.assertEqual(email.valid_until, fields.Date.to_date("2099-01-15"))
        self.assertEqual(email.email, "nowak@stalmet.example.com")
        self.assertEqual(self.state(self.nowak, "letter"), "given")
        self.assertEqual(self.state(self.rek, "phone"), "withdrawn")
        numbers = self.env["phone.blacklist"].search([])
        self.assertIn(self.rek.phone_sanitized, numbers.mapped("number"))

    def test_without_a_column_of_bases_it_is_a_consent(self):
        columns = ["partner_id", "channel", "action"]
        result = self.import_file("Import Nowak,E-mail,Given", columns=columns)
        self.assertFalse(result["messages"])
        self.assertEqual(self.entries(self.nowak).legal_basis, "consent")

    def test_an_empty_basis_is_asked_for(self):
        self.assertRefused(
            "Say on which legal basis",
            "Import Nowak,E-mail,Given,,,2025-01-15 10:00:00,,",
        )

    def test_rows_of_another_program_are_loaded(self):
        result = self.load(
            ["partner_id/.id", "channel", "action", "date", "user_id/.id", "email"],
            (
                str(self.nowak.id),
                "email",
                "withdrawn",
                "2025-03-01 08:00:00",
                str(self.ewa.id),
                "forged@example.com",
            ),
        )
        self.assertFalse(result["messages"])
        entry = self.entries(self.nowak)
        self.assertEqual(entry.user_id, self.jan)
        self.assertEqual(entry.email, "nowak@stalmet.example.com")
        self.assertEqual(self.state(self.nowak, "email"), "withdrawn")

    def test_an_unknown_partner_is_named(self):
        messages = self.assertRefused(
            "Nobody at all",
            "Import Nowak,E-mail,Given,,Consent,2025-01-15 10:00:00,,",
            "Nobody at all,E-mail,Given,,Consent,2025-01-15 10:00:00,,",
        )
        self.assertEqual(messages[0]["rows"], {"from": 1, "to": 1})

    def test_an_unknown_channel_is_named(self):
        self.assertRefused(
            "Carrier pigeon",
            "Import Nowak,Carrier pigeon,Given,,Consent,2025-01-15 10:00:00,,",
        )

    def test_an_unknown_purpose_is_named(self):
        self.assertRefused(
            "Spying", "Import Nowak,E-mail,Given,Spying,Consent,2025-01-15 10:00:00,,"
        )

    def test_a_day_that_is_none_is_named(self):
        self.assertRefused(
            "yesterday", "Import Nowak,E-mail,Given,,Consent,yesterday,,"
        )

    def test_nothing_was_said_in_the_future(self):
        self.assertRefused(
            "enter when Import Nowak said it",
            "Import Nowak,E-mail,Given,,Consent,2098-01-15 10:00:00,,",
        )

    def test_only_what_was_given_ends(self):
        self.assertRefused(
            "clear the last day",
            "Import Nowak,E-mail,Withdrawn,,,2025-01-15 10:00:00,2099-01-01,",
        )

    def test_a_consent_does_not_end_before_it_begins(self):
        self.assertRefused(
            "enter a later last day",
            "Import Nowak,E-mail,Given,,Consent,2025-01-15 10:00:00,2024-01-01,",
        )

    def test_a_mistake_is_entered_at_the_wrong_entry(self):
        self.assertRefused(
            "choose Correct",
            "Import Nowak,E-mail,Entered by mistake,,,2025-01-15 10:00:00,,",
        )

    def test_a_channel_is_needed(self):
        messages = self.assertRefused(
            "Channel", "Import Nowak,,Given,,Consent,2025-01-15 10:00:00,,"
        )
        self.assertEqual(messages[0]["type"], "error")

    def test_a_file_changes_no_entry(self):
        columns = ["id", "partner_id", "channel", "action", "evidence"]
        line = "consents.one,Import Nowak,Letter,Given,At the fair"
        self.assertFalse(self.import_file(line, columns=columns)["messages"])
        self.assertRefused(
            "never changed",
            line.replace("Given", "Withdrawn"),
            columns=columns,
        )
        self.assertEqual(self.entries(self.nowak).action, "given")

    def test_the_origin_of_a_file_is_the_file(self):
        columns = ["partner_id", "channel", "action", "origin"]
        result = self.import_file(
            "Import Nowak,Letter,Given,Blacklist", columns=columns
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self.entries(self.nowak).origin, "import")

    def test_the_template_can_be_imported(self):
        consents = self.env["relationship.consent"].with_user(self.jan)
        (template,) = consents.get_import_templates()
        with file_open(template["template"].lstrip("/")) as file:
            header, *lines = (
                file.read().replace("Stalmet S.A.", "Import Rek").splitlines()
            )
        self.assertEqual(header.split(","), COLUMNS)
        result = self.import_file(*lines)
        self.assertFalse(result["messages"])
        self.assertEqual(len(result["ids"]), len(lines))
