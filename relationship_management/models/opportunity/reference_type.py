from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..shared.may_be_told import names_of

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
    _description = "Partner reference type"
    _inherit = ["relationship.type.mixin"]

    use_group_ids = fields.Many2many(relation="relationship_reference_type_use_rel")
    see_group_ids = fields.Many2many(relation="relationship_reference_type_see_rel")
    analyse_group_ids = fields.Many2many(
        relation="relationship_reference_type_analyse_rel"
    )

    kind = fields.Selection(
        REFERENCE_KINDS,
        required=True,
        default="other",
        help="What the role means: the history follows sales representatives and"
        " competitors by it.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: references that the user may not see use the type just the same.
        used = (
            self.env["relationship.reference"]
            .sudo()
            ._read_group([("type_id", "in", self.ids)], ["type_id"])
        )
        if used:
            raise UserError(
                self.env._(
                    "Partner references of the type %(types)s exist: archive the type"
                    " instead of deleting it.",
                    types=names_of(
                        self.browse(record.id for (record,) in used), after_noun=True
                    ),
                )
            )

    @api.constrains("kind")
    def _check_kind_unused(self):
        # sudo: references that the user may not see use the type just the same.
        references = self.env["relationship.reference"].sudo()
        if references.search_count([("type_id", "in", self.ids)], limit=1):
            raise ValidationError(
                self.env._(
                    "Partner references use this type, so what it means cannot change:"
                    " create another type."
                )
            )

    @api.model
    def _get_uses(self):
        references = self.env._("partner references")
        planned = self.env._("planned roles")
        return [
            ("relationship.reference", "type_id", references),
            ("relationship.planned.role", "reference_type_id", planned),
        ]

    def _create_number_sequences(self):
        """Do nothing: reference types number no records."""
