from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SaleCase

FIELDS = (
    "turnover_12_months",
    "turnover_24_months",
    "confirmed_order_count",
    "last_order_date",
    "average_order",
    "open_quotation_count",
    "open_quotation_amount",
    "average_days_late",
    "preferred_category_ids",
)


@tagged("post_install", "-at_install")
class TestSaleFigures(SaleCase):
    """What partners buy and pay: computed for who looks, and found by it."""

    def shown(self, partner, name, user=None, **context):
        self.env.flush_all()
        self.env.invalidate_all()
        return partner.with_user(user or self.anna).with_context(**context)[name]

    def find(self, domain, user=None, **context):
        """Return which of the partners of the tests meet a domain."""
        self.env.flush_all()
        partners = self.env["res.partner"].with_user(user or self.anna)
        known = self.stalmet | self.kranbau | self.paktech | self.nowak
        domain = [*domain, ("id", "in", known.ids)]
        return partners.with_context(**context).search(domain).with_env(self.env)

    #

    def test_a_confirmed_order_changes_the_figures_at_once(self):
        order = self.order(self.nowak, 300)
        self.assertEqual(self.shown(self.stalmet, "confirmed_order_count"), 0)
        self.assertEqual(self.shown(self.stalmet, "open_quotation_count"), 1)
        self.assertEqual(self.shown(self.stalmet, "open_quotation_amount"), 300)
        self.assertFalse(self.shown(self.stalmet, "last_order_date"))
        order.action_confirm()
        self.confirm(self.stalmet, 100, months_ago=2)
        for partner in (self.stalmet, self.nowak):
            with self.subTest(partner=partner.name):
                self.assertEqual(self.shown(partner, "confirmed_order_count"), 2)
                self.assertEqual(self.shown(partner, "average_order"), 200)
                self.assertEqual(self.shown(partner, "last_order_date"), self.today)
                self.assertEqual(self.shown(partner, "open_quotation_count"), 0)
                self.assertEqual(self.shown(partner, "turnover_12_months"), 0)

    def test_turnover_is_invoices_minus_credit_notes_of_the_period(self):
        self.invoice(self.nowak, 1000, days_ago=30)
        self.invoice(self.stalmet, 500, days_ago=500)
        self.invoice(self.stalmet, 250, days_ago=900)
        self.invoice(self.stalmet, 100, days_ago=3, move_type="out_refund")
        self.assertEqual(self.shown(self.stalmet, "turnover_12_months"), 900)
        self.assertEqual(self.shown(self.stalmet, "turnover_24_months"), 1400)
        self.assertEqual(self.shown(self.nowak, "turnover_12_months"), 900)

    def test_a_draft_counts_nowhere(self):
        self.invoice(self.stalmet, 1000).button_draft()
        self.assertEqual(self.shown(self.stalmet, "turnover_12_months"), 0)

    # For whom

    def test_everybody_counts_what_they_may_see(self):
        self.invoice(self.stalmet, 1000)
        self.invoice(self.stalmet, 200, user=self.piotr)
        self.confirm(self.stalmet, 40)
        self.confirm(self.stalmet, 60, user=self.piotr)
        for user, turnover, orders in (
            (self.anna, 1200, 2),
            (self.piotr, 200, 1),
            (self.adam, 1200, 2),
            (self.katrin, 0, 0),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(
                    self.shown(self.stalmet, "turnover_12_months", user), turnover
                )
                self.assertEqual(
                    self.shown(self.stalmet, "confirmed_order_count", user), orders
                )
                found = self.find([("turnover_12_months", "=", turnover)], user)
                self.assertIn(self.stalmet, found)

    def test_two_companies_count_in_the_currency_of_the_current_one(self):
        self.let_invoice(self.other_company)
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.other_company.currency_id.id)]
        ).unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.other_company.currency_id.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": 0.5,
            }
        )
        self.invoice(self.stalmet, 100)
        self.invoice(self.stalmet, 100, user=self.katrin)
        self.anna.company_ids |= self.other_company
        both = (self.company | self.other_company).ids
        for companies, turnover in ((both[:1], 100), (both, 300)):
            context = {"allowed_company_ids": companies}
            value = self.shown(self.stalmet, "turnover_12_months", **context)
            self.assertEqual(value, turnover)
            domain = [("turnover_12_months", "=", turnover)]
            self.assertIn(self.stalmet, self.find(domain, **context))

    def test_an_amount_without_exchange_rate_is_not_taken_for_one_to_one(self):
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "x"})
        stranger = self.env["res.company"].create(
            {"name": "Nordmark Trial", "currency_id": currency.id}
        )
        self.anna.company_ids |= stranger
        self.order(self.stalmet, 100)
        self.anna.company_id = stranger
        self.order(self.stalmet, 50)
        partner = self.stalmet.with_user(self.anna)
        for companies, amount, words in (
            (self.company, 100, "1 · "),
            (self.company | stranger, 0, "2 · no exchange rate"),
        ):
            partner = partner.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(partner.open_quotation_amount, amount)
            figures = {f["key"]: f["value"] for f in partner.get_figures()["figures"]}
            self.assertIn(words, figures["quotations"])
            found = partner.search([("open_quotation_amount", ">", 0)])
            self.assertEqual(partner in found, bool(amount))

    def test_without_rights_on_orders_the_fields_are_closed(self):
        self.invoice(self.stalmet, 1000)
        partner = self.stalmet.with_user(self.jan)
        for name in (*FIELDS, "credit_used_percent"):
            self.assertNotIn(name, partner.fields_get())
            with (
                self.refused("not have enough rights to access the field", AccessError),
                mute_logger("odoo.models"),
            ):
                partner.read([name])
        self.assertNotIn(
            "credit_used_percent", self.stalmet.with_user(self.anna).fields_get()
        )

    # Payment

    def test_days_late_run_to_the_last_payment(self):
        late = self.invoice(self.stalmet, 100, days_ago=40)
        self.pay(late, self.today - timedelta(days=30))
        early = self.invoice(
            self.nowak,
            100,
            days_ago=40,
            invoice_date_due=self.today - timedelta(days=10),
        )
        self.pay(early, self.today - timedelta(days=15))
        self.invoice(self.stalmet, 100, days_ago=90)
        self.assertEqual(self.shown(self.stalmet, "average_days_late"), 2.5)
        self.assertEqual(
            self.find([("average_days_late", ">", 2)]), self.stalmet | self.nowak
        )
        self.assertFalse(self.find([("average_days_late", ">", 2.5)]))

    def test_what_a_credit_note_settles_was_not_paid(self):
        invoice = self.invoice(self.stalmet, 100, days_ago=40)
        reversal = invoice._reverse_moves([{"invoice_date": self.today}], cancel=True)
        self.env.flush_all()
        self.assertEqual(reversal.state, "posted")
        self.assertEqual(self.shown(self.stalmet, "average_days_late"), 0)

    # Preferences

    def test_the_three_categories_of_the_highest_turnover(self):
        for product, price in (
            (self.packer, 10),
            (self.belt, 40),
            (self.grease, 20),
            (self.visit, 30),
        ):
            self.invoice(self.nowak, price, product=product)
        wanted = self.parts | self.service | self.oil
        self.assertEqual(self.shown(self.stalmet, "preferred_category_ids"), wanted)
        for domain, found in (
            ([("preferred_category_ids", "in", self.parts.ids)], True),
            ([("preferred_category_ids", "=", "Test P")], True),
            ([("preferred_category_ids", "ilike", "test p")], True),
            ([("preferred_category_ids", "any", [("name", "=", "Test O")])], True),
            ([("preferred_category_ids", "in", self.machines.ids)], False),
            ([("preferred_category_ids", "not in", self.machines.ids)], True),
            ([("preferred_category_ids", "=", False)], False),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self.stalmet in self.find(domain), found)
        self.assertIn(self.kranbau, self.find([("preferred_category_ids", "=", False)]))

    # Search

    def test_search_agrees_with_what_is_shown(self):
        self.invoice(self.stalmet, 1000)
        self.invoice(self.kranbau, 300, move_type="out_refund")
        self.confirm(self.stalmet, 70)
        self.confirm(self.kranbau, 50, months_ago=8)
        self.order(self.kranbau, 20)
        numbers = [name for name in FIELDS[:-1] if name != "last_order_date"]
        known = self.stalmet | self.kranbau | self.paktech | self.nowak
        compare = {
            "=": lambda a, b: a == b,
            "!=": lambda a, b: a != b,
            "<": lambda a, b: a < b,
            "<=": lambda a, b: a <= b,
            ">": lambda a, b: a > b,
            ">=": lambda a, b: a >= b,
        }
        for name in numbers:
            for operator, matches in compare.items():
                for value in (-300, -1, 0, 1, 50, 1000):
                    with self.subTest(name=name, operator=operator, value=value):
                        shown = known.filtered(
                            lambda p, n=name, m=matches, v=value: m(
                                p.with_user(self.anna)[n], v
                            )
                        )
                        found = self.find([(name, operator, value)])
                        self.assertEqual(set(found), set(shown))

    def test_search_by_the_day_of_the_last_order(self):
        self.confirm(self.stalmet, 70)
        self.confirm(self.kranbau, 50, months_ago=8)
        day = fields.Date.to_string(self.today - timedelta(days=100))
        ours = self.stalmet | self.nowak
        for domain, found in (
            ([("last_order_date", ">", day)], ours),
            ([("last_order_date", "<", day)], self.kranbau),
            ([("last_order_date", "=", self.today)], ours),
            ([("last_order_date", "=", False)], self.paktech),
            ([("last_order_date", "!=", False)], ours | self.kranbau),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(set(self.find(domain)), set(found))

    def test_any_number_of_partners_costs_the_same(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(80)]
        )
        for partner in partners[:6]:
            self.invoice(partner, 10)
            self.confirm(partner, 10)
        counts = []
        # The first round fills the caches of rules and rights.
        for some in (partners[:1], partners[:1], partners):
            self.env.flush_all()
            self.env.invalidate_all()
            shown = some.with_user(self.anna)
            shown.mapped("name")
            before = self.env.cr.sql_log_count
            for name in FIELDS:
                shown.mapped(name)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        # One for each source, and one that fetches the categories.
        self.assertLessEqual(counts[2], 7)
