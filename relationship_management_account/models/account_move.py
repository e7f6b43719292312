from odoo import models
from odoo.tools import SQL

from odoo.addons.relationship_management.models.shared.source import GivenRole, Source


class AccountMove(models.Model):
    """Who gets an invoice is a customer at once, who sends a bill a supplier."""

    _inherit = "account.move"

    def _describe_source(self):
        """Describe both; what is counted of them the bridges of both sides tell."""
        posted = "s.state = 'posted' AND s.move_type IN %s"
        sold = SQL(posted, ("out_invoice", "out_refund", "out_receipt"))
        bought = SQL(posted, ("in_invoice", "in_refund", "in_receipt"))
        day = SQL("s.date")
        return Source(
            label=self.env._("invoices"),
            partners=("partner_id",),
            number="name",
            user="invoice_user_id",
            date="invoice_date",
            amount="amount_untaxed_signed",
            roles=(
                GivenRole("customer", sold, day),
                GivenRole("supplier", bought, day),
            ),
        )

    def _post(self, soft=True):
        posted = super()._post(soft)
        roles = self.env["relationship.role"]
        invoices = posted.filtered(lambda m: m.is_sale_document(include_receipts=True))
        roles._derive_at_event("customer", invoices, "date")
        bills = posted.filtered(lambda m: m.is_purchase_document(include_receipts=True))
        roles._derive_at_event("supplier", bills, "date")
        return posted
