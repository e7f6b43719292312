from odoo import models
from odoo.tools import format_amount

from ..models.shared.may_be_told import leave_note
from ..models.shared.partner_fields import EVERYBODY

AMOUNTS = ("annual_turnover", "potential")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Keep the amounts of marketing together with their currency.

    Core takes each value from the destination, or else from the last partner that has
    one; it leaves out the currency, because that is computed.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Let core ask whether the user may change the destination, and then add to it.

        Core refuses what would give somebody the contact of another employee only as
        the user, so nothing here is done for core as superuser.
        """
        # Whoever merges, with whatever rights the records were handed over.
        src_partners = src_partners.with_env(self.env)
        dst_partner = dst_partner.with_env(self.env)
        # sudo: whoever may merge partners keeps what they are worth; only read here.
        amounts, lost = self._choose_amounts(src_partners.sudo(), dst_partner.sudo())
        unseen = self._choose_unseen(src_partners, dst_partner)
        result = super()._update_values(src_partners, dst_partner)
        if values := {**unseen, **amounts}:
            # sudo: the user was allowed to change the destination just now, and does
            # not see these columns of ours.
            dst_partner.sudo().write(values)
        if amounts:
            leave_note(dst_partner, lost)
        return result

    def _choose_unseen(self, sources, destination):
        """Return what the partners have in columns of ours that the user does not see.

        Of each column the value of the destination, or else of the last partner that
        has one: as core chooses it among the columns that the user sees.
        """
        values = {}
        for name, field in destination._fields.items():
            if (
                field.groups == EVERYBODY
                and field.store
                and not field.compute
                and field.type not in ("many2many", "one2many")
                and not destination._has_field_access(field, "write")
            ):
                # sudo: whoever may merge partners keeps every value of them.
                for partner in (*sources.sudo(), destination.sudo()):
                    if partner[name]:
                        values[name] = field.convert_to_write(partner[name], partner)
        return values

    def _choose_amounts(self, sources, destination):
        """Return values in the currency of the first amount, and notes on the others.

        What stands in another currency is not converted, but told in the chatter.
        """
        partners = [destination, *reversed(sources)]
        with_amount = [p for p in partners if any(p[name] for name in AMOUNTS)]
        if not with_amount:
            return {}, []
        currency = with_amount[0].marketing_currency_id
        same = [p for p in with_amount if p.marketing_currency_id == currency]
        values = {"marketing_currency_id": currency.id}
        lost = []
        for name in AMOUNTS:
            owner = next((p for p in same if p[name]), destination)
            values[name] = owner[name]
            if name == "annual_turnover":
                values["annual_turnover_year"] = owner.annual_turnover_year
            if not owner[name]:
                lost += [self._tell_amount(p, name) for p in with_amount if p[name]]
        return values, lost

    def _tell_amount(self, partner, name):
        label = partner._fields[name]._description_string(self.env)
        amount = format_amount(self.env, partner[name], partner.marketing_currency_id)
        return self.env._(
            "Not taken over, because it stands in another currency: %(field)s"
            " %(amount)s",
            field=label,
            amount=amount,
        )
