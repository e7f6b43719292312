from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from ..common import RelationshipCase

COLUMNS = ["partner_id", "type_id", "date_from", "date_to", "note"]


@tagged("post_install", "-at_install")
class TestRoleImport(RelationshipCase):
    """Roles come in through Odoo's own import."""

    def load(self, *lines):
        content = "\n".join((",".join(COLUMNS), *lines))
        wizard = (
            self.env["base_import.import"]
            .with_user(self.jan)
            .create(
                {
                    "res_model": "relationship.role",
                    "file": content.encode(),
                    "file_type": "text/csv",
                    "file_name": "roles.csv",
                }
            )
        )
        options = {
            "has_headers": True,
            "quoting": '"',
            "separator": ",",
            "encoding": "utf-8",
            "date_format": "%Y-%m-%d",
        }
        return wizard.execute_import(COLUMNS, COLUMNS, options)

    def setUp(self):
        super().setUp()
        self.partner = self.env["res.partner"].create(
            {"name": "Import Works", "is_company": True}
        )

    def test_roles_are_imported_by_names_and_dates(self):
        result = self.load(
            "Import Works,Customer,2024-01-01,,",
            "Import Works,Supplier,2023-01-01,2025-06-30,Steel",
        )
        self.assertFalse(result["messages"])
        roles = self.partner.role_ids.sorted("type_sequence")
        self.assertEqual(roles.mapped("kind"), ["customer", "supplier"])
        self.assertEqual(set(roles.mapped("state")), {"confirmed"})
        self.assertEqual(roles[1].note, "Steel")

    @mute_logger("odoo.sql_db")
    def test_an_unknown_partner_is_named(self):
        result = self.load(
            "Import Works,Customer,2024-01-01,,", "Nobody at all,Customer,2024-01-01,,"
        )
        self.assertFalse(self.partner.role_ids)
        self.assertIn("Nobody at all", str(result["messages"]))

    def test_a_row_that_breaks_a_rule_says_which(self):
        result = self.load(
            "Import Works,Customer,2024-01-01,,", "Import Works,Customer,2025-01-01,,"
        )
        self.assertFalse(self.partner.role_ids)
        self.assertIn("already holds the role Customer", str(result["messages"]))

    def test_the_template_names_fields_that_exist(self):
        roles = self.env["relationship.role"].with_user(self.jan)
        (template,) = roles.get_import_templates()
        with file_open(template["template"].lstrip("/")) as file:
            header = file.readline().strip().split(",")
        self.assertEqual(header, COLUMNS)
