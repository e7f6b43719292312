-- What is expected from the opportunities that are open now, by employee and month of
-- the expected closing; closing_month is empty where nobody entered a date.
CREATE OR REPLACE VIEW {schema}.v_forecast AS
SELECT s.company_key,
       s.employee_key,
       d.month_start AS closing_month,
       s.currency_key,
       s.group_currency_key,
       COUNT(*) AS opportunities,
       SUM(CASE WHEN s.binding THEN 1 ELSE 0 END) AS binding_opportunities,
       SUM(s.expected_revenue) AS expected_revenue,
       SUM(s.contribution_margin) AS contribution_margin,
       SUM(s.forecast_revenue) AS forecast_revenue,
       SUM(s.forecast_margin) AS forecast_margin,
       SUM(s.forecast_revenue_group) AS forecast_revenue_group,
       SUM(s.forecast_margin_group) AS forecast_margin_group
  FROM {schema}.fact_opportunity_state s
  LEFT JOIN {schema}.dim_date d ON d.date_key = s.closing_date_key
 WHERE s.is_current
   AND s.status = 'open'
   AND s.lead_type = 'opportunity'
 GROUP BY s.company_key, s.employee_key, d.month_start, s.currency_key,
       s.group_currency_key;
COMMENT ON VIEW {schema}.v_forecast IS
    'Expected and forecast revenue and margin of open opportunities by closing month.';
