"""Odoo's dialog *Launch plan* shows and creates what our templates say."""

from dataclasses import replace

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.tools import format_date

from ..shared.button import RELOAD
from .found import create_tasks
from .frame import Frame, Work
from .placeholder import PLACEHOLDERS, fill, get_partner_words

# Elsewhere the addons say what a plan does to whose records it belongs.
LAUNCHED = ("crm.lead", "relationship.campaign", "res.partner")


class MailActivitySchedule(models.TransientModel):
    _inherit = "mail.activity.schedule"

    @api.depends("plan_date", "plan_id", "plan_on_demand_user_id")
    @api.depends("res_model", "res_ids")
    def _compute_plan_schedule_line_ids(self):
        result = super()._compute_plan_schedule_line_ids()
        for wizard in self:
            if wizard.plan_id and wizard.res_model in LAUNCHED:
                wizard.plan_schedule_line_ids = [
                    Command.clear(),
                    *map(Command.create, wizard._describe_lines()),
                ]
        return result

    def _describe_lines(self):
        """Return what launching does: tasks, and which ones follow after others."""
        records = self._get_applied_on_records().exists()
        templates = self._plan_filter_activity_templates_to_schedule()
        beginning = templates._get_beginning()
        frame = self._get_frame(records, Work()) if len(records) == 1 else None
        lines = []
        if frame:
            # Where nobody is found, what waits for that begins.
            _tasks, beginning = beginning._prepare_reached(replace(frame, work=Work()))
        for template in templates:
            if template in beginning:
                lines += self._describe_beginning(template, frame)
            else:
                lines.append({"line_description": template._tell_waiting(frame)})
        return lines

    def _describe_beginning(self, template, frame):
        lines = []
        for task in template._prepare_tasks(frame) if frame else [{}]:
            # Of several records each has days of its own.
            day = task.get("date_deadline", False)
            user = task.get("user_id") or template._get_named_user(self).id
            lines.append(
                {
                    "line_description": template._get_words(frame),
                    "responsible_user_id": user,
                    "line_date_deadline": day,
                }
            )
            lines += template._describe_next(day)
        return lines

    def _get_frame(self, record, work):
        """Return what the templates are applied to; whom the dialog asks for is asked.

        :param work: of what is launched together
        """
        frame = record._get_task_frame()
        responsible = frame.responsible
        if self.plan_has_user_on_demand:
            responsible = self.plan_on_demand_user_id or responsible
        start = self.plan_date or frame.days["start"]
        return replace(
            frame,
            responsible=responsible,
            days={**frame.days, "start": start, "end": start},
            words={**frame.words, "responsible": responsible.name},
            work=work,
        )

    def action_schedule_plan(self):
        if self.res_model not in LAUNCHED:
            return super().action_schedule_plan()
        records, work = self._get_applied_on_records(), Work()
        for record in records:
            self._launch(record, work)
        if len(records) == 1:
            return RELOAD
        return {
            "type": "ir.actions.act_window",
            "name": self.plan_id.name,
            "res_model": self.res_model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", records.ids)],
        }

    def _launch(self, record, work):
        """Create what begins, and say what waits for it."""
        templates = self._plan_filter_activity_templates_to_schedule()
        beginning = templates._get_beginning()
        frame = self._get_frame(record, work)
        planned, reached = beginning._prepare_reached(frame)
        tasks = create_tasks(self.env, planned)
        if hasattr(record, "_settle_planned") and record.has_access("write"):
            # Its stage or type proposes it no more.
            record._settle_planned(templates)
        told = [
            self.env._(
                "%(task)s: %(user)s, until %(day)s",
                task=task.summary or task.activity_type_id.name,
                user=task.user_id.name,
                day=format_date(self.env, task.date_deadline),
            )
            for task in tasks
        ]
        told += [template._tell_waiting(frame) for template in templates - reached]
        lines = Markup().join(Markup("<li>%s</li>") % line for line in told)
        record.message_post(
            body=Markup("%s<ul>%s</ul>")
            % (self.env._("Plan launched: %(plan)s", plan=self.plan_id.name), lines)
        )


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    def _get_words(self, frame):
        """Return what a task will say; of several records what they have in common."""
        words = frame.words if frame else dict.fromkeys(PLACEHOLDERS, "…")
        return fill(self.summary, words) or self.activity_type_id.name

    def _tell_waiting(self, frame):
        return self.env._(
            "%(task)s: follows when this is done: %(other)s",
            task=self._get_words(frame),
            other=self.wait_template_id._get_words(frame),
        )

    def _get_named_user(self, wizard):
        """Return who does it at whatever record, if the plan or the dialog says that.

        :param wizard: the dialog
        """
        if self.responsible_type == "on_demand":
            return wizard.plan_on_demand_user_id
        return self.responsible_id

    def _describe_next(self, day):
        """Return what Odoo's type of activity plans, or proposes, when it is done."""
        kind = self.activity_type_id
        for following in kind.triggered_next_type_id or kind.suggested_next_type_ids:
            later = following.with_context(activity_previous_deadline=day)
            yield {
                "line_description": following.summary or following.name,
                "responsible_user_id": following.default_user_id.id,
                "line_date_deadline": day and later._get_date_deadline(),
            }


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_task_frame(self):
        """Return what task templates are applied to at a partner."""
        self.ensure_one()
        # sudo: who looks after the company, also if that is another's to see
        company = self.commercial_partner_id.sudo()
        found = self.user_id or company.user_id.sudo(self.env.su)
        responsible = found or self.env.user
        today = fields.Date.context_today(self)
        return Frame(
            record=self,
            responsible=responsible,
            company=self.company_id or self.env.company,
            partner=self,
            days={"start": today, "end": today},
            words={
                **get_partner_words(self),
                "subject": self.name,
                "number": self.ref,
                "project": self.name,
                "responsible": responsible.name,
            },
        )

    def _create_tasks_of(self, template, ended):
        """Create the tasks of a template that waited, unless somebody took it."""
        if self.active and not template._is_taken(self, ended):
            frame = self._get_task_frame()
            planned, _reached = template._prepare_reached(frame, ended)
            create_tasks(self.env, planned)
