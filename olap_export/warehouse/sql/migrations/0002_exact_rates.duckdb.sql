-- The tables are made anew by restore.py, which empties the others.
DROP TABLE {schema}.fact_opportunity_event;
DROP TABLE {schema}.fact_opportunity_state;
