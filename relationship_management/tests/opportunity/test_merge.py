from datetime import date

from odoo.tests import tagged

from ..relation.relation_case import MergeCase


@tagged("post_install", "-at_install")
class TestReferenceMerge(MergeCase):
    """Nobody vanishes from a deal because partners or opportunities are merged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.decides = cls.env.ref(
            "relationship_management.relationship_reference_type_decision_maker"
        )
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Line", "type": "opportunity", "user_id": cls.piotr.id}
        )

    def line(self, partner, first=None, last=None, lead=None, **values):
        return self.env["relationship.reference"].create(
            {
                "lead_id": (lead or self.lead).id,
                "partner_id": partner.id,
                "type_id": self.decides.id,
                "date_from": first and date(first, 1, 1),
                "date_to": last and date(last, 12, 31),
                **values,
            }
        )

    def facts(self, lead=None):
        return [
            (
                line.date_from and line.date_from.year,
                line.date_to and line.date_to.year,
                line.attitude or line.share,
            )
            for line in (lead or self.lead).reference_ids.sorted(
                lambda line: line.date_from or date.min
            )
        ]

    def test_one_after_the_other_stay_two(self):
        self.line(self.stalmet, 2024, 2024)
        self.line(self.double, 2026)
        self.merge()
        self.assertEqual(self.facts(), [(2024, 2024, 0), (2026, False, 0)])
        self.assertEqual(self.lead.reference_ids.partner_id, self.stalmet)

    def test_a_known_start_stays(self):
        self.line(self.stalmet)
        self.line(self.double, 2026)
        self.merge()
        self.assertEqual(self.facts(), [(2026, False, 0)])

    def test_what_differs_is_named_at_the_opportunity(self):
        self.line(self.stalmet, 2026, attitude="for")
        self.line(self.double, 2026, attitude="against")
        self.merge()
        self.assertEqual(self.facts(), [(2026, False, "for")])
        told = " ".join(self.lead.message_ids.mapped("body"))
        self.assertRegex(told, "Not taken over.*Decision maker.*Against us")

    def test_parts_of_the_deal_add_up_on_the_same_days(self):
        competitor = {"type_id": self.competitor_type.id}
        self.line(self.stalmet, 2026, share=30, **competitor)
        self.line(self.double, 2026, share=40, **competitor)
        self.merge()
        self.assertEqual(self.facts(), [(2026, False, 70)])

    def test_lines_that_need_nothing_are_not_touched(self):
        lines = self.line(self.stalmet, 2026) | self.line(self.kranbau, 2026)
        self.line(self.double, 2026)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE relationship_reference SET write_date = '2020-01-01'"
            " WHERE id = ANY(%s)",
            [lines.ids],
        )
        self.merge()
        self.assertEqual(self.lead.reference_ids, lines)
        self.assertEqual({day.year for day in lines.mapped("write_date")}, {2020})

    def test_a_company_that_becomes_its_own_contact_is_alone(self):
        self.line(self.stalmet, contact_id=self.kranbau.id)
        self.merge(self.kranbau)
        self.assertFalse(self.lead.reference_ids.contact_id)

    def contact_of(self, firm, name="Anna"):
        return self.env["res.partner"].create({"name": name, "parent_id": firm.id})

    def test_for_whom_somebody_plays_a_role_is_not_lost(self):
        anna, again = self.contact_of(self.kranbau), self.contact_of(self.paktech)
        self.line(self.kranbau, contact_id=anna.id)
        self.line(self.paktech, contact_id=again.id)
        self.merge(again, anna)
        self.assertEqual(self.lead.reference_ids.partner_id, self.kranbau)
        told = " ".join(self.lead.message_ids.mapped("body"))
        self.assertRegex(told, "Not taken over.*PakTech, Anna")

    def test_whoever_stood_alone_plays_the_role_for_the_company_that_is_known(self):
        anna, again = self.contact_of(self.kranbau), self.contact_of(self.kranbau)
        self.line(anna)
        self.line(self.kranbau, contact_id=again.id)
        self.merge(again, anna)
        line = self.lead.reference_ids
        self.assertEqual((line.partner_id, line.contact_id), (self.kranbau, anna))

    def test_two_companies_that_are_merged_are_one_of_them(self):
        anna = self.contact_of(self.stalmet)
        self.line(self.stalmet, 2025, 2025, contact_id=anna.id)
        self.env["relationship.reference"].flush_model()
        later = self.line(self.stalmet, 2026, contact_id=anna.id)
        self.env.cr.execute(
            "UPDATE relationship_reference SET partner_id = %s, date_from = %s"
            " WHERE id = %s",
            [self.double.id, date(2025, 6, 1), later.id],
        )
        self.env.invalidate_all()
        self.merge()
        self.assertEqual(self.facts(), [(2025, False, 0)])

    # Merged opportunities

    def merge_leads(self, *lines):
        """Merge a second opportunity with these lines; return what is left."""
        second = self.lead.copy({"user_id": self.piotr.id})
        second.reference_ids.unlink()
        self.lead.probability = 90
        for partner, first, last, values in lines:
            self.line(partner, first, last, lead=second, **values)
        leads = (self.lead | second).with_user(self.piotr)
        left = leads.merge_opportunity()
        self.env.invalidate_all()
        self.assertEqual(left, self.lead)
        return self.facts(left)

    def test_the_competitor_of_the_second_opportunity_stays(self):
        kind = {"type_id": self.competitor_type.id}
        self.line(self.kranbau, 2024, 2024, share=60, **kind)
        facts = self.merge_leads((self.kranbau, 2026, None, {"share": 70, **kind}))
        self.assertEqual(facts, [(2024, 2024, 60), (2026, False, 70)])

    def test_another_competitor_of_the_second_opportunity_stays(self):
        kind = {"type_id": self.competitor_type.id}
        self.line(self.kranbau, 2026, share=60, **kind)
        self.merge_leads((self.paktech, 2026, None, {"share": 70, **kind}))
        lines = self.lead.reference_ids
        self.assertEqual(lines.partner_id, self.kranbau | self.paktech)
        self.assertIn("70", " ".join(filter(None, lines.mapped("note"))))

    def test_shares_of_two_deals_are_not_added_up(self):
        """Parts of two wholes: the deal that stays keeps its own, the other is told."""
        kind = {"type_id": self.competitor_type.id}
        self.line(self.kranbau, share=40, **kind)
        facts = self.merge_leads((self.kranbau, None, None, {"share": 30, **kind}))
        self.assertEqual(facts, [(False, False, 40)])
        told = " ".join(self.lead.message_ids.mapped("body"))
        self.assertRegex(told, "Not taken over.*Kranbau Wolff, 30&nbsp;%")

    def test_the_same_person_twice_keeps_what_each_knows(self):
        self.line(self.kranbau, attitude="for", note="met her")
        facts = self.merge_leads(
            (self.kranbau, 2025, None, {"attitude": "for", "note": "called her"})
        )
        self.assertEqual(facts, [(2025, False, "for")])
        self.assertEqual(self.lead.reference_ids.note, "met her · called her")

    def test_what_the_second_opportunity_says_otherwise_is_named(self):
        self.line(self.kranbau, 2025, attitude="for")
        facts = self.merge_leads((self.kranbau, 2025, None, {"attitude": "against"}))
        self.assertEqual(facts, [(2025, False, "for")])
        told = " ".join(self.lead.message_ids.mapped("body"))
        self.assertRegex(told, "Not taken over.*Kranbau Wolff.*Against us")

    def test_the_company_of_a_contact_of_the_second_opportunity_is_kept(self):
        anna = self.contact_of(self.kranbau)
        self.line(anna)
        self.merge_leads((self.kranbau, None, None, {"contact_id": anna.id}))
        line = self.lead.reference_ids
        self.assertEqual((line.partner_id, line.contact_id), (self.kranbau, anna))

    def test_no_merge_makes_more_than_the_whole_deal(self):
        kind = {"type_id": self.competitor_type.id}
        self.line(self.kranbau, 2020, 2022, share=40, **kind)
        self.line(self.paktech, 2023, share=80, **kind)
        self.merge_leads((self.kranbau, 2022, None, {"share": 40, **kind}))
        line = self.lead.reference_ids.filtered(lambda r: r.partner_id == self.kranbau)
        self.assertEqual((line.share, line.note), (0, "Share before the merge: 40.0 %"))
        self.lead.reference_ids.filtered("share").share = 70

    def test_three_thirds_are_not_too_much(self):
        kind = {"type_id": self.competitor_type.id}
        self.line(self.kranbau, share=33.335, **kind)
        self.line(self.stalmet, share=33.335, **kind)
        self.merge_leads((self.paktech, None, None, {"share": 33.333, **kind}))
        self.assertTrue(all(self.lead.reference_ids.mapped("share")))

    def test_what_lay_around_another_line_moves_with_both_parts(self):
        self.line(self.kranbau, 2024, 2024, attitude="for")
        facts = self.merge_leads((self.kranbau, 2023, None, {"attitude": "against"}))
        self.assertEqual(
            facts,
            [(2023, 2023, "against"), (2024, 2024, "for"), (2025, False, "against")],
        )
