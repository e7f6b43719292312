-- name: insert_references
INSERT INTO {schema}.bridge_opportunity_reference (
       reference_group_key, reference_id, source_key, partner_key, contact_key,
       reference_type_key, kind, share, influence, attitude)
SELECT g.reference_group_key, l.id, g.source_key,
       coalesce(l.partner_id + {offset}, -1), coalesce(l.contact_id + {offset}, -1),
       coalesce(l.type_id + {offset}, -1), l.kind, l.share * 0.01,
       l.influence, l.attitude
  FROM new_groups g
 CROSS JOIN LATERAL jsonb_to_recordset(g.reference_lines::jsonb) AS l (
       id bigint, partner_id bigint, contact_id bigint, type_id bigint, kind varchar,
       share numeric, influence varchar, attitude varchar)
