from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.may_be_told import name_of, names_of

RELATION_KINDS = [
    ("employment", "Employment"),
    ("ownership", "Ownership"),
    ("business", "Business"),
    ("competition", "Competition"),
    ("advice", "Advice"),
    ("personal", "Personal"),
    ("other", "Other"),
]
SIDES = [("any", "Anybody"), ("person", "A person"), ("company", "A company")]
# Each first partner has one second one at a time.
SINGLE = ("many_one", "one_one")
USES = [("no", "Not asked"), ("optional", "Optional"), ("required", "Required")]


class RelationshipRelationType(models.Model):
    """How two partners may stand to each other, in words from both ends."""

    _name = "relationship.relation.type"
    _description = "Relation type"
    _inherit = ["relationship.type.mixin"]
    _used_by = {"relationship.relation": "type_id"}

    inverse_name = fields.Char(
        string="Read from the other end",
        translate=True,
        help="“is assistant of” reads “has assistant” from the other end.",
    )
    kind = fields.Selection(RELATION_KINDS, required=True, default="other")
    is_symmetric = fields.Boolean(
        string="Same words from both ends",
        help="As in “knows”: there is no first and no second partner.",
    )
    left_is = fields.Selection(
        SIDES, string="First partner", required=True, default="any"
    )
    right_is = fields.Selection(
        SIDES, string="Second partner", required=True, default="any"
    )
    left_role_type_id = fields.Many2one(
        "relationship.role.type",
        string="Role of the first partner",
        ondelete="restrict",
        help="Only partners who hold this role may stand on this side.",
    )
    right_role_type_id = fields.Many2one(
        "relationship.role.type",
        string="Role of the second partner",
        ondelete="restrict",
        help="Only partners who hold this role may stand on this side.",
    )
    cardinality = fields.Selection(
        [
            ("many_many", "Any number on both sides"),
            ("many_one", "One second partner at a time for each first one"),
            ("one_many", "One first partner at a time for each second one"),
            ("one_one", "One on each side at a time"),
        ],
        string="How many",
        required=True,
        default="many_many",
    )
    share_use = fields.Selection(USES, string="Share", required=True, default="no")
    function_use = fields.Selection(
        USES, string="Function", required=True, default="no"
    )
    preview = fields.Char(compute="_compute_preview", string="Reads")

    @api.depends("name", "inverse_name", "is_symmetric")
    def _compute_preview(self):
        for record in self:
            words = (record.name or "…", record._get_words(True) or "…")
            record.preview = "A {} B · B {} A".format(*words)

    def _get_words(self, is_inverse):
        """Return the words from the first partner's end, or from the second one's."""
        self.ensure_one()
        if is_inverse and not self.is_symmetric:
            return self.inverse_name
        return self.name

    @api.constrains("name", "is_symmetric", "inverse_name")
    def _check_inverse_name(self):
        if not all(r.is_symmetric or (r.inverse_name or "").strip() for r in self):
            raise ValidationError(
                self.env._(
                    "Say how the relation reads from the other end, or tick “Same words"
                    " from both ends”."
                )
            )

    @api.constrains(
        *("is_symmetric", "left_is", "right_is", "left_role_type_id"),
        *("right_role_type_id", "cardinality", "share_use", "function_use"),
        "company_id",
    )
    def _check_relations(self):
        for record in self:
            if record.is_symmetric and (
                record.left_is != record.right_is
                or record.left_role_type_id != record.right_role_type_id
                or record.cardinality in {"many_one", "one_many"}
            ):
                raise ValidationError(
                    self.env._(
                        "%(type)s has the same words from both ends, so its two sides"
                        " must ask for the same: change the sides or the words.",
                        type=name_of(record),
                    )
                )
        relations = self.env["relationship.relation"]
        relations._refuse_problems(relations._find_type_problems(self))

    @api.constrains("is_symmetric", "kind")
    def _check_direction_unused(self):
        if used := self._get_used():
            raise ValidationError(
                self.env._(
                    "Relations of the type %(types)s exist, so its direction and kind"
                    " cannot change: create another type.",
                    types=names_of(used, after_noun=True),
                )
            )

    def write(self, vals):
        """Change; the words in the directions change with it."""
        result = super().write(vals)
        self.env["relationship.relation.direction"].invalidate_model()
        return result
