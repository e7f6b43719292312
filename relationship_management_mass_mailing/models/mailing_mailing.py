from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.relationship_management.models.shared.source import Source


class MailingMailing(models.Model):
    """Keep mailings out of the campaigns of companies that their responsible is not in.

    A mailing has no company: it counts for those of its responsible.
    """

    _inherit = "mailing.mailing"

    def _describe_source(self):
        return Source(label=self.env._("mailings"))

    @api.constrains("campaign_id", "user_id")
    def _check_campaign_of_responsible(self):
        for mailing in self:
            campaign = mailing.campaign_id
            # sudo: to look at the companies of a colleague.
            user = mailing.user_id.sudo() or self.env.user
            if not campaign or any(map(campaign._is_open_to, user.company_ids)):
                continue
            # sudo: the campaign may be one that the user does not see.
            raise ValidationError(
                self.env._(
                    "The campaign %(campaign)s belongs to another company than"
                    " %(user)s, who is responsible for the mailing: choose another"
                    " campaign or responsible, or link the company with the campaign.",
                    campaign=campaign.sudo().title,
                    user=user.name,
                )
            )
