from odoo import api, fields, models

from ..models.activity.status import CLOSING
from ..models.shared.context import Marker


class RelationshipCampaignComplete(models.TransientModel):
    """Ask what becomes of the open tasks of a campaign that is over."""

    _name = "relationship.campaign.complete"
    _description = "Complete the campaign"

    campaign_ids = fields.Many2many("relationship.campaign", required=True)
    state = fields.Selection(
        [("completed", "Completed"), ("cancelled", "Cancelled")], required=True
    )
    task_ids = fields.Many2many(
        "mail.activity", string="Open tasks", compute="_compute_tasks"
    )
    summary = fields.Char(compute="_compute_tasks")
    decision = fields.Selection(
        [
            ("keep", "Leave them open"),
            ("close", "Mark them as done, with one remark"),
            ("cancel", "Cancel them"),
        ],
        string="What becomes of them?",
        required=True,
        default="keep",
    )
    remark = fields.Text(help="It stands with each task in the chatter.")

    @api.depends("campaign_ids")
    def _compute_tasks(self):
        for wizard in self:
            tasks = wizard.campaign_ids._get_open_tasks()
            wizard.task_ids = tasks.search([("id", "in", tasks.ids)])
            tasks = tasks.sudo()  # sudo: numbers alone
            wizard.summary = self.env._(
                "Open tasks: %(count)s, of these overdue: %(overdue)s.",
                count=len(tasks),
                overdue=len(tasks.filtered(lambda task: task.state == "overdue")),
            )
            if brackets := wizard.campaign_ids._get_open_brackets():
                wizard.summary += " " + self.env._(
                    "Open activities: %(count)s, tasks still to appear: %(todo)s.",
                    count=len(brackets),
                    todo=sum(brackets.mapped("todo_count")),
                )

    def action_confirm(self):
        """Settle the tasks, then complete or cancel the campaigns."""
        self.ensure_one()
        campaigns = self.campaign_ids
        campaigns._check_state({"entered", "in_progress"})
        campaigns.check_access("write")
        brackets = campaigns._get_open_brackets()
        if self.decision == "close":
            brackets._end_with_project(self._close_tasks)
        elif self.decision == "cancel":
            brackets._end_with_project(self._cancel_tasks)
        campaigns._change_state({"entered", "in_progress"}, self.state)
        return {"type": "ir.actions.act_window_close"}

    def _close_tasks(self, brackets):
        brackets._remember_tasks(are_closed=True)
        brackets._forget_run()
        tasks = self.campaign_ids._get_open_tasks()
        brackets._close_tasks(tasks, self.remark or False)
        brackets._end("done")

    def _cancel_tasks(self, brackets):
        brackets._end("cancelled")
        for campaign in self.campaign_ids:
            tasks = campaign._get_open_tasks()
            campaign.message_post(
                body=self.env._(
                    "Open tasks cancelled: %(count)s. %(remark)s",
                    count=len(tasks),
                    remark=self.remark or "",
                )
            )
            self._delete_tasks(tasks)

    def _delete_tasks(self, tasks):
        """Delete what ends with the campaigns, so that nothing begins that waited."""
        tasks.with_context(**{CLOSING: Marker()}).unlink()
