from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .relation_case import RelationCase


@tagged("post_install", "-at_install")
class TestCompetitor(RelationCase):
    """Competitors at a partner are its relations, on the page and in the search."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marta = cls._new_user(
            "marta",
            "base.group_partner_manager,"
            "relationship_management.relationship_management_group_user",
        )
        (cls.stalmet | cls.kranbau | cls.paktech).is_company = True
        cls.types["competitor"] = cls.env.ref(
            "relationship_management.relationship_relation_type_competitor"
        )

    def compete(self, competitor, partner, **values):
        return self.relate(competitor, "competitor", partner, **values)

    def assertFound(self, condition, partners, **context):
        records = self.env["res.partner"].with_user(self.marta).with_context(**context)
        found = records.search(
            [condition, ("id", "in", (self.stalmet | self.kranbau | self.paktech).ids)]
        )
        self.assertEqual(set(found.ids), set(partners.ids), condition)

    def test_the_page_shows_share_and_note_of_who_competes_now(self):
        self.compete(self.kranbau, self.stalmet, share=60, note="Halls 2 and 3")
        self.compete(self.paktech, self.stalmet, date_to=date(2020, 12, 31))
        told = self.stalmet.with_user(self.marta).get_competitors()
        (row,) = told["relations"]
        self.assertEqual(
            (row["partner"]["name"], row["details"], row["note"], row["can_edit"]),
            ("Kranbau Wolff", "60\N{NO-BREAK SPACE}%", "Halls 2 and 3", True),
        )
        self.assertFalse(
            self.kranbau.with_user(self.marta).get_competitors()["relations"]
        )

    def test_a_competitor_of_the_page_is_a_relation(self):
        partner = self.stalmet.with_user(self.marta)
        direction_id = partner.get_competitors()["direction_id"]
        relation = (
            self.env["relationship.relation"]
            .with_user(self.marta)
            .with_context(
                relationship_partner_id=partner.id, default_direction_id=direction_id
            )
            .create({"other_partner_id": self.kranbau.id, "direction_id": direction_id})
        )
        self.assertEqual(relation.left_partner_id, self.kranbau)
        self.assertEqual(relation.kind, "competition")
        self.assertEqual(partner.competitor_ids, self.kranbau)
        relation.action_end()
        relation.date_to = date(2020, 12, 31)
        self.env.invalidate_all()
        self.assertFalse(partner.competitor_ids)

    def test_who_may_not_use_the_type_is_not_offered_it(self):
        self.types["competitor"].use_group_ids = self.env.ref(
            "relationship_management.relationship_management_group_manager"
        )
        partner = self.stalmet.with_user(self.marta)
        self.assertFalse(partner.get_competitors()["direction_id"])

    def test_search_by_every_operator(self):
        self.compete(self.kranbau, self.stalmet)
        self.compete(self.paktech, self.kranbau, date_to=date(2020, 12, 31))
        none, name = self.stalmet.browse(), "competitor_ids"
        for condition, found in (
            ((name, "=", self.kranbau.id), self.stalmet),
            ((name, "in", self.kranbau.ids), self.stalmet),
            ((name, "in", self.paktech.ids), none),
            ((name, "not in", self.kranbau.ids), self.kranbau | self.paktech),
            ((name, "ilike", "kranbau"), self.stalmet),
            ((name, "not ilike", "kranbau"), self.kranbau | self.paktech),
            ((name, "any", [("name", "=", "Kranbau Wolff")]), self.stalmet),
            ((name, "!=", False), self.stalmet),
            ((name, "=", False), self.kranbau | self.paktech),
        ):
            with self.subTest(condition=condition):
                self.assertFound(condition, found)
        self.assertFound(
            (name, "!=", False),
            self.stalmet | self.kranbau,
            relationship_date="2020-06-01",
        )

    def test_it_is_for_relationship_users(self):
        clerk = self._new_user("clerk", "base.group_partner_manager")
        with self.refused("not allowed to access 'Relation'", AccessError):
            self.stalmet.with_user(clerk).get_competitors()
        with self.refused("not allowed to access 'Relation'", AccessError):
            self.env["res.partner"].with_user(clerk).search(
                [("competitor_ids", "!=", False)]
            )
