from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmLead(models.Model):
    """The campaign and the addressee that an opportunity comes from."""

    _inherit = "crm.lead"

    addressee_id = fields.Many2one(
        "relationship.campaign.addressee",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The addressee of the campaign that the opportunity comes from.",
    )

    @api.constrains("addressee_id")
    def _check_addressee(self):
        """Let nobody name an addressee of another campaign, hidden, or held back."""
        for lead in self.filtered("addressee_id"):
            # sudo: to compare both campaigns; whether it may be seen is asked after.
            core = lead.addressee_id.sudo().campaign_id.utm_campaign_id
            is_hidden = not self.env.su and not lead.addressee_id.has_access("read")
            if is_hidden or core != lead.sudo().campaign_id:
                raise ValidationError(
                    self.env._(
                        "The addressee belongs to another campaign than the"
                        " opportunity: generate the opportunity from the list of"
                        " addressees."
                    )
                )
            # sudo: read above already, or by the system.
            addressee = lead.addressee_id.sudo()
            if addressee.is_control:
                raise ValidationError(addressee._get_control_sentence())
