import logging

from psycopg2 import OperationalError

from odoo import api, fields, models, modules
from odoo.tools import SQL, formatLang, split_every
from odoo.tools.sql import column_exists

from ..history import capture
from ..shared.finite import finite

_logger = logging.getLogger(__name__)
FORECAST_BATCH = 5000
# The rule for ``crm_lead l``.
WEIGHT = SQL(
    "relationship_forecast_weight(l.won_status, l.active, l.binding,"
    " l.apply_probability, l.probability)"
)

FORECAST_HELP = (
    "Lost or archived: 0. Won: the full amount. Open and not binding: 0. Open and"
    " binding: the amount × the probability when “Apply probability” is ticked,"
    " otherwise the full amount."
)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    binding = fields.Boolean(
        default=True, tracking=True, help="Ticked: the opportunity is in the forecast."
    )
    apply_probability = fields.Boolean(
        string="Apply probability",
        default=True,
        tracking=True,
        help="Ticked: the forecast counts the amounts × the probability.",
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
            capture.install_helpers(cr)
            cr.execute(SQL("UPDATE crm_lead l SET %s", self._get_forecast_sql()))
        return super()._auto_init()

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
        return SQL(
            """
            forecast_revenue =
                round(coalesce(l.expected_revenue, 0) * %(weight)s, %(digits)s),
            forecast_margin =
                round(coalesce(l.contribution_margin, 0) * %(weight)s, %(digits)s)
            """,
            weight=WEIGHT,
            digits=SQL(
                """coalesce((SELECT u.decimal_places
                               FROM res_company c
                               JOIN res_currency u ON u.id = c.currency_id
                              WHERE c.id = l.company_id), 2)"""
            ),
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
            for amount in map(finite, (self.forecast_revenue, self.expected_revenue))
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
            "Forecast %(amount)s = %(revenue)s × %(probability)s %%",
            amount=forecast,
            revenue=revenue,
            probability=formatLang(
                self.env,
                finite(self.probability),
                digits=0 if float(finite(self.probability)).is_integer() else 2,
            ),
        )

    def _update_automated_probabilities(self):
        """Bring the stored forecast along: the scoring writes beside the ORM.

        In batches with a commit each, as core does it, so that no user waits.
        """
        result = super()._update_automated_probabilities()
        stale = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM (SELECT id, forecast_revenue, forecast_margin,
                               %s AS weight,
                               coalesce(expected_revenue, 0) AS revenue,
                               coalesce(contribution_margin, 0) AS margin
                          FROM crm_lead l
                         WHERE won_status = 'pending' AND active) l
                 WHERE abs(coalesce(forecast_revenue, 0) - revenue * weight) >= 0.01
                    OR abs(coalesce(forecast_margin, 0) - margin * weight) >= 0.01
                """,
                WEIGHT,
            )
        )
        for ids in split_every(FORECAST_BATCH, [lead_id for (lead_id,) in stale]):
            self._update_forecasts(ids)
        self.invalidate_model(["forecast_revenue", "forecast_margin"], flush=False)
        return result

    def _update_forecasts(self, ids):
        """Compute the stored forecast of some opportunities in the database."""
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    SQL(
                        "UPDATE crm_lead l SET %s WHERE l.id = ANY(%s)",
                        self._get_forecast_sql(),
                        list(ids),
                    )
                )
        except OperationalError:
            # Somebody changes one of them: the ORM computes the forecast of that one.
            _logger.info("Forecasts of %s opportunities wait for a user.", len(ids))
        else:
            if not modules.module.current_test:
                self.env.cr.commit()  # pylint: disable=invalid-commit
