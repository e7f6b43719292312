-- Queue the activities that a statement has changed, itself or through their tasks, for
-- every connected target. Called once a statement, with its rows in "touched", and in
-- "touched_before" what they were. Only inserts, so nobody waits for it; what an
-- activity says in OLAP ({columns}) is told by warehouse/activity/columns.py.
CREATE OR REPLACE FUNCTION {schema}.olap_export_activity_capture()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed integer[];
BEGIN
    IF NOT EXISTS (SELECT 1 FROM {schema}.olap_export_target
                    WHERE active AND state = 'connected') THEN
        RETURN NULL;
    ELSIF TG_TABLE_NAME = 'relationship_activity_todo' THEN
        changed := ARRAY(SELECT DISTINCT activity_id FROM touched);
    ELSIF TG_TABLE_NAME = 'mail_activity' AND TG_OP = 'UPDATE' THEN
        changed := ARRAY(
            SELECT DISTINCT d.activity_id
              FROM touched n
              FULL JOIN touched_before o ON o.id = n.id
             CROSS JOIN LATERAL (VALUES (n.relationship_activity_id),
                                        (o.relationship_activity_id)) d (activity_id)
             WHERE d.activity_id IS NOT NULL
               AND (n.relationship_activity_id, n.active IS TRUE,
                    n.is_closed_with_activity IS TRUE)
                   IS DISTINCT FROM (o.relationship_activity_id, o.active IS TRUE,
                    o.is_closed_with_activity IS TRUE));
    ELSIF TG_TABLE_NAME = 'mail_activity' THEN
        changed := ARRAY(SELECT DISTINCT relationship_activity_id FROM touched
                          WHERE relationship_activity_id IS NOT NULL);
    ELSIF TG_OP = 'UPDATE' THEN
        changed := ARRAY(
            SELECT id FROM (SELECT {columns} FROM touched
                            EXCEPT SELECT {columns} FROM touched_before) n
             UNION
            SELECT id FROM (SELECT {columns} FROM touched_before
                            EXCEPT SELECT {columns} FROM touched) o);
    ELSE
        changed := ARRAY(SELECT id FROM touched);
    END IF;
    INSERT INTO {schema}.olap_export_activity_queue (target_id, activity_id)
    SELECT t.id, c.activity_id
      FROM {schema}.olap_export_target t, unnest(changed) c (activity_id)
     WHERE t.active AND t.state = 'connected';
    RETURN NULL;
END
$$;
