from odoo import models


class SaleOrder(models.Model):
    """Whose order is confirmed is a customer at once."""

    _inherit = "sale.order"

    def _action_confirm(self):
        result = super()._action_confirm()
        self.env["relationship.role"]._derive_at_event("customer", self, "date_order")
        return result
