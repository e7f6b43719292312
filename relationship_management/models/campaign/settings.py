from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..consent.channel import CHANNELS
from ..shared.may_be_told import name_of

ADDRESSING = [
    ("company_contact", "Companies with their contact person"),
    ("person", "As they are: companies, or persons alone"),
]


class RelationshipCampaignSettingsMixin(models.AbstractModel):
    """What a campaign is and how it reaches people: its type proposes the same."""

    _name = "relationship.campaign.settings.mixin"
    _description = "Settings of a campaign"

    kind = fields.Selection(
        [("sales", "Sales campaign"), ("information", "Information campaign")],
        string="Kind of campaign",
        required=True,
        default="sales",
    )
    channel = fields.Selection(CHANNELS)
    purpose_id = fields.Many2one(
        "relationship.consent.purpose",
        string="Consent purpose",
        ondelete="restrict",
        check_company=True,
        help="The purpose for which consents are asked about.",
    )
    needs_consent = fields.Boolean(
        string="Only with consent",
        help="Ticked: only who has agreed. Otherwise: everybody who has not objected.",
    )
    addressing = fields.Selection(
        ADDRESSING, string="Address", required=True, default="company_contact"
    )

    @api.constrains("needs_consent", "channel")
    def _check_channel_of_consent(self):
        """Consent is given for a channel: without one nothing would be asked."""
        for record in self:
            if record.needs_consent and not record.channel:
                raise ValidationError(
                    self.env._(
                        "Choose the channel for which the members of %(name)s have"
                        " to agree, or take the tick off Only with consent.",
                        name=name_of(record, record._rec_name),
                    )
                )
