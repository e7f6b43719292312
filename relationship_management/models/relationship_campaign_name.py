from odoo import api, models


class RelationshipCampaign(models.Model):
    """Tell the name of a campaign to those alone who may see it."""

    _inherit = "relationship.campaign"

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """Hide the name also where core reads it as superuser: behind a many2one."""
        super()._compute_display_name()
        if not self.env.su:
            return
        asked = self._origin.sudo(False)
        hidden = set((asked - asked._filtered_access("read")).ids)
        for campaign in self:
            if campaign._origin.id in hidden:
                campaign.display_name = self.env._("a campaign that you may not see")
