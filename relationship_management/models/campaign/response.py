from odoo import fields, models


class RelationshipCampaignResponse(models.Model):
    """An answer that the addressees of one type of campaign may give."""

    _name = "relationship.campaign.response"
    _description = "Campaign response"
    _inherit = ["relationship.parent.guard.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    type_id = fields.Many2one(
        "relationship.campaign.type",
        string="Campaign type",
        index=True,
        ondelete="cascade",
        help="Empty: a response for every type of campaign.",
    )
    company_id = fields.Many2one(related="type_id.company_id")
    kind = fields.Selection(
        [("positive", "Positive"), ("neutral", "Neutral"), ("negative", "Negative")],
        string="Meaning",
        required=True,
        default="positive",
    )
