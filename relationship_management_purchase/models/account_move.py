from odoo import models


class AccountMove(models.Model):
    """Who sends a bill is a supplier at once."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        bills = posted.filtered(lambda m: m.is_purchase_document(include_receipts=True))
        self.env["relationship.role"]._derive_at_event("supplier", bills, "date")
        return posted
