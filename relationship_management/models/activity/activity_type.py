from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..consent.channel import CHANNELS
from ..plan.turn import take_turn
from ..shared.finite import check_distance, is_amount, is_near
from ..types.number_range import company_range

# Nobody asks for consent to a visit; whoever is archived or hidden is left out.
VISIT = "visit"
# How an activity turns to somebody: over a channel of the consents, or in person.
ACTIVITY_CHANNELS = [*CHANNELS, (VISIT, "Visit")]
# More open tasks than that Odoo's own counter does not look at.
MANY = 1000


class RelationshipActivityType(models.Model):
    """A kind of activity: its number range, its defaults, and the tasks it makes."""

    _name = "relationship.activity.type"
    _description = "Activity type"
    _inherit = ["relationship.numbering.mixin"]
    _check_company_auto = True
    _used_by = {"relationship.activity": "type_id"}
    _records_action = "relationship_management.relationship_activity_action"

    company_sequence_id = company_range()
    channel = fields.Selection(
        ACTIVITY_CHANNELS,
        help="Members of a campaign who may not be reached over it get no task.",
    )
    duration_days = fields.Integer(
        string="Duration (days)",
        help="The end is proposed that many days after the start.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        check_company=True,
        ondelete="set null",
        help="Empty: the responsible of the project.",
    )
    tasks_per_day = fields.Integer(
        string="Tasks a day",
        default=20,
        help="Of the tasks for members of a campaign nobody gets more for one day: the"
        " others are due on the working days after it.",
    )
    includes_joining = fields.Boolean(
        string="Also for members who join later",
        help="Who is added to the campaign while the activity is open gets its tasks at"
        " once. Otherwise the activity says how many have none, and creates them by a"
        " button.",
    )
    text = fields.Html(
        string="Default text",
        help="Tasks without a note of their own take over the text of the activity.",
    )
    document_ids = fields.Many2many(
        "ir.attachment",
        "relationship_activity_type_document_rel",
        string="Documents",
        copy=False,
        help="Checklists, forms, letters to fill in: every activity of the type offers"
        " them.",
    )
    needs_result = fields.Boolean(
        string="Ask for the result",
        help="An activity whose tasks are all done asks what came of it.",
    )
    result_ids = fields.One2many(
        "relationship.activity.result", "type_id", string="Results", copy=True
    )
    template_ids = fields.One2many(
        "mail.activity.plan.template",
        "relationship_type_id",
        string="Tasks",
        copy=True,
        help="What saving an activity of this type gives people to do.",
    )

    @api.constrains("duration_days")
    def _check_duration(self):
        if not all(is_amount(record.duration_days) for record in self):
            raise ValidationError(
                self.env._(
                    "The duration of an activity cannot be negative: enter the days"
                    " that it takes, or 0 for one day."
                )
            )
        check_distance(self, "duration_days")

    @api.model_create_multi
    def create(self, vals_list):
        kinds = super().create(vals_list)
        kinds._own_documents()
        return kinds

    def write(self, vals):
        """Keep the plan that has the task templates in step."""
        result = super().write(vals)
        if "document_ids" in vals:
            self._own_documents()
        if {"name", "company_id"} & vals.keys():
            for record in self:
                record._find_plan().write(record._prepare_plan())
        return result

    @api.constrains("tasks_per_day")
    def _check_tasks_per_day(self):
        if not all(0 < record.tasks_per_day < MANY for record in self):
            raise ValidationError(
                self.env._(
                    "Enter how many tasks somebody gets for one day at most: one or"
                    " more, and fewer than %(many)s.",
                    many=MANY,
                )
            )

    def copy(self, default=None):
        copies = super().copy(default)
        for kind, copied in zip(self, copies, strict=True):
            if "document_ids" not in (default or {}):
                copied.document_ids = kind.document_ids
        if "template_ids" in (default or {}):
            return copies  # whose lines are others
        for kind, copied in zip(self, copies, strict=True):
            copied.template_ids._wait_like(kind.template_ids)
        return copies

    def unlink(self):
        """Let the plan go with its type: nothing else uses it."""
        plans = self._find_plan()
        result = super().unlink()
        plans.unlink()
        return result

    def _own_documents(self):
        """Let whoever sees a type read its documents; of others' it gets a copy."""
        for kind in self:
            own = {"res_model": kind._name, "res_id": kind.id}
            for document in kind.document_ids:
                if not document.res_id:
                    document.write(own)
                elif (document.res_model, document.res_id) != (kind._name, kind.id):
                    copied = document.copy({**own, "name": document.name})
                    kind.document_ids = kind.document_ids - document + copied

    def _find_plan(self):
        # sudo: whoever may change a type; the plan is a part of it.
        plans = self.env["mail.activity.plan"].sudo().with_context(active_test=False)
        return plans.search([("relationship_type_id", "in", self.ids)])

    def _get_plan(self):
        """Return the plan that has the task templates of the type."""
        self.ensure_one()
        if plan := self._find_plan():
            return plan
        # Two who enter the first line at one moment find one plan.
        take_turn(self)
        return self.env["mail.activity.plan"].create(
            {
                **self._prepare_plan(),
                "res_model": "relationship.activity",
                "relationship_type_id": self.id,
                # Nobody starts it by hand: saving an activity does.
                "active": False,
            }
        )

    def _prepare_plan(self):
        return {"name": self.name, "company_id": self.company_id.id}

    def _get_record_defaults(self):
        """Return the values that an activity of this type starts with.

        :return: dict of values for ``relationship.activity``
        """
        self.ensure_one()
        values = {
            "user_id": self.user_id.id,
            "channel": self.channel,
            "text": self.text,
        }
        return {name: value for name, value in values.items() if value}

    def _get_end(self, start):
        """Return the proposed last day of an activity that begins on a day."""
        if not start or not is_near(start):
            return start  # a check refuses it
        return start + relativedelta(days=max(self.duration_days, 0))
