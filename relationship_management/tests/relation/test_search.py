from odoo.tests import tagged

from .test_rules import RuleCase


@tagged("post_install", "-at_install")
class TestSearchByRelation(RuleCase):
    """Conditions that stand side by side mean one and the same relation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relate(cls.nowak, cls.purchasing, cls.stalmet, date_from="2024-01-01")
        cls.relate(cls.nowak, cls.knows, cls.rek)
        cls.relate(
            cls.rek,
            cls.purchasing,
            cls.stalmet,
            date_from="2020-01-01",
            date_to="2023-12-31",
        )
        cls.relate(cls.rek, cls.tax_adviser, cls.huta)

    def find(self, *domain, **context):
        partners = self.partners.with_user(self.jan).with_context(**context)
        return partners.search(list(domain))

    def words(self, words):
        return ("relation_direction_id", "in", self.direction(words).ids)

    def test_the_words_decide_who_is_found(self):
        self.assertEqual(self.find(self.words("is purchasing manager of")), self.nowak)
        self.assertEqual(self.find(self.words("has purchasing manager")), self.stalmet)
        found = self.find(("relation_direction_id", "ilike", "purchasing manager"))
        self.assertEqual(found, self.nowak | self.stalmet)

    def test_words_partner_and_day_mean_one_relation(self):
        to_stalmet = ("related_partner_id", "=", self.stalmet.id)
        managers = self.words("is purchasing manager of")
        advisers = self.words("is tax adviser of")
        self.assertEqual(self.find(to_stalmet, managers), self.nowak)
        then = {"relationship_date": "2022-01-01"}
        self.assertEqual(self.find(to_stalmet, managers, **then), self.rek)
        # He was related to Stalmet then, and is adviser, but not of Stalmet.
        self.assertFalse(self.find(to_stalmet, advisers, **then))
        self.assertFalse(
            self.find("&", to_stalmet, "&", advisers, ("name", "!=", "x"), **then)
        )

    def test_alternatives_of_one_facet_belong_together(self):
        found = self.find(
            "|",
            ("related_partner_id", "=", self.stalmet.id),
            ("related_partner_id", "=", self.huta.id),
            self.words("is tax adviser of"),
        )
        self.assertEqual(found, self.rek)

    def test_the_other_partner_is_described_by_tag_and_role(self):
        tag = self.env["res.partner.category"].create({"name": "Steel"})
        self.stalmet.category_id = tag
        role = self.env.ref("relationship_management.relationship_role_type_supplier")
        self.env["relationship.role"].create(
            {"partner_id": self.huta.id, "type_id": role.id, "date_from": False}
        )
        self.assertEqual(self.find(("related_category_ids", "=", tag.id)), self.nowak)
        self.assertEqual(self.find(("related_role_type_ids", "=", role.id)), self.rek)
        self.assertFalse(
            self.find(
                ("related_category_ids", "=", tag.id),
                ("related_role_type_ids", "=", role.id),
            )
        )

    def test_the_opposite_can_be_searched(self):
        people = self.nowak | self.rek | self.maj
        found = self.find(
            ("id", "in", people.ids),
            ("related_partner_id", "not in", self.stalmet.ids),
        )
        self.assertEqual(found, self.rek | self.maj)

    def test_hidden_relations_find_nobody(self):
        few = self.env["res.groups"].create({"name": "Few"})
        self.purchasing.write({"see_group_ids": few, "use_group_ids": few})
        self.assertFalse(self.find(("related_partner_id", "=", self.stalmet.id)))

    def test_groups_and_counts_agree(self):
        domain = [
            ("related_partner_id", "=", self.stalmet.id),
            self.words("is tax adviser of"),
        ]
        partners = self.partners.with_user(self.jan)
        self.assertEqual(partners.search_count(domain), 0)
        self.assertFalse(partners._read_group(domain, ["is_company"]))
