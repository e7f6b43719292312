-- The status of an opportunity: won, lost, open or archived.
CREATE OR REPLACE FUNCTION {schema}.relationship_opportunity_status(
    won_status varchar, active boolean)
RETURNS varchar LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN won_status IN ('won', 'lost') THEN won_status
                WHEN active THEN 'open' ELSE 'archived' END
$$;
