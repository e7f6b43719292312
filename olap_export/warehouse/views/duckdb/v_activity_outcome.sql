-- Made from ../v_activity_outcome.sql by warehouse/transpile.py; do not edit.
CREATE OR REPLACE VIEW {schema}.v_activity_outcome AS
SELECT
  o.opportunity_key,
  o.status AS outcome,
  c.closed_date_key,
  o.company_key,
  o.employee_key AS owner_key,
  o.opportunity_type_key,
  o.partner_key,
  COALESCE(a.activity_key, -1) AS activity_key,
  COALESCE(a.activity_type_key, -1) AS activity_type_key,
  COALESCE(a.activity_result_key, -1) AS activity_result_key,
  COALESCE(a.employee_key, -1) AS employee_key,
  COALESCE(a.campaign_key, -1) AS campaign_key,
  COALESCE(a.stage_key, -1) AS stage_key,
  COALESCE(a.done_date_key, -1) AS done_date_key,
  a.channel,
  a.done_on,
  a.days_late
FROM {schema}.fact_opportunity_state AS o
JOIN (
  SELECT
    opportunity_key,
    status,
    COALESCE(
      MAX(CASE WHEN event = status THEN valid_from_date_key END),
      MIN(valid_from_date_key)
    ) AS closed_date_key
  FROM {schema}.fact_opportunity_state
  WHERE
    status IN ('won', 'lost')
  GROUP BY
    opportunity_key,
    status
) AS c
  ON c.opportunity_key = o.opportunity_key AND c.status = o.status
LEFT JOIN {schema}.v_activity_done AS a
  ON a.opportunity_key = o.opportunity_key
  AND a.done_date_key > 0
  AND a.done_date_key <= c.closed_date_key
WHERE
  o.is_current AND o.status IN ('won', 'lost') AND o.lead_type = 'opportunity';
COMMENT ON VIEW {schema}.v_activity_outcome IS 'One row for each won or lost opportunity and activity done until it was closed.';
