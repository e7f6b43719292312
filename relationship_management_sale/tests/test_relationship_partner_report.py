from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SaleCase


@tagged("post_install", "-at_install")
class TestStatisticsOfSales(SaleCase):
    """Orders and customer invoices in the statistics of partners."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls.env["relationship.partner.report"]

    def sums(self, user, partner=None):
        """Return {(kind, status): (count, ordered, turnover)}, as the button opens."""
        self.env.flush_all()
        partner = partner or self.stalmet
        action = partner.with_user(user).action_view_statistics()
        groups = self.reports.with_user(user)._read_group(
            action["domain"],
            ["kind", "status"],
            ["__count", "order_amount:sum", "invoice_amount:sum"],
        )
        return {(kind, status): tuple(rest) for kind, status, *rest in groups}

    def test_orders_and_invoices_count_for_who_looks(self):
        self.order(self.nowak, 70)
        self.confirm(self.nowak, 100)
        self.confirm(self.stalmet, 30, user=self.piotr)
        self.order(self.stalmet, 9).action_cancel()
        self.confirm(self.kranbau, 5)
        self.invoice(self.nowak, 400)
        self.invoice(self.stalmet, 90, move_type="out_refund")
        all_of_them = {
            ("order", "open"): (1, 0, 0),
            ("order", "ordered"): (2, 130, 0),
            ("invoice", "posted"): (2, 0, 310),
        }
        for user, expected in (
            (self.anna, all_of_them),
            (self.adam, all_of_them),
            (self.piotr, {("order", "ordered"): (1, 30, 0)}),
            (self.katrin, {}),
            (self.jan, {}),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.sums(user), expected)

    def test_amounts_are_in_the_currency_of_the_company(self):
        foreign = self._activate_currency("GBP")
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "currency_id": foreign.id,
                "company_id": self.company.id,
                "rate": 0.25,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Pounds", "currency_id": foreign.id}
        )
        self.confirm(self.stalmet, 100, pricelist_id=pricelist.id)
        self.assertEqual(self.sums(self.anna), {("order", "ordered"): (1, 400, 0)})
        row = self.reports.with_user(self.anna).search(
            [("partner_id", "=", self.stalmet.id)]
        )
        self.assertEqual(row.currency_id, self.company.currency_id)

    def test_a_row_opens_its_order_for_who_may_read_it(self):
        order = self.confirm(self.stalmet, 100)
        row = self.reports.with_user(self.anna).search(
            [("partner_id", "=", self.stalmet.id)]
        )
        action = row.action_open_source()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sale.order", order.id)
        )
        with self.refused(r"'read' access to:\n- Partner statistics \(", AccessError):
            row.with_user(self.piotr).read(["order_amount"])
