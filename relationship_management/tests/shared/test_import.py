from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import RelationshipCase

ROLES = "partner_id,type_id,date_from,note"
RELATIONS = "this_partner_id,direction_id,other_partner_id,date_from,share"
CONSENTS = "partner_id,channel,action,date,evidence"


@tagged("post_install", "-at_install")
class TestImport(RelationshipCase):
    """A name that two have is asked about; the same file twice adds nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twins = cls.env["res.partner"].create(
            [
                {"name": "Import Twin", "city": city, "is_company": True}
                for city in ("Poznań", "Leipzig")
            ]
        )
        cls.firm = cls.env["res.partner"].create(
            {"name": "Import Works", "is_company": True}
        )

    def load(self, model, *lines):
        header, *_rows = lines
        wizard = self.env["base_import.import"].with_user(self.jan)
        wizard = wizard.create(
            {
                "res_model": f"relationship.{model}",
                "file": "\n".join(lines).encode(),
                "file_type": "text/csv",
                "file_name": "rows.csv",
            }
        )
        columns = header.split(",")
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        with mute_logger("odoo.sql_db"):
            result = wizard.execute_import(columns, columns, options)
        self.env.invalidate_all()
        return result

    def count(self, model):
        return self.env[f"relationship.{model}"].search_count([])

    def test_a_name_that_two_have_is_refused_for_its_row(self):
        for model, header, before, after in (
            ("role", ROLES, "", ",Customer,2024-01-01,"),
            ("relation", RELATIONS, "Import Works,has subsidiary,", ",2024-01-01,"),
            ("relation", RELATIONS, "", ",has subsidiary,Import Works,2024-01-01,"),
            ("consent", CONSENTS, "", ",E-mail,Withdrawn,2024-01-15 10:00:00,Call"),
        ):
            with self.subTest(model=model):
                number = self.count(model)
                good = before + "Import Other" + after
                self.env["res.partner"].create(
                    {"name": "Import Other", "is_company": True}
                )
                result = self.load(model, header, good, before + "Import Twin" + after)
                self.env["res.partner"].search(
                    [("name", "=", "Import Other")]
                ).name = "Done"
                [message] = [
                    m for m in result["messages"] if "one of several" in m["message"]
                ]
                self.assertEqual(message["rows"], {"from": 1, "to": 1})
                self.assertRegex(
                    message["message"],
                    "“Import Twin” in the field .* may be one of several:"
                    rf" {self.twins[0].id} \(Import Twin, Poznań\),"
                    rf" {self.twins[1].id} \(Import Twin, Leipzig\)",
                )
                self.assertIn("Database ID", message["message"])
                self.assertEqual(self.count(model), number)

    def test_hidden_ones_are_not_named(self):
        self.twins[1].company_id = self.other_company
        result = self.load("role", ROLES, "Import Twin,Customer,2024-01-01,")
        self.assertFalse(result["messages"])
        self.assertEqual(self.twins[0].role_ids.kind, "customer")

    def test_the_number_says_which(self):
        header = ROLES.replace("partner_id", "partner_id/.id")
        result = self.load("role", header, f"{self.twins[1].id},Customer,2024-01-01,")
        self.assertFalse(result["messages"])
        self.assertEqual(self.twins[1].role_ids.kind, "customer")

    def test_the_same_file_twice_adds_nothing(self):
        for model, *lines in (
            ("role", ROLES, "Import Works,Customer,2024-01-01,Good"),
            ("role", "partner_id,type_id", "Import Works,Supplier"),
            (
                *("relation", RELATIONS),
                "Import Works,has subsidiary,Import Other,2024-01-01,30",
                "Import Works,knows,Import Other,,",
            ),
            (
                *("consent", CONSENTS),
                "Import Works,E-mail,Given,2024-01-15 10:00:00,Fair",
                "Import Works,Phone call,Withdrawn,2024-01-15 10:00:00,Call",
            ),
            ("consent", "partner_id,channel,action", "Import Works,Fax,Given"),
            ("consent", "partner_id,channel,action", "Import Works,Letter,Withdrawn"),
        ):
            self.env["res.partner"].create({"name": "Import Other", "is_company": True})
            self.env.ref(
                "relationship_management.relationship_relation_type_knows"
            ).write({"left_is": "any", "right_is": "any"})
            with self.subTest(model=model, lines=lines):
                first = self.load(model, *lines)
                self.assertFalse(first["messages"])
                number = self.count(model)
                again = self.load(model, *lines, lines[1])
                self.assertFalse(again["messages"])
                self.assertEqual(self.count(model), number)
                self.assertEqual(again["ids"][: len(first["ids"])], first["ids"])
            self.env["res.partner"].search(
                [("name", "=", "Import Other")]
            ).name = "Done"

    def test_a_row_twice_in_a_file_is_entered_once(self):
        line = "Import Works,E-mail,Given,2024-01-15 10:00:00,Fair"
        number = self.count("consent")
        self.assertFalse(self.load("consent", CONSENTS, line, line)["messages"])
        self.assertEqual(self.count("consent"), number + 1)

    def test_an_old_file_does_not_agree_again(self):
        header = "partner_id,channel,action"
        self.load("consent", header, "Import Works,Fax,Given")
        self.load("consent", header, "Import Works,Fax,Withdrawn")
        self.load("consent", header, "Import Works,Fax,Given")
        states = self.firm.with_user(self.jan)._get_consent_states(["fax"])
        self.assertEqual(states[self.firm.id]["fax"], "withdrawn")

    def test_what_is_new_in_a_file_is_entered(self):
        self.load("role", ROLES, "Import Works,Customer,2024-01-01,")
        result = self.load(
            "role",
            ROLES,
            "Import Works,Customer,2024-01-01,",
            "Import Works,Supplier,2024-01-01,",
        )
        self.assertFalse(result["messages"])
        self.assertEqual(len(self.firm.role_ids), 2)

    def test_an_ended_role_comes_back(self):
        self.load(
            "role",
            "partner_id,type_id,date_from,date_to",
            "Import Works,Customer,2020-01-01,2020-12-31",
        )
        self.load("role", "partner_id,type_id", "Import Works,Customer")
        self.assertEqual(len(self.firm.role_ids), 2)
