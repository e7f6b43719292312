import functools
import operator

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.finite import finite_values
from ..shared.kinds import check_compared
from ..shared.partner_fields import EVERYBODY, SALES

COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
# Empty, rather than wrong, where one of the amounts has no exchange rate.
MONEY = (
    "CASE WHEN bool_and(f.rate IS NOT NULL)"
    " THEN round({}(f.amount * f.rate), {{digits}}) END"
)


@functools.cache
def _compute(key):
    @api.depends_context("allowed_company_ids", "uid", "tz")
    def compute(partners):
        partners._compute_figures(key)

    return compute


def figure_field(field_class, key, value, groups, **options):
    """Return the field of a figure: computed, searchable, never stored.

    :param key: of the source, see ``figure_source``
    :param value: SQL aggregate of its rows ``f``; of money, ``sum`` or ``avg``
    """
    if field_class is fields.Monetary:
        value = MONEY.format(value)
        options["currency_field"] = "figure_currency_id"

    def search(partners, operator, operand):
        is_date = field_class is fields.Date
        return partners._search_figure(key, value, is_date, operator, operand)

    return field_class(
        compute=_compute(key),
        search=search,
        figure=(key, value),
        groups=groups,
        **options,
    )


def _count(key, **options):
    return figure_field(fields.Integer, key, "count(*)", SALES, **options)


def _money(key, **options):
    return figure_field(
        fields.Monetary,
        key,
        "sum",
        SALES,
        help="Expected revenue, in the currency of your company. Empty where an"
        " exchange rate is missing.",
        **options,
    )


class ResPartner(models.Model):
    """Figures that partners are chosen by, for the whole company behind a contact.

    They count what the user may see. Their rows come from ``_get_figure_rows``; a
    source costs one statement, whatever the number of partners. Bridges add theirs by
    a description of the model (``relationship.source``) and a ``figure_field()``.
    """

    _inherit = "res.partner"

    figure_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the figures",
        compute="_compute_figure_currency_id",
        groups=EVERYBODY,
    )
    open_opportunity_count = _count("open", string="Number of open opportunities")
    open_opportunity_amount = _money("open", string="Amount of open opportunities")
    won_opportunity_count = _count("won", string="Number of won opportunities")
    won_opportunity_amount = _money("won", string="Amount of won opportunities")
    lost_opportunity_count = _count("lost", string="Number of lost opportunities")
    lost_opportunity_amount = _money("lost", string="Amount of lost opportunities")
    last_contact_date = figure_field(
        fields.Date,
        "last_contact",
        "max(f.day)",
        EVERYBODY,
        string="Last contact",
        help="The last activity done with the partner, its contacts or opportunities,"
        " meeting held with them, message sent to them, or contact by a campaign.",
    )
    next_contact_date = figure_field(
        fields.Date,
        "next_contact",
        "min(f.day)",
        EVERYBODY,
        string="Next contact",
        help="The next activity planned with the partner, its contacts or"
        " opportunities.",
    )

    @api.depends_context("company")
    def _compute_figure_currency_id(self):
        self.figure_currency_id = self.env.company.currency_id

    def _valid_field_parameter(self, field, name):
        return name == "figure" or super()._valid_field_parameter(field, name)

    @api.model
    def _get_figure_values(self, key):
        """Return {field: SQL aggregate} of the figures of a source."""
        figures = {n: getattr(f, "figure", ()) for n, f in self._fields.items()}
        return {name: its[1] for name, its in figures.items() if its[:1] == (key,)}

    def _compute_figures(self, key):
        values = self._get_figure_values(key)
        found = self.commercial_partner_id._get_figures(key, values)
        for partner in self:
            figures = found.get(partner.commercial_partner_id.id, {})
            for name in values:
                partner[name] = figures.get(name, False)

    def _get_figures(self, key, values=None):
        """Return {id: {name: value}} of these commercial partners, in one statement.

        Those without a row of the source are left out.

        :param values: {name: SQL aggregate}; without it, those of the fields
        """
        rows = self._get_figure_rows(key, family=self) if self.ids else None
        if rows is None:
            return {}
        values = values or self._get_figure_values(key)
        aggregates = SQL(", ").join(map(self._aggregate_figure, values.values()))
        found = self.env.execute_query(
            SQL("SELECT f.partner_id, %s FROM (%s) f GROUP BY 1", aggregates, rows)
        )
        return {
            id_: dict(zip(values, finite_values(figures), strict=True))
            for id_, *figures in found
        }

    @api.model
    def _aggregate_figure(self, value):
        """Return the aggregate of a figure; in it, amounts as they are shown."""
        return SQL(value.format(digits=self.env.company.currency_id.decimal_places))

    @api.model
    def _search_figure(self, key, aggregate, is_date, operator, value):
        """Find by a figure; who has no row of its source has 0, or no date."""
        if operator not in ("in", *COMPARE):
            return NotImplemented
        check_compared(self.env, operator, value)
        figure = self._aggregate_figure(aggregate)
        if operator == "in":
            empty = False in value  # which 0 is, too
            wanted = [v for v in value if v is not False] or [None]
            if empty and not is_date:
                wanted.append(0)
            condition = SQL("%s IN %s", figure, tuple(wanted))
        else:
            empty = not is_date and COMPARE[operator](0, value)
            condition = SQL("%s %s %s", figure, SQL(operator), value)
        rows = self._get_figure_rows(key)
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
