from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..shared.partner_fields import EVERYBODY


class ResPartner(models.Model):
    """Say while somebody types that a partner is already known."""

    _inherit = "res.partner"

    duplicate_partners = fields.Json(
        compute="_compute_duplicate_partners",
        groups=EVERYBODY,
    )

    @api.depends("email", "phone", "vat")
    def _compute_duplicate_partners(self):
        """Compute ``[{id, label}]`` of those with the same e-mail, phone or tax number.

        A saved partner that nobody is changing costs no query.
        """
        for partner in self:
            criteria = partner._get_duplicate_criteria()
            found = self.browse()
            if criteria:
                family = (partner._origin | partner.parent_id._origin).ids
                found = self.search(
                    Domain.OR(criteria.values()) & Domain("id", "not in", family),
                    limit=3,
                )
            partner.duplicate_partners = [
                {"id": known.id, "label": known._get_duplicate_label(criteria)}
                for known in found
            ]

    def _get_duplicate_criteria(self):
        """Return {what is the same: domain of who has it} for what was typed."""
        self.ensure_one()
        criteria = {}
        if isinstance(self.id, int):
            return criteria
        known = self._origin
        email = email_normalize(self.email or "")
        if email and email != known.email_normalized:
            criteria[self.env._("same e-mail")] = Domain("email_normalized", "=", email)
        if self.phone and self.phone != known.phone:
            phone = self._phone_format(fname="phone") or self.phone
            criteria[self.env._("same phone")] = Domain(
                "phone_sanitized", "=", phone
            ) | Domain("phone", "=", phone)
        if self.vat and self.vat != known.vat and len(self.vat) > 1:
            criteria[self.env._("same tax number")] = Domain(
                "vat", "in", self._get_vat_spellings()
            )
        return criteria

    def _get_vat_spellings(self):
        """Return the tax number as typed, without blanks, with and without country."""
        compact = "".join(self.vat.split()).upper()
        code = compact[:2] if compact[:2].isalpha() else self.country_id.code or ""
        bare = compact.removeprefix(code)
        return {self.vat, compact, bare or compact, f"{code}{bare}"}

    def _get_duplicate_label(self, criteria):
        """Return name, roles and what is the same: ``Stalmet (Supplier): same phone``.

        :param criteria: what :meth:`_get_duplicate_criteria` returned for the other one
        """
        self.ensure_one()
        roles = ", ".join(self.role_type_ids.mapped("name"))
        name = f"{self.display_name} ({roles})" if roles else self.display_name
        same = [
            words for words, domain in criteria.items() if self.filtered_domain(domain)
        ]
        return f"{name}: {', '.join(same)}" if same else name
