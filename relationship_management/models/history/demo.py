from odoo import api, models


class RelationshipOpportunityHistory(models.Model):
    _inherit = "relationship.opportunity.history"

    @api.model
    def _play_demo_story(self):
        """Play the demo story, once; called by the demo data."""
        # The story is loaded with demo data only.
        from ...demo.player import Player

        if not self.env.ref(
            "relationship_management.opportunity_stalmet_line", raise_if_not_found=False
        ):
            Player(self.env).play()
