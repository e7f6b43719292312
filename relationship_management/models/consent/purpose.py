from odoo import fields, models


class RelationshipConsentPurpose(models.Model):
    """What somebody agrees to, or objects to."""

    _name = "relationship.consent.purpose"
    _description = "Consent purpose"
    _inherit = ["relationship.housekeeping.mixin", "relationship.unique.mixin"]
    _used_by = {
        "relationship.consent": "purpose_id",
        "relationship.campaign": "purpose_id",
        "relationship.campaign.type": "purpose_id",
    }

    code = fields.Char(
        copy=False, help="A short name that imports and other programs use."
    )
    company_id = fields.Many2one(
        ondelete="restrict",
        help="Only this company uses the purpose. Empty: every company.",
    )
    note = fields.Text(help="The text that people agree to.")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code <> ''",
        "Another consent purpose already has this code: choose a different one.",
    )
