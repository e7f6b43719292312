from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..shared.may_be_told import name_of
from ..types.remembered import forget

DEMANDS = [
    ("proposal", "Propose it"),
    ("warning", "Warn"),
    ("block", "Refuse the stage"),
]


class RelationshipPlannedRole(models.Model):
    """A role that somebody should play, or has to play, in a kind of opportunities.

    A line belongs to a type, to a stage or to both. With a stage it holds from this
    stage on, in the order of the stages; without a type it holds for every type. Other
    kinds of documents have types of their own (``people/planned.py``).
    """

    _name = "relationship.planned.role"
    _description = "Planned role"
    _inherit = ["relationship.discreet.mixin", "relationship.parent.guard.mixin"]
    _order = "sequence, id"
    _check_company_auto = True
    _asks_right_first = True

    sequence = fields.Integer(default=10)
    opportunity_type_id = fields.Many2one(
        "relationship.opportunity.type",
        string="Opportunity type",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Empty: opportunities of every type.",
    )
    stage_id = fields.Many2one(
        "crm.stage",
        string="From the stage on",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('use_for', '!=', 'campaign')]",
        check_company=True,
        help="Empty: from the beginning.",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )
    reference_type_id = fields.Many2one(
        "relationship.reference.type",
        string="Role",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    minimum = fields.Integer(
        string="How many", required=True, default=1, help="Different people at least."
    )
    demand = fields.Selection(
        DEMANDS,
        string="If somebody is missing",
        required=True,
        default="proposal",
        help="Propose it: a grey line on the page People. Warn: a yellow line on the"
        " opportunity. Refuse the stage: the opportunity cannot get there.",
    )

    @api.model
    def _get_places(self):
        """Return the names of the fields that say for what a line holds."""
        return ["opportunity_type_id", "stage_id"]

    @api.depends(lambda self: [f"{name}.company_id" for name in self._get_places()])
    def _compute_company_id(self):
        for line in self:
            places = (line[name] for name in self._get_places())
            companies = (place.company_id for place in places)
            line.company_id = next(filter(None, companies), False)

    @api.constrains("minimum")
    def _check_minimum(self):
        if any(line.minimum < 1 for line in self):
            raise ValidationError(
                self.env._(
                    "A planned role needs one person at least: enter 1 or more, or"
                    " remove the line."
                )
            )

    @api.constrains(lambda self: [*self._get_places(), "reference_type_id"])
    def _check_place(self):
        names = self._get_places()
        if not all(any(line[name] for name in names) for line in self):
            raise ValidationError(
                self.env._(
                    "Choose an opportunity type or a stage for the planned role."
                )
            )

    @api.constrains("demand", "stage_id")
    def _check_stage(self):
        for line in self:
            if line.demand == "block" and not line.stage_id:
                raise ValidationError(
                    self.env._(
                        "Choose the stage that is refused without the role %(role)s:"
                        " nobody could create an opportunity otherwise.",
                        role=name_of(line.reference_type_id, after_noun=True),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        result = super().create(vals_list)
        forget(self.env)
        return result

    def write(self, vals):
        result = super().write(vals)
        forget(self.env)
        return result

    def unlink(self):
        result = super().unlink()
        forget(self.env)
        return result

    @api.model
    @tools.ormcache("self.env['ir.rule']._get_state()")
    def _get_demands(self):
        """Return which demands there are at all: mostly none, so nothing to look up."""
        # sudo: whether there is a rule does not depend on who asks.
        groups = self.sudo()._read_group([], ["demand"])
        return frozenset(demand for (demand,) in groups)

    def _applies_to(self, lead):
        """Return whether an opportunity has come as far as the line."""
        self.ensure_one()
        companies = (lead.company_id, lead.company_id.browse())
        if (
            not (self.opportunity_type_id or self.stage_id)
            or self.company_id not in companies
            or not self.reference_type_id.active
            or (
                self.opportunity_type_id
                and self.opportunity_type_id != lead.opportunity_type_id
            )
        ):
            return False
        return (
            not self.stage_id
            or self.stage_id == lead.stage_id
            or lead.stage_id.sequence > self.stage_id.sequence
        )
