"""Fields of what stands at a partner, and the groups that fields name."""

from odoo import fields

EVERYBODY = "relationship_management.relationship_management_group_user"
SALES = "sales_team.group_sale_salesman"


def partner_field(**options):
    """Return a partner who is kept: the privacy lookup passes over what cascades."""
    kept = {"required": True, "index": True, "ondelete": "restrict"}
    return fields.Many2one("res.partner", **kept, check_company=True, **options)


def company_field(**options):
    """Return the company of a record, which is its partner's where that has one.

    A company goes only when nothing is left of what it kept for itself.
    """
    return fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        **options,
    )
