from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.context import get_marked
from ..shared.may_be_told import name_of
from ..shared.source import Contact, Source
from .frame import GENERATING


class MailActivity(models.Model):
    """A task remembers the stage in which it was planned, and what planned it."""

    _name = "mail.activity"
    _inherit = ["mail.activity", "relationship.server.fields.mixin"]
    # What only the generator says of a task.
    _generated_fields = frozenset({"plan_template_id"})

    crm_stage_id = fields.Many2one(
        "crm.stage",
        string="Sales stage",
        compute="_compute_crm_stage_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        help="The stage of the opportunity or campaign when the activity was planned.",
    )
    plan_template_id = fields.Many2one(
        "mail.activity.plan.template",
        string="Planned by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _describe_source(self):
        contact = Contact(self.env._("Activity"), 10, rows="_get_done_activity_rows")
        return Source(contact=contact)

    @api.depends("res_model", "res_id")
    def _compute_crm_stage_id(self):
        sources = self.env["relationship.source"]._get_descriptions()
        for model, source in sources.items():
            if not source.stage:
                continue
            activities = self.filtered(
                lambda activity, model=model: activity.res_model == model
            )
            records = self.env[model].browse(activities.mapped("res_id"))
            for activity, record in zip(activities, records, strict=True):
                planned = activity._origin.crm_stage_id  # stays, also in a merge
                activity.crm_stage_id = planned or record[source.stage]

    @api.model
    def _get_told(self):
        """Return a domain of the tasks that the user may be told, as far as we say."""
        return Domain.TRUE

    @api.model
    def _select_told(self, alias):
        """Return the same as a condition in SQL, about the task of an alias."""
        if (told := self._get_told()).is_true():
            return SQL("TRUE")
        # sudo: the condition names the companies of the user
        tasks = self.sudo().with_context(active_test=False)._search(told)
        ids = (SQL.identifier(table, "id") for table in (tasks.table, alias))
        tasks.add_where(SQL("%s = %s", *ids))
        return SQL("EXISTS %s", tasks.subselect())

    @api.model
    def _select_counted(self, alias):
        """Return a condition in SQL: statistics count the task of an alias."""
        return SQL("TRUE")

    @api.model
    def _get_server_fields(self):
        return self._generated_fields

    @api.model_create_multi
    def create(self, vals_list):
        """Let nobody but the generator say what planned a task."""
        if not self._may_generate():
            empty = dict.fromkeys(self._generated_fields, False)
            vals_list = [{**vals, **empty} for vals in vals_list]
        tasks = super().create(vals_list)
        if not self._may_generate():
            tasks.filtered(lambda task: task.user_id != self.env.user)._check_doers()
        return tasks

    def _put_off(self):
        """Put tasks off to the next working day, and return the day and these.

        Those that are due today, or late: what is planned for later would not become
        earlier, and a meeting is moved with those who take part.
        """
        today = fields.Date.context_today(self)
        day = self.env["res.company"]._move_working_days(today, 1)
        late = self.filtered(
            lambda task: task.date_deadline <= today and not task.calendar_event_id
        )
        late.date_deadline = day
        return day, late

    def _check_doers(self):
        """Refuse tasks for colleagues from whom their type or company keeps the record.

        Core lets somebody do a task at what they may not open; not at what is kept from
        them on purpose.
        """
        # sudo: to look at colleagues
        for model, tasks in (
            self.sudo().filtered("user_id").grouped("res_model").items()
        ):
            field = getattr(self.env.get(model or ""), "_type_field", None)
            if not field:
                continue
            # sudo: type and company of what the task hangs at
            records = self.env[model].sudo().browse(tasks.mapped("res_id")).exists()
            known = {record.id: record for record in records}
            for task in tasks.filtered(lambda task, known=known: task.res_id in known):
                record = known[task.res_id]
                kind, company = record[field], record.company_id
                if refusal := self._explain_unable(task.user_id, kind, company):
                    raise ValidationError(refusal)

    @api.model
    def _explain_unable(self, user, kind, company):
        """Return why a colleague cannot be given what is of a type and company."""
        if kind.id in kind.with_user(user)._get_forbidden_ids("see"):
            return self.env._(
                "%(user)s may not see records of the type %(type)s: choose somebody"
                " else.",
                user=name_of(user),
                type=name_of(kind, after_noun=True),
            )
        if company and company not in user.company_ids:
            return self.env._(
                "%(user)s does not work for %(company)s: choose somebody else.",
                user=name_of(user),
                company=name_of(company),
            )
        return None

    def _may_generate(self):
        return self.env.su or get_marked(self.env, GENERATING)

    def write(self, vals):
        """Begin what waits for a task when this one is done."""
        if not self._may_generate():
            vals = {k: v for k, v in vals.items() if k not in self._generated_fields}
        done = self.browse()
        if vals.get("active") is False:
            done = self.filtered(lambda task: task.active and task.plan_template_id)
        result = super().write(vals)
        if done:
            # sudo: whoever does a task may not plan; the next one was planned before.
            done.sudo()._begin_waiting()
        return result

    def unlink(self):
        """Begin what waits for a task that is given up: nobody does it any more."""
        given_up = self.filtered(lambda task: task.active and task.plan_template_id)
        given_up.sudo()._begin_waiting()  # sudo: as above
        return super().unlink()

    def _begin_waiting(self):
        """Create the tasks that waited for these, done or given up."""
        waiting = self.env["mail.activity.plan.template"].search(
            [("wait_template_id", "in", self.plan_template_id.ids)]
        )
        for template in waiting:
            tasks = self.filtered(
                lambda task, t=template: task.plan_template_id == t.wait_template_id
            )
            tasks._begin_template(template)

    def _begin_template(self, template):
        """Create the tasks of a template that waited for these, where they hang."""
        for model, tasks in self.grouped("res_model").items():
            records = self.env[model].browse(set(tasks.mapped("res_id"))).exists()
            if hasattr(records, "_create_tasks_of"):
                for record in records:
                    ended = tasks.filtered(lambda t, r=record: t.res_id == r.id)
                    record._create_tasks_of(template, ended)
