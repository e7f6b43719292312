-- Rates with 18 digits behind the point, bridges with days: the next transfer sends
-- everything again, as the old events have no more digits. What is missing afterwards,
-- or was before, is made anew by restore.py.
ALTER TABLE IF EXISTS {schema}.fact_opportunity_event ADD COLUMN IF NOT EXISTS group_rate numeric;
ALTER TABLE IF EXISTS {schema}.fact_opportunity_state ADD COLUMN IF NOT EXISTS group_rate numeric;
ALTER TABLE IF EXISTS {schema}.fact_opportunity_event ALTER COLUMN group_rate TYPE numeric(28,18);
ALTER TABLE IF EXISTS {schema}.fact_opportunity_state ALTER COLUMN group_rate TYPE numeric(28,18);
ALTER TABLE IF EXISTS {schema}.bridge_opportunity_rep DROP CONSTRAINT IF EXISTS bridge_opportunity_rep_pkey;
DO $$BEGIN DELETE FROM {schema}.fact_opportunity_event; EXCEPTION WHEN undefined_table THEN NULL; END$$;
DO $$BEGIN DELETE FROM {schema}.etl_quarantine; EXCEPTION WHEN undefined_table THEN NULL; END$$;
DO $$BEGIN DELETE FROM {schema}.etl_batch; EXCEPTION WHEN undefined_table THEN NULL; END$$;
