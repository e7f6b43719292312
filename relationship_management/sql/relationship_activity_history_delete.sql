-- Keep what an activity was last, before it is deleted. One that was created in this
-- very transaction leaves nothing: nobody ever saw it.
-- Which values these are is told by activity/history.py.
CREATE OR REPLACE FUNCTION {schema}.relationship_activity_history_delete()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_utc timestamp := {schema}.relationship_clock();
    utm_id integer;
    tasks integer;
    tasks_done integer;
BEGIN
    IF OLD.create_date = now_utc THEN
        DELETE FROM {schema}.relationship_activity_history h
         WHERE h.activity_id = OLD.id;
        RETURN OLD;
    END IF;
    SELECT c.utm_campaign_id INTO utm_id
      FROM {schema}.relationship_campaign c WHERE c.id = OLD.campaign_id;
    SELECT count(*), count(*) FILTER (
               WHERE t.active IS NOT TRUE AND t.is_closed_with_activity IS NOT TRUE)
      INTO tasks, tasks_done
      FROM {schema}.mail_activity t WHERE t.relationship_activity_id = OLD.id;
    SELECT tasks + count(*) INTO tasks
      FROM {schema}.relationship_activity_todo t WHERE t.activity_id = OLD.id;
    INSERT INTO {schema}.relationship_activity_history AS h (
        activity_id, deleted_at, {columns})
    VALUES (OLD.id, now_utc, {values}, utm_id, tasks, tasks_done)
    ON CONFLICT (activity_id) DO UPDATE SET
        deleted_at = EXCLUDED.deleted_at, {assignments};
    RETURN OLD;
END
$$;
