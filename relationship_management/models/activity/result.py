from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.button import open_form
from ..shared.finite import check_distance, is_amount


class RelationshipActivityResult(models.Model):
    """What may come of an activity of a type."""

    _name = "relationship.activity.result"
    _description = "Result of an activity"
    _inherit = ["relationship.discreet.mixin", "relationship.parent.guard.mixin"]
    _order = "sequence, id"
    _asks_right_first = True

    type_id = fields.Many2one(
        "relationship.activity.type", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    next_type_id = fields.Many2one(
        "relationship.activity.type",
        string="Next activity",
        index="btree_not_null",
        ondelete="set null",
        help="Proposed to whoever chooses the result; nothing is planned by itself.",
    )
    next_days = fields.Integer(
        string="After (days)", help="The start is proposed that many days later."
    )

    @api.constrains("next_days")
    def _check_next_days(self):
        if not all(is_amount(result.next_days) for result in self):
            raise ValidationError(
                self.env._(
                    "The next activity cannot begin before this one is done: enter the"
                    " days until then, or 0."
                )
            )
        check_distance(self, "next_days")


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    next_type_id = fields.Many2one(
        "relationship.activity.type",
        string="Proposed next",
        compute="_compute_next_type_id",
        help="What the result proposes to plan next.",
    )

    @api.depends("result_id", "state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_next_type_id(self):
        """Propose what may be planned here by the user."""
        for activity in self:
            # sudo: a type that is hidden, or gone, or of another company is not.
            kind = activity.result_id.sudo().next_type_id.filtered("active")
            own = kind.with_user(self.env.user)
            usable = own.can_use and own.has_access("read")
            here = own._check_company_domain(activity.company_id)
            fits = usable and own.filtered_domain(here)
            activity.next_type_id = kind.sudo(self.env.su) if fits else False

    def action_plan_next(self):
        """Open the activity that the result proposes, where this one was."""
        self.ensure_one()
        days = max(self.result_id.next_days, 0)
        names = ["lead_id", "campaign_id", "partner_id", "contact_id"]
        if not self._explain_unable(self.user_id):
            names.append("user_id")
        return open_form(
            self._name,
            name=self.env._("New activity"),
            context={
                "default_type_id": self.next_type_id.id,
                "default_name": self.next_type_id.name,
                "default_date_from": str(
                    fields.Date.context_today(self) + timedelta(days=days)
                ),
                **{f"default_{name}": self[name].id for name in names},
            },
        )
