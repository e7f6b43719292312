from datetime import date

from odoo.tests import tagged

from .relation_case import MergeCase, RelationCase


@tagged("post_install", "-at_install")
class TestOwnership(MergeCase, RelationCase):
    """Shares add up on a day, and nobody owns himself by way of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types["subsidiary"] = cls.env.ref(
            "relationship_management.relationship_relation_type_subsidiary"
        )
        cls.firms = cls.env["res.partner"].create(
            [{"name": f"Holding {n}", "is_company": True} for n in range(1, 6)]
        )

    def test_a_handover_is_no_excess(self):
        self.relate(
            *(self.nowak, "shareholder", self.stalmet),
            share=100,
            date_to=date(2026, 12, 31),
        )
        new = self.relate(
            *(self.rek, "shareholder", self.stalmet),
            share=100,
            date_from=date(2027, 1, 1),
        )
        self.assertRefused(
            "the shares in Stalmet S.A. add up to more than 100 %",
            new.with_user(self.jan).write,
            {"date_from": date(2026, 12, 31)},
        )

    def test_more_than_the_whole_firm_at_once_is_refused(self):
        self.relate(self.nowak, "shareholder", self.stalmet, share=60)
        self.relate(self.nowak, "shareholder", self.kranbau, share=60)
        self.relate(self.rek, "shareholder", self.stalmet, share=40)
        self.assertRefused(
            "the shares in Stalmet S.A. add up to more than 100 %",
            *(self.relate, self.maj, "shareholder", self.stalmet),
            share=1,
        )

    def test_on_each_day_of_a_long_one(self):
        for partner, year in ((self.nowak, 2024), (self.rek, 2025)):
            self.relate(
                *(partner, "shareholder", self.stalmet),
                share=60,
                date_from=date(year, 1, 1),
                date_to=date(year, 12, 31),
            )
        self.relate(self.maj, "shareholder", self.stalmet, share=40)
        self.assertRefused(
            "add up to more than 100 %",
            *(self.relate, self.kranbau, "shareholder", self.stalmet),
            share=1,
            date_from=date(2025, 6, 1),
            date_to=date(2025, 6, 30),
        )

    def test_thirds_are_a_whole(self):
        for partner in (self.nowak, self.rek, self.maj):
            self.relate(partner, "shareholder", self.stalmet, share=33.335)

    def test_what_companies_enter_for_themselves_is_added_up_apart(self):
        values = {"share": 60}
        for owner, company in (
            (self.nowak, self.company),
            (self.rek, self.other_company),
        ):
            self.relate(
                *(owner, "shareholder", self.stalmet, self.env.user),
                company_id=company.id,
                **values,
            )
        self.assertRefused(
            "add up to more than 100 %",
            *(self.relate, self.maj, "shareholder", self.stalmet),
            share=60,
        )

    def test_a_circle_of_any_length_is_refused(self):
        a, b, c, d, e = self.firms
        self.assertRefused("itself", self.relate, a, "subsidiary", a)
        for child, parent in ((a, b), (b, c), (c, d), (d, e)):
            self.relate(child, "subsidiary", parent)
        self.assertRefused(
            "Holding 5 would stand above itself", self.relate, e, "subsidiary", a
        )
        self.assertRefused(
            "Holding 3 would stand above itself", self.relate, c, "subsidiary", a
        )

    def test_what_never_holds_at_once_is_no_circle(self):
        a, b, c = self.firms[:3]
        self.relate(a, "subsidiary", b, date_to=date(2024, 12, 31))
        self.relate(b, "subsidiary", c, date_from=date(2025, 1, 1))
        last = self.relate(c, "subsidiary", a, date_from=date(2020, 1, 1))
        self.assertRefused(
            "would stand above itself",
            self.relate,
            *(b, "subsidiary", a),
            date_to=date(2019, 12, 31),
        )
        self.assertTrue(last)

    def test_two_may_own_parts_of_each_other(self):
        a, b = self.firms[:2]
        self.relate(a, "shareholder", b, share=5)
        self.relate(b, "shareholder", a, share=5)

    def test_a_type_that_becomes_a_hierarchy_is_checked(self):
        a, b = self.firms[:2]
        self.relate(a, "shareholder", b, share=5)
        self.relate(b, "shareholder", a, share=5)
        self.assertRefused(
            "would stand above itself",
            self.types["shareholder"].with_user(self.ewa).write,
            {"is_hierarchy": True},
        )

    def test_many_at_once_are_checked_together(self):
        wizard = self.env["relationship.relation.create"].with_user(self.jan)
        direction = self.env["relationship.relation.direction"].search(
            [("type_id", "=", self.types["shareholder"].id), ("is_inverse", "=", False)]
        )
        wizard = wizard.create(
            {
                "partner_ids": (self.nowak | self.rek).ids,
                "direction_id": direction.id,
                "other_partner_id": self.stalmet.id,
                "share": 60,
            }
        )
        self.assertIn("add up to more than 100 %", wizard.problems)

    def test_a_merge_that_closes_a_circle_or_exceeds_a_firm_is_refused(self):
        a, b = self.firms[:2]
        self.relate(a, "subsidiary", self.stalmet)
        self.relate(self.double, "subsidiary", b)
        self.relate(b, "subsidiary", a)
        self.assertRefused("The merge would break.*above itself", self.merge)

    def test_a_merge_of_owned_firms_is_refused_in_words(self):
        self.relate(self.nowak, "shareholder", self.stalmet, share=60)
        self.relate(self.rek, "shareholder", self.double, share=60)
        self.assertRefused("The merge would break.*add up", self.merge)

    def assertRefused(self, words, function, *arguments, **values):
        with self.refused(f"(?s){words}", Exception), self.env.cr.savepoint():
            function(*arguments, **values)
