from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..shared.may_be_told import names_of

ROLE_KINDS = [
    ("customer", "Customer"),
    ("supplier", "Supplier"),
    ("contact", "Contact"),
    ("employee", "Employee"),
    ("sales_representative", "Sales representative"),
    ("competitor", "Competitor"),
    ("prospect", "Prospect"),
    ("organisation", "Organisation"),
    ("other", "Other"),
]
NO_BUSINESS = {"contact", "other"}


class RelationshipRoleType(models.Model):
    """A role that partners may hold; rules attach to its kind, not to its name."""

    _name = "relationship.role.type"
    _description = "Partner role"
    _inherit = ["relationship.type.mixin"]

    use_group_ids = fields.Many2many(relation="relationship_role_type_use_rel")
    see_group_ids = fields.Many2many(relation="relationship_role_type_see_rel")
    analyse_group_ids = fields.Many2many(relation="relationship_role_type_analyse_rel")

    kind = fields.Selection(ROLE_KINDS, required=True, default="other")
    color = fields.Integer()
    ends_contact = fields.Boolean(
        string="Ends the role Contact",
        compute="_compute_ends_contact",
        store=True,
        readonly=False,
        precompute=True,
        help="A partner that gets this role is no longer a mere contact.",
    )

    @api.depends("kind")
    def _compute_ends_contact(self):
        for record in self:
            record.ends_contact = record.kind not in NO_BUSINESS

    @api.constrains("kind", "ends_contact")
    def _check_contact_does_not_end_itself(self):
        if self.filtered(lambda t: t.kind == "contact" and t.ends_contact):
            raise ValidationError(self.env._("The role Contact cannot end itself."))

    @api.constrains("kind")
    def _check_kind_unused(self):
        if used := self._get_used():
            raise ValidationError(
                self.env._(
                    "Partners hold the role %(roles)s, so what it means cannot change:"
                    " create another role.",
                    roles=names_of(used, after_noun=True),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if used := self._get_used():
            raise UserError(
                self.env._(
                    "Partners hold or held the role %(roles)s: archive it instead of"
                    " deleting it.",
                    roles=names_of(used, after_noun=True),
                )
            )

    def _get_used(self):
        # sudo: roles that the user may not see use the type just the same.
        roles = self.env["relationship.role"].sudo()
        used = roles._read_group([("type_id", "in", self.ids)], ["type_id"])
        return self.browse(record.id for (record,) in used)

    @api.model
    def _get_uses(self):
        return [("relationship.role", "type_id", self.env._("roles of partners"))]

    def _create_number_sequences(self):
        """Do nothing: roles are not numbered."""
