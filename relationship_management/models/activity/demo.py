from odoo import api, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model
    def _play_demo_conversations(self):
        """Play the conversations of the demo story, once; called by the demo data."""
        # The story is loaded with demo data only.
        from ...demo.conversations import ConversationPlayer

        if not self.env.ref(
            "relationship_management.conversation_1", raise_if_not_found=False
        ):
            ConversationPlayer(self.env).play()
