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
        record = frame.record
        return [
            {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
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
