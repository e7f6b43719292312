-- The share (0 to 1) of its amounts that the forecast counts of an opportunity. The
-- rule, wherever the database computes it; PostgreSQL puts it in place of the call.
CREATE OR REPLACE FUNCTION {schema}.relationship_forecast_weight(
    won_status varchar, active boolean, binding boolean, apply_probability boolean,
    probability double precision)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN won_status = 'won' THEN 1
                WHEN won_status = 'lost' OR active IS NOT TRUE OR binding IS NOT TRUE
                THEN 0
                WHEN apply_probability THEN coalesce(probability, 0)::numeric / 100
                ELSE 1 END
$$;
