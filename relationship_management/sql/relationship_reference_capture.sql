-- Store the partner references of the touched opportunities on the opportunities
-- themselves, from where the history trigger takes them. Called once a statement,
-- with the touched lines in "touched" (and "touched_before" on update).
-- Touching the opportunity makes two transactions that change its references at the
-- same time conflict: Odoo repeats the second one. A session beside Odoo waits instead,
-- so the opportunities are locked before the lines are read, by a statement of its own:
-- what the other one has committed meanwhile is seen, and no line is lost in a snapshot.
CREATE OR REPLACE FUNCTION {schema}.relationship_reference_capture()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    announced jsonb := nullif(current_setting('relationship.unlink', true), '')::jsonb;
    now_utc timestamp := {schema}.relationship_clock();
    lead_ids integer[];
    actor integer;
    at_time timestamp;
    way text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(DISTINCT t.lead_id) INTO lead_ids
          FROM (SELECT lead_id FROM touched UNION SELECT lead_id FROM touched_before) t;
    ELSE
        SELECT array_agg(DISTINCT t.lead_id) INTO lead_ids FROM touched t;
    END IF;
    IF lead_ids IS NULL THEN
        RETURN NULL;
    END IF;

    IF TG_OP = 'DELETE' THEN
        actor := (announced ->> 'by')::integer;
        at_time := (announced ->> 'at')::timestamp;
        way := CASE WHEN announced IS NOT NULL THEN 'orm' END;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT t.write_uid, t.write_date, 'orm' INTO actor, at_time, way
          FROM touched t WHERE t.create_uid IS NOT NULL LIMIT 1;
    ELSE
        SELECT t.write_uid, t.write_date, 'orm' INTO actor, at_time, way
          FROM touched t
          JOIN touched_before b ON b.id = t.id
         WHERE t.write_date IS DISTINCT FROM b.write_date OR t.write_date = now_utc
         LIMIT 1;
    END IF;

    PERFORM 1 FROM {schema}.crm_lead l
      WHERE l.id = ANY (lead_ids) ORDER BY l.id FOR NO KEY UPDATE;

    UPDATE {schema}.crm_lead l
       SET reference_snapshot = jsonb_build_object(
               'by', actor, 'at', coalesce(at_time, now_utc),
               'path', coalesce(way, 'sql'))
               || CASE WHEN s.lines IS NULL THEN '{}'
                       ELSE jsonb_build_object('lines', s.lines) END
      FROM (SELECT i.lead_id, (
                   SELECT jsonb_agg(jsonb_build_object(
                              'id', r.id, 'partner_id', r.partner_id,
                              'contact_id', r.contact_id, 'type_id', r.type_id,
                              'kind', t.kind, 'share', r.share,
                              'influence', r.influence, 'attitude', r.attitude)
                              -- Only where there are any: what is older stays as it is.
                              || jsonb_strip_nulls(jsonb_build_object(
                                  'date_from', r.date_from, 'date_to', r.date_to))
                              ORDER BY r.id)
                     FROM {schema}.relationship_reference r
                     JOIN {schema}.relationship_reference_type t ON t.id = r.type_id
                    WHERE r.lead_id = i.lead_id) AS lines
              FROM unnest(lead_ids) AS i(lead_id)) s
     WHERE l.id = s.lead_id
       -- Without lines: JSON's null in a snapshot, none in an opportunity that never
       -- had any.
       AND nullif(l.reference_snapshot -> 'lines', 'null') IS DISTINCT FROM s.lines;
    RETURN NULL;
END
$$;
