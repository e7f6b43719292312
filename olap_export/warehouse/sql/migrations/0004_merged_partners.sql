-- Into which partner another one went: the next transfer fills it.
ALTER TABLE IF EXISTS {schema}.dim_partner ADD COLUMN IF NOT EXISTS merged_into_key bigint;
