from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.relationship_management.models.partner.figure import COMPARE
from odoo.addons.relationship_management.models.shared.kinds import check_compared

GROUPS = "account.group_account_invoice,account.group_account_readonly"


class ResPartner(models.Model):
    """How much of its credit limit a partner has used, in the current company.

    As in Accounting, only those who invoice see it, and the limit counts where the
    company has switched it on. Orders that are not invoiced yet are not counted.
    """

    _inherit = "res.partner"

    credit_used_percent = fields.Float(
        string="Credit used (%)",
        compute="_compute_credit_used_percent",
        search="_search_credit_used_percent",
        digits=(8, 1),
        groups=GROUPS,
        help="What the partner owes on posted invoices, of its credit limit.",
    )

    @api.depends_context("company", "allowed_company_ids", "uid")
    def _compute_credit_used_percent(self):
        companies = self.commercial_partner_id
        used = companies._get_credit_used_percents() if companies.ids else {}
        for partner in self:
            partner.credit_used_percent = used.get(partner.commercial_partner_id.id, 0)

    def _search_credit_used_percent(self, operator, value):
        if operator not in ("in", *COMPARE):
            return NotImplemented
        check_compared(self.env, operator, value)

        def matches(percent):
            if operator == "in":
                return percent in value
            return COMPARE[operator](percent, value)

        used = self.browse()._get_credit_used_percents()
        empty = matches(0)
        found = [id_ for id_, percent in used.items() if matches(percent) != empty]
        return Domain("commercial_partner_id", "not in" if empty else "in", found)

    @api.model
    def _get_credit_domain(self):
        """Return the domain of the entries that are owed to the current company."""
        return (
            Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("reconciled", "=", False)
            & Domain("parent_state", "=", "posted")
            & Domain("company_id", "child_of", self.env.company.root_id.ids)
        )

    def _get_credits(self):
        """Return {id: amount owed} of these commercial partners; none: of all."""
        lines = self.env["account.move.line"]
        if not lines.has_access("read"):
            return {}
        domain = self._get_credit_domain()
        domain &= Domain("partner_id", "in", self.ids) if self else Domain.TRUE
        found = lines._read_group(domain, ["partner_id"], ["amount_residual:sum"])
        return {partner.id: amount for partner, amount in found if partner}

    def _get_credit_used_percents(self):
        """Return {id: percent} of those that owe something and have a limit."""
        if not self.env.company.account_use_credit_limit:
            return {}
        owed = self._get_credits()
        limits = self.browse(owed).mapped(lambda p: (p.id, p.credit_limit))
        return {
            id_: round(100 * owed[id_] / limit, 1)
            for id_, limit in limits
            if limit > 0 and owed[id_] > 0
        }
