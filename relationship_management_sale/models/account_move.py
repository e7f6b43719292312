from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.relationship_management.models.shared.source import Fact, Figure


class AccountMove(models.Model):
    """What customer invoices tell of a partner."""

    _inherit = "account.move"

    def _describe_source(self):
        source = super()._describe_source()
        invoice = Fact(
            "invoice",
            self.env._("Customer invoice"),
            SQL("s.state = 'posted' AND s.move_type IN ('out_invoice', 'out_refund')"),
            {"status": "posted", "invoice_amount": SQL("s.amount_untaxed_signed")},
        )
        return replace(
            source,
            facts=(*source.facts, invoice),
            figures=(*source.figures, *self._describe_sales()),
        )

    def _describe_sales(self):
        """Describe the turnover of 12 and 24 months, and the paid invoices of these."""
        today = fields.Date.context_today(self)
        one, two = (
            Domain("invoice_date", ">", today - relativedelta(months=months))
            & Domain("invoice_date", "<=", today)
            & Domain("state", "=", "posted")
            for months in (12, 24)
        )
        sold = Domain("move_type", "in", ["out_invoice", "out_refund"])
        paid = Domain("payment_state", "in", ["paid", "in_payment"])
        paid &= Domain("move_type", "=", "out_invoice")
        return (
            Figure("turnover_12", sold & one),
            Figure("turnover_24", sold & two),
            Figure("payments", paid & two, rows="_get_payment_rows"),
        )
