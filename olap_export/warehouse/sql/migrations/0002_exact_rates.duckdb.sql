-- The tables are made anew by restore.py, which empties the others.
DROP TABLE IF EXISTS {schema}.fact_opportunity_event;
DROP TABLE IF EXISTS {schema}.fact_opportunity_state;
