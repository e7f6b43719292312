"""Campaigns, opportunities and partners have activities."""

from odoo import fields, models

from ..shared.context import get_marked
from .task import DISCREET


def get_planning_action(record, field):
    """Return the form of a new activity at a record."""
    return {
        "type": "ir.actions.act_window",
        "name": record.env._("New activity"),
        "res_model": "relationship.activity",
        "views": [(False, "form")],
        "context": {f"default_{field}": record.id},
    }


class CrmLead(models.Model):
    _inherit = "crm.lead"

    bracket_ids = fields.One2many(
        "relationship.activity", "lead_id", string="Sales activities", copy=False
    )

    def action_plan_activity(self):
        self.ensure_one()
        return get_planning_action(self, "lead_id")

    def _merge_dependences(self, opportunities):
        """Take over the activities of what is merged, as core does with tasks."""
        result = super()._merge_dependences(opportunities)
        # sudo: a merge of opportunities, which core itself does past all rules.
        brackets = self.env["relationship.activity"].sudo()
        brackets = brackets.with_context(active_test=False)
        brackets.search([("lead_id", "in", opportunities.ids)]).lead_id = self
        return result


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    bracket_ids = fields.One2many(
        "relationship.activity", "campaign_id", string="Sales activities", copy=False
    )

    def action_plan_activity(self):
        self.ensure_one()
        return get_planning_action(self, "campaign_id")

    def message_post_with_source(self, source_ref, *, render_values=None, **kwargs):
        """Say that a task is done, not whom it was about or what came of it."""
        if get_marked(self.env, DISCREET):
            task = render_values["activity"]
            names = ("activity_type_id", "user_id")
            told = task.new({name: task[name].id for name in names})
            render_values = {**render_values, "activity": told, "feedback": False}
            kwargs["attachment_ids"] = None
        return super().message_post_with_source(
            source_ref, render_values=render_values, **kwargs
        )
