from odoo import fields, models


class CrmLead(models.Model):
    """The campaign and the addressee that an opportunity comes from."""

    _inherit = "crm.lead"

    addressee_id = fields.Many2one(
        "relationship.campaign.addressee",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The addressee of the campaign that the opportunity comes from.",
    )
