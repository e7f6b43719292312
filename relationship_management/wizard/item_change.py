from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.shared.button import notify
from ..models.shared.finite import FIRST_YEAR, LAST_YEAR, is_near


class RelationshipItemChange(models.TransientModel):
    """Move several tasks to another day, or hand them over, with one's own rights."""

    _name = "relationship.item.change"
    _description = "Move or hand over tasks"
    _inherit = ["relationship.parent.guard.mixin"]

    task_ids = fields.Many2many("mail.activity", string="Tasks")
    task_count = fields.Integer(string="Open tasks", compute="_compute_task_count")
    # What else was chosen, of which nothing is changed.
    left_count = fields.Integer(string="Other lines, left as they are", readonly=True)
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
        self._check_day()
        tasks = self.task_ids.exists().filtered("active")
        tasks.write(values)
        return notify(self.env._("Tasks changed: %(count)s.", count=len(tasks)))

    def _check_day(self):
        day = self.date_deadline
        if day and not is_near(day):
            raise UserError(
                self.env._(
                    "A task lies between the years %(first)s and %(last)s: choose"
                    " another day.",
                    first=str(FIRST_YEAR),
                    last=str(LAST_YEAR),
                )
            )
        if day and day < fields.Date.context_today(self):
            raise UserError(
                self.env._("This day is over: choose today, or a later day.")
            )
