from odoo import api, models

from ..shared.source import Source


class RelationshipCampaign(models.Model):
    """Activities that the stage and the type of a campaign plan."""

    _name = "relationship.campaign"
    _inherit = ["relationship.campaign", "relationship.plan.mixin"]
    _plan_fields = frozenset({"stage_id", "type_id", "state", "active"})

    def _describe_source(self):
        lines = ("addressee_ids", "reference_ids")
        ends = ("partner_id", "contact_id")
        return Source(partners=tuple(f"{line}.{end}" for line in lines for end in ends))

    def _get_plans(self):
        # sudo: the plans of a type hold for whoever works on its campaigns.
        kind, stage = self.type_id.sudo(), self.stage_id.sudo()
        return [
            (kind.activity_plan_id, kind.activity_plan_mode),
            (stage.campaign_plan_id, stage.activity_plan_mode),
        ]

    def _may_plan(self):
        return self.active and self.state in ("entered", "in_progress")

    def _get_project_days(self):
        return {"project_start": self.date_from, "project_deadline": self.date_to}

    @api.model_create_multi
    def create(self, vals_list):
        campaigns = super().create(vals_list)
        campaigns._create_planned()
        return campaigns

    def write(self, vals):
        result = super().write(vals)
        self._create_planned(vals)
        return result
