"""The status of an activity: from its tasks, or by hand."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..plan.found import all_tasks, open_tasks
from ..plan.frame import generating
from ..plan.turn import take_turn
from ..shared.context import Marker
from ..shared.may_be_told import log_notes
from .activity import OPEN
from .tasks import IS_OPEN, QUIET

# In the context while tasks are closed with their activity.
CLOSING = "relationship_closing"
WAS_CLOSED = ("is_closed_with_activity", "=", True)


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    task_count = fields.Integer(string="All tasks", compute="_compute_task_count")
    open_task_count = fields.Integer(string="Open tasks", compute="_compute_task_count")
    has_changed_tasks = fields.Boolean(compute="_compute_has_changed_tasks")
    asks_result = fields.Boolean(
        string="Result missing",
        compute="_compute_asks_result",
        search="_search_asks_result",
        help="It is done, and nobody has said yet what came of it.",
    )
    # It comes back with what it belongs to.
    is_ended_with_project = fields.Boolean(
        string="Ended with its project", readonly=True, copy=False
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    def _count_tasks(self):
        """Return ``{id: (all, open)}``, whoever the tasks are for."""
        # sudo: numbers alone, of what whoever sees the activity may know.
        tasks = all_tasks(self.env).sudo()
        counts = {id_: [0, 0] for id_ in self.ids}
        for activity, active, count in tasks._read_group(
            [("relationship_activity_id", "in", self.ids)],
            ["relationship_activity_id", "active"],
            ["__count"],
        ):
            counts[activity.id][0] += count
            counts[activity.id][1] += count if active else 0
        for id_, count in self._count_todo().items():
            counts[id_][0] += count
            counts[id_][1] += count
        return counts

    def _count_todo(self):
        """Return ``{id: how many tasks are still to appear}``."""
        todo = self.env["relationship.activity.todo"].sudo()  # sudo: numbers alone
        rows = todo._read_group(
            [("activity_id", "in", self.ids)], ["activity_id"], ["__count"]
        )
        return {activity.id: count for activity, count in rows}

    @api.depends("task_ids.active", "run_state")
    def _compute_task_count(self):
        counts, todo = self._count_tasks(), self._count_todo()
        for activity in self:
            activity.todo_count = todo.get(activity._origin.id, 0)
            number, number_open = counts.get(activity._origin.id, (0, 0))
            activity.task_count = number
            activity.open_task_count = number_open

    @api.depends("task_ids.is_changed_by_hand")
    def _compute_has_changed_tasks(self):
        # sudo: whether there are any, for those who may see the activity.
        tasks = open_tasks(self.env).sudo()
        found = tasks._read_group(
            [
                ("relationship_activity_id", "in", self.ids),
                ("is_changed_by_hand", "=", True),
            ],
            ["relationship_activity_id"],
        )
        changed = {activity.id for (activity,) in found}
        for activity in self:
            activity.has_changed_tasks = activity._origin.id in changed

    @api.depends("state", "result_id", "type_id")
    def _compute_asks_result(self):
        for activity in self:
            # sudo: a setting of the type
            asks = activity.type_id.sudo().needs_result
            activity.asks_result = (
                asks and activity.state == "done" and not activity.result_id
            )

    @api.model
    def _search_asks_result(self, operator, value):
        if operator != "in":
            return NotImplemented
        missing = [
            *[("state", "=", "done"), ("result_id", "=", False)],
            ("type_id.needs_result", "=", True),
        ]
        found = self._search(missing)
        return [("id", "in" if True in value else "not in", found)]

    @api.depends("state", "date_from", "date_to")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for activity in self:
            end = activity.date_to or activity.date_from
            activity.is_overdue = activity.state in OPEN and bool(end and end < today)

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = Domain("date_to", "<", today)
        late |= Domain("date_to", "=", False) & Domain("date_from", "<", today)
        found = self._search(late & Domain("state", "in", OPEN))
        return [("id", "in" if True in value else "not in", found)]

    def _update_state(self):
        """Let the status follow from the tasks; what was cancelled stays so."""
        counts = self._count_tasks()
        today = fields.Date.context_today(self)
        for activity in self.filtered(lambda a: a.state != "cancelled"):
            number, number_open = counts[activity.id]
            if not number:
                continue
            done = number - number_open
            state = "planned" if not done else "in_progress"
            if not number_open and not activity.run_state:
                state = "done"
            if state == activity.state:
                continue
            if state != "done":
                activity._forget_tasks()  # somebody goes on with it
            values = {"state": state, "is_ended_with_project": False}
            if state != "planned" and not activity.date_begun:
                values["date_begun"] = today
            values["date_done"] = today if state == "done" else False
            # sudo: whoever has done the last task may not change the activity; columns
            # that follow from the tasks.
            activity.sudo().write(values)

    # Buttons

    def action_done(self):
        """Say that all is done: open tasks are closed with it."""
        self._ask_and_take_turn()
        for activity in self:
            activity._close(self.env._("Closed with the activity %s.", activity.name))

    def action_cancel(self):
        """Take back what is still to do; what was done stays."""
        self._ask_and_take_turn()
        activities = self.filtered(lambda a: a.state in OPEN)
        activities._end("cancelled")
        activities._take_back(activities._get_tasks(IS_OPEN))

    def _close(self, remark):
        """Let those that are open end as done, with their tasks."""
        for activity in self.filtered(lambda a: a.state in OPEN):
            activity._remember_tasks(are_closed=True)
            activity._forget_run()
            if tasks := activity._get_tasks(IS_OPEN):
                activity._close_tasks(tasks, remark)
            activity._end("done")

    def _close_tasks(self, tasks, remark):
        """Close open tasks, so that nothing begins that waited for them."""
        closing = tasks.sudo(False).with_context(**{CLOSING: Marker()}, **QUIET)
        generating(closing).write({"is_closed_with_activity": True})
        # Core moves the files of a task to the message that tells it is done.
        with_files = closing.browse(closing._get_files().mapped("res_id"))
        generating(with_files).write({"is_changed_by_hand": True})
        if not self._are_many(closing):
            closing.action_feedback(feedback=remark)
            return
        # Of very many one message tells, where they hang, and not one each.
        closing.action_archive()
        closing.write({"feedback": remark})
        for (model, id_), theirs in closing.grouped(
            lambda task: (task.res_model, task.res_id)
        ).items():
            is_secret = any(task._is_secret() for task in theirs)
            body = self.env._(
                "Open tasks that were closed: %(count)s. %(remark)s",
                count=len(theirs),
                remark=(not is_secret and remark) or "",
            )
            log_notes(self.env[model].browse(id_), {id_: body})

    def _end(self, state):
        """Let those that are open end; callers settle the tasks that have appeared."""
        ending = self.filtered(lambda a: a.state in OPEN)
        if state == "cancelled":
            ending._remember_tasks()
        ending._forget_run()
        today = fields.Date.context_today(self)
        for activity in ending:
            dates = {"date_begun": activity.date_begun or today, "date_done": today}
            activity._set_state(state, **(dates if state == "done" else {}))

    def _ask_and_take_turn(self):
        self.check_access("write")
        take_turn(self)

    def _set_state(self, state, **values):
        # sudo: asked for the right to change the activity; the status is not written
        # by hand otherwise.
        ended = {"state": state, "is_ended_with_project": False}
        self.sudo().write({**ended, **values})
