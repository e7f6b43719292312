"""Tasks for very many members: made in the background, shown when they are near."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..shared.context import Marker, get_marked
from ..shared.kinds import check_kinds
from ..shared.may_be_told import name_of
from .activity import OPEN

_logger = logging.getLogger(__name__)

# So often a batch begins anew when somebody else changed the same records.
TRIES = 5
CRON = "relationship_management.ir_cron_activity_tasks"
# In the context while lines are deleted of which no tasks are being created.
ASKED = "relationship_asked_for_runs"


class RelationshipActivityTodo(models.Model):
    """A task that is planned and appears when its day is near.

    The clock at the top reads the newest thousand tasks: thousands of later ones
    would hide those that are overdue.
    """

    _name = "relationship.activity.todo"
    _description = "Task that is still to appear"
    _order = "date_deadline, id"

    activity_id = fields.Many2one(
        "relationship.activity", required=True, ondelete="cascade"
    )
    template_id = fields.Many2one(
        "mail.activity.plan.template", required=True, index=True, ondelete="cascade"
    )
    addressee_id = fields.Many2one(
        "relationship.campaign.addressee", index=True, ondelete="cascade"
    )
    task_key = fields.Char(required=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    date_deadline = fields.Date(required=True, index=True)
    summary = fields.Char()
    note = fields.Html(sanitize=False)  # as it stands in the template, sanitized there

    _todo_unique = models.UniqueIndex(
        "(activity_id, template_id, task_key)", "This task is planned already."
    )
    _load_idx = models.Index("(user_id, date_deadline)")

    def _follow(self, values):
        """Change what is to appear as what it is about has changed."""
        if values:
            self.write(values)


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"
    _not_offered = frozenset(
        {
            *("run_state", "run_user_id", "run_total", "run_done", "run_member_id"),
            *("run_error", "left_out", "left_out_until"),
        }
    )

    run_state = fields.Selection(
        [
            ("copied", "Not yet: a duplicate"),
            ("running", "Being created"),
            ("failed", "Stopped"),
        ],
        string="Creation of tasks",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    run_user_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null", index=False
    )
    run_total = fields.Integer(readonly=True, copy=False)
    run_done = fields.Integer(readonly=True, copy=False)
    run_member_id = fields.Integer(readonly=True, copy=False)
    # Ids of the lines that have begun for very many: whether they are to be planned.
    run_lines = fields.Json(readonly=True, copy=False)
    # Ids of the companies that were switched on when it was planned: for their members.
    run_companies = fields.Json(readonly=True, copy=False)
    run_error = fields.Text(string="What stopped it", readonly=True, copy=False)
    run_percent = fields.Float(compute="_compute_run_percent")
    left_out = fields.Json(readonly=True, copy=False)
    # The last member who was counted there, or found able.
    left_out_until = fields.Integer(readonly=True, copy=False)
    left_out_text = fields.Char(string="No task for", compute="_compute_left_out_text")
    todo_count = fields.Integer(
        string="Tasks still to appear", compute="_compute_task_count"
    )

    @api.depends("run_total", "run_done")
    def _compute_run_percent(self):
        for activity in self:
            total = activity.run_total
            activity.run_percent = total and 100 * activity.run_done / total

    @api.depends("left_out")
    def _compute_left_out_text(self):
        for activity in self:
            activity.left_out_text = activity._tell_left_out(activity.left_out or {})

    @api.model
    def _tell_left_out(self, counts):
        """Return how many members get no task, and why, from ``{reason: number}``."""
        members = self.env["relationship.campaign.addressee"]
        labels = dict(members._fields["exclusion"]._description_selection(self.env))
        return ", ".join(
            f"{labels.get(reason, reason)}: {count}"
            for reason, count in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
        )

    def _start_run(self, templates, first=0):
        """Let the tasks of the members be created in the background, from the start.

        :param templates: the lines that begin; one of which some are planned already
            is planned for the others
        :param first: for this member and those after it; earlier ones had their turn
        """
        lines = {str(template.id): True for template in templates}
        for activity in self:
            planner = activity._find_planner()
            after = max(first - 1, 0)
            if activity.run_state == "running":
                after = min(after, activity.run_member_id)
            total = activity._as_planner(planner)._count_members(after)
            # sudo: only the server writes these; the user plans the activity.
            activity.sudo().write(
                {
                    "run_state": "running",
                    "run_user_id": planner.id,
                    "run_lines": {**(activity.sudo().run_lines or {}), **lines},
                    "run_total": total,
                    "run_done": 0,
                    "run_member_id": after,
                    "run_error": False,
                    "left_out": (after and activity.sudo().left_out) or {},
                    "left_out_until": after and activity.sudo().left_out_until,
                }
            )
        # sudo: a cron that is woken, not changed
        self.env.ref(CRON).sudo()._trigger()

    def _find_planner(self):
        """Return whoever changes it, if they may; otherwise the responsible.

        Who enters that a colleague has left need not have to do with the campaign.
        """
        may_plan = self.campaign_id.sudo(False).has_access("write")
        return self.env.user if may_plan else self.user_id

    def _forget_run(self):
        """Forget tasks that have not appeared yet."""
        # sudo: rows and marks of the server; callers ask for the right to the activity.
        todo = self.env["relationship.activity.todo"].sudo()
        todo.search([("activity_id", "in", self.ids)]).unlink()
        begun = self.sudo().filtered(lambda a: a.run_state or a.run_lines)
        begun.write({"run_state": False, "run_lines": False})

    def _get_run_lines(self, is_left=False):
        """Return the lines that have begun in the background, or are to be planned."""
        lines = self.sudo().run_lines or {}
        ids = {int(id_) for id_, left in lines.items() if left or not is_left}
        return self._get_templates().filtered(lambda template: template.id in ids)

    def action_go_on(self):
        """Go on where the creation of tasks has stopped."""
        self.check_access("write")
        # Whoever lets it go on plans it: who did before may not any more.
        values = {"run_state": "running", "run_error": False}
        values["run_user_id"] = self.env.uid
        # sudo: asked; only the server writes these.
        self.filtered(lambda a: a.run_state == "failed").sudo().write(values)
        self.env.ref(CRON).sudo()._trigger()  # sudo: as above

    @api.model
    def _cron_create_tasks(self):
        """Go on planning, batch by batch, then let appear what is near."""
        cron = self.env["ir.cron"]
        runs = self.search([("run_state", "=", "running")], order="id")
        cron._commit_progress(remaining=runs._count_left())
        for run in runs:
            while run.exists() and run.run_state == "running":
                before = run.run_done
                # None: a fault has stopped it, and is told.
                if run._try_batch(run._run_batch) is False:
                    break
                # Less than before, if it was begun again meanwhile.
                done, left = max(run.run_done - before, 0), runs._count_left()
                if not cron._commit_progress(done, remaining=left):
                    return
        is_more = True
        while is_more:
            is_more = self._try_batch(self._show_and_go_on)
            if not cron._commit_progress(remaining=int(is_more)):
                return

    def _show_and_go_on(self):
        """Let tasks appear, and begin what waited where none are left to appear.

        Both or neither, also after a conflict: nobody would begin it later.
        """
        is_more, ended = self._show_batch()
        for activity in ended:
            activity._try(activity._go_on)
        return is_more

    def _count_left(self):
        running = self.exists().filtered(lambda run: run.run_state == "running")
        return sum(max(run.run_total - run.run_done, 1) for run in running) or 1

    def _try_batch(self, batch, tries=TRIES):
        """Do one batch, again if somebody else changed the same records."""
        try:
            return self._try(batch)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            if tries <= 1:
                raise
            # Only a new transaction sees what the colleague changed.
            self.env.cr.rollback()
            return self._try_batch(batch, tries - 1)

    def _try(self, step):
        """Do something; a fault takes nothing else back, and is told at the activity.

        *Go on* does it again.
        """
        try:
            with self.env.cr.savepoint():
                return step()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if not self:
                raise
            _logger.warning("Activity %s: tasks stopped", self.id, exc_info=True)
            self.invalidate_recordset()
            message = str(error) or type(error).__name__
            # sudo: only the server writes these, whoever did the task before.
            self.sudo().write({"run_state": "failed", "run_error": message})
            return None


class RelationshipActivityType(models.Model):
    _inherit = "relationship.activity.type"

    def write(self, vals):
        if "tasks_per_day" in vals:
            self._refuse_while_running()
        return super().write(vals)

    def _refuse_while_running(self):
        """Keep what types generate while it is generated, batch by batch."""
        if get_marked(self.env, ASKED):
            return
        # sudo: a run counts, whoever may see its activity.
        runs = self.env["relationship.activity"].sudo()
        domain = [("run_state", "=", "running"), ("state", "in", OPEN)]
        if run := runs.search([*domain, ("type_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Tasks are being created for %(activity)s (%(percent)d %%): change"
                    " what the type generates when that is done.",
                    activity=name_of(run),
                    percent=run.run_percent,
                )
            )


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates.relationship_type_id._refuse_while_running()
        return templates

    def write(self, vals):
        check_kinds(self, [vals])
        types = self.relationship_type_id
        types._refuse_while_running()
        result = super().write(vals)
        # Where it stands now, if that is another one.
        (self.relationship_type_id - types)._refuse_while_running()
        return result

    def unlink(self):
        """Ask first: what waited for these may begin a run, which stops nothing."""
        self.relationship_type_id._refuse_while_running()
        asked = self.with_context(**{ASKED: Marker()})
        return super(MailActivityPlanTemplate, asked).unlink()
