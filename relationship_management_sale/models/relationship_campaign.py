from odoo import models
from odoo.fields import Domain


class RelationshipCampaign(models.Model):
    """What was ordered and invoiced beside what its opportunities expect."""

    _name = "relationship.campaign"
    _inherit = ["relationship.campaign", "relationship.sold.mixin"]
    _sold_by = "campaign_id"
    _sold_lines_by = "relationship_campaign_ids"

    def _get_sold_currency(self):
        return self.currency_id

    def _get_sold_keys(self):
        # sudo: the core side is only the link between the two.
        return {campaign.sudo().utm_campaign_id.id: campaign.id for campaign in self}

    def _get_counted_orders(self):
        return super()._get_counted_orders() & Domain("may_analyse", "=", True)

    def _get_counted_lines(self):
        return super()._get_counted_lines() & Domain("may_analyse", "=", True)

    def _count_sold(self, currency=None):
        analysed = self.filtered("may_analyse")
        return super(RelationshipCampaign, analysed)._count_sold(currency)

    def _describe_results(self, campaigns, numbers):
        figures, notes = super()._describe_results(campaigns, numbers)
        sold = {}
        if numbers:
            for found in campaigns._count_sold(self.currency_id).values():
                for name, number in found.items():
                    sold[name] = sold.get(name, 0) + number
        more, said = campaigns._describe_sold(sold, self.currency_id)
        return figures + more, notes + said
