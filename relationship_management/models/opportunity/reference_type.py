from odoo import api, fields, models
from odoo.exceptions import ValidationError

REFERENCE_KINDS = [
    ("sales_representative", "Sales representative"),
    ("competitor", "Competitor"),
    ("decision_maker", "Decision maker"),
    ("influencer", "Influencer"),
    ("contact", "Contact person"),
    ("other", "Other"),
]


class RelationshipReferenceType(models.Model):
    """A role that a partner may play in a sales project.

    Rules and the history attach to the technical kind, never to the name. Not to be
    confused with permanent relations between partners.
    """

    _name = "relationship.reference.type"
    _description = "Reference type"
    _inherit = ["relationship.type.mixin"]
    _used_by = {
        "relationship.reference": "type_id",
        "relationship.planned.role": "reference_type_id",
    }

    kind = fields.Selection(
        REFERENCE_KINDS,
        required=True,
        default="other",
        help="What the role means: the history follows sales representatives and"
        " competitors by it.",
    )

    relation_type_ids = fields.Many2many(
        "relationship.relation.type",
        string="Suggested for relations",
        check_company=True,
        help="Whoever stands in one of these relations to the customer today is"
        " suggested in this role.",
    )

    @api.constrains("kind")
    def _check_kind_unused(self):
        if self._get_used():
            raise ValidationError(
                self.env._(
                    "Partner references use this type, so what it means cannot change:"
                    " create another type."
                )
            )
