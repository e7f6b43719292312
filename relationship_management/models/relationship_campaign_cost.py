from odoo import api, fields, models


class RelationshipCampaignCost(models.Model):
    """What a campaign is planned to cost, and what it did cost."""

    _name = "relationship.campaign.cost"
    _description = "Campaign cost"
    _order = "date, id"

    campaign_id = fields.Many2one(
        "relationship.campaign", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="Item", required=True)
    date = fields.Date(default=fields.Date.context_today, copy=False)
    currency_id = fields.Many2one(related="campaign_id.currency_id")
    planned_amount = fields.Monetary(string="Planned")
    actual_amount = fields.Monetary(string="Actual", copy=False)

    _amounts_positive = models.Constraint(
        "CHECK(coalesce(planned_amount, 0) >= 0 AND coalesce(actual_amount, 0) >= 0)",
        "A cost cannot be negative: enter what the item costs.",
    )


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    cost_ids = fields.One2many(
        "relationship.campaign.cost", "campaign_id", string="Costs", copy=True
    )
    planned_cost = fields.Monetary(compute="_compute_costs", store=True)
    actual_cost = fields.Monetary(compute="_compute_costs", store=True)

    @api.depends("cost_ids.planned_amount", "cost_ids.actual_amount")
    def _compute_costs(self):
        for campaign in self:
            campaign.planned_cost = sum(campaign.cost_ids.mapped("planned_amount"))
            campaign.actual_cost = sum(campaign.cost_ids.mapped("actual_amount"))
