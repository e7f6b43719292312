-- The pipeline at the end of a day: the open opportunities.
-- Always filter: WHERE as_of_date = DATE '2026-05-31'.
CREATE OR REPLACE VIEW {schema}.v_pipeline_as_of AS
SELECT o.*
  FROM {schema}.v_opportunity_as_of o
 WHERE o.status = 'open';
COMMENT ON VIEW {schema}.v_pipeline_as_of IS
    'One row for each day and open opportunity; amounts must not be added over days.';
