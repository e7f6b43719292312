from odoo import api, models

from ..shared.may_be_told import hide_names


class RelationshipCampaign(models.Model):
    """Tell the name of a campaign to those alone who may see it."""

    _inherit = "relationship.campaign"
    _hides_name = True

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """Hide the name also where core reads it as superuser: behind a many2one."""
        result = super()._compute_display_name()
        hide_names(self)
        return result


class UtmCampaign(models.Model):
    """Tell the name of a core side to those alone who may see the campaign."""

    _inherit = "utm.campaign"
    _hides_name = True

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """Hide the name also on a lead, an order, an invoice or a mailing.

        Plain campaigns cost nothing: their mark is read together with their title.
        """
        result = super()._compute_display_name()
        if self.env.su:
            hide_names(self._get_marked())
        return result
