-- The pipeline by sales representative. The weights of an opportunity add up to 1, so
-- its amounts are counted once; without representatives its owner has all of it.
-- Always filter: WHERE as_of_date = DATE '2026-05-31'.
CREATE OR REPLACE VIEW {schema}.v_pipeline_by_rep AS
SELECT p.as_of_date,
       p.as_of_date_key,
       p.opportunity_key,
       p.company_key,
       COALESCE(r.employee_key, p.employee_key) AS employee_key,
       COALESCE(r.partner_key, -1) AS rep_partner_key,
       COALESCE(r.weight, CAST(1 AS NUMERIC(9,6))) AS weight,
       p.stage_key,
       p.opportunity_type_key,
       p.closing_date_key,
       p.currency_key,
       p.group_currency_key,
       CAST(p.expected_revenue AS NUMERIC(28,4)) * COALESCE(r.weight, CAST(1 AS NUMERIC(9,6)))
           AS expected_revenue,
       CAST(p.contribution_margin AS NUMERIC(28,4)) * COALESCE(r.weight, CAST(1 AS NUMERIC(9,6)))
           AS contribution_margin,
       CAST(p.forecast_revenue AS NUMERIC(28,4)) * COALESCE(r.weight, CAST(1 AS NUMERIC(9,6)))
           AS forecast_revenue,
       CAST(p.forecast_margin AS NUMERIC(28,4)) * COALESCE(r.weight, CAST(1 AS NUMERIC(9,6)))
           AS forecast_margin,
       CAST(p.expected_revenue_group AS NUMERIC(28,4)) * COALESCE(r.weight, CAST(1 AS NUMERIC(9,6)))
           AS expected_revenue_group,
       CAST(p.contribution_margin_group AS NUMERIC(28,4)) * COALESCE(r.weight, CAST(1 AS NUMERIC(9,6)))
           AS contribution_margin_group,
       CAST(p.forecast_revenue_group AS NUMERIC(28,4)) * COALESCE(r.weight, CAST(1 AS NUMERIC(9,6)))
           AS forecast_revenue_group,
       CAST(p.forecast_margin_group AS NUMERIC(28,4)) * COALESCE(r.weight, CAST(1 AS NUMERIC(9,6)))
           AS forecast_margin_group
  FROM {schema}.v_pipeline_as_of p
  LEFT JOIN {schema}.bridge_opportunity_rep r
    ON r.reference_group_key = p.reference_group_key
   AND p.as_of_date BETWEEN r.date_from AND r.date_to;
COMMENT ON VIEW {schema}.v_pipeline_by_rep IS
    'One row for each day, open opportunity and sales representative, weighted.';
