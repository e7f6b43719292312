from odoo import models


class AccountMove(models.Model):
    """Who gets an invoice is a customer at once, who sends a bill a supplier."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        roles = self.env["relationship.role"]
        invoices = posted.filtered(lambda m: m.is_sale_document(include_receipts=True))
        roles._derive_at_event("customer", invoices, "date")
        bills = posted.filtered(lambda m: m.is_purchase_document(include_receipts=True))
        roles._derive_at_event("supplier", bills, "date")
        return posted
