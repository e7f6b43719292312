from odoo import api, fields, models

from ..models.shared.button import notify


class RelationshipCampaignLinking(models.TransientModel):
    """Ask before the whole group is linked with a campaign, or taken off again."""

    _name = "relationship.campaign.linking"
    _description = "Link the whole group"
    _inherit = ["relationship.discreet.mixin", "relationship.parent.guard.mixin"]

    campaign_id = fields.Many2one(
        "relationship.campaign", required=True, readonly=True, ondelete="cascade"
    )
    take_back = fields.Boolean(readonly=True)
    summary = fields.Text(compute="_compute_summary")

    @api.depends("campaign_id", "take_back")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = wizard._get_summary()

    def _get_summary(self):
        campaign = self.campaign_id
        if not self.take_back:
            return self.env._(
                "These companies will see the campaign, and add members and"
                " opportunities of their own: %(companies)s. You can take this back"
                " later.",
                companies=campaign._get_words_of_companies(
                    campaign._get_other_companies()
                ),
            )
        companies = campaign._get_group_companies()
        sentences = [
            self.env._(
                "These companies will no longer see the campaign: %(companies)s.",
                companies=campaign._get_words_of_companies(companies),
            )
        ]
        inside = campaign._get_companies_inside()
        if staying := {c: inside[c] for c in companies if c in inside}:
            words = campaign._name_companies(staying)
            sentences.append(campaign._get_staying_sentence(words))
        return " ".join(sentences)

    def action_confirm(self):
        """Do it, and tell how many companies are linked now."""
        self.ensure_one()
        if self.take_back:
            self.campaign_id._unlink_group()
        else:
            self.campaign_id._link_group()
        return notify(self.campaign_id._get_linked_sentence())
