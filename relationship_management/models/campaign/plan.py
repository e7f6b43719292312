from odoo import api, models

from ..shared.source import Source

PLAN_FIELDS = {"stage_id", "type_id", "state", "active"}


class RelationshipCampaign(models.Model):
    """Activities that the stage and the type of a campaign plan."""

    _name = "relationship.campaign"
    _inherit = ["relationship.campaign", "relationship.plan.mixin"]

    def _describe_source(self):
        partners = ("addressee_ids.partner_id", "addressee_ids.contact_id")
        return Source(partners=partners)

    def _get_plans(self):
        # sudo: the plans of a type hold for whoever works on its campaigns.
        kind, stage = self.type_id.sudo(), self.stage_id.sudo()
        return [
            (kind.activity_plan_id, kind.activity_plan_mode),
            (stage.campaign_plan_id, stage.activity_plan_mode),
        ]

    def _may_plan(self):
        return self.active and self.state in ("entered", "in_progress")

    @api.depends("stage_id", "type_id", "planned_template_ids", "active", "state")
    def _compute_planned_message(self):
        return super()._compute_planned_message()

    @api.model_create_multi
    def create(self, vals_list):
        """Create what a stage or a type plans to be created at once."""
        campaigns = super().create(vals_list)
        campaigns._create_planned_at_once()
        return campaigns

    def write(self, vals):
        result = super().write(vals)
        if PLAN_FIELDS & vals.keys():
            self._create_planned_at_once()
        return result

    def _create_planned_at_once(self):
        # sudo: whoever moves a campaign may give it away in the same step.
        self.sudo()._take_planned("create")
