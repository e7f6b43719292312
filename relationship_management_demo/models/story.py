from odoo import api, models

from ..story.campaigns import CampaignPlayer
from ..story.consents import record_consents
from ..story.conversations import ConversationPlayer
from ..story.player import MODULE, Player
from ..story.sales_player import SalesPlayer


class RelationshipDemoStory(models.AbstractModel):
    """What the data files call to play the parts of the story, each of them once."""

    _name = "relationship.demo.story"
    _description = "Demo story"

    @api.model
    def _record_consents(self):
        """Record the consents that are missing.

        A record in a file would be written again with each reinstallation, which the
        ledger refuses.
        """
        record_consents(self.env)

    @api.model
    def _play_opportunities(self):
        if not self._find("opportunity_stalmet_line"):
            Player(self.env).play()

    @api.model
    def _play_campaigns(self):
        if not self._find("relationship_campaign_fair").freeze_ids:
            CampaignPlayer(self.env).play()

    @api.model
    def _play_conversations(self):
        if not self._find("conversation_1"):
            ConversationPlayer(self.env).play()

    @api.model
    def _play_sales(self):
        lines = self.env["sale.order.line"]
        parts = self._find("product_parts")
        if not lines.search_count([("product_id", "=", parts.id)], limit=1):
            SalesPlayer(self.env).play()

    @api.model
    def _let_join(self):
        """Let Anna add somebody to a campaign whose calls are planned already."""
        campaign = self._find("relationship_campaign_spare_parts")
        partner = self._find("partner_kujawy")
        if partner not in campaign.addressee_ids.target_id:
            members = self.env["relationship.campaign.addressee"]
            members.with_user(self._find("user_anna")).create(
                {
                    "campaign_id": campaign.id,
                    "partner_id": partner.id,
                    "note": "Asked for the price list by phone",
                }
            )

    def _find(self, name):
        return self.env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
