"""What an addressee cannot be: constraints, in sentences."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.may_be_told import name_of


class RelationshipCampaignAddressee(models.Model):
    _inherit = "relationship.campaign.addressee"

    @api.constrains("campaign_id", "partner_id", "contact_id")
    def _check_somebody(self):
        if not all(addressee.partner_id or addressee.contact_id for addressee in self):
            raise ValidationError(
                self.env._("Choose a partner or a contact person for the member.")
            )

    @api.constrains("state", "exclusion")
    def _check_reason(self):
        if any((a.state == "excluded") != bool(a.exclusion) for a in self):
            raise ValidationError(
                self.env._(
                    "Say why a member is excluded; whoever is not excluded needs no"
                    " reason."
                )
            )

    @api.constrains("is_control", "exclusion")
    def _check_control_reason(self):
        if any(a.is_control != (a.exclusion == "control") for a in self):
            raise ValidationError(
                self.env._(
                    "The control group is chosen by the system and is never contacted:"
                    " choose another reason."
                )
            )

    @api.constrains("campaign_id", "company_id")
    def _check_taking_part(self):
        """Let the owner and the linked companies add addressees."""
        for addressee in self:
            core = addressee.campaign_id.utm_campaign_id
            if core and not core._is_open_to(addressee.company_id):
                raise ValidationError(
                    self.env._(
                        "%(company)s takes no part in the campaign %(campaign)s: let"
                        " its owner link the company first.",
                        company=name_of(addressee.company_id),
                        campaign=name_of(
                            addressee.campaign_id, "title", after_noun=True
                        ),
                    )
                )

    @api.constrains("response_id")
    def _check_response(self):
        for addressee in self:
            answer_type = addressee.response_id.type_id
            if answer_type and answer_type != addressee.campaign_id.type_id:
                raise ValidationError(
                    self.env._(
                        "“%(answer)s” is a response to campaigns of the type %(type)s:"
                        " choose one of this campaign.",
                        answer=name_of(addressee.response_id),
                        type=name_of(answer_type, after_noun=True),
                    )
                )

    @api.constrains("contacted_on", "responded_on")
    def _check_days(self):
        today = fields.Date.context_today(self)
        for addressee in self:
            if max(filter(None, addressee._get_days()), default=today) > today:
                raise ValidationError(
                    self.env._(
                        "%(addressee)s cannot have been contacted, or have responded,"
                        " on a day in the future.",
                        addressee=name_of(addressee),
                    )
                )

    def _get_days(self):
        return self.contacted_on, self.responded_on

    @api.constrains("state", "is_control")
    def _check_control(self):
        for addressee in self:
            if addressee.is_control and addressee.state != "excluded":
                raise ValidationError(addressee._get_control_sentence())

    def _get_control_sentence(self):
        return self.env._(
            "%(addressee)s belongs to the control group, which is not contacted: it"
            " shows what happens without the campaign.",
            addressee=name_of(self),
        )
