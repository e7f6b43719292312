"""Records of core that are put under records of ours, or into their companies."""

from odoo import api, models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "relationship.parent.guard.mixin"]
    _asks_after_move = False
    _worded_by_constraint = frozenset({"campaign_id"})

    @api.model
    def _get_guarded_fields(self):
        return {"addressee_id", "campaign_id", "opportunity_type_id", "stage_id"}

    def _merge_opportunity(self, *args, **kwargs):
        """Let an opportunity take over the campaign of another one that is read.

        Core deletes the others as superuser: they change as if by hand.
        """
        self.check_access("write")
        knowing = self._knowing_parents()
        merged = super(CrmLead, knowing)._merge_opportunity(*args, **kwargs)
        return merged.with_env(self.env)


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["calendar.event", "relationship.parent.guard.mixin"]
    _asks_after_move = False

    @api.model
    def _get_guarded_fields(self):
        return {"opportunity_id", "relationship_activity_id"}


class CrmStage(models.Model):
    _name = "crm.stage"
    _inherit = ["crm.stage", "relationship.parent.guard.mixin"]

    @api.model
    def _get_guarded_fields(self):
        return {"activity_plan_id", "campaign_plan_id", "company_id"}


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "relationship.parent.guard.mixin"]
    _asks_after_move = False

    @api.model
    def _get_guarded_fields(self):
        return {"addressee_id", "crm_stage_id", "relationship_activity_id"}

    def write(self, vals):
        """Refuse to move an activity to a document where it could not be created."""
        # Core's merge moves none, too: a savepoint would write all that waits.
        if (
            not self
            or self.env.su
            or not {"res_id", "res_model", "res_model_id"} & vals.keys()
        ):
            return super().write(vals)
        with self.env.cr.savepoint():
            result = super().write(vals)
            self.check_access("create")
        return result


class MailActivityPlan(models.Model):
    _name = "mail.activity.plan"
    _inherit = ["mail.activity.plan", "relationship.parent.guard.mixin"]

    @api.model
    def _get_guarded_fields(self):
        return {"res_model", "relationship_type_id"}


class MailActivityPlanTemplate(models.Model):
    _name = "mail.activity.plan.template"
    _inherit = ["mail.activity.plan.template", "relationship.parent.guard.mixin"]

    @api.model
    def _get_guarded_fields(self):
        return {
            *("plan_id", "reference_type_id", "relationship_type_id", "team_id"),
            "wait_template_id",
        }
