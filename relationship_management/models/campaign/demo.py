from odoo import api, models


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    @api.model
    def _play_demo_campaigns(self):
        """Play the campaigns of the demo story, once; called by the demo data."""
        # The story is loaded with demo data only.
        from ...demo.campaigns import CampaignPlayer

        name = "relationship_management.relationship_campaign_fair"
        fair = self.env.ref(name, raise_if_not_found=False)
        if fair and not fair.freeze_ids:
            CampaignPlayer(self.env).play()
