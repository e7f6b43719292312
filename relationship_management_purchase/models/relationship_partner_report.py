from odoo import fields, models

from odoo.addons.relationship_management.models.report.partner_report import (
    group_amount,
)


class RelationshipPartnerReport(models.Model):
    """Count requests, purchase orders and bills of partners, too."""

    _inherit = "relationship.partner.report"

    status = fields.Selection(
        selection_add=[("ordered", "Ordered"), ("posted", "Posted")]
    )
    purchase_amount = fields.Monetary(
        string="Purchased", readonly=True, help="Approved purchase orders, untaxed."
    )
    bill_amount = fields.Monetary(
        string="Billed",
        readonly=True,
        help="Posted vendor bills minus refunds, untaxed.",
    )
    group_purchase_amount = group_amount("Purchased in the group currency")
    group_bill_amount = group_amount("Billed in the group currency")
