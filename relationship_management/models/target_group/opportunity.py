from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.context import get_id
from ..shared.kinds import check_kinds
from ..shared.may_be_told import is_hidden


class CrmLead(models.Model):
    """The campaign and the addressee that an opportunity comes from."""

    _inherit = "crm.lead"

    addressee_id = fields.Many2one(
        "relationship.campaign.addressee",
        string="Campaign member",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The member of the campaign that the opportunity comes from.",
    )

    @api.constrains("addressee_id")
    def _check_addressee(self):
        """Let nobody name an addressee of another campaign, or one held back."""
        for lead in self.filtered("addressee_id"):
            # sudo: to compare both campaigns, whoever may see them.
            addressee = lead.addressee_id.sudo()
            if addressee.campaign_id.utm_campaign_id != lead.sudo().campaign_id:
                lead._refuse_addressee()
            if addressee.is_control:
                raise ValidationError(addressee._get_control_sentence())

    @api.model_create_multi
    def create(self, vals_list):
        check_kinds(self, vals_list)
        default = get_id(self.env, "default_addressee_id")
        self._refuse_hidden_addressees(
            {vals.get("addressee_id", default) for vals in vals_list}
        )
        return super().create(vals_list)

    def write(self, vals):
        check_kinds(self, [vals])
        if vals.get("addressee_id"):
            # sudo: only the ids; what is there already may stay.
            present = set(self.sudo().addressee_id.ids)
            self._refuse_hidden_addressees({vals["addressee_id"]} - present)
        return super().write(vals)

    def _refuse_hidden_addressees(self, addressee_ids):
        """Let nobody name an addressee that is hidden, and not say that there is one.

        Whatever the system does, as a merge of partners, moves hidden ones as well.
        """
        ids = addressee_ids - {None, False}
        addressees = self.env["relationship.campaign.addressee"].browse(ids)
        if addressees and not self.env.su and is_hidden(addressees):
            self._refuse_addressee()

    @api.model
    def _refuse_addressee(self):
        raise ValidationError(
            self.env._(
                "The member belongs to another campaign than the opportunity:"
                " generate the opportunity from the list of members."
            )
        )
