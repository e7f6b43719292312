"""What waits for other tasks begins when nothing keeps it waiting any more."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..plan.found import open_tasks
from ..plan.turn import take_turn
from .activity import OPEN
from .tasks import IS_OPEN

# After the last member: their tasks have been planned.
LAST = 2**31 - 1
# Whoever has no task of a line, neither one that appeared nor one to come.
LACKING = """
    NOT EXISTS (
        SELECT FROM mail_activity t WHERE t.relationship_activity_id = %(activity)s
           AND t.plan_template_id = %(line)s AND t.task_key = %(key)s)
    AND NOT EXISTS (
        SELECT FROM relationship_activity_todo t WHERE t.activity_id = %(activity)s
           AND t.template_id = %(line)s AND t.task_key = %(key)s)
"""


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _begin_template(self, template, tasks):
        """Create the tasks of a template that waited for these tasks.

        Each for itself where both are for the same people, otherwise when all is done.
        """
        before = tasks.plan_template_id
        is_each = self._is_for_each(template, before)
        if not is_each and self._is_left_to_do(before, tasks):
            return
        # One that was deleted with its record begins nothing elsewhere.
        project = self._get_project()
        where = {(task.res_model, task.res_id) for task in tasks}
        if (project._name, project.id) in where:
            self._begin(template, tasks if is_each else None)

    def _is_for_each(self, template, before):
        """Tell whether a template begins for each person by itself.

        Not where a role is played by none of those any more who had the tasks before.
        """
        if not template._is_each_as(before) or template.per != "role":
            return template._is_each_as(before)
        # sudo: whoever does a task; keys alone, of people whom nobody is shown.
        subjects = template._get_subjects(self.sudo()._get_task_frame())
        had = self._get_known_keys(before, [subject.key for subject in subjects])
        return bool(had)

    def _begin(self, template, rows=None):
        """Create the tasks of a template: all of them, or those that match others.

        Those for very many in the background. What was done before is done, whatever
        stands in the way of this.
        """
        owner = self.state in OPEN and self._as_responsible()
        if owner and template.per == "addressee" and owner._are_many(rows):
            owner._begin_for_many(template)
        elif owner:
            self._try(lambda: self._begin_at_once(owner, template, rows))

    def _begin_at_once(self, owner, template, rows):
        keys = rows and set(rows.mapped("task_key"))
        if keys and self.campaign_id:
            owner = owner._only_for(rows.addressee_id)
        tasks = self._insert_tasks(owner._prepare_missing(template, keys))
        if tasks or self._get_known_keys(template, keys):
            return
        if keys or template._is_passed_over(self):
            self._begin_behind(template)

    def _begin_behind(self, lines):
        """Begin what waits for lines for which nobody was found, or is left."""
        waiting = self._get_templates().filtered(lambda t: t.wait_template_id in lines)
        for template in waiting:
            before = template.wait_template_id
            if self._is_left_to_do(before):
                continue
            if template._is_each_as(before):
                self._begin_behind(template)  # there is nobody it could be for
            else:
                self._begin(template)

    def _begin_for_many(self, template):
        """Let a line begin in the background, once; what went after that stays gone."""
        if str(template.id) in (self.run_lines or {}):
            return
        self._as_able()._start_run(template)

    def _as_able(self):
        """Return it as somebody who may change the campaign."""
        if self.campaign_id.has_access("write"):
            return self
        return self.with_user(self.create_uid)  # who could when it was planned

    def _stop_waiting(self, template, gone):
        """Begin what waits no longer for templates of which something is to be done.

        What it waits for now may keep it waiting, too.
        """
        above = template._get_above()
        is_each = all(map(template._is_each_as, gone))
        held = {row.task_key for rows in self._find_left(above) for row in rows}
        if held and not (is_each and all(map(template._is_each_as, above))):
            return
        tasks, todo = self._find_left(gone)
        if template.per == "addressee" and not above and self._are_many(tasks, todo):
            self._start_run(template)
        elif is_each:
            for rows in (tasks, todo):
                if free := rows.filtered(lambda row: row.task_key not in held):
                    self._begin(template, free)
        else:
            self._begin(template)

    def _as_responsible(self):
        """Return it as its responsible, who sees whom it is about; nothing if not."""
        self._leave_to_heir()
        # What stops it is read by who is responsible, in their language.
        told = self.with_context(lang=self.user_id.sudo().lang)  # sudo: a colleague
        if refusal := told._explain_unable(self.user_id):
            self._stop(refusal)
            return self.browse()
        return self._as_planner(self.user_id)

    def _stop(self, reason):
        """Say why nothing begins; another responsible lets it go on."""
        if not self.run_state:
            # sudo: whoever has done the task before; marks of the server.
            self.sudo().write(
                {"run_state": "failed", "run_error": reason, "run_member_id": LAST}
            )

    def _is_left_to_do(self, template, tasks=()):
        """Tell whether anybody has still to do what a template gives, but these tasks.

        What has not appeared yet counts, and what the background has not planned yet.
        """
        if template.per == "addressee" and self.run_state:
            return True
        return self._has_left(template, but=tasks)

    def _has_left(self, template, but=()):
        """Tell it of what a template gives now, or when others are done, one by one."""
        lines = template | template._get_each_above()
        return any(self._find_left(lines, but, limit=1))

    def _find_left(self, templates, but=(), limit=None):
        """Return what is to be done of templates: tasks, and rows still to appear."""
        todo = self.env["relationship.activity.todo"].sudo()  # sudo: keys alone
        domain = [("activity_id", "=", self.id), ("template_id", "in", templates.ids)]
        left = [IS_OPEN, ("plan_template_id", "in", templates.ids)]
        if but:
            left.append(("id", "not in", but.ids))
        return self._get_tasks(*left, limit=limit), todo.search(domain, limit=limit)

    def _get_begun(self):
        """Return the templates whose turn has come, of those that wait as well."""
        templates = self._get_templates()
        begun = templates._get_beginning() | self._get_run_lines()
        for template in templates - begun:
            before = template.wait_template_id
            created = ("plan_template_id", "=", template.id)
            if not template._is_each_as(before) and (
                self._get_tasks(created, limit=1)
                # Of nobody, as nobody was there.
                or (self._find_done_before(template) and not self._has_left(before))
            ):
                begun |= template
        return begun

    def _go_on(self, gone=None):
        """Begin what nothing keeps waiting any more, and bring the status in step.

        :param gone: lines of which tasks were taken back: what waits for them alone
        """
        # Who does a task at this moment does not see what has just gone.
        take_turn(self)
        for activity in self:
            templates = activity._get_templates()
            for template in templates - templates._get_beginning():
                before = template.wait_template_id
                if gone is not None and not gone & (before | before._get_each_above()):
                    continue
                if tasks := activity._find_done_before(template):
                    activity._begin_template(template, tasks)
                elif gone and before in gone and not activity._find_created(before):
                    activity._begin_behind(before)
        self._update_state()

    def _find_created(self, template):
        """Return one of the tasks of a template, done or not."""
        return self._get_tasks(("plan_template_id", "=", template.id), limit=1)

    def _find_done_before(self, template):
        """Return done tasks that a template waited for: those after which none came.

        Any one, where it is not each for itself; of very many no others are read.
        """
        before = template.wait_template_id
        done = [("active", "=", False), ("plan_template_id", "=", before.id)]
        if not template._is_each_as(before):
            return self._get_tasks(*done, limit=1)

        def select_lacking(_model, alias, _query):
            key = SQL.identifier(alias, "task_key")
            return SQL(LACKING, activity=self.id, line=template.id, key=key)

        lacking = Domain.custom(to_sql=select_lacking)
        return self._get_tasks(*done, ("task_key", "!=", False), lacking)


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    def _is_each_as(self, other):
        """Tell whether there is a task of this one for each task of the other one."""
        role = "reference_type_id"
        is_same = self.per == other.per and (
            self.per != "role" or self[role] == other[role]
        )
        return is_same and self.per != "one"

    def _get_each_above(self):
        """Return what it waits for task by task, and what that waits for so."""
        above = self.wait_template_id
        if not (above and self._is_each_as(above)):
            return self.browse()
        return above | above._get_each_above()

    def write(self, vals):
        """Let who does a task at this moment come second: what begins may change."""
        if "wait_template_id" in vals:
            # sudo: whoever changes what a type generates, for all that is under way
            brackets = self.env["relationship.activity"].sudo()
            of_type = ("type_id", "in", self.relationship_type_id.ids)
            take_turn(brackets.search([of_type, ("state", "in", OPEN)]))
        return super().write(vals)

    def _stop_waiting_for(self, gone):
        if not self.relationship_type_id:
            return super()._stop_waiting_for(gone)
        # sudo: whoever changes what a type generates, for all that is under way.
        tasks = open_tasks(self.env).sudo()
        todo = self.env["relationship.activity.todo"].sudo()
        tasks = tasks.search([("plan_template_id", "in", gone.ids)])
        todo = todo.search([("template_id", "in", gone.ids)])
        for bracket in tasks.relationship_activity_id | todo.activity_id:
            if bracket.active:
                bracket._stop_waiting(self, gone)
        return None

    def unlink(self):
        """Bring activities in step of which nothing appears any more."""
        # sudo: as above; rows that go with the line.
        todo = self.env["relationship.activity.todo"].sudo()
        brackets = todo.search([("template_id", "in", self.ids)]).activity_id
        result = super().unlink()
        brackets._go_on()
        return result
