from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.relationship_management.models.shared.may_be_told import (
    is_hidden,
    name_of,
)
from odoo.addons.relationship_management.models.shared.source import Source


class MailingMailing(models.Model):
    """Keep mailings out of the campaigns of companies that their responsible is not in.

    A mailing has no company: it counts for those of its responsible.
    """

    _name = "mailing.mailing"
    _inherit = ["mailing.mailing", "relationship.parent.guard.mixin"]
    _asks_after_move = False
    _worded_by_constraint = frozenset({"campaign_id"})

    @api.model
    def _get_guarded_fields(self):
        return {"campaign_id"}

    def _describe_source(self):
        return Source(label=self.env._("mailings"))

    @api.constrains("campaign_id", "user_id")
    def _check_campaign_of_responsible(self):
        for mailing in self:
            campaign = mailing.campaign_id
            # sudo: to look at the companies of a colleague.
            user = mailing.user_id.sudo() or self.env.user
            if not campaign or any(map(campaign._is_kept_for, user.company_ids)):
                continue
            if is_hidden(campaign):
                raise ValidationError(
                    self.env._(
                        "The campaign, which you may not see, belongs to another"
                        " company than %(user)s, who is responsible for the mailing:"
                        " choose another campaign or responsible, or ask a manager.",
                        user=name_of(user),
                    )
                )
            raise ValidationError(
                self.env._(
                    "The campaign %(campaign)s belongs to another company than"
                    " %(user)s, who is responsible for the mailing: choose another"
                    " campaign or responsible, or link the company with the campaign.",
                    campaign=name_of(campaign, "title", after_noun=True),
                    user=name_of(user),
                )
            )
