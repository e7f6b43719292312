from contextlib import contextmanager

from odoo import models

from odoo.addons.crm.models.crm_lead import PARTNER_ADDRESS_FIELDS_TO_SYNC


class ResPartner(models.Model):
    """Opportunities show the address that their partner has now.

    Odoo copies it when the partner is chosen, and never again. An address that was
    typed into the opportunity stays.
    """

    _inherit = "res.partner"

    def write(self, vals):
        with self._taking_leads_along(vals):
            return super().write(vals)

    def _update_address(self, vals):
        with self._taking_leads_along(vals):
            return super()._update_address(vals)

    @contextmanager
    def _taking_leads_along(self, vals):
        """Give the new address to the opportunities that show the old one."""
        if vals.keys().isdisjoint(PARTNER_ADDRESS_FIELDS_TO_SYNC):
            yield
            return
        # sudo: whoever may change the partner moves its opportunities, also those that
        # are hidden from them; nothing of these is told.
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        leads = leads.search_fetch(
            [("partner_id", "in", self.ids)],
            ["partner_id", *PARTNER_ADDRESS_FIELDS_TO_SYNC],
        )
        leads = leads.filtered(lambda lead: lead._has_address_of(lead.partner_id))
        yield
        for partner, moving in leads.grouped("partner_id").items():
            if not all(lead._has_address_of(partner) for lead in moving):
                moving.write(moving[0]._prepare_address_values_from_partner(partner))


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _has_address_of(self, partner):
        """Tell whether an opportunity has the same address as a partner."""
        self.ensure_one()
        return all(
            (self[name] or False) == (partner[name] or False)
            for name in PARTNER_ADDRESS_FIELDS_TO_SYNC
        )
