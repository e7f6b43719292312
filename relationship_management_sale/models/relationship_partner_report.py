from odoo import fields, models

from odoo.addons.relationship_management.models.report.partner_report import (
    group_amount,
)


class RelationshipPartnerReport(models.Model):
    """Count quotations, orders and customer invoices of partners, too."""

    _inherit = "relationship.partner.report"

    status = fields.Selection(
        selection_add=[("ordered", "Ordered"), ("posted", "Posted")]
    )
    order_amount = fields.Monetary(
        string="Ordered", readonly=True, help="Confirmed orders, untaxed."
    )
    invoice_amount = fields.Monetary(
        string="Turnover",
        readonly=True,
        help="Posted customer invoices minus credit notes, untaxed.",
    )
    group_order_amount = group_amount("Ordered in the group currency")
    group_invoice_amount = group_amount("Turnover in the group currency")
