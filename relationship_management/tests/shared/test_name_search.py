from odoo.tests import tagged

from ..common import RelationshipCase

OURS = ("relationship_", "olap_")


@tagged("post_install", "-at_install")
class TestNameSearch(RelationshipCase):
    """Whatever is ours can be looked for by its name, wherever somebody chooses it."""

    def test_every_model_of_ours_answers(self):
        found = 0
        for name, model in sorted(self.env.registry.items()):
            if not model._original_module.startswith(OURS) or not model._auto:
                continue
            records = self.env[name].with_user(self.ewa)
            if not model._rec_name or not records.has_access("read"):
                continue
            with self.subTest(model=name):
                records.name_search("x")
                records.name_search("x", operator="=")
                records.search([(model._rec_name, "ilike", "x")])
                records.search([("display_name", "not ilike", "x")])
                found += 1
        self.assertGreater(found, 10)

    def test_a_relation_is_found_by_any_part_of_its_sentence(self):
        relation_type = self.env["relationship.relation.type"].create(
            {"name": "delivers gears to", "inverse_name": "gets gears from"}
        )
        relation = self.env["relationship.relation"].create(
            {
                "left_partner_id": self.kranbau.id,
                "type_id": relation_type.id,
                "right_partner_id": self.paktech.id,
            }
        )
        relations = self.env["relationship.relation"].with_user(self.jan)
        for words in ("Kranbau", "PakTech", "delivers gears", "gets gears"):
            with self.subTest(words=words):
                self.assertIn(relation.id, dict(relations.name_search(words)))
                found = relations.search([("sentence", "ilike", words)])
                self.assertIn(relation, found)
        self.assertNotIn(relation.id, dict(relations.name_search("Stalmet")))

    def test_a_relation_is_not_found_by_a_partner_that_is_hidden(self):
        relation = self.env["relationship.relation"].create(
            {
                "left_partner_id": self.kranbau.id,
                "type_id": self.env["relationship.relation.type"]
                .create({"name": "knows well", "is_symmetric": True})
                .id,
                "right_partner_id": self.paktech.id,
            }
        )
        self.env["res.partner"].flush_model()
        self.env.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id = %s",
            [self.other_company.id, self.paktech.id],
        )
        self.env.invalidate_all()
        relations = self.env["relationship.relation"].with_user(self.jan)
        self.assertNotIn(relation.id, dict(relations.name_search("PakTech")))
