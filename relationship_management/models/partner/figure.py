import operator

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.groups import EVERYBODY, SALES

COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
# Empty, rather than wrong, where one of the amounts has no exchange rate.
MONEY = (
    "CASE WHEN bool_and(f.amount IS NOT NULL) THEN round(sum(f.amount), {digits}) END"
)
# Field → its source and how the rows of the source become one value.
FIGURES = {
    "open_opportunity_count": ("open", "count(*)"),
    "open_opportunity_amount": ("open", MONEY),
    "won_opportunity_count": ("won", "count(*)"),
    "won_opportunity_amount": ("won", MONEY),
    "lost_opportunity_count": ("lost", "count(*)"),
    "lost_opportunity_amount": ("lost", MONEY),
    "last_contact_date": ("last_contact", "max(f.day)"),
    "next_contact_date": ("next_contact", "min(f.day)"),
}


def figure_field(field_class, source, name, groups, **options):
    """Return the field of a figure: computed, searchable, never stored.

    Its model has a method ``_compute_<source>_figures``.
    """
    return field_class(
        compute=f"_compute_{source}_figures",
        search=lambda self, operator, value: self._search_figure(name, operator, value),
        groups=groups,
        **options,
    )


def _figure(field_class, name, groups, **options):
    return figure_field(field_class, FIGURES[name][0], name, groups, **options)


def _count(name, **options):
    return _figure(fields.Integer, name, SALES, **options)


def _money(name, **options):
    return _figure(
        fields.Monetary,
        name,
        SALES,
        currency_field="figure_currency_id",
        help="Expected revenue, in the currency of your company. Empty where an"
        " exchange rate is missing.",
        **options,
    )


class ResPartner(models.Model):
    """Figures that partners are chosen by, for the whole company behind a contact.

    They count what the user may see. Their rows come from ``_get_figure_rows``; a
    source costs one statement, whatever the number of partners. Bridges add theirs in
    ``_get_figure_catalog`` and ``_get_figure_rows``.
    """

    _inherit = "res.partner"

    figure_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the figures",
        compute="_compute_figure_currency_id",
        groups=EVERYBODY,
    )
    open_opportunity_count = _count(
        "open_opportunity_count", string="Number of open opportunities"
    )
    open_opportunity_amount = _money(
        "open_opportunity_amount", string="Amount of open opportunities"
    )
    won_opportunity_count = _count(
        "won_opportunity_count", string="Number of won opportunities"
    )
    won_opportunity_amount = _money(
        "won_opportunity_amount", string="Amount of won opportunities"
    )
    lost_opportunity_count = _count(
        "lost_opportunity_count", string="Number of lost opportunities"
    )
    lost_opportunity_amount = _money(
        "lost_opportunity_amount", string="Amount of lost opportunities"
    )
    last_contact_date = _figure(
        fields.Date,
        "last_contact_date",
        EVERYBODY,
        string="Last contact",
        help="The last activity done with the partner, its contacts or opportunities,"
        " meeting held with them, message sent to them, or contact by a campaign.",
    )
    next_contact_date = _figure(
        fields.Date,
        "next_contact_date",
        EVERYBODY,
        string="Next contact",
        help="The next activity planned with the partner, its contacts or"
        " opportunities.",
    )

    @api.depends_context("company")
    def _compute_figure_currency_id(self):
        self.figure_currency_id = self.env.company.currency_id

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_open_figures(self):
        self._compute_figures("open")

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_won_figures(self):
        self._compute_figures("won")

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_lost_figures(self):
        self._compute_figures("lost")

    @api.depends_context("allowed_company_ids", "uid", "tz")
    def _compute_last_contact_figures(self):
        self._compute_figures("last_contact")

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_next_contact_figures(self):
        self._compute_figures("next_contact")

    @api.model
    def _get_figure_catalog(self):
        """Return ``{field: (source, SQL aggregate over the rows of the source)}``."""
        return FIGURES

    @api.model
    def _get_figure_names(self, source):
        catalog = self._get_figure_catalog()
        return [name for name, (its, _sql) in catalog.items() if its == source]

    def _compute_figures(self, source):
        found = self.commercial_partner_id._get_figures(source)
        names = self._get_figure_names(source)
        for partner in self:
            values = found.get(partner.commercial_partner_id.id, {})
            for name in names:
                partner[name] = values.get(name, False)

    def _get_figures(self, source):
        """Return {id: {field: value}} of these commercial partners, in one statement.

        Those without a row of the source are left out.
        """
        rows = self._get_figure_rows(source, family=self) if self.ids else None
        if rows is None:
            return {}
        names = self._get_figure_names(source)
        values = SQL(", ").join(self._aggregate_figure(name) for name in names)
        found = self.env.execute_query(
            SQL("SELECT f.partner_id, %s FROM (%s) f GROUP BY 1", values, rows)
        )
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in found}

    @api.model
    def _aggregate_figure(self, name):
        """Return the aggregate of a figure; in it, amounts as they are shown."""
        digits = self.env.company.currency_id.decimal_places
        return SQL(self._get_figure_catalog()[name][1].format(digits=digits))

    @api.model
    def _search_figure(self, name, operator, value):
        """Find by a figure; who has no row of its source has 0, or no date."""
        if operator not in ("in", *COMPARE):
            return NotImplemented
        is_date = self._fields[name].type == "date"
        figure = self._aggregate_figure(name)
        if operator == "in":
            empty = False in value  # which 0 is, too
            wanted = [v for v in value if v is not False] or [None]
            if empty and not is_date:
                wanted.append(0)
            condition = SQL("%s IN %s", figure, tuple(wanted))
        else:
            empty = not is_date and COMPARE[operator](0, value)
            condition = SQL("%s %s %s", figure, SQL(operator), value)
        rows = self._get_figure_rows(self._get_figure_catalog()[name][0])
        if rows is None:
            return Domain(empty)
        found = SQL(
            "(SELECT f.partner_id FROM (%s) f WHERE f.partner_id IS NOT NULL"
            " GROUP BY 1 HAVING (%s) IS %s)",
            rows,
            condition,
            SQL("NOT TRUE") if empty else SQL("TRUE"),
        )
        return Domain("commercial_partner_id", "not in" if empty else "in", found)
