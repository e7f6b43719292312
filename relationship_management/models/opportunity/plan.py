from odoo import api, fields, models


class CrmLead(models.Model):
    """Activities that the stage and the type of an opportunity plan."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "relationship.plan.mixin"]
    _plan_fields = frozenset({"stage_id", "opportunity_type_id", "type", "active"})

    def _get_plans(self):
        # sudo: the plans of a type hold for whoever works on its opportunities.
        return [
            (source.activity_plan_id, source.activity_plan_mode)
            for source in (self.opportunity_type_id.sudo(), self.stage_id.sudo())
        ]

    def _may_plan(self):
        return self.type == "opportunity" and self.active and self.won_status != "lost"

    def _get_task_partner(self):
        return self.partner_id

    def _get_project_days(self):
        start = self.create_date or fields.Datetime.now()
        start = fields.Datetime.context_timestamp(self, start).date()
        return {"project_start": start, "project_deadline": self.date_deadline}

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._create_planned()
        return leads

    def write(self, vals):
        result = super().write(vals)
        self._create_planned(vals)
        return result
