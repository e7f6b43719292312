from odoo import api, fields, models

from ..shared.button import RELOAD
from .found import create_tasks, open_tasks
from .frame import Frame
from .placeholder import get_partner_words

SHOWN_NAMES = 4


class RelationshipPlanningMixin(models.AbstractModel):
    """A type or stage whose records get the activities of a plan."""

    _name = "relationship.planning.mixin"
    _description = "What plans activities"

    activity_plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Activity plan",
        domain="[('res_model', '=', 'crm.lead'),"
        " ('company_id', 'in', [company_id, False])]",
        check_company=True,
        ondelete="restrict",
    )
    activity_plan_mode = fields.Selection(
        [("propose", "Propose them"), ("create", "Create them at once")],
        string="Planned activities",
        required=True,
        default="propose",
    )


class RelationshipPlanMixin(models.AbstractModel):
    """Records whose stage and type plan activities, each of them taken once.

    A plan is Odoo's ``mail.activity.plan``. What was created, or left out by hand, is
    remembered by line, so that a second visit to a stage proposes only what is new.
    The inheriting model calls ``_create_planned()`` after creating and changing a
    record; ``_plan_fields`` are those that decide about the plans.
    """

    _name = "relationship.plan.mixin"
    _description = "Record with planned activities"
    _plan_fields = frozenset()

    planned_template_ids = fields.Many2many(
        "mail.activity.plan.template",
        string="Settled activities",
        copy=False,
        help="Lines of activity plans that were created here or left out.",
    )
    planned_message = fields.Text(compute="_compute_planned_message")

    def _get_plans(self):
        """Return pairs of a plan and its mode, from the record's type and stage."""
        self.ensure_one()
        return []

    def _may_plan(self):
        """Return whether the record is at work, so that plans are worth proposing."""
        self.ensure_one()
        return True

    def _get_pending_templates(self, mode):
        """Return the lines of the plans that are not settled yet, in their order.

        :param mode: ``propose`` or ``create``, as the stage or the type says
        """
        self.ensure_one()
        templates = self.env["mail.activity.plan.template"]
        if not self._may_plan():
            return templates
        for plan, plan_mode in self._get_plans():
            if plan.active and plan_mode == mode:
                templates |= plan.template_ids
        return templates and templates - self.planned_template_ids._origin

    @api.depends(lambda self: [*self._plan_fields, "planned_template_ids"])
    def _compute_planned_message(self):
        for record in self:
            templates = record._get_pending_templates("propose")
            record.planned_message = record._describe_planned(templates)

    def _describe_planned(self, templates):
        if not templates:
            return False
        names = [line.summary or line.activity_type_id.name for line in templates]
        lines = [f"– {name}" for name in names[:SHOWN_NAMES]]
        if (more := len(names) - SHOWN_NAMES) > 0:
            lines.append(self.env._("… and %(count)s more.", count=more))
        return "\n".join([self.env._("Planned here:"), *lines])

    def action_create_planned(self):
        """Create the proposed activities that are not settled yet."""
        self.check_access("write")
        self._take_planned("propose")
        return RELOAD

    def action_skip_planned(self):
        """Leave the proposed activities out."""
        self.check_access("write")
        for record in self:
            record._settle_planned(record._get_pending_templates("propose"))
        return RELOAD

    def _create_planned(self, vals=None):
        """Create what a stage or a type plans to be created at once.

        :param vals: what has changed; of a new record nothing
        """
        if vals is None or self._plan_fields & vals.keys():
            # sudo: whoever moves a record may give it away in the same step.
            self.sudo()._take_planned("create")

    def _take_planned(self, mode):
        """Create pending tasks; of two people at once the later one waits."""
        for record in self:
            templates = record._get_pending_templates(mode)
            record._settle_planned(templates)
            beginning = templates._get_beginning()
            record._create_tasks(beginning - record._filter_held(beginning))

    def _filter_held(self, templates):
        """Return those that wait for what was planned before and is still to do."""
        # sudo: whoever has to do it; nothing of it is shown.
        tasks = open_tasks(self.env).sudo()
        here = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return templates.filtered(
            lambda template: (
                (above := template._get_above())
                and tasks.search_count(
                    [*here, ("plan_template_id", "in", above.ids)], limit=1
                )
            )
        )

    def _settle_planned(self, templates):
        if templates:
            self.planned_template_ids = [
                fields.Command.link(template.id) for template in templates
            ]

    def _create_tasks(self, templates, ended=()):
        """Create the tasks of templates, for whom and when these say.

        :param ended: tasks for which they waited
        """
        ended = ended or self.env["mail.activity"]
        if not templates:
            return ended.browse()
        planned, _reached = templates._prepare_reached(self._get_task_frame(), ended)
        return create_tasks(self.env, planned)

    def _create_tasks_of(self, template, ended):
        """Create the tasks of a template that waited, unless somebody took it."""
        if self._may_plan() and not template._is_taken(self, ended):
            self._settle_planned(template)
            self._create_tasks(template, ended)

    def _get_task_frame(self):
        """Return what task templates are applied to here."""
        self.ensure_one()
        responsible = self.user_id or self.env.user
        partner = self._get_task_partner()
        today = fields.Date.context_today(self)
        return Frame(
            record=self,
            responsible=responsible,
            company=self.company_id or self.env.company,
            partner=partner,
            days={"start": today, "end": today, **self._get_project_days()},
            words={
                **get_partner_words(partner, otherwise=self[self._rec_name]),
                "subject": self[self._rec_name],
                "number": self.number,
                "project": self[self._rec_name],
                "responsible": responsible.name,
            },
        )

    def _get_task_partner(self):
        """Return whom the record is about."""
        return self.env["res.partner"]

    def _get_project_days(self):
        """Return the days from which tasks of the project are counted."""
        return {"project_start": False, "project_deadline": False}
