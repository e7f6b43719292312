from odoo import api, fields, models
from odoo.exceptions import ValidationError

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
    _used_by = {"relationship.role": "type_id"}

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
