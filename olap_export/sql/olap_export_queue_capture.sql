-- Queue the history rows of a statement for every connected target. Called once a
-- statement, with the inserted rows in "inserted".
CREATE OR REPLACE FUNCTION {schema}.olap_export_queue_capture()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {schema}.olap_export_queue (target_id, history_id)
    SELECT t.id, i.id
      FROM {schema}.olap_export_target t, inserted i
     WHERE t.active AND t.state = 'connected'
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
