"""Campaigns, opportunities and partners have activities."""

from odoo import fields, models


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
        """Take over the activities of what is merged, and the tasks that are done.

        Core takes over the open ones, and deletes the others.
        """
        result = super()._merge_dependences(opportunities)
        # sudo: a merge of opportunities, which core itself does past all rules.
        brackets = self.env["relationship.activity"].sudo()
        brackets = brackets.with_context(active_test=False)
        brackets.search([("lead_id", "in", opportunities.ids)]).lead_id = self
        # sudo: as above
        tasks = self.env["mail.activity"].sudo().with_context(active_test=False)
        domain = [("res_model", "=", self._name), ("active", "=", False)]
        domain += [("res_id", "in", opportunities.ids)]
        tasks.search(domain).write({"res_id": self.id})
        return result


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    bracket_ids = fields.One2many(
        "relationship.activity", "campaign_id", string="Sales activities", copy=False
    )

    def action_plan_activity(self):
        self.ensure_one()
        return get_planning_action(self, "campaign_id")
