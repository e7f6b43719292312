from odoo import fields, models
from odoo.exceptions import UserError

SHOWN_NAMES = 4


class RelationshipPlanMixin(models.AbstractModel):
    """Records whose stage and type plan activities, each of them taken once.

    A plan is Odoo's ``mail.activity.plan``. What was created, or left out by hand, is
    remembered by line, so that a second visit to a stage proposes only what is new.
    The inheriting model calls ``_take_planned("create")`` after creating a record and
    after changing its stage or type.
    """

    _name = "relationship.plan.mixin"
    _description = "Record with planned activities"

    planned_template_ids = fields.Many2many(
        "mail.activity.plan.template",
        string="Settled activities",
        copy=False,
        help="Lines of activity plans that were created here or left out.",
    )
    planned_message = fields.Char(compute="_compute_planned_message")

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

    def _compute_planned_message(self):
        for record in self:
            templates = record._get_pending_templates("propose")
            record.planned_message = record._describe_planned(templates)

    def _describe_planned(self, templates):
        if not templates:
            return False
        names = [line.summary or line.activity_type_id.name for line in templates]
        more = len(names) - SHOWN_NAMES
        shown = ", ".join(names[:SHOWN_NAMES])
        if more > 0:
            return self.env._(
                "Planned here: %(activities)s and %(count)s more.",
                activities=shown,
                count=more,
            )
        return self.env._("Planned here: %(activities)s.", activities=shown)

    def action_create_planned(self):
        """Create the proposed activities that are not settled yet."""
        self.check_access("write")
        self._take_planned("propose")
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_skip_planned(self):
        """Leave the proposed activities out."""
        self.check_access("write")
        for record in self:
            record._settle_planned(record._get_pending_templates("propose"))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _take_planned(self, mode):
        """Create pending activities; of two people at once the later one waits."""
        for record in self:
            templates = record._get_pending_templates(mode)
            record._settle_planned(templates)
            for template in templates:
                record._schedule_planned(template)

    def _settle_planned(self, templates):
        if templates:
            self.planned_template_ids = [
                fields.Command.link(template.id) for template in templates
            ]

    def _schedule_planned(self, template):
        """Create the activity of a line, for whom the line says."""
        fallback = self.user_id or self.env.user
        found = template._determine_responsible(fallback, self)
        if found["error"]:
            raise UserError(found["error"])
        return self.activity_schedule(
            activity_type_id=template.activity_type_id.id,
            automated=False,
            summary=template.summary,
            note=template.note,
            user_id=found["responsible"].id,
            date_deadline=template._get_date_deadline(),
        )
