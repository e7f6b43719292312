-- The time of the transaction in UTC, or the time that a replay of past changes has
-- set for its transaction (row_trigger.set_clock).
CREATE OR REPLACE FUNCTION {schema}.relationship_clock()
RETURNS timestamp LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('relationship.clock', true), '')::timestamp,
                    now() AT TIME ZONE 'UTC')
$$;
