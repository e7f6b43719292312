from odoo import models


class RelationshipOpportunityType(models.Model):
    """Orders keep the type of their opportunity."""

    _inherit = "relationship.opportunity.type"

    @property
    def _used_by(self):
        return {**super()._used_by, "sale.order": "opportunity_type_id"}
