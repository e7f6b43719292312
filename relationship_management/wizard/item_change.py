from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.shared.finite import FIRST_YEAR, LAST_YEAR, is_near


class RelationshipItemChange(models.TransientModel):
    """Move several tasks to another day, or hand them over, with one's own rights."""

    _name = "relationship.item.change"
    _description = "Move or hand over tasks"
    _inherit = ["relationship.parent.guard.mixin"]

    task_ids = fields.Many2many("mail.activity", string="Tasks")
    task_count = fields.Integer(string="Number of tasks", compute="_compute_task_count")
    date_deadline = fields.Date(string="New day")
    user_id = fields.Many2one(
        "res.users", string="Hand over to", domain=[("share", "=", False)]
    )

    @api.depends("task_ids")
    def _compute_task_count(self):
        for change in self:
            change.task_count = len(change.task_ids)

    def action_apply(self):
        """Change the tasks, as whoever asks may."""
        self.ensure_one()
        values = {"date_deadline": self.date_deadline, "user_id": self.user_id.id}
        values = {name: value for name, value in values.items() if value}
        if not values:
            raise UserError(
                self.env._("Choose a day or a colleague: nothing would change.")
            )
        if self.date_deadline and not is_near(self.date_deadline):
            raise UserError(
                self.env._(
                    "A task lies between the years %(first)s and %(last)s: choose"
                    " another day.",
                    first=str(FIRST_YEAR),
                    last=str(LAST_YEAR),
                )
            )
        self.task_ids.exists().filtered("active").write(values)
        return {"type": "ir.actions.act_window_close"}
