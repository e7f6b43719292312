from odoo import api, fields, models


class RelationshipConsentPurpose(models.Model):
    """What somebody agrees to, or objects to."""

    _name = "relationship.consent.purpose"
    _description = "Consent purpose"
    _inherit = ["relationship.discreet.mixin", "relationship.parent.guard.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        copy=False, help="A short name that imports and other programs use."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="restrict",
        help="Only this company uses the purpose. Empty: every company.",
    )
    note = fields.Text(
        string="Description", translate=True, help="The text that people agree to."
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Another consent purpose already has this code: choose a different one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._ask_for_named(vals_list, "company_id")
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("company_id"):
            self.check_access("write")
            self._ask_for_named([vals], "company_id")
        return super().write(vals)
