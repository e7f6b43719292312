import operator

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Who may read orders and customer invoices; their rules say which of them.
GROUPS = (
    "sales_team.group_sale_salesman,"
    "account.group_account_invoice,account.group_account_readonly"
)
COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MONEY = "round({}(f.amount * f.rate), {{digits}})"
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
    """Return the field of a figure: computed, searchable, never stored."""
    source = FIGURES[name][0]
    return field_class(
        compute=f"_compute_{source}",
        search=lambda self, operator, value: self._search_sale_figure(
            name, operator, value
        ),
        groups=GROUPS,
        **options,
    )


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

    figure_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the figures",
        compute="_compute_figure_currency_id",
    )
    turnover_12_months = _money(
        "turnover_12_months",
        string="Turnover of 12 months",
        help="Posted customer invoices minus credit notes, untaxed.",
    )
    turnover_24_months = _money(
        "turnover_24_months",
        string="Turnover of 24 months",
        help="Posted customer invoices minus credit notes, untaxed.",
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

    @api.depends_context("company")
    def _compute_figure_currency_id(self):
        self.figure_currency_id = self.env.company.currency_id

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_turnover_12(self):
        self._compute_sale_figures("turnover_12")

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_turnover_24(self):
        self._compute_sale_figures("turnover_24")

    @api.depends_context("allowed_company_ids", "uid", "tz")
    def _compute_orders(self):
        self._compute_sale_figures("orders")

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_quotations(self):
        self._compute_sale_figures("quotations")

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_payments(self):
        self._compute_sale_figures("payments")

    def _compute_sale_figures(self, source):
        found = self.commercial_partner_id._get_sale_figures(source)
        names = [name for name, (its, _sql) in FIGURES.items() if its == source]
        for partner in self:
            values = found.get(partner.commercial_partner_id.id, {})
            for name in names:
                partner[name] = values.get(name, False)

    def _get_sale_figures(self, source):
        """Return {id: {field: value}} of these commercial partners, in one statement.

        Those without a row of the source are left out.
        """
        rows = self._get_sale_rows(source, family=self) if self.ids else None
        if rows is None:
            return {}
        names = [name for name, (its, _sql) in FIGURES.items() if its == source]
        values = SQL(", ").join(self._get_figure_sql(name) for name in names)
        found = self.env.execute_query(
            SQL("SELECT f.partner_id, %s FROM (%s) f GROUP BY 1", values, rows)
        )
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in found}

    @api.model
    def _get_figure_sql(self, name):
        """Return the aggregate of a figure; in it, amounts as they are shown."""
        digits = self.env.company.currency_id.decimal_places
        return SQL(FIGURES[name][1].format(digits=digits))

    @api.model
    def _search_sale_figure(self, name, operator, value):
        """Find by a figure; who has no row of its source has 0, or no date."""
        if operator not in ("in", *COMPARE):
            return NotImplemented
        rows = self._get_sale_rows(FIGURES[name][0])
        figure = self._get_figure_sql(name)
        is_date = self._fields[name].type == "date"
        if operator == "in":
            empty = (False if is_date else 0) in value
            wanted = [v for v in value if v is not False] or [None]
            if empty and not is_date:
                wanted.append(0)
            condition = SQL("%s IN %s", figure, tuple(wanted))
        else:
            empty = not is_date and COMPARE[operator](0, value)
            condition = SQL("%s %s %s", figure, SQL(operator), value)
        if rows is None:
            return Domain.TRUE if empty else Domain.FALSE
        found = SQL(
            "(SELECT f.partner_id FROM (%s) f WHERE f.partner_id IS NOT NULL"
            " GROUP BY 1 HAVING (%s) IS %s)",
            rows,
            condition,
            SQL("NOT TRUE") if empty else SQL("TRUE"),
        )
        return Domain("commercial_partner_id", "not in" if empty else "in", found)
