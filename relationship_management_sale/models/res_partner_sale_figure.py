from odoo import api, fields, models

from odoo.addons.relationship_management.models.partner.figure import figure_field

# Who may read orders and customer invoices; their rules say which of them.
GROUPS = (
    "sales_team.group_sale_salesman,"
    "account.group_account_invoice,account.group_account_readonly"
)
MONEY = (
    "CASE WHEN bool_and(f.rate IS NOT NULL)"
    " THEN round({}(f.amount * f.rate), {{digits}}) END"
)
# Field → its source and how its rows become one value.
FIGURES = {
    "turnover_12_months": ("turnover_12", MONEY.format("sum")),
    "turnover_24_months": ("turnover_24", MONEY.format("sum")),
    "confirmed_order_count": ("orders", "count(*)"),
    "last_order_date": ("orders", "max(f.day)"),
    "average_order": ("orders", MONEY.format("avg")),
    "open_quotation_count": ("quotations", "count(*)"),
    "open_quotation_amount": ("quotations", MONEY.format("sum")),
    "average_days_late": ("payments", "round(avg(f.days), 1)"),
}


def _figure(field_class, name, **options):
    return figure_field(field_class, FIGURES[name][0], name, GROUPS, **options)


def _money(name, **options):
    return _figure(
        fields.Monetary, name, currency_field="figure_currency_id", **options
    )


class ResPartner(models.Model):
    """What a partner buys and how it pays, for the whole company behind a contact.

    The figures count what the user may see in the active companies; amounts are
    untaxed, in the currency of the current company. A source costs one statement,
    whatever the number of partners.
    """

    _inherit = "res.partner"

    turnover_12_months = _money(
        "turnover_12_months",
        string="Turnover of 12 months",
        help="Posted customer invoices that you may see minus credit notes, untaxed.",
    )
    turnover_24_months = _money(
        "turnover_24_months",
        string="Turnover of 24 months",
        help="Posted customer invoices that you may see minus credit notes, untaxed.",
    )
    confirmed_order_count = _figure(
        fields.Integer, "confirmed_order_count", string="Number of orders"
    )
    last_order_date = _figure(fields.Date, "last_order_date", string="Last order")
    average_order = _money("average_order", string="Average order")
    open_quotation_count = _figure(
        fields.Integer, "open_quotation_count", string="Number of open quotations"
    )
    open_quotation_amount = _money(
        "open_quotation_amount", string="Amount of open quotations"
    )
    average_days_late = _figure(
        fields.Float,
        "average_days_late",
        string="Average days late",
        digits=(8, 1),
        help="From due date to last payment of the invoices of 24 months that are paid."
        " Negative: paid early.",
    )

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_turnover_12_figures(self):
        self._compute_figures("turnover_12")

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_turnover_24_figures(self):
        self._compute_figures("turnover_24")

    @api.depends_context("allowed_company_ids", "uid", "tz")
    def _compute_orders_figures(self):
        self._compute_figures("orders")

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_quotations_figures(self):
        self._compute_figures("quotations")

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_payments_figures(self):
        self._compute_figures("payments")

    @api.model
    def _get_figure_catalog(self):
        return {**super()._get_figure_catalog(), **FIGURES}
