"""The one place where tasks come from: of plans, stages, types and activities."""

from odoo import models

from .frame import Subject
from .placeholder import fill


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    def _prepare_tasks(self, frame, keys=None):
        """Return the values of the tasks that these templates make.

        :param frame: what they are applied to, see :class:`~.frame.Frame`
        :param keys: only for the subjects with these keys
        """
        tasks = []
        for template in self:
            for subject in template._get_subjects(frame):
                if keys is None or subject.key in keys:
                    tasks += template._prepare_task(frame, subject)
        return tasks

    def _prepare_reached(self, frame, ended=None):
        """Return the values of tasks, and the templates that gave them or found nobody.

        What waits for a template that finds nobody begins in its place.

        :param ended: tasks of a plan that are done: what came after them is there
        """
        tasks, reached = self._prepare_tasks(frame), self
        given = {task["plan_template_id"] for task in tasks}
        nobody = self.filtered(
            lambda t: t.id not in given and t._is_passed_over(frame.bracket)
        )
        if nobody:
            # sudo: the lines of one plan belong together
            lines = self.sudo().plan_id.template_ids.sudo(self.env.su)
            waiting = lines.filtered(lambda t: t.sudo().wait_template_id in nobody)
            if ended is not None:
                waiting = waiting.filtered(
                    lambda t: not t._is_taken(frame.record, ended)
                )
            if waiting:
                further, others = waiting._prepare_reached(frame, ended)
                tasks, reached = tasks + further, reached | others
        return tasks, reached

    def _is_passed_over(self, bracket):
        """Tell whether others begin that wait for it, where it finds nobody."""
        return True

    def _get_beginning(self):
        """Return the templates that wait for none of these others."""
        return self.filtered(lambda t: t.sudo().wait_template_id not in self)

    def _get_subjects(self, frame):
        """Return for whom there is a task each: for everything together, one."""
        return [Subject()]

    def _prepare_task(self, frame, subject):
        """Return a list of the values of one task, or of none."""
        deadline, user = self._choose_day(frame, subject)
        if not user:
            return []
        return [
            {
                "res_model_id": frame.model_id,
                "res_id": frame.record.id,
                "activity_type_id": self.activity_type_id.id,
                "user_id": user.id,
                "date_deadline": deadline,
                "automated": False,
                "plan_template_id": self.id,
                **self._get_task_texts(frame, subject),
                **subject.values,
            }
        ]

    def _choose_day(self, frame, subject):
        """Return when a task is due, and who does it then."""
        deadline = self._get_task_deadline(frame)
        return deadline, self._choose_user(frame, subject, deadline)

    def _get_task_texts(self, frame, subject):
        words = {**frame.words, **subject.words}
        return {
            "summary": fill(self.summary, words),
            "note": fill(self.note, words),
        }
