from odoo.tests import tagged

from .test_rules import RuleCase


@tagged("post_install", "-at_install")
class TestRelationImport(RuleCase):
    """Relations come from a file, in the words of either end."""

    def load(self, *rows):
        relations = self.env["relationship.relation"].with_user(self.jan)
        return relations.load(
            ["this_partner_id", "direction_id", "other_partner_id", "date_from"],
            [list(row) for row in rows],
        )

    def test_a_file_says_the_relation_in_the_words_of_either_end(self):
        self.maj.name = "Zofia Majewska"
        result = self.load(
            ("Huta", "is subsidiary of", "Stalmet", "2024-01-01"),
            ("Stalmet", "has tax adviser", "Zofia Majewska", ""),
        )
        self.assertFalse(result["messages"])
        relations = self.env["relationship.relation"].browse(result["ids"])
        self.assertEqual(relations[0].left_partner_id, self.huta)
        self.assertEqual(relations[1].left_partner_id, self.maj)

    def test_a_wrong_row_of_a_file_is_told_of(self):
        result = self.load(
            ("Huta", "is purchasing manager of", "Stalmet", ""),
        )
        self.assertFalse(result["ids"])
        self.assertIn("Huta is a company", result["messages"][0]["message"])
        result = self.load(("Huta", "is friend of", "Stalmet", ""))
        self.assertIn("is friend of", result["messages"][0]["message"])
