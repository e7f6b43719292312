from odoo import api, models
from odoo.tools import SQL


class UtmCampaign(models.Model):
    """Count the sales of our campaigns for the companies of the viewer alone.

    Core adds up every company. A company that is linked with a campaign reads it, and
    would read in these counters what the others sell.
    """

    _inherit = "utm.campaign"

    def _get_counted_companies(self):
        # Computed as superuser, whose context may claim any company.
        return self.env.companies & self.env.user.company_ids

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_quotation_count(self):
        ours = self._get_marked()
        result = super(UtmCampaign, self - ours)._compute_quotation_count()
        counts = dict(
            self.env["sale.order"]._read_group(
                [
                    ("campaign_id", "in", ours.ids),
                    ("company_id", "in", self._get_counted_companies().ids),
                ],
                ["campaign_id"],
                ["__count"],
            )
        )
        for campaign in ours:
            campaign.quotation_count = counts.get(campaign._origin, 0)
        return result

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_sale_invoiced_amount(self):
        ours = self._get_marked()
        result = super(UtmCampaign, self - ours)._compute_sale_invoiced_amount()
        amounts = ours._get_invoiced_amounts()
        for campaign in ours:
            campaign.invoiced_amount = amounts.get(campaign._origin.id, 0)
        return result

    def _get_invoiced_amounts(self):
        """Return the invoiced amount by id of campaign, by core's own conditions."""
        companies = self._get_counted_companies()
        if not self.ids or not companies:
            return {}
        for model in ("account.move.line", "account.move"):
            self.env[model].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT move.campaign_id, -sum(line.balance)
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
                     WHERE move.campaign_id IN %(campaigns)s
                       AND move.company_id IN %(companies)s
                       AND move.state NOT IN ('draft', 'cancel')
                       AND move.move_type <> 'entry'
                       AND line.account_id IS NOT NULL
                       AND line.display_type = 'product'
                     GROUP BY move.campaign_id
                    """,
                    campaigns=tuple(self.ids),
                    companies=tuple(companies.ids),
                )
            )
        )
