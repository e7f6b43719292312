from odoo import models


class AccountMove(models.Model):
    """Who gets an invoice is a customer at once."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        invoices = posted.filtered(lambda m: m.is_sale_document(include_receipts=True))
        self.env["relationship.role"]._derive_at_event("customer", invoices, "date")
        return posted
