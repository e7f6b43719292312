-- Rates with 18 digits behind the point, bridges with days: the next transfer sends
-- everything again, as the old events have no more digits. What is missing afterwards
-- is made anew by restore.py.
ALTER TABLE {schema}.fact_opportunity_event ALTER COLUMN group_rate TYPE numeric(28,18);
ALTER TABLE {schema}.fact_opportunity_state ALTER COLUMN group_rate TYPE numeric(28,18);
ALTER TABLE {schema}.bridge_opportunity_rep DROP CONSTRAINT bridge_opportunity_rep_pkey;
DELETE FROM {schema}.fact_opportunity_event;
DELETE FROM {schema}.etl_quarantine;
DELETE FROM {schema}.etl_batch;
