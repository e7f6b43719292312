"""Records of core that are put under records of ours, or into their companies."""

from collections import defaultdict

from odoo import api, models

from ..shared.kinds import check_kinds

# Where meetings and tasks hang.
DOCUMENT = frozenset({"res_id", "res_model", "res_model_id"})


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

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a meeting at a document that the user may not see."""
        if not self.env.su:
            check_kinds(self, vals_list)
            defaults = self.default_get(DOCUMENT)
            for vals in vals_list:
                named = {
                    name: vals.get(name) or defaults.get(name) for name in DOCUMENT
                }
                self.browse()._ask_for_document(named)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to move a meeting to a document that the user may not see.

        Asked before: a savepoint would write all that waits.
        """
        if not self.env.su and vals.keys() & DOCUMENT:
            check_kinds(self, [vals])
            self._ask_for_document(vals)
        return super().write(vals)

    def _ask_for_document(self, vals):
        """Ask for the right to see where values hang meetings, if it is new."""
        for model, ids in self._get_new_documents(vals).items():
            self.env[model].browse(sorted(ids)).check_access("read")

    def _get_new_documents(self, vals):
        """Return ``{model: ids}`` of the documents that the values choose anew.

        One value may contradict the other one: both models are asked.
        """
        given = {
            name: self._fields[name].convert_to_cache(vals[name], self, validate=False)
            for name in vals.keys() & DOCUMENT
        }
        # sudo: only its name
        model = self.env["ir.model"].sudo().browse(given.get("res_model_id") or ())
        models_given = {model.model, given.get("res_model")} - {False, None}
        found = defaultdict(set)
        # sudo: only where they hang; what stands there already stays
        events = self.sudo().with_context(prefetch_fields=False)
        for old in [(each.res_model, each.res_id) for each in events] or [(None, 0)]:
            id_ = given.get("res_id", old[1])
            for name in models_given or {old[0]}:
                if name in self.env and id_ and (name, id_) != old:
                    found[name].add(id_)
        return found


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
        if not self or self.env.su or not DOCUMENT & vals.keys():
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
