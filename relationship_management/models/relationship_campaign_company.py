from odoo import api, models
from odoo.exceptions import ValidationError


class RelationshipCampaign(models.Model):
    """Owner and linked companies of a campaign."""

    _inherit = "relationship.campaign"

    @api.constrains("user_id", "company_id", "type_id")
    def _check_responsible(self):
        """Refuse a responsible who would not see the campaign."""
        for campaign in self:
            # While the campaign is being created, the company stands there alone.
            company = campaign.utm_campaign_id.relationship_company_id
            user = campaign.user_id
            companies = company | campaign.relationship_linked_company_ids
            # sudo: to look at the companies of a colleague.
            if not companies & user.sudo().company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work for %(company)s and would not see the"
                        " campaign: choose another responsible, or link a company.",
                        user=user.name,
                        company=company.name,
                    )
                )
            if not campaign.with_user(user).sudo(False).has_access("read"):
                raise ValidationError(
                    self.env._(
                        "%(user)s may not see campaigns: choose another responsible,"
                        " or give this person access to Relationships and to the"
                        " campaign type.",
                        user=user.name,
                    )
                )
