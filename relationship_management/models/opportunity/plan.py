from odoo import api, models

PLAN_FIELDS = {"stage_id", "opportunity_type_id", "type", "active"}


class CrmLead(models.Model):
    """Activities that the stage and the type of an opportunity plan."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "relationship.plan.mixin"]

    def _get_plans(self):
        # sudo: the plans of a type hold for whoever works on its opportunities.
        return [
            (source.activity_plan_id, source.activity_plan_mode)
            for source in (self.opportunity_type_id.sudo(), self.stage_id.sudo())
        ]

    def _may_plan(self):
        return self.type == "opportunity" and self.active and self.won_status != "lost"

    @api.depends(
        "stage_id", "opportunity_type_id", "planned_template_ids", "active", "type"
    )
    def _compute_planned_message(self):
        return super()._compute_planned_message()

    @api.model_create_multi
    def create(self, vals_list):
        """Create what a stage or a type plans to be created at once."""
        leads = super().create(vals_list)
        leads._create_planned_at_once()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if PLAN_FIELDS & vals.keys():
            self._create_planned_at_once()
        return result

    def _create_planned_at_once(self):
        # sudo: whoever moves an opportunity may give it away in the same step.
        self.sudo()._take_planned("create")
