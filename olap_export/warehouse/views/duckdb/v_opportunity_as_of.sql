-- Made from ../v_opportunity_as_of.sql by warehouse/transpile.py; do not edit.
CREATE OR REPLACE VIEW {schema}.v_opportunity_as_of AS
SELECT
  d.calendar_date AS as_of_date,
  d.date_key AS as_of_date_key,
  s.opportunity_key,
  s.event_key,
  s.company_key,
  s.employee_key,
  s.team_key,
  s.partner_key,
  s.opportunity_type_key,
  s.stage_key,
  s.campaign_key,
  s.lost_reason_key,
  s.closing_date_key,
  s.reference_group_key,
  s.currency_key,
  s.group_currency_key,
  s.status,
  s.binding,
  s.apply_probability,
  s.probability,
  s.expected_revenue,
  s.contribution_margin,
  s.forecast_revenue,
  s.forecast_margin,
  s.expected_revenue_group,
  s.contribution_margin_group,
  s.forecast_revenue_group,
  s.forecast_margin_group,
  s.valid_from
FROM {schema}.dim_date AS d
JOIN {schema}.fact_opportunity_state AS s
  ON s.valid_from_date_key <= d.date_key AND s.valid_to_date_key > d.date_key
WHERE
  d.calendar_date <= CURRENT_DATE AND s.lead_type = 'opportunity';
COMMENT ON VIEW {schema}.v_opportunity_as_of IS 'One row for each day and opportunity: its state at the end of that day.';
