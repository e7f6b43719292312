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
                values.pop("left", self.nowak),
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
        self.assertEqual(left, [(2015, 2020, 30), (2021, 2024, 60), (2025, False, 30)])
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

    def test_what_lies_around_another_one_is_two_with_all_it_knew(self):
        around = self.relate(
            self.nowak, "shareholder", self.stalmet, share=30, note="by inheritance"
        )
        coming = date(self.get_today().year + 2, 1, 1)
        self.relate(
            self.nowak,
            "shareholder",
            self.double,
            share=60,
            date_from=coming,
            date_to=coming,
        )
        self.merge()
        left = self.env["relationship.relation"].search([("share", "=", 30)])
        self.assertEqual(len(left), 2)
        self.assertEqual(left.mapped("note"), ["by inheritance"] * 2)
        self.assertEqual(left.filtered("date_to"), around)
        self.assertEqual(self.stalmet.relation_count, 1)

    def test_a_known_last_day_is_told_if_it_goes(self):
        left = self.merged(
            (self.stalmet, 2010, 2015, {}),
            (self.double, 2012, None, {}),
            name="works_for",
        )
        self.assertEqual(left, [(2010, False, False)])
        self.assertIn("has no last day: Anna Nowak works for", self.notes())

    def relate_in(self, company, partner, **values):
        """Relate Nowak to a partner, for one company or every one."""
        return self.env["relationship.relation"].create(
            {
                "left_partner_id": self.nowak.id,
                "type_id": self.types["works_for"].id,
                "right_partner_id": partner.id,
                "company_id": company and company.id,
                **values,
            }
        )

    def test_one_of_a_company_yields_to_the_one_of_every_company(self):
        """Whichever end they stand at, what one company says is shown to no other."""
        for at_double in (True, False):
            third, fourth = self.env["res.partner"].create(
                [{"name": name, "is_company": True} for name in ("Third", "Fourth")]
            )
            theirs = {"note": "paid in cash", "date_from": date(2020, 1, 1)}
            own = self.relate_in(self.company, fourth if at_double else third, **theirs)
            open_ = self.relate_in(False, third if at_double else fourth)
            with self.subTest(at_double=at_double):
                self.merge(fourth, third)
                self.assertFalse(own.exists())
                self.assertEqual(open_.right_partner_id, third)
                self.assertFalse(open_.company_id or open_.note or open_.date_from)
                told = " ".join(third.message_ids.mapped("body"))
                self.assertIn("More that not everybody may see: 1", told)
                self.assertNotIn("cash", told)

    def test_days_of_one_company_shorten_none_of_every_company(self):
        open_ = self.relate_in(False, self.double, date_from=date(2020, 1, 1))
        own = self.relate_in(
            *(self.company, self.stalmet),
            function="Buyer",
            date_from=date(2019, 1, 1),
        )
        self.merge()
        self.assertEqual((open_.date_from, open_.date_to), (date(2020, 1, 1), False))
        self.assertEqual(own.date_to, date(2019, 12, 31))

    def test_where_all_goes_to_one_company_it_is_united(self):
        self.stalmet.company_id = self.company
        own = self.relate_in(self.company, self.stalmet, date_from=date(2020, 1, 1))
        self.relate_in(False, self.double, note="since the fair")
        self.merge()
        [left] = self.env["relationship.relation"].search([])
        self.assertEqual((left, left.note), (own, "since the fair"))
        self.assertEqual(left.company_id, self.company)

    # Of which only one may hold at a time

    def advisers(self, *rows):
        """Give advisers to Stalmet and its double, merge, and return the years left.

        :param rows: adviser, partner, first and last year of each
        """
        self.merged(
            *(
                (partner, first, last, {"left": adviser})
                for adviser, partner, first, last in rows
            ),
            name="tax_adviser",
        )
        return [
            (
                r.left_partner_id,
                r.date_from.year if r.date_from else False,
                r.date_to and r.date_to.year,
            )
            for r in self.env["relationship.relation"].search(
                [("right_partner_id", "=", self.stalmet.id)],
                order="date_from nulls first, date_to",
            )
        ]

    def test_who_advises_today_is_not_ended_by_who_is_over(self):
        left = self.advisers(
            (self.nowak, self.stalmet, None, None),
            (self.maj, self.double, None, 2015),
        )
        self.assertEqual(left, [(self.maj, False, 2015), (self.nowak, 2016, False)])
        self.assertRegex(self.notes(), "Shortened, because only one.*Nowak")

    def test_whoever_began_on_the_same_day_goes_on_after_the_other(self):
        left = self.advisers(
            (self.nowak, self.stalmet, 2010, None),
            (self.maj, self.double, 2010, 2016),
        )
        self.assertEqual(left, [(self.maj, 2010, 2016), (self.nowak, 2017, False)])

    def test_an_adviser_comes_back_after_another_one(self):
        left = self.advisers(
            (self.nowak, self.stalmet, 2010, None),
            (self.maj, self.double, 2015, 2016),
        )
        self.assertEqual(
            left,
            [
                (self.nowak, 2010, 2014),
                (self.maj, 2015, 2016),
                (self.nowak, 2017, False),
            ],
        )

    def test_of_two_on_the_same_days_one_is_dropped_and_not_said_to_end(self):
        left = self.advisers(
            (self.nowak, self.stalmet, 2010, None),
            (self.maj, self.double, 2010, None),
        )
        self.assertEqual(left, [(self.maj, 2010, False)])
        self.assertRegex(self.notes(), "Dropped, because only one.*Nowak")
        self.assertNotIn("Ended, because", self.notes())

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
