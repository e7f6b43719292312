from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class RelationshipRelation(models.Model):
    """How one partner stands to another one: one row, read from both ends.

    The context key ``relationship_partner_id`` says from which end it is looked at;
    without it the sentence reads from the first partner.
    """

    _name = "relationship.relation"
    _description = "Relation"
    _inherit = ["relationship.period.mixin"]
    _order = "date_to desc nulls first, date_from desc, id desc"
    _rec_name = "sentence"
    _check_company_auto = True

    left_partner_id = fields.Many2one(
        "res.partner",
        string="First partner",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    type_id = fields.Many2one(
        "relationship.relation.type",
        string="Relation",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    right_partner_id = fields.Many2one(
        "res.partner",
        string="Second partner",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    kind = fields.Selection(related="type_id.kind", store=True)
    share_use = fields.Selection(related="type_id.share_use")
    function_use = fields.Selection(
        related="type_id.function_use", string="Use of the function"
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Only this company sees the relation. Empty: every company.",
    )
    share = fields.Float(string="Share (%)")
    function = fields.Char()
    influence = fields.Selection(
        [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Decides")]
    )
    attitude = fields.Selection(
        [("for", "For us"), ("neutral", "Neutral"), ("against", "Against us")]
    )
    note = fields.Char()

    this_partner_id = fields.Many2one(
        "res.partner", compute="_compute_ends", string="Partner"
    )
    other_partner_id = fields.Many2one(
        "res.partner", compute="_compute_ends", string="Other partner", readonly=False
    )
    direction = fields.Selection(
        "_selection_direction",
        compute="_compute_ends",
        string="How they stand to each other",
        readonly=False,
    )
    words = fields.Char(compute="_compute_ends", string="Stands to")
    sentence = fields.Char(compute="_compute_sentence")
    is_current = fields.Boolean(
        compute="_compute_is_current", search="_search_is_current", string="Current"
    )

    _share_range = models.Constraint(
        "CHECK(share >= 0 AND share <= 100)",
        "The share must lie between 0 and 100 %.",
    )
    _different_partners = models.Constraint(
        "CHECK(left_partner_id != right_partner_id)",
        "A partner cannot stand in a relation to itself: choose another partner.",
    )
    _type_left_idx = models.Index("(type_id, left_partner_id)")
    _type_right_idx = models.Index("(type_id, right_partner_id)")

    # Read from one end

    @api.depends("left_partner_id.company_id", "right_partner_id.company_id")
    def _compute_company_id(self):
        for relation in self:
            relation.company_id = (
                relation.left_partner_id.company_id
                or relation.right_partner_id.company_id
                or relation.company_id
            )

    @api.depends("left_partner_id", "right_partner_id", "type_id")
    @api.depends_context("relationship_partner_id", "lang")
    def _compute_ends(self):
        looked_from = self.env.context.get("relationship_partner_id")
        for relation in self:
            ends = relation.left_partner_id, relation.right_partner_id
            is_inverse = bool(looked_from) and ends[1]._origin.id == looked_from
            relation.this_partner_id = ends[is_inverse]
            relation.other_partner_id = ends[not is_inverse]
            kind = relation.type_id
            relation.words = kind._get_words(is_inverse) if kind else False
            is_inverse = is_inverse and not kind.is_symmetric
            relation.direction = kind and f"{kind.id}:{int(is_inverse)}"

    @api.model
    def _selection_direction(self):
        """Return the words of every type, from both ends: (“7:1”, “has assistant”)."""
        return [
            (f"{kind.id}:{int(is_inverse)}", kind._get_words(is_inverse))
            for kind in self.env["relationship.relation.type"].search([])
            for is_inverse in ((False,) if kind.is_symmetric else (False, True))
        ]

    @api.model
    def default_get(self, fields_list):
        """Stand on the first side when looked at from a partner."""
        values = super().default_get(fields_list)
        looked_from = self.env.context.get("relationship_partner_id")
        if looked_from and not values.get("right_partner_id"):
            values.setdefault("left_partner_id", looked_from)
        return values

    @api.onchange("direction", "other_partner_id")
    def _onchange_this_end(self):
        """Put both partners on the sides that the chosen words mean."""
        looked_from = self.env.context.get("relationship_partner_id")
        if not looked_from:
            return
        this, other = self.env["res.partner"].browse(looked_from), self.other_partner_id
        type_id, _colon, is_inverse = (self.direction or "").partition(":")
        self.type_id = int(type_id) if type_id else False
        ends = (other, this) if is_inverse == "1" else (this, other)
        self.left_partner_id, self.right_partner_id = ends

    @api.depends(
        *("left_partner_id.name", "right_partner_id.name"),
        *("type_id.name", "type_id.inverse_name", "date_from", "date_to"),
    )
    @api.depends_context("relationship_partner_id", "lang")
    def _compute_sentence(self):
        for relation in self:
            relation.sentence = relation._get_sentence()

    def _get_sentence(self):
        self.ensure_one()
        sentence = " ".join(
            (
                self.this_partner_id.name or "…",
                self.words or "…",
                self.other_partner_id.name or "…",
            )
        )
        days = {
            "first": format_date(self.env, self.date_from),
            "last": format_date(self.env, self.date_to),
        }
        if self.date_from and self.date_to:
            return self.env._(
                "%(relation)s, from %(first)s to %(last)s", relation=sentence, **days
            )
        if self.date_from:
            return self.env._(
                "%(relation)s, since %(first)s", relation=sentence, first=days["first"]
            )
        if self.date_to:
            return self.env._(
                "%(relation)s, until %(last)s", relation=sentence, last=days["last"]
            )
        return sentence

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

    @api.constrains("left_partner_id", "right_partner_id", "type_id")
    def _check_direction(self):
        """Keep the lower partner on the left of a symmetric relation."""
        for relation in self.filtered("type_id.is_symmetric"):
            left, right = relation.left_partner_id, relation.right_partner_id
            if left.id > right.id:
                relation.write(
                    {"left_partner_id": right.id, "right_partner_id": left.id}
                )

    @api.constrains(
        *("left_partner_id", "right_partner_id", "type_id", "share", "function"),
        *("date_from", "date_to", "company_id"),
    )
    def _check_rules(self):
        if problems := self._get_problems():
            raise ValidationError("\n".join(problems.values()))

    def _get_problems(self):
        """Return what breaks the rules of the types: {relation: sentence}."""
        problems = {}
        others = self._get_neighbours()
        for relation in self:
            problem = relation._get_own_problem() or relation._get_common_problem(
                others.get(relation.type_id.id, ())
            )
            if problem:
                problems[relation] = problem
        return problems

    def _get_neighbours(self):
        """Return the relations that may collide: {type id: relations}."""
        partners = self.left_partner_id | self.right_partner_id
        # sudo: relations of other companies and hidden types collide just the same.
        found = self.sudo().search_fetch(
            Domain("type_id", "in", self.type_id.ids)
            & self._get_partner_domain(partners.ids),
            ["type_id", "left_partner_id", "right_partner_id", "date_from", "date_to"],
        )
        return found.grouped(lambda relation: relation.type_id.id)

    def _get_own_problem(self):
        self.ensure_one()
        kind = self.type_id
        sides = (
            (self.left_partner_id, kind.left_is, kind.left_role_type_id),
            (self.right_partner_id, kind.right_is, kind.right_role_type_id),
        )
        for partner, wanted, role in sides:
            if problem := self._get_side_problem(partner, wanted, role):
                return problem
        values = {"relation": self.sentence}
        if kind.share_use == "required" and not self.share:
            return self.env._("%(relation)s: enter the share in percent.", **values)
        if kind.function_use == "required" and not self.function:
            return self.env._("%(relation)s: enter the function.", **values)
        return ""

    def _get_side_problem(self, partner, wanted, role):
        values = {"relation": self.sentence, "partner": partner.display_name}
        if wanted == "person" and partner.is_company:
            return self.env._(
                "%(relation)s: %(partner)s is a company, but here stands a person.",
                **values,
            )
        if wanted == "company" and not partner.is_company:
            return self.env._(
                "%(relation)s: %(partner)s is a person, but here stands a company.",
                **values,
            )
        # sudo: a role for another company, or of a hidden type, is a role as well.
        if role and not any(
            held.type_id == role and held.state != "refused" and self._overlaps(held)
            for held in partner.sudo().role_ids
        ):
            return self.env._(
                "%(relation)s: %(partner)s does not hold the role %(role)s in this"
                " time. Give the role first.",
                role=role.sudo().name,
                **values,
            )
        return ""

    def _get_common_problem(self, others):
        """Return what collides with other relations of the type."""
        self.ensure_one()
        for other in others:
            if other.id == self._origin.id or not self._overlaps(other):
                continue
            if self._get_ends() == other._get_ends():
                return self.env._(
                    "%(relation)s: this relation is already there in that time. Change"
                    " the existing one, or choose other days.",
                    relation=self.sentence,
                )
            if self._excludes(other):
                return self.env._(
                    "%(relation)s: only one at a time, and there is already"
                    " “%(other)s”. End that one first.",
                    relation=self.sentence,
                    other=other.sentence,
                )
        return ""

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
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import template for relations"),
                "template": "/relationship_management/static/import/relations.csv",
            }
        ]
