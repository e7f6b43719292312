from datetime import date

from odoo.tests import tagged

from .relation_case import MergeCase, RelationCase


@tagged("post_install", "-at_install")
class TestRelationMerge(MergeCase, RelationCase):
    """A merge folds relations that say the same, and keeps or names the others."""

    def merged(self, *rows, name="shareholder"):
        """Relate Nowak to Stalmet and its double, merge, and return what is left.

        :param rows: partner, first and last year, and further values of each
        """
        for partner, first, last, values in rows:
            self.relate(
                self.nowak,
                name,
                partner,
                date_from=first and date(first, 1, 1),
                date_to=last and date(last, 12, 31),
                **values,
            )
        self.merge()
        return [
            (
                relation.date_from and relation.date_from.year,
                relation.date_to and relation.date_to.year,
                relation.share or relation.function or relation.attitude,
            )
            for relation in self.env["relationship.relation"]
            .search([("right_partner_id", "=", self.stalmet.id)])
            .sorted(lambda r: (r.date_from or date.min, r.id))
        ]

    def notes(self):
        return " ".join(self.stalmet.message_ids.mapped("body"))

    def test_different_shares_one_after_the_other_both_stay(self):
        left = self.merged(
            (self.stalmet, 2015, 2020, {"share": 30}),
            (self.double, 2021, None, {"share": 60}),
        )
        self.assertEqual(left, [(2015, 2020, 30), (2021, False, 60)])

    def test_different_shares_at_once_follow_one_another_and_are_told(self):
        left = self.merged(
            (self.stalmet, 2015, None, {"share": 30}),
            (self.double, 2021, 2024, {"share": 60}),
        )
        self.assertEqual(left, [(2015, 2020, 30), (2021, 2024, 60)])
        self.assertRegex(
            self.notes(),
            "says otherwise of the same time: .*holds a share of Stalmet S.A., 30",
        )

    def test_of_two_that_differ_on_the_same_days_that_of_the_destination_stays(self):
        left = self.merged(
            (self.double, 2021, None, {"share": 60}),
            (self.stalmet, 2021, None, {"share": 30}),
        )
        self.assertEqual(left, [(2021, False, 30)])
        self.assertRegex(self.notes(), "Not taken over.*Stalmet SA, 60&nbsp;%")
        self.assertNotIn("Relation taken over", self.notes())

    def test_the_longer_one_goes_on_after_the_other(self):
        left = self.merged(
            (self.stalmet, 2021, 2022, {"share": 30}),
            (self.double, 2021, None, {"share": 60}),
        )
        self.assertEqual(left, [(2021, 2022, 30), (2023, False, 60)])

    def test_functions_and_attitudes_are_facts_as_well(self):
        left = self.merged(
            (self.stalmet, 2015, 2020, {"function": "Buyer"}),
            (self.double, 2020, None, {"function": "Director"}),
            name="works_for",
        )
        self.assertEqual(left, [(2015, 2019, "Buyer"), (2020, False, "Director")])

    def test_the_same_share_is_folded_and_a_known_start_stays(self):
        left = self.merged(
            (self.stalmet, None, None, {"share": 60}),
            (self.double, 2021, None, {"share": 60}),
        )
        self.assertEqual(left, [(2021, False, 60)])

    def test_what_only_one_knows_is_kept(self):
        left = self.merged(
            (self.stalmet, 2021, None, {}),
            (self.double, None, None, {"function": "Buyer"}),
            name="works_for",
        )
        self.assertEqual(left, [(2021, False, "Buyer")])

    def test_what_holds_for_part_of_the_time_is_not_said_of_all_of_it(self):
        left = self.merged(
            (self.stalmet, 2015, None, {}),
            (self.double, 2021, None, {"function": "Director"}),
            name="works_for",
        )
        self.assertEqual(left, [(2015, 2020, False), (2021, False, "Director")])

    def test_rows_of_two_companies_stay_two(self):
        values = {"date_from": date(2021, 1, 1), "share": 30}
        for partner, company in (
            (self.stalmet, self.company),
            (self.double, self.other_company),
        ):
            self.env["relationship.relation"].create(
                {
                    "left_partner_id": self.nowak.id,
                    "type_id": self.types["shareholder"].id,
                    "right_partner_id": partner.id,
                    "company_id": company.id,
                    **values,
                }
            )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.double | self.stalmet).ids, self.stalmet)
        left = self.env["relationship.relation"].search(
            [("right_partner_id", "=", self.stalmet.id)]
        )
        self.assertEqual(left.company_id, self.company | self.other_company)

    def test_three_that_hang_together_become_one(self):
        third = self.env["res.partner"].create({"name": "Third", "is_company": True})
        for partner, first, last in (
            (self.double, 2019, 2021),
            (self.stalmet, 2015, 2019),
            (third, 2021, 2023),
        ):
            days = {"date_from": date(first, 1, 1), "date_to": date(last, 12, 31)}
            self.relate(self.nowak, "works_for", partner, **days)
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.double | third | self.stalmet).ids, self.stalmet)
        self.env.invalidate_all()
        [left] = self.env["relationship.relation"].search(
            [("left_partner_id", "=", self.nowak.id)]
        )
        self.assertEqual(
            (left.date_from, left.date_to), (date(2015, 1, 1), date(2023, 12, 31))
        )

    def test_rows_that_need_nothing_are_not_touched(self):
        ours = self.relate(
            self.nowak, "works_for", self.stalmet, date_from=date(2020, 1, 1)
        )
        same = self.relate(self.maj, "works_for", self.stalmet)
        self.relate(self.maj, "works_for", self.double)
        moved = self.relate(self.rek, "works_for", self.double)
        touched = ours | same | moved
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE relationship_relation SET write_date = '2020-01-01' WHERE id ="
            " ANY(%s)",
            [touched.ids],
        )
        self.merge()
        self.assertEqual(
            [day.year for day in touched.mapped("write_date")], [2020, 2020, 2020]
        )
        self.assertEqual(moved.right_partner_id, self.stalmet)

    def test_a_symmetric_relation_is_told_apart_as_well(self):
        for partner, attitude in ((self.rek, "for"), (self.maj, "against")):
            self.relate(self.nowak, "knows", partner, attitude=attitude)
        self.merge(self.maj, self.rek)
        left = self.env["relationship.relation"].search([])
        self.assertEqual(left.attitude, "for")
        self.assertIn("Not taken over", " ".join(self.rek.message_ids.mapped("body")))
