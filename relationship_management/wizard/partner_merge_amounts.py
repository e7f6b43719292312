from odoo import models
from odoo.tools import format_amount

AMOUNTS = ("annual_turnover", "potential")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Keep the amounts of marketing together with their currency.

    Core takes each value from the destination, or else from the last partner that has
    one; it leaves out the currency, because that is computed.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        # sudo: whoever may merge partners keeps every value of them, also those of
        # fields that he does not see.
        wizard = self.sudo()
        src_partners, dst_partner = src_partners.sudo(), dst_partner.sudo()
        values, lost = wizard._choose_amounts(src_partners, dst_partner)
        result = super(BasePartnerMergeAutomaticWizard, wizard)._update_values(
            src_partners, dst_partner
        )
        if values:
            dst_partner.write(values)
            self._note_merge(dst_partner, lost)
        return result

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
