from odoo import api, models

from odoo.addons.relationship_management.models.shared.may_be_told import quote

from ..warehouse.column import limit

LARGEST = float(limit("numeric(18,4)"))
# Below, no rate between two currencies makes it too large: the rate is not asked.
NEVER_TOO_LARGE = LARGEST / 10**6
AMOUNTS = ("expected_revenue", "recurring_revenue", "contribution_margin")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._note_amounts_beyond({})
        return leads

    def write(self, vals):
        if not {*AMOUNTS, "margin_percent", "company_id"} & vals.keys():
            return super().write(vals)
        before = {lead.id: lead._get_amounts_beyond() for lead in self}
        result = super().write(vals)
        self._note_amounts_beyond(before)
        return result

    def _note_amounts_beyond(self, before):
        """Say in the chatter what OLAP will lack, whichever way the amount came.

        The question below is asked by the form alone, while somebody types.

        :param before: ``{id: fields}`` that were said already
        """
        for lead in self:
            names = [
                name
                for name in lead._get_amounts_beyond()
                if name not in before.get(lead.id, ())
            ]
            if names:
                body = self.env._(
                    "%(fields)s is 100 trillion or more, here or in the currency of the"
                    " group: the opportunity arrives in OLAP without the amount."
                    " Correct it, unless it is right.",
                    fields=lead._name_amounts(names),
                )
                lead._message_log(body=body)

    def _get_amounts_beyond(self):
        """Return the fields whose amounts no OLAP database can hold."""
        large = [n for n in AMOUNTS if not abs(self[n] or 0) < NEVER_TOO_LARGE]
        rate = max(self._get_group_rate(), 1) if large else 1
        return [n for n in large if not abs(self[n]) * rate < LARGEST]

    def _name_amounts(self, names):
        labels = (self._fields[name]._description_string(self.env) for name in names)
        return ", ".join(quote(self.env, label) for label in labels)

    @api.onchange(*AMOUNTS)
    def _onchange_amounts_for_olap(self):
        """Ask before an amount is stored that no OLAP database can hold.

        Not a refusal: nobody fails because of OLAP. It arrives without the amount, and
        the run names the opportunity.
        """
        beyond = self._get_amounts_beyond()
        if not beyond:
            return None
        return {
            "warning": {
                "title": self.env._("Is this amount right?"),
                "message": self.env._(
                    "%(fields)s is 100 trillion or more, here or in the currency of"
                    " the group. OLAP cannot hold that: if you save it, the opportunity"
                    " arrives there without the amount. Correct it, unless it is"
                    " right.",
                    fields=self._name_amounts(beyond),
                ),
            }
        }

    def _get_group_rate(self):
        """Return what an amount is multiplied with for the currency of the group."""
        company = self.company_id._origin.id or None
        self.env.cr.execute(
            "SELECT nullif(split_part("
            "relationship_opportunity_money(%s, relationship_clock()::date),"
            " '|', 4), '')::numeric",
            [company],
        )
        return self.env.cr.fetchone()[0] or 0
