from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..shared.finite import is_amount, is_exact


class RelationshipCampaignCost(models.Model):
    """What a campaign is planned to cost, and what it did cost."""

    _name = "relationship.campaign.cost"
    _description = "Campaign cost"
    _inherit = [
        "relationship.discreet.mixin",
        "relationship.parent.guard.mixin",
        "relationship.analysed.mixin",
        "relationship.type.guard.mixin",
    ]
    _order = "date, id"
    _asks_right_first = True
    _analysed_by = "campaign_id.type_id"
    _type_paths = ("campaign_id.type_id",)

    campaign_id = fields.Many2one(
        "relationship.campaign", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="Item", required=True)
    date = fields.Date(default=fields.Date.context_today, copy=False)
    currency_id = fields.Many2one(related="campaign_id.currency_id", related_sudo=False)
    planned_amount = fields.Monetary(string="Planned")
    actual_amount = fields.Monetary(string="Actual", copy=False)

    @api.constrains("planned_amount", "actual_amount")
    def _check_amounts(self):
        amounts = [
            cost[name] for cost in self for name in ("planned_amount", "actual_amount")
        ]
        if not all(map(is_amount, amounts)):
            raise ValidationError(
                self.env._("A cost cannot be negative: enter what the item costs.")
            )
        if not all(map(is_exact, amounts)):
            raise ValidationError(
                self.env._(
                    "The cost is 5 trillion or more, which Odoo does not keep to the"
                    " cent: enter a smaller amount."
                )
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

    @api.onchange("company_id")
    def _onchange_company_id(self):
        """Propose the currency of the company while there is no money in another."""
        is_asked_for = "default_currency_id" in self.env.context
        if self.company_id and not is_asked_for and not self._has_money():
            self.currency_id = self.company_id.currency_id

    def write(self, vals):
        """Refuse another currency for amounts that stay as they are."""
        if vals.get("currency_id"):
            for campaign in self:
                is_other = campaign.currency_id.id != vals["currency_id"]
                if is_other and campaign._has_money(vals):
                    raise UserError(
                        self.env._(
                            "The goal and the costs of the campaign %(campaign)s are in"
                            " %(currency)s: remove them before you choose another"
                            " currency, and enter them again in that one.",
                            campaign=campaign.title,
                            currency=campaign.currency_id.name,
                        )
                    )
        return super().write(vals)

    def _has_money(self, vals=()):
        """Return whether there is a cost, or a goal that the values do not replace."""
        return bool(self.cost_ids) or (
            "goal_revenue" not in vals and bool(self.goal_revenue)
        )
