from odoo import api, fields, models
from odoo.tools import SQL, float_compare
from odoo.tools.sql import column_exists

FORECAST_HELP = (
    "Lost or archived: 0. Won: the full amount. Open and not binding: 0. Open and"
    " binding: the amount × the probability when “Apply probability” is ticked,"
    " otherwise the full amount."
)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    opportunity_type_id = fields.Many2one(
        "relationship.opportunity.type",
        string="Opportunity type",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    number = fields.Char(
        copy=False,
        help="Given by the number range of the type; typed by hand for a type without.",
    )
    has_number_range = fields.Boolean(compute="_compute_has_number_range")

    binding = fields.Boolean(
        default=True, tracking=True, help="Ticked: the opportunity is in the forecast."
    )
    apply_probability = fields.Boolean(
        string="Apply probability",
        default=True,
        tracking=True,
        help="Ticked: the forecast counts the amounts × the probability.",
    )
    margin_percent = fields.Float(
        string="Contribution margin (%)",
        aggregator="avg",
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
    forecast_revenue = fields.Monetary(
        string="Forecast revenue",
        compute="_compute_forecast",
        store=True,
        currency_field="company_currency",
        help=FORECAST_HELP,
    )
    forecast_margin = fields.Monetary(
        string="Forecast margin",
        compute="_compute_forecast",
        store=True,
        currency_field="company_currency",
        help=FORECAST_HELP,
    )
    forecast_explanation = fields.Char(compute="_compute_forecast_explanation")

    reference_ids = fields.One2many(
        "relationship.reference", "lead_id", string="People"
    )

    _type_number_unique = models.UniqueIndex(
        "(opportunity_type_id, number) WHERE number IS NOT NULL",
        "Another opportunity of this type has this number: numbers are never reused.",
    )

    def _auto_init(self):
        """Fill the new columns of existing opportunities at once, not one by one."""
        cr = self.env.cr
        fresh = not column_exists(cr, "crm_lead", "forecast_revenue")
        if fresh:
            cr.execute(
                """
                ALTER TABLE crm_lead
                    ADD COLUMN binding boolean DEFAULT true,
                    ADD COLUMN apply_probability boolean DEFAULT true,
                    ADD COLUMN margin_percent double precision DEFAULT 0,
                    ADD COLUMN contribution_margin numeric DEFAULT 0,
                    ADD COLUMN forecast_revenue numeric,
                    ADD COLUMN forecast_margin numeric DEFAULT 0;
                ALTER TABLE crm_lead
                    ALTER COLUMN binding DROP DEFAULT,
                    ALTER COLUMN apply_probability DROP DEFAULT,
                    ALTER COLUMN margin_percent DROP DEFAULT,
                    ALTER COLUMN contribution_margin DROP DEFAULT,
                    ALTER COLUMN forecast_margin DROP DEFAULT;
                """
            )
            cr.execute(SQL("UPDATE crm_lead l SET %s", self._get_forecast_sql()))
        return super()._auto_init()

    @api.depends("opportunity_type_id")
    def _compute_has_number_range(self):
        for lead in self:
            # sudo: whether there is a number range is no secret.
            lead.has_number_range = lead.opportunity_type_id.sudo().number_sequence_id

    @api.depends("expected_revenue", "margin_percent")
    def _compute_contribution_margin(self):
        for lead in self:
            if lead.margin_percent:
                lead.contribution_margin = lead._get_margin_of_percent()
            elif lead.contribution_margin and lead.expected_revenue:
                # The amount was typed while the revenue was still unknown: it stays.
                lead.margin_percent = (
                    lead.contribution_margin / lead.expected_revenue * 100
                )
            else:
                lead.contribution_margin = lead.contribution_margin or 0

    def _inverse_contribution_margin(self):
        for lead in self:
            lead.margin_percent = lead._get_percent_of_margin()

    @api.onchange("contribution_margin")
    def _onchange_contribution_margin(self):
        self.margin_percent = self._get_percent_of_margin()
        if self.expected_revenue and self.contribution_margin > self.expected_revenue:
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

    @api.depends(
        "expected_revenue",
        "contribution_margin",
        "probability",
        "binding",
        "apply_probability",
        "won_status",
        "active",
    )
    def _compute_forecast(self):
        for lead in self:
            weight = lead._get_forecast_weight()
            lead.forecast_revenue = (lead.expected_revenue or 0) * weight
            lead.forecast_margin = (lead.contribution_margin or 0) * weight

    def _get_forecast_weight(self):
        """Return the share (0–1) of the amounts that the forecast counts."""
        self.ensure_one()
        if self.won_status == "won":
            return 1
        if self.won_status == "lost" or not self.active or not self.binding:
            return 0
        return (self.probability or 0) / 100 if self.apply_probability else 1

    @api.model
    def _get_forecast_sql(self):
        """Return the assignments of the forecast columns of ``crm_lead l``."""
        weight = SQL(
            """CASE WHEN l.won_status = 'won' THEN 1
                    WHEN l.won_status = 'lost' OR NOT l.active OR NOT l.binding THEN 0
                    WHEN NOT l.apply_probability THEN 1
                    ELSE coalesce(l.probability, 0)::numeric / 100 END"""
        )
        return SQL(
            """
            forecast_revenue = round(coalesce(l.expected_revenue, 0) * %(weight)s, 2),
            forecast_margin = round(coalesce(l.contribution_margin, 0) * %(weight)s, 2)
            """,
            weight=weight,
        )

    @api.depends("forecast_revenue", "expected_revenue", "probability")
    @api.depends_context("lang")
    def _compute_forecast_explanation(self):
        for lead in self:
            lead.forecast_explanation = lead._explain_forecast()

    def _explain_forecast(self):
        currency = self.company_currency
        forecast, revenue = (
            currency.format(amount) if currency else f"{amount:.2f}"
            for amount in (self.forecast_revenue or 0, self.expected_revenue or 0)
        )
        if self.won_status == "won":
            return self.env._("Forecast %(amount)s: won", amount=forecast)
        if self.won_status == "lost" or not self.active:
            return self.env._("Not in the forecast: lost or archived")
        if not self.binding:
            return self.env._("Not in the forecast: not binding")
        if not self.apply_probability:
            return self.env._(
                "Forecast %(amount)s: the full revenue, without the probability",
                amount=forecast,
            )
        return self.env._(
            "Forecast %(amount)s = %(revenue)s × %(probability).0f %%",
            amount=forecast,
            revenue=revenue,
            probability=self.probability or 0,
        )

    @api.onchange("opportunity_type_id")
    def _onchange_opportunity_type_id(self):
        """Propose the values of the type; what a person chose before stays."""
        if not self.opportunity_type_id:
            return
        if self._origin:
            self.update(self._get_missing_type_values())
            return
        untouched = self.new(self.default_get(list(self._fields)))
        for name, value in self.opportunity_type_id._get_opportunity_defaults().items():
            field = self._fields[name]
            current, initial = self[name], untouched[name]
            if field.type == "many2one":
                current, initial = current._origin.id, initial._origin.id
            if not current or current == initial:
                self[name] = value

    def _get_missing_type_values(self):
        """Return the values of the type for what is still empty, switches left out."""
        self.ensure_one()
        # sudo: the defaults of a type apply to whoever may choose it.
        defaults = self.opportunity_type_id.sudo()._get_opportunity_defaults()
        return {
            name: value
            for name, value in defaults.items()
            if not self[name]
            and name not in ("binding", "apply_probability", "probability")
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Apply the defaults of the type, whoever creates; explicit values win.

        An empty cell of an import counts as "not given".
        """
        default = {}
        if any("opportunity_type_id" not in vals for vals in vals_list):
            default = self.default_get(["opportunity_type_id"])
        return super().create(
            [self._prepare_type_values({**default, **vals}) for vals in vals_list]
        )

    def _prepare_type_values(self, vals):
        """Return the values of a new opportunity, completed by those of its type."""
        type_id = vals.get("opportunity_type_id")
        if not type_id:
            return vals
        opportunity_type = self.env["relationship.opportunity.type"].browse(type_id)
        # sudo: the defaults of a type apply to whoever may choose it.
        defaults = opportunity_type.sudo()._get_opportunity_defaults()
        if "contribution_margin" in vals:
            defaults.pop("margin_percent", None)
        imported = self.env.context.get("import_file")
        given = {
            name: value
            for name, value in vals.items()
            if not (imported and value in (False, None, "") and name in defaults)
        }
        values = {**defaults, **given}
        if not values.get("number"):
            values["number"] = opportunity_type._next_number()
        return values

    def write(self, vals):
        """Give an opportunity that gets a type what it lacks; its number stays."""
        result = super().write(vals)
        if vals.get("opportunity_type_id"):
            for lead in self:
                missing = lead._get_missing_type_values()
                if not lead.number:
                    missing["number"] = lead.opportunity_type_id._next_number()
                lead.write({k: v for k, v in missing.items() if k not in vals})
        return result

    def _merge_get_fields(self):
        return [
            *super()._merge_get_fields(),
            "opportunity_type_id",
            "margin_percent",
            "contribution_margin",
        ]

    def _update_automated_probabilities(self):
        """Bring the stored forecast along: the scoring writes beside the ORM."""
        result = super()._update_automated_probabilities()
        self.env.execute_query(
            SQL(
                """
                UPDATE crm_lead l SET %(forecast)s
                 WHERE l.won_status = 'pending' AND l.active AND l.binding
                   AND l.apply_probability
                   AND abs(l.forecast_revenue
                           - l.expected_revenue * l.probability::numeric / 100) >= 0.01
                """,
                forecast=self._get_forecast_sql(),
            )
        )
        self.invalidate_model(["forecast_revenue", "forecast_margin"], flush=False)
        return result
