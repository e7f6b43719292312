from odoo import api, fields, models
from odoo.tools import float_compare

from ..shared.context import Marker, get_marked

FOLLOWS = "relationship_margin_follows"


class CrmLead(models.Model):
    """Contribution margin, entered as an amount or as a percentage.

    Both are stored. The percentage leads: when the revenue changes, the amount
    follows. An amount that is typed while the revenue is still unknown stays, and gives
    the percentage as soon as there is a revenue.
    """

    _inherit = "crm.lead"

    margin_percent = fields.Float(
        string="Contribution margin (%)",
        aggregator=None,
        help="Share of the expected revenue that is left after the direct costs."
        " Enter the percentage or the amount: the other one follows.",
    )
    contribution_margin = fields.Monetary(
        string="Contribution margin",
        compute="_compute_contribution_margin",
        inverse="_inverse_contribution_margin",
        store=True,
        readonly=False,
        precompute=True,
        currency_field="company_currency",
        tracking=True,
        help="Expected revenue less the direct costs.",
    )

    @api.depends("expected_revenue", "margin_percent")
    def _compute_contribution_margin(self):
        for lead in self:
            lead.contribution_margin = (
                lead._get_margin_of_percent()
                if lead.margin_percent
                else lead.contribution_margin or 0
            )

    def _inverse_contribution_margin(self):
        for lead in self.with_context(**{FOLLOWS: Marker()}):
            percent = lead._get_percent_of_margin()
            if lead.margin_percent != percent:
                lead.margin_percent = percent

    @api.onchange("contribution_margin")
    def _onchange_contribution_margin(self):
        self.margin_percent = self._get_percent_of_margin()
        if self.expected_revenue < 0:
            return self._warn_of_negative_revenue()
        if 0 < self.expected_revenue < self.contribution_margin:
            message = self.env._(
                "The contribution margin is larger than the expected revenue."
                " Check both amounts."
            )
        elif self.contribution_margin < 0:
            message = self.env._(
                "The contribution margin is negative: the direct costs exceed the"
                " revenue. Check both amounts."
            )
        else:
            return None
        return {"warning": {"title": self.env._("Unusual margin"), "message": message}}

    @api.onchange("margin_percent")
    def _onchange_margin_percent(self):
        if not self.margin_percent and self.expected_revenue:
            self.contribution_margin = 0

    @api.onchange("expected_revenue")
    def _onchange_expected_revenue(self):
        if self._has_early_margin():
            self.margin_percent = self._get_percent_of_margin()
        return self._warn_of_negative_revenue() if self.expected_revenue < 0 else None

    def _warn_of_negative_revenue(self):
        """Return the warning: a share of less than nothing is no margin."""
        message = self.env._(
            "The expected revenue is negative, and so is the contribution margin of a"
            " positive percentage. Check the amounts."
        )
        return {"warning": {"title": self.env._("Unusual revenue"), "message": message}}

    def write(self, vals):
        """Let 0 % mean no margin, and a first revenue meet an amount typed earlier."""
        entered = not get_marked(self.env, FOLLOWS)
        if entered and "margin_percent" in vals and not vals["margin_percent"]:
            vals = {"contribution_margin": 0, **vals}
        result = super().write(vals)
        if vals.get("expected_revenue") and "margin_percent" not in vals:
            for lead in self.filtered(lambda lead: lead._has_early_margin()):
                lead.margin_percent = lead._get_percent_of_margin()
        return result

    def _has_early_margin(self):
        """Return whether the amount was typed before there was a revenue."""
        return bool(
            self.expected_revenue
            and self.contribution_margin
            and not self.margin_percent
        )

    def _get_margin_of_percent(self):
        amount = (self.expected_revenue or 0) * self.margin_percent / 100
        return self.company_currency.round(amount) if self.company_currency else amount

    def _get_percent_of_margin(self):
        """Return the percentage of the margin; the present one if that fits."""
        if not self.expected_revenue:
            return 0 if self.contribution_margin else self.margin_percent
        fitting = self._get_margin_of_percent()
        if not float_compare(fitting, self.contribution_margin, precision_digits=2):
            return self.margin_percent
        return self.contribution_margin / self.expected_revenue * 100
