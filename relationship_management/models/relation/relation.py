from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..shared.context import get_id
from ..shared.kinds import check_kinds
from ..shared.partner_fields import company_field, partner_field
from .relation_type import USES

ENDS = ("this_partner_id", "direction_id", "other_partner_id")
STORED_ENDS = ("left_partner_id", "type_id", "right_partner_id")


class RelationshipRelation(models.Model):
    """How one partner stands to another one: one row, read from both ends.

    The context key ``relationship_partner_id`` says from which end it is looked at;
    without it the sentence reads from the first partner. Screens and imports fill
    *this partner*, *direction* and *other partner*; left, type and right follow.
    """

    _name = "relationship.relation"
    _description = "Relation"
    _inherit = [
        "relationship.period.mixin",
        "relationship.opinion.mixin",
        "relationship.import.mixin",
        "relationship.type.guard.mixin",
        "relationship.analysed.mixin",
        "relationship.parent.guard.mixin",
    ]
    _order = "date_to desc nulls first, date_from desc, id desc"
    _rec_name = "sentence"
    _rec_names_search = (
        *("left_partner_id", "right_partner_id", "type_id.name"),
        *("type_id.inverse_name", "function"),
    )
    _check_company_auto = True
    _type_paths = ("type_id",)
    _import_owner = "left_partner_id"

    left_partner_id = partner_field(string="First partner")
    type_id = fields.Many2one(
        "relationship.relation.type",
        string="Relation type",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    right_partner_id = partner_field(string="Second partner")
    kind = fields.Selection(related="type_id.kind", store=True)
    company_id = company_field(
        help="Only this company sees the relation. Empty: every company.",
    )
    function = fields.Char()

    this_partner_id = fields.Many2one(
        "res.partner",
        compute="_compute_this_partner_id",
        string="Partner",
        readonly=False,
    )
    direction_id = fields.Many2one(
        "relationship.relation.direction",
        compute="_compute_direction_id",
        string="Relation",
        readonly=False,
    )
    other_partner_id = fields.Many2one(
        "res.partner",
        compute="_compute_other_partner_id",
        string="Other partner",
        readonly=False,
    )
    words = fields.Char(compute="_compute_words", string="Stands to")
    this_is_company = fields.Boolean(compute="_compute_words")
    this_is = fields.Char(compute="_compute_words")
    other_is = fields.Char(compute="_compute_words")
    share_use = fields.Selection(
        USES, compute="_compute_words", string="Use of the share"
    )
    function_use = fields.Selection(
        USES, compute="_compute_words", string="Use of the function"
    )
    sentence = fields.Char(compute="_compute_sentence", search="_search_sentence")
    is_current = fields.Boolean(
        compute="_compute_is_current", search="_search_is_current", string="Current"
    )

    # No constraint on the partners themselves: where one is broken, core's merge of
    # partners deletes every row of the merged ones.
    _type_left_idx = models.Index("(type_id, left_partner_id)")
    _type_right_idx = models.Index("(type_id, right_partner_id)")

    # Read from one end

    @api.depends(
        *("left_partner_id.company_id", "right_partner_id.company_id"),
        "type_id.company_id",
    )
    def _compute_company_id(self):
        for relation in self:
            relation.company_id = relation._get_company_of_ends()

    def _get_company_of_ends(self):
        return (
            self.left_partner_id.company_id
            or self.right_partner_id.company_id
            or self.type_id.company_id
            or self.company_id
        )

    def _is_seen_from_right(self):
        self.ensure_one()
        looked_from = get_id(self.env, "relationship_partner_id")
        return bool(looked_from) and self.right_partner_id._origin.id == looked_from

    @api.depends("left_partner_id", "right_partner_id")
    @api.depends_context("relationship_partner_id")
    def _compute_this_partner_id(self):
        for relation in self:
            ends = relation.left_partner_id, relation.right_partner_id
            relation.this_partner_id = ends[relation._is_seen_from_right()]

    @api.depends("left_partner_id", "right_partner_id")
    @api.depends_context("relationship_partner_id")
    def _compute_other_partner_id(self):
        for relation in self:
            ends = relation.left_partner_id, relation.right_partner_id
            relation.other_partner_id = ends[not relation._is_seen_from_right()]

    @api.depends("left_partner_id", "right_partner_id", "type_id")
    @api.depends_context("relationship_partner_id")
    def _compute_direction_id(self):
        directions = self.env["relationship.relation.direction"]
        for relation in self:
            relation.direction_id = directions._get_direction(
                relation.type_id, relation._is_seen_from_right()
            )

    # No names and kinds of partners in what these depend on: a partner that changes
    # would have to look for its relations.
    @api.depends("this_partner_id", "direction_id")
    @api.depends_context("relationship_partner_id", "lang")
    def _compute_words(self):
        for relation in self:
            # sudo: who may see a relation may know the words of its type.
            direction = relation.direction_id.sudo()
            relation.words = direction.name
            relation.this_is = direction.this_is
            relation.other_is = direction.other_is
            relation.share_use = direction.type_id.share_use
            relation.function_use = direction.type_id.function_use
            relation.this_is_company = relation.this_partner_id.sudo().is_company

    @api.model
    def default_get(self, fields):
        """Look from the partner in the context."""
        values = super().default_get(fields)
        looked_from = get_id(self.env, "relationship_partner_id")
        if looked_from and "this_partner_id" in fields:
            values.setdefault("this_partner_id", looked_from)
        return values

    @api.onchange(*ENDS)
    def _onchange_ends(self):
        self.company_id = (
            self.this_partner_id.company_id
            or self.other_partner_id.company_id
            or self.direction_id.company_id
        )

    @api.model_create_multi
    def create(self, vals_list):
        check_kinds(self, vals_list)
        vals_list = [self._prepare_ends(vals) for vals in vals_list]
        self._ask_for_named(vals_list, "left_partner_id", "right_partner_id")
        return super().create(vals_list)

    def write(self, vals):
        if not vals.keys() & {*ENDS, *STORED_ENDS}:
            return super().write(vals)
        check_kinds(self, [vals])
        self.check_access("write")
        for relation in self:
            values = relation._prepare_ends(vals)
            relation._ask_for_named([values], "left_partner_id", "right_partner_id")
            super(RelationshipRelation, relation).write(values)
        return True

    def _prepare_ends(self, vals):
        """Turn *this*, *direction* and *other* of ``vals`` into left, type and right.

        Called on one relation that is to change, or on none for a new one. A symmetric
        relation is stored with the lower partner on the left.
        """
        values = {name: value for name, value in vals.items() if name not in ENDS}
        if len(values) < len(vals):
            this, direction_id, other = (vals.get(name, self[name].id) for name in ENDS)
            this = this or get_id(self.env, "relationship_partner_id")
            direction = self.env["relationship.relation.direction"].browse(direction_id)
            ends = (other, this) if direction.is_inverse else (this, other)
            values["left_partner_id"], values["right_partner_id"] = ends
            values["type_id"] = direction.type_id.id
            if not all(
                values[n] for n in ("left_partner_id", "right_partner_id", "type_id")
            ):
                raise ValidationError(
                    self.env._("Choose both partners and their relation.")
                )
        if not self and not values.get("company_id"):
            values.pop("company_id", None)  # it follows the partners
        left, right, type_id = (
            values.get(name, self[name].id)
            for name in ("left_partner_id", "right_partner_id", "type_id")
        )
        # sudo: whether a type is the same from both ends is no secret.
        relation_type = self.env["relationship.relation.type"].sudo().browse(type_id)
        if left and right and left > right and relation_type.is_symmetric:
            values = {**values, "left_partner_id": right, "right_partner_id": left}
        return values

    @api.depends(
        *("this_partner_id", "direction_id", "other_partner_id"),
        *("date_from", "date_to", "share", "function"),
    )
    @api.depends_context("relationship_partner_id", "lang")
    def _compute_sentence(self):
        for relation in self:
            relation.sentence = relation._get_sentence()

    @api.model
    def _search_sentence(self, operator, value):
        """Find by any part of the sentence, see ``_rec_names_search``."""
        return Domain("display_name", operator, value)

    def _get_sentence(self):
        self.ensure_one()
        # sudo: who may see a relation may know the names in it.
        relation = self.sudo()
        # Where names are not inflected, a language may need a colon before one.
        sentence = self.env._(
            "%(this)s %(stands)s %(other)s",
            this=relation.this_partner_id.name or "…",
            stands=relation.direction_id.name or "…",
            other=relation.other_partner_id.name or "…",
        )
        details = [self._get_details(), self._get_period()]
        return ", ".join([sentence, *filter(None, details)])

    def _get_details(self):
        """Return function and share where the type asks for them."""
        self.ensure_one()
        details = []
        if self.function and self.function_use != "no":
            details.append(self.function)
        if self.share and self.share_use != "no":
            details.append(f"{self.share:g}\N{NO-BREAK SPACE}%")
        return ", ".join(details)

    def _get_period(self):
        """Return the time in words: “since 2024” or “from 3 May 2023 until 2024”.

        Whole years are told as years.
        """
        self.ensure_one()
        first = self._format_day(self.date_from, (1, 1))
        last = self._format_day(self.date_to, (12, 31))
        if first and last:
            if first == last:
                return first
            return self.env._("from %(first)s until %(last)s", first=first, last=last)
        if first and self.date_from > self._get_date():
            return self.env._("from %(first)s", first=first)
        if first:
            return self.env._("since %(first)s", first=first)
        return self.env._("until %(last)s", last=last) if last else ""

    def _format_day(self, day, border):
        if day and (day.month, day.day) == border:
            return str(day.year)
        return format_date(self.env, day)

    @api.depends("date_from", "date_to")
    @api.depends_context("relationship_date")
    def _compute_is_current(self):
        for relation in self:
            relation.is_current = relation._is_valid()

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        current = self._get_valid_domain()
        return Domain.OR(current if wanted else ~current for wanted in value)

    @api.model
    def _get_partner_domain(self, partner_ids):
        """Return the domain of the relations at whose ends these partners stand."""
        return Domain("left_partner_id", "in", partner_ids) | Domain(
            "right_partner_id", "in", partner_ids
        )

    # Rules

    def _get_ends(self):
        """Return the ids of both partners, in their order if that means something."""
        ends = self.left_partner_id._origin.id, self.right_partner_id._origin.id
        return tuple(sorted(ends)) if self.type_id.is_symmetric else ends

    def _excludes(self, other):
        """Tell whether the type allows only one of two relations at a time."""
        (left, right), (other_left, other_right) = self._get_ends(), other._get_ends()
        cardinality = self.type_id.cardinality
        if self.type_id.is_symmetric and cardinality == "one_one":
            return bool({left, right} & {other_left, other_right})
        return (left == other_left and cardinality in {"many_one", "one_one"}) or (
            right == other_right and cardinality in {"one_many", "one_one"}
        )

    # Actions

    def action_end(self):
        """End the relations today."""
        today = fields.Date.context_today(self)
        self.filtered(lambda r: r._is_valid(today)).write({"date_to": today})

    @api.model
    def _read_row(self, vals):
        try:
            return super()._read_row(self._prepare_ends(vals))
        except ValidationError:
            return super()._read_row(vals)  # what is missing is said when it is created

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import template for relations"),
                "template": "/relationship_management/static/import/relations.csv",
            }
        ]
