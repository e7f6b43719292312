from odoo import models


class PurchaseOrder(models.Model):
    """Where we have ordered is a supplier at once."""

    _inherit = "purchase.order"

    def button_approve(self, force=False):
        result = super().button_approve(force=force)
        approved = self.filtered(lambda order: order.state == "purchase")
        roles = self.env["relationship.role"]
        roles._derive_at_event("supplier", approved, "date_approve")
        return result
