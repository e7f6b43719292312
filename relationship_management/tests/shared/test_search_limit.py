import itertools

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.shared.search_limit import MOST_CONDITIONS, MOST_VALUES
from ..relation.test_rules import RuleCase


@tagged("post_install", "-at_install")
class TestSearchLimit(RuleCase):
    """A search that would keep the server busy for minutes is refused in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relate(cls.nowak, cls.knows, cls.rek)

    def count(self, domain, model="res.partner", user=None):
        return self.env[model].with_user(user or self.ewa).search_count(domain)

    def assertTooMany(self, words, domain, model="res.partner"):
        with self.assertRaises(UserError) as caught:
            self.count(domain, model)
        self.assertRegex(str(caught.exception), words)
        self.assertLess(len(str(caught.exception)), 1000)

    def test_four_hundred_conditions_are_refused_in_words(self):
        words = (
            r"has 400 conditions on relations.* at most 20 of them, and search in"
            r" several steps\."
        )
        for model, name in (
            ("res.partner", "related_category_ids"),
            ("res.partner", "related_role_type_ids"),
            ("res.partner", "role_type_ids"),
            ("res.partner", "competitor_ids"),
            ("res.partner", "relation_left_ids"),
            ("res.partner", "relation_right_ids"),
            ("res.partner", "role_ids"),
            ("res.partner", "consent_ids"),
            ("crm.lead", "reference_ids"),
        ):
            with self.subTest(field=name):
                domain = [(name, "in", [i, i + 1]) for i in range(400)]
                self.assertTooMany(words, domain, model)
                domain = [(name, "any", [("id", ">", i)]) for i in range(400)]
                self.assertTooMany(words, domain, model)

    def test_the_limit_holds_through_paths_and_inheritance(self):
        for model, path in (
            ("crm.lead", "partner_id.related_category_ids"),
            ("res.partner", "child_ids.related_role_type_ids"),
            ("res.partner", "child_ids.child_ids.role_type_ids"),
            ("res.users", "related_category_ids"),
            ("relationship.role", "partner_id.related_role_type_ids"),
        ):
            with self.subTest(path=path):
                domain = [(path, "in", [i, i + 1]) for i in range(40)]
                self.assertTooMany("has 40 conditions on relations", domain, model)
        nested = [("related_category_ids", "in", [1, 2])]
        for i in range(MOST_CONDITIONS):
            nested = [("child_ids", "any", [*nested, ("role_type_ids", "in", [i])])]
        self.assertTooMany("has 21 conditions on relations", nested)

    def test_alternatives_over_a_figure_are_refused(self):
        figures = [("won_opportunity_amount", ">", i) for i in range(300)]
        domain = ["|"] * 299 + figures
        self.assertTooMany("has 300 conditions on relations", domain)

    def test_what_a_person_enters_is_found(self):
        tag = self.env["res.partner.category"].create({"name": "Steel"})
        self.rek.category_id = tag
        for domain in (
            [("related_category_ids", "in", [tag.id, i]) for i in range(20)],
            # The same again, and alternatives: one condition.
            [("related_category_ids", "in", tag.ids)] * 400,
            ["|"] * 399
            + [("related_category_ids", "=", tag.id + i) for i in range(400)],
            ["|"] * 49
            + [("related_partner_id", "=", self.rek.id + i) for i in range(50)],
        ):
            found = self.partners.with_user(self.ewa).search(domain)
            self.assertIn(self.nowak, found)

    def test_a_million_values_are_refused(self):
        many = list(range(1, 1_000_000))
        for name in ("related_partner_id", "role_type_ids", "won_opportunity_count"):
            self.assertTooMany(
                f"names 999999 values of the field .* at most {MOST_VALUES} at once",
                [(name, "in", many)],
            )

    def test_a_map_of_a_million_types_answers(self):
        partner = self.nowak.with_user(self.jan)
        answer = partner.get_relationship_map(type_ids=list(range(1, 1_000_000)))
        self.assertIn(self.rek.id, [node["id"] for node in answer["nodes"]])
        # Only those that there are reach the database.
        types = self.env["relationship.relation.type"].with_user(self.jan).search([])
        asked = partner._pick(types.ids, list(range(1, 1_000_000)))
        self.assertEqual(asked, types.ids)
        for arguments in ({"type_ids": 5}, {"kinds": [{}]}, {"type_ids": [[1]]}):
            with self.assertRaises(UserError) as caught:
                partner.get_relationship_map(**arguments)
            self.assertRegex(str(caught.exception), "list of relation types")
        for arguments in ({"depth": 2.0}, {"depth": "2"}, {"depth": None}):
            with self.assertRaises(UserError) as caught:
                partner.get_relationship_map(**arguments)
            self.assertRegex(str(caught.exception), "one, two or three steps")
        with self.assertRaises(UserError) as caught:
            partner.get_relationship_map(day=5)
        self.assertRegex(str(caught.exception), "5 is no day")
        self.assertTrue(partner.get_relationship_map(limit="many")["nodes"])

    def test_what_is_gone_finds_nothing(self):
        gone = 999_999_999
        for name in (
            "related_partner_id",
            "relation_direction_id",
            "relation_type_id",
            "related_category_ids",
            "related_role_type_ids",
            "role_type_ids",
            "competitor_ids",
        ):
            for value in (gone, [gone], [gone, gone + 1]):
                operator = "in" if isinstance(value, list) else "="
                with self.subTest(field=name, value=value):
                    self.assertEqual(self.count([(name, operator, value)]), 0)
        with self.assertRaises(UserError) as caught:
            self.nowak.with_user(self.jan).get_relationship_path(gone)
        self.assertRegex(str(caught.exception), "is no longer there")

    def test_values_of_a_wrong_kind_find_nothing_or_are_told(self):
        for value in (False, 5, 1.5, [False, 7], ["x"]):
            operator = "in" if isinstance(value, list) else "="
            self.assertEqual(self.count([("consent_email", operator, value)]), 0)
        words = "cannot be compared with a figure: give one number or day"
        for name, operator, value in itertools.product(
            ("won_opportunity_count", "won_opportunity_amount"),
            ("=", "!=", ">", "<="),
            ("x", "5", "NaN", "x" * 3_000_000, True),
        ):
            with self.subTest(field=name, operator=operator, value=str(value)[:5]):
                self.assertTooMany(words, [(name, operator, value)])
        self.assertTooMany(words, [("won_opportunity_count", ">", [1])])
        self.assertTooMany(words, [("won_opportunity_count", "in", [1, "x"])])
        for value in (0, 1.5, False, 10**30):
            self.count([("won_opportunity_count", "=", value)])
