-- Made from ../v_pipeline_as_of.sql by warehouse/transpile.py; do not edit.
CREATE OR REPLACE VIEW {schema}.v_pipeline_as_of AS
SELECT
  o.*
FROM {schema}.v_opportunity_as_of AS o
WHERE
  o.status = 'open';
COMMENT ON VIEW {schema}.v_pipeline_as_of IS 'One row for each day and open opportunity; amounts must not be added over days.';
