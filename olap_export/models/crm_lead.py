from odoo import api, models

from ..warehouse.column import limit

LARGEST = float(limit("numeric(18,4)"))


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.onchange("expected_revenue", "recurring_revenue", "contribution_margin")
    def _onchange_amounts_for_olap(self):
        """Ask before an amount is stored that no OLAP database can hold.

        Not a refusal: nobody fails because of OLAP. It arrives without the amount, and
        the run names the opportunity.
        """
        rate = max(self._get_group_rate(), 1)
        names = ("expected_revenue", "recurring_revenue", "contribution_margin")
        beyond = [n for n in names if not abs(self[n] or 0) * rate < LARGEST]
        if not beyond:
            return None
        labels = [self._fields[name]._description_string(self.env) for name in beyond]
        return {
            "warning": {
                "title": self.env._("Is this amount right?"),
                "message": self.env._(
                    "“%(fields)s” is 100 trillion or more, here or in the currency of"
                    " the group. OLAP cannot hold that: if you save it, the opportunity"
                    " arrives there without the amount. Correct it, unless it is"
                    " right.",
                    fields="”, “".join(labels),
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
