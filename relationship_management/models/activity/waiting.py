"""What waits for other tasks begins when nothing keeps it waiting any more."""

from odoo import models

from ..plan.turn import take_turn
from .activity import OPEN
from .tasks import IS_OPEN

# After the last member: their tasks have been planned.
LAST = 2**31 - 1


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _begin_template(self, template, tasks):
        """Create the tasks of a template that waited for these tasks.

        Each for itself where both are for the same people, otherwise when all is done.
        """
        before = tasks.plan_template_id
        is_each = template._is_each_as(before)
        if not is_each and self._is_left_to_do(before, tasks):
            return
        # One that was deleted with its record begins nothing elsewhere.
        project = self._get_project()
        where = {(task.res_model, task.res_id) for task in tasks}
        if (project._name, project.id) in where:
            self._begin(template, tasks if is_each else None)

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
        self._insert_tasks(owner._prepare_missing(template, keys))

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

    def _is_left_to_do(self, template, tasks):
        """Tell whether anybody has still to do what a template gives, but these tasks.

        What has not appeared yet counts, and what the background has not planned yet.
        """
        if template.per == "addressee" and self.run_state:
            return True
        return self._has_left(template, but=tasks)

    def _has_left(self, templates, but=()):
        return any(self._find_left(templates, but, limit=1))

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

    def _go_on(self):
        """Begin what nothing keeps waiting any more, and bring the status in step."""
        # Who does a task at this moment does not see what has just gone.
        take_turn(self)
        for activity in self:
            templates = activity._get_templates()
            for template in templates - templates._get_beginning():
                if tasks := activity._find_done_before(template):
                    activity._begin_template(template, tasks)
        self._update_state()

    def _find_done_before(self, template):
        """Return done tasks that a template waited for: those after which none came.

        Any one, where it is not each for itself; of very many no others are read.
        """
        before = template.wait_template_id
        done = [("active", "=", False), ("plan_template_id", "=", before.id)]
        if not template._is_each_as(before):
            return self._get_tasks(*done, limit=1)
        known = [key for *_line, key in self._get_known_keys(template)]
        return self._get_tasks(*done, ("task_key", "not in", known))


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    def _is_each_as(self, other):
        """Tell whether there is a task of this one for each task of the other one."""
        return self.per == other.per != "one"

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
        tasks = self.env["mail.activity"].sudo()
        todo = self.env["relationship.activity.todo"].sudo()
        # Open ones, whatever the context shows.
        to_do = [("active", "=", True), ("plan_template_id", "in", gone.ids)]
        tasks = tasks.search(to_do)
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
