from odoo import api, models


class RelationshipConsent(models.Model):
    _inherit = "relationship.consent"

    @api.model
    def _record_demo_consents(self):
        """Record the consents of the demo story that are missing; called by its data.

        A record in a file would be written again with each reinstallation, which the
        ledger refuses.
        """
        # The story is loaded with demo data only.
        from ...demo.consents import record_consents

        record_consents(self.env)
