from datetime import date

from odoo.tests import TransactionCase, tagged

from ..story.deal import tenth_of_may
from ..story.player import MODULE


@tagged("post_install", "-at_install")
class TestDemoSales(TransactionCase):
    """The sales of the story."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warta, cls.stalmet, cls.izery, cls.elbe = (
            cls.env.ref(f"{MODULE}.partner_{name}")
            for name in ("warta", "stalmet", "izery", "elbe")
        )

    def as_user(self, login, partner):
        user = self.env.ref(f"{MODULE}.user_{login}")
        return partner.with_user(user).with_context(
            allowed_company_ids=user.company_id.ids, tz=user.tz
        )

    def test_warta_buys_every_spring(self):
        orders = self.env["sale.order"].search(
            [("partner_id", "child_of", self.warta.id), ("state", "=", "sale")]
        )
        days = [order.date_order.date() for order in orders]
        self.assertEqual(len({day.year for day in days}), 3)
        for day in days:
            may = tenth_of_may(date(day.year, 12, 31))
            self.assertTrue(0 <= (may - day).days <= 45, day)

    def test_nothing_happens_after_today(self):
        today = self.env.cr.now().date()
        companies = self.warta.env.ref(f"{MODULE}.company_nordmark_pl") | self.env.ref(
            f"{MODULE}.company_nordmark_de"
        )
        moves = self.env["account.move"].search([("company_id", "in", companies.ids)])
        self.assertTrue(moves)
        self.assertLessEqual(max(moves.mapped("date")), today)
        self.assertEqual(set(moves.mapped("state")), {"posted"})

    def test_the_story_shows_every_figure(self):
        warta = self.as_user("anna", self.warta)
        self.assertGreater(warta.turnover_24_months, warta.average_order)
        self.assertGreater(warta.average_days_late, 0)
        self.assertTrue(warta.preferred_category_ids)
        self.assertGreater(warta.open_quotation_amount, 0)
        self.assertLess(self.as_user("anna", self.stalmet).average_days_late, 0)
        self.assertGreater(self.as_user("ewa", self.stalmet).credit_used_percent, 0)
        self.assertGreater(self.as_user("katrin", self.elbe).turnover_12_months, 0)

    def test_izery_has_not_ordered_for_long(self):
        domain = [("last_order_date", "<=", "today -12m")]
        found = self.as_user("anna", self.izery).search(domain)
        self.assertIn(self.izery, found.with_env(self.env))
        self.assertNotIn(self.warta, found.with_env(self.env))

    def test_the_fair_tells_what_it_sold(self):
        fair = self.env.ref(f"{MODULE}.relationship_campaign_fair")
        marta = self.env.ref(f"{MODULE}.user_marta")
        fair = fair.with_user(marta).with_context(
            allowed_company_ids=marta.company_ids.ids
        )
        self.assertEqual((fair.ordered_count, fair.invoice_count), (3, 4))
        self.assertEqual(fair.quoted_revenue, 535_000)
        # Leipzig sells in euros: the two of Poznań, and more than 500,000 zlotys.
        self.assertGreater(fair.ordered_revenue, 415_000 + 372_000 + 500_000)
        self.assertAlmostEqual(fair.ordered_revenue - 18_000, fair.invoiced_revenue, -4)
        wrapper = self.env.ref(f"{MODULE}.opportunity_mazury_wrapper")
        self.assertEqual(wrapper.invoiced_revenue, 397_000)
