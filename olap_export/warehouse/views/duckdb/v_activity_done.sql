-- Made from ../v_activity_done.sql by warehouse/transpile.py; do not edit.
CREATE OR REPLACE VIEW {schema}.v_activity_done AS
SELECT
  a.activity_key,
  a.activity_type_key,
  a.activity_result_key,
  a.company_key,
  a.employee_key,
  a.partner_key,
  a.contact_key,
  a.opportunity_key,
  a.campaign_key,
  a.stage_key,
  a.done_date_key,
  a.number,
  a.channel,
  a.priority,
  f.calendar_date AS planned_from,
  t.calendar_date AS planned_to,
  b.calendar_date AS begun_on,
  d.calendar_date AS done_on,
  a.first_done_at,
  a.done_at,
  a.planned_days,
  a.days_taken,
  a.days_late,
  a.task_count,
  a.done_task_count,
  a.reopen_count
FROM {schema}.fact_activity AS a
LEFT JOIN {schema}.dim_date AS f
  ON f.date_key = a.planned_from_date_key
LEFT JOIN {schema}.dim_date AS t
  ON t.date_key = a.planned_to_date_key
LEFT JOIN {schema}.dim_date AS b
  ON b.date_key = a.begun_date_key
LEFT JOIN {schema}.dim_date AS d
  ON d.date_key = a.done_date_key
WHERE
  a.status = 'done' AND NOT a.is_deleted;
COMMENT ON VIEW {schema}.v_activity_done IS 'One row for each activity that was done: type, result, planned and real days.';
