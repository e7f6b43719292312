from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.may_be_told import name_of


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
            self._check_uses_of_others(vals["company_id"])
        return super().write(vals)

    def _check_uses_of_others(self, company_id):
        """Refuse a company that would take the purpose away from others."""
        words = {
            "relationship.consent": self.env._("consents"),
            "relationship.campaign": self.env._("campaigns"),
            "relationship.campaign.type": self.env._("campaign types"),
        }
        for purpose in self.filtered(lambda p: p.company_id.id != company_id):
            counts = {}
            for model, name in words.items():
                # sudo: those that the person may not see use it just the same; only
                # how many there are is told.
                records = self.env[model].sudo().with_context(active_test=False)
                counts[name] = records.search_count(
                    [("purpose_id", "=", purpose.id), ("company_id", "!=", company_id)]
                )
            if used := [f"{name}: {count}" for name, count in counts.items() if count]:
                raise ValidationError(
                    self.env._(
                        "Others use the purpose %(purpose)s, too (%(records)s): leave"
                        " its company empty, or make a new purpose.",
                        purpose=name_of(purpose, "name", after_noun=True),
                        records=", ".join(used),
                    )
                )
