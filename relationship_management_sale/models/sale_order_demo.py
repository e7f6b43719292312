from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _play_demo_sales(self):
        """Play the sales of the demo story, once; called by the demo data."""
        # The story is loaded with demo data only.
        from ..demo.player import Player

        product = self.env.ref("relationship_management_sale.product_parts")
        if not self.search_count([("order_line.product_id", "=", product.id)], limit=1):
            Player(self.env).play()
