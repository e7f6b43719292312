from functools import partial

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date

from ..consent.channel import CHANNELS
from ..shared.figures_mixin import show_figure
from ..shared.may_be_told import name_of
from ..shared.partner_fields import EVERYBODY
from .figure import MONEY

FIRST_YEAR = 1000


class ResPartner(models.Model):
    """What people know of a partner, and what its opportunities and activities tell.

    The columns that people fill in are tracked. The figures are computed when somebody
    opens the page, for whoever looks, and each opens the records that it counts.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "relationship.figures.mixin"]

    employee_count = fields.Integer(
        string="Number of employees", tracking=True, groups=EVERYBODY
    )
    founding_year = fields.Integer(string="Founded in", tracking=True, groups=EVERYBODY)
    annual_turnover = fields.Monetary(
        string="Turnover in a year",
        currency_field="marketing_currency_id",
        tracking=True,
        groups=EVERYBODY,
    )
    annual_turnover_year = fields.Integer(
        string="Year of the turnover", tracking=True, groups=EVERYBODY
    )
    abc_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")],
        string="ABC class",
        tracking=True,
        groups=EVERYBODY,
    )
    potential = fields.Monetary(
        currency_field="marketing_currency_id",
        tracking=True,
        help="What the partner could buy from us, or sell to us, in a year.",
        groups=EVERYBODY,
    )
    marketing_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of turnover and potential",
        compute="_compute_marketing_currency_id",
        store=True,
        readonly=False,
        groups=EVERYBODY,
    )
    credit_rating = fields.Char(
        string="Credit rating",
        tracking=True,
        help="As its source writes it.",
        groups=EVERYBODY,
    )
    credit_rating_date = fields.Date(string="Rated on", tracking=True, groups=EVERYBODY)
    credit_rating_source = fields.Char(
        string="Rated by", tracking=True, groups=EVERYBODY
    )
    interest_ids = fields.Many2many(
        "relationship.interest", string="Interests", tracking=True, groups=EVERYBODY
    )
    industry_id = fields.Many2one(tracking=True)
    address_source = fields.Selection(
        [
            ("fair", "Fair"),
            ("website", "Website"),
            ("referral", "Referral"),
            ("research", "Own research"),
            ("purchased", "Purchased list"),
            ("business_card", "Business card"),
            ("other", "Other"),
        ],
        string="Source of the address",
        tracking=True,
        groups=EVERYBODY,
    )
    preferred_channel = fields.Selection(
        string="Preferred channel",
        selection=[*CHANNELS, ("visit", "Visit")],
        tracking=True,
        groups=EVERYBODY,
    )
    fax = fields.Char(tracking=True)

    @api.depends("annual_turnover", "potential")
    def _compute_marketing_currency_id(self):
        """Take the currency of whoever enters the first amount."""
        for partner in self:
            if not partner.marketing_currency_id and (
                partner.annual_turnover or partner.potential
            ):
                partner.marketing_currency_id = self.env.company.currency_id

    @api.constrains("annual_turnover", "potential")
    def _check_marketing_amounts(self):
        for partner in self:
            if min(partner.annual_turnover, partner.potential) < 0:
                raise ValidationError(
                    self.env._(
                        "Turnover and potential of %(partner)s cannot be negative:"
                        " enter 0 or more, or leave them empty.",
                        partner=name_of(partner),
                    )
                )

    @api.constrains("employee_count", "founding_year", "annual_turnover_year")
    def _check_marketing_numbers(self):
        for partner in self:
            if partner.employee_count < 0:
                raise ValidationError(
                    self.env._("The number of employees cannot be negative.")
                )
            years = partner.founding_year, partner.annual_turnover_year
            latest = fields.Date.context_today(self).year
            if any(year and not FIRST_YEAR <= year <= latest for year in years):
                raise ValidationError(
                    self.env._(
                        "Enter a year of four digits, not later than %(year)s.",
                        year=latest,
                    )
                )

    def _describe_figures(self, key=None, with_parts=False, header=False):
        makers = self._get_figure_makers()
        names = makers if key is None else makers.keys() & {key.partition(":")[0]}
        figures = [figure for name in names for figure in makers[name]()]
        return figures, [] if key else self._get_analysis_notes()

    def _get_analysis_notes(self):
        """Say how many opportunities are left out because of their types."""
        company = self.commercial_partner_id
        count = self.env["crm.lead"]._count_unanalysed(
            [
                ("type", "=", "opportunity"),
                ("company_id", "in", [False, *self.env.companies.ids]),
                ("partner_id.commercial_partner_id", "=", company.id),
            ]
        )
        if not count:
            return []
        return [
            self.env._(
                "Opportunities not counted, since you may not analyse their types:"
                " %(count)s.",
                count=count,
            )
        ]

    def _get_figure_makers(self):
        """Return ``{key: function that returns figures}``; extend it for more.

        They are those of this partner and its contacts. The figures of a function have
        its key, of several each followed by a colon and more.
        """
        company = self.commercial_partner_id
        sources = self.env["relationship.source"]._get_descriptions()
        makers = {
            figure.key: partial(company._count_figure, figure.key, figure.label)
            for model, source in sources.items()
            if self.env[model].has_access("read")
            for figure in source.figures
            if figure.label
        }
        return {
            **makers,
            "last_contact": company._get_last_contact_figure,
            "next_contact": company._get_next_contact_figure,
        }

    def _count_figure(self, key, label):
        """Return the figure of a source: number and amount of its records."""
        values = {"count": "count(*)", "amount": MONEY.format("sum")}
        found = self._get_figures(key, values).get(self.id, {"count": 0})
        _figure, source, domain = self._find_figure(key, family=self)
        value = str(found["count"])
        if source.amount and found["count"]:
            value += f" · {self._format_figure(found['amount'])}"
        return [show_figure(key, label, value, source.records._name, domain)]

    def _format_figure(self, amount):
        """Return an amount in the currency of the company; None has no rate to it."""
        if amount is None:
            return self.env._("no exchange rate")
        return format_amount(self.env, amount, self.env.company.currency_id)

    def _get_last_contact_figure(self):
        """Return the last contact and its kind; it opens all contacts of that kind."""
        rows = self._get_figure_rows("last_contact", family=self)
        found = self.env.execute_query(
            SQL("SELECT model, id, day FROM (%s) f ORDER BY day DESC, rank", rows)
        )
        model, value = "mail.activity", "–"
        if found:
            model, _id, day = found[0]
            sources = self.env["relationship.source"]._get_descriptions()
            value = f"{format_date(self.env, day)} · {sources[model].contact.label}"
        ids = [id_ for its, id_, _day in found if its == model]
        label = self.env._("Last contact")
        domain = Domain("id", "in", ids)
        return [show_figure("last_contact", label, value, model, domain)]

    def _get_next_contact_figure(self):
        rows = self._get_figure_rows("next_contact", family=self)
        found = self.env.execute_query(SQL("SELECT id, day FROM (%s) f", rows))
        day = min((day for _id, day in found), default=None)
        label, value = self.env._("Next activity planned"), format_date(self.env, day)
        domain, model = (
            Domain("id", "in", [id_ for id_, _day in found]),
            "mail.activity",
        )
        return [show_figure("next_contact", label, value or "–", model, domain)]

    def _check_figure_access(self):
        """Refuse who does not work with relationship management."""
        self._check_field_access(self._fields["abc_class"], "read")
        return super()._check_figure_access()
