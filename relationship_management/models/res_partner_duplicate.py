from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize


class ResPartner(models.Model):
    """Say while somebody types that a partner is already known."""

    _inherit = "res.partner"

    duplicate_partners = fields.Json(compute="_compute_duplicate_partners")

    @api.depends("email", "phone", "vat")
    def _compute_duplicate_partners(self):
        """Compute ``[{id, label}]`` of those with the same e-mail, phone or tax number.

        A saved partner that nobody is changing costs no query.
        """
        for partner in self:
            criteria = partner._get_duplicate_domain()
            found = self.browse()
            if not criteria.is_false():
                family = (partner._origin | partner.parent_id._origin).ids
                found = self.search(criteria & Domain("id", "not in", family), limit=3)
            partner.duplicate_partners = [
                {"id": known.id, "label": known._get_duplicate_label()}
                for known in found
            ]

    def _get_duplicate_domain(self):
        self.ensure_one()
        known = self._origin
        domain = Domain.FALSE
        if isinstance(self.id, int):
            return domain
        email = email_normalize(self.email or "")
        if email and self.email != known.email:
            domain |= Domain("email_normalized", "=", email)
        phone = self.phone and self.phone != known.phone and self._phone_format()
        if phone:
            domain |= Domain("phone_sanitized", "=", phone)
        if self.vat and self.vat != known.vat and len(self.vat) > 1:
            domain |= Domain("vat", "=ilike", self.vat.replace(" ", ""))
        return domain

    def _get_duplicate_label(self):
        self.ensure_one()
        roles = ", ".join(self.role_type_ids.mapped("name"))
        return f"{self.display_name} ({roles})" if roles else self.display_name
