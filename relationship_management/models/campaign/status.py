from odoo import api, fields, models
from odoo.exceptions import UserError

from ..plan.found import open_tasks

OPEN = {"entered", "in_progress"}


class RelationshipCampaign(models.Model):
    """The status of a campaign, which changes by buttons alone."""

    _inherit = "relationship.campaign"

    may_change = fields.Boolean(
        compute="_compute_may_change",
        help="Whether you may change the campaign: its owner company may, linked"
        " companies look on.",
    )

    @api.depends("company_id", "type_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_change(self):
        allowed = self._origin._filtered_access("write")
        for campaign in self:
            campaign.may_change = not campaign._origin or campaign._origin in allowed

    @api.model_create_multi
    def create(self, vals_list):
        """Begin with an open status, also by a default, a duplicate or an import."""
        campaigns = super().create(vals_list)
        if not self.env.su and campaigns.filtered(lambda c: c.state not in OPEN):
            raise UserError(
                self.env._(
                    "A new campaign is a draft or in progress: create it with one of"
                    " these statuses, then open it and press Complete or Cancel"
                    " campaign."
                )
            )
        return campaigns

    def write(self, vals):
        """Let the buttons alone change the status: they ask about open tasks."""
        if "state" in vals and not self.env.su:
            self.check_access("write")
            if self.filtered(lambda campaign: campaign.state != vals["state"]):
                raise UserError(
                    self.env._(
                        "The status of a campaign changes by its buttons: open the"
                        " campaign and press Start, Complete, Cancel campaign or"
                        " Reopen."
                    )
                )
        return super().write(vals)

    def action_start(self):
        self._change_state({"entered"}, "in_progress")

    def action_complete(self):
        """Complete the campaigns; a dialog asks what becomes of open tasks."""
        return self._finish("completed")

    def action_cancel(self):
        """Cancel the campaigns; a dialog asks what becomes of open tasks."""
        return self._finish("cancelled")

    def action_reopen(self):
        self._change_state({"completed", "cancelled"}, "in_progress")

    def _get_open_tasks(self):
        """Return the open tasks of the campaigns themselves."""
        # sudo: they end with the campaign, also those that the user is not told.
        tasks = open_tasks(self.env).sudo()
        mine = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        return tasks.search(mine).with_env(self.env)

    def _finish(self, state):
        self._check_state(OPEN)
        if not self._get_open_tasks() and not self._get_open_brackets():
            self._change_state(OPEN, state)
            return None
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_campaign_complete_action"
        )
        if state == "cancelled":
            action["name"] = action["display_name"] = self.env._("Cancel the campaign")
        context = {"default_campaign_ids": self.ids, "default_state": state}
        return {**action, "context": context}

    def _change_state(self, sources, state):
        self.check_access("write")
        self._check_state(sources)
        # sudo: whoever may change the campaign, by a button; writing it directly would
        # pass by what the button asks.
        self.sudo().write({"state": state})

    def _check_state(self, sources):
        if wrong := self.filtered(lambda campaign: campaign.state not in sources):
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(campaign)s is in the status “%(state)s”: reload the page and"
                    " look at its buttons.",
                    campaign=wrong[0].title,
                    state=states[wrong[0].state],
                )
            )
