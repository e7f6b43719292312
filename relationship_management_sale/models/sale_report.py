from odoo import models


class SaleReport(models.Model):
    """Core's statistics count an order for those who may analyse its type."""

    _inherit = "sale.report"
    _depends = {"sale.order": ["opportunity_type_id"]}

    def _where_sale(self):
        where = super()._where_sale()
        if forbidden := self.env["sale.order"]._get_unanalysed_types():
            ids = ", ".join(map(str, forbidden))
            where += f" AND coalesce(s.opportunity_type_id, 0) NOT IN ({ids})"
        return where
