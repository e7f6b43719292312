-- Note that an activity was done or cancelled, or is open again. Called for each row of
-- relationship_activity whose status changes in that; sees no rights and needs none.
-- The row it writes belongs to the activity that its statement has locked: nobody waits
-- for it who does not wait for that.
CREATE OR REPLACE FUNCTION {schema}.relationship_activity_history_write()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_utc timestamp := {schema}.relationship_clock();
    reopened boolean := NEW.state NOT IN ('done', 'cancelled');
BEGIN
    INSERT INTO {schema}.relationship_activity_history AS h (
        activity_id, first_done_at, done_at, cancelled_at, reopen_count)
    VALUES (
        NEW.id,
        CASE WHEN NEW.state = 'done' THEN now_utc END,
        CASE WHEN NEW.state = 'done' THEN now_utc END,
        CASE WHEN NEW.state = 'cancelled' THEN now_utc END,
        reopened::integer)
    ON CONFLICT (activity_id) DO UPDATE SET
        first_done_at = coalesce(h.first_done_at, EXCLUDED.first_done_at),
        done_at = EXCLUDED.done_at,
        cancelled_at = EXCLUDED.cancelled_at,
        reopen_count = h.reopen_count + EXCLUDED.reopen_count,
        deleted_at = NULL;
    RETURN NULL;
END
$$;
