from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.activity.activity import OPEN


class RelationshipTaskDone(models.TransientModel):
    """Say what came of a task, and of its activity if it was the last one."""

    _name = "relationship.task.done"
    _description = "What came of a task"
    _inherit = ["relationship.parent.guard.mixin"]

    task_id = fields.Many2one("mail.activity", required=True, ondelete="cascade")
    result_ids = fields.Many2many(
        "relationship.activity.result",
        string="Results",
        compute="_compute_result_ids",
        help="What may come of the activity, if this is its last task.",
    )
    result_id = fields.Many2one(
        "relationship.activity.result",
        ondelete="cascade",
        domain="[('id', 'in', result_ids)]",
    )
    note = fields.Text(string="What came of it")

    @api.depends("task_id")
    @api.depends_context("uid")
    def _compute_result_ids(self):
        for dialog in self:
            dialog.result_ids = dialog._get_ended_activity()._get_results()

    def _get_ended_activity(self):
        """Return the activity that ends with the task, if the user may change it."""
        task = self.task_id._origin
        # sudo: whoever does a task may not see its activity, which is asked below.
        activity = task.sudo().relationship_activity_id.sudo(False)
        if task.active and activity.has_access("write") and activity._ends_with(task):
            return activity
        return activity.browse()

    def action_done(self):
        """Mark the task as done, note the result, and propose what comes next."""
        self.ensure_one()
        activity = self._get_ended_activity()
        if self.result_id and self.result_id not in activity._get_results():
            raise UserError(
                self.env._(
                    "There is more to do before this activity has a result: open the"
                    " dialog again."
                )
            )
        self.task_id.filtered("active").action_feedback(feedback=self.note)
        if activity:
            values = {"result_id": self.result_id.id, "result_note": self.note}
            activity.write({name: value for name, value in values.items() if value})
            if activity.next_type_id:
                return activity.action_plan_next()
        return {"type": "ir.actions.act_window_close"}


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _get_results(self):
        """Return the results among which the user may choose."""
        results = self.env["relationship.activity.result"]
        return results.search([("type_id", "in", self.type_id.ids)])

    def _ends_with(self, task):
        """Tell whether the activity is done when the task is."""
        if self.state not in OPEN or self.run_state:
            return False
        waiting = self._get_templates().wait_template_id
        # sudo: what planned a task is no secret to who may change its activity.
        if task.sudo().plan_template_id & waiting:
            return False
        return self._count_tasks()[self.id][1] == 1
