from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleCase

KEYS = {
    "orders",
    "average_order",
    "last_order",
    "quotations",
    "days_late",
    "preferences",
}


@tagged("post_install", "-at_install")
class TestMarketingOfSales(SaleCase):
    """The page Marketing: every figure opens exactly the records that it counts."""

    def figures(self, user, partner=None, **context):
        self.env.flush_all()
        self.env.invalidate_all()
        partner = (partner or self.stalmet).with_user(user).with_context(**context)
        return {f["key"]: f for f in partner.get_figures()["figures"]}

    def opened(self, user, key, **context):
        """Return the records that a click on a figure shows to ``user``."""
        partner = self.stalmet.with_user(user).with_context(**context)
        action = partner.action_open_figure(key)
        records = self.env[action["res_model"]].with_user(user)
        views = records.with_context(**action["context"]).get_views(action["views"])
        self.assertIn("list", views["views"])
        context = {**context, **action["context"]}
        return records.with_context(**context).search(action["domain"]).sudo()

    def assertFigure(self, user, key, value, records):
        self.assertEqual(self.figures(user)[key]["value"].replace("\xa0", " "), value)
        self.assertEqual(self.opened(user, key), records)

    def money(self, amount, company=None):
        return (company or self.company).currency_id.format(amount).replace("\xa0", " ")

    def test_orders_and_quotations(self):
        old = self.confirm(self.nowak, 100, months_ago=3)
        new = self.confirm(self.stalmet, 301, user=self.piotr)
        quotation = self.order(self.stalmet, 70)
        self.confirm(self.kranbau, 5)
        self.assertFigure(self.anna, "orders", "2", old | new)
        self.assertFigure(self.anna, "average_order", self.money(200.5), old | new)
        self.assertEqual(self.opened(self.anna, "last_order"), new)
        value = f"1 · {self.money(70)}"
        self.assertFigure(self.anna, "quotations", value, quotation)
        self.assertFigure(self.piotr, "orders", "1", new)
        self.assertFigure(self.piotr, "quotations", "0", quotation.browse())

    def test_who_sees_own_documents_only_reads_that(self):
        self.invoice(self.nowak, 100)
        self.confirm(self.nowak, 100)
        key = f"turnover_12:{self.company.id}"
        own = self.figures(self.piotr)
        self.assertEqual(own[key]["label"], "Turnover of 12 months (yours)")
        self.assertIn("your own documents", own[key]["hint"])
        self.assertEqual(own["orders"]["label"], "Orders (yours)")
        for user in (self.anna, self.adam):
            figure = self.figures(user)[key]
            self.assertEqual(figure["label"], "Turnover of 12 months")
            self.assertFalse(figure["hint"])
        # An accountant who sells sees all invoices, but own orders.
        self.piotr.group_ids |= self.env.ref("account.group_account_invoice")
        both = self.figures(self.piotr)
        self.assertEqual(both[key]["label"], "Turnover of 12 months")
        self.assertEqual(both[key]["value"], self.figures(self.anna)[key]["value"])
        self.assertEqual(both["orders"]["label"], "Orders (yours)")
        self.assertEqual(both["orders"]["value"], "0")

    def test_turnover_names_the_company_of_who_works_for_several(self):
        self.let_invoice(self.other_company)
        ours = self.invoice(self.nowak, 100)
        theirs = self.invoice(self.stalmet, 40, user=self.katrin)
        key, other = (
            f"turnover_12:{company.id}"
            for company in (self.company, self.other_company)
        )
        self.assertFigure(self.anna, key, self.money(100), ours)
        figures = self.figures(self.anna)
        self.assertEqual(figures[key]["label"], "Turnover of 12 months")
        self.assertNotIn(other, figures)
        value = self.money(40, self.other_company)
        self.assertFigure(self.katrin, other, value, theirs)

        self.anna.company_ids |= self.other_company
        both = {"allowed_company_ids": (self.company | self.other_company).ids}
        figures = self.figures(self.anna, **both)
        for company_key, company in ((key, self.company), (other, self.other_company)):
            label = f"Turnover of 12 months, {company.name}"
            self.assertEqual(figures[company_key]["label"], label)
        self.assertEqual(figures[other]["value"].replace("\xa0", " "), value)
        self.assertEqual(self.opened(self.anna, other, **both), theirs)

    def test_days_late_open_the_paid_invoices(self):
        paid = self.invoice(self.nowak, 100, days_ago=20)
        self.pay(paid, self.today - timedelta(days=12))
        self.invoice(self.stalmet, 100, days_ago=20)
        self.assertFigure(self.anna, "days_late", "8.0", paid)
        self.assertFigure(self.piotr, "days_late", "–", paid.browse())

    def test_preferences_open_the_lines(self):
        lines = self.invoice(self.nowak, 100).invoice_line_ids
        lines |= self.invoice(self.stalmet, 30, product=self.belt).invoice_line_ids
        self.assertFigure(self.anna, "preferences", "Test M, Test P", lines)

    def test_credit_is_for_those_who_invoice(self):
        self.company.account_use_credit_limit = True
        self.stalmet.credit_limit = 400
        invoice = self.invoice(self.nowak, 100)
        owed = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        value = f"{self.money(100)} of {self.money(400)} (25 %)"
        self.assertFigure(self.adam, "credit", value, owed)
        self.assertNotIn("credit", self.figures(self.anna))
        self.company.account_use_credit_limit = False
        self.assertFigure(self.adam, "credit", self.money(100), owed)

    def test_credit_used_is_shown_and_found(self):
        self.company.account_use_credit_limit = True
        (self.stalmet | self.kranbau).credit_limit = 400
        self.invoice(self.nowak, 100)
        self.invoice(self.kranbau, 600)
        self.invoice(self.paktech, 600)
        known = (self.stalmet | self.nowak | self.kranbau | self.paktech).with_user(
            self.adam
        )
        self.assertEqual(known.mapped("credit_used_percent"), [25, 25, 150, 0])
        for domain, found in (
            ([("credit_used_percent", ">=", 25)], known[:3]),
            ([("credit_used_percent", ">", 100)], known[2]),
            ([("credit_used_percent", "=", 25)], known[:2]),
            ([("credit_used_percent", "=", 0)], known[3]),
            ([("credit_used_percent", "!=", 0)], known[:3]),
            ([("credit_used_percent", "<", 100)], known[0] | known[1] | known[3]),
        ):
            with self.subTest(domain=domain):
                ours = [("id", "in", known.ids)]
                self.assertEqual(set(known.search(domain + ours)), set(found))
        for operator, value in (("=", "x"), (">", "x"), ("<", [1]), ("=", True)):
            with self.refused("cannot be compared with a figure", UserError):
                known.search([("credit_used_percent", operator, value)])

    def test_without_rights_there_is_no_figure_and_no_error(self):
        self.confirm(self.stalmet, 100)
        self.invoice(self.stalmet, 100)
        shown = {key.partition(":")[0] for key in self.figures(self.jan)}
        sales = KEYS | {"turnover_12", "turnover_24", "credit"}
        self.assertFalse(shown & sales)
        self.assertIn("last_contact", shown)
        partner = self.stalmet.with_user(self.jan)
        with self.assertRaises(UserError) as caught:
            partner.action_open_figure("orders")
        self.assertRegex(str(caught.exception), "^There is no such figure: reload")

    def test_the_accountant_sees_all_of_them(self):
        shown = {key.partition(":")[0] for key in self.figures(self.adam)}
        self.assertLessEqual(KEYS | {"turnover_12", "turnover_24", "credit"}, shown)

    def test_many_documents_cost_no_query_each(self):
        counts = []
        for _round in range(3):
            for product in (self.packer, self.belt):
                self.pay(self.invoice(self.nowak, 10, product=product), self.today)
                self.confirm(self.stalmet, 10, product=product)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.stalmet.with_user(self.anna).get_figures()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestDocumentsOfSales(SaleCase):
    """Files of orders and invoices stand in the partner's list of documents."""

    def test_access_to_order_and_invoice_decides(self):
        order = self.order(self.nowak, 100)
        invoice = self.invoice(self.stalmet, 100)
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{record._name}.txt",
                    "raw": b"text",
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for record in (order, invoice)
            ]
        )
        for user, found in (
            (self.anna, files),
            (self.adam, files),
            (self.piotr, files.browse()),
            (self.jan, files.browse()),
            (self.katrin, files.browse()),
        ):
            with self.subTest(user=user.login):
                action = self.stalmet.with_user(user).action_view_documents()
                documents = self.env["relationship.document"].with_user(user)
                shown = documents.search(action["domain"]).sudo().attachment_id
                self.assertEqual(shown & files, found)
