-- name: insert_references
INSERT INTO {schema}.bridge_opportunity_reference (
       reference_group_key, reference_id, source_key, partner_key, contact_key,
       reference_type_key, kind, share, influence, attitude)
SELECT reference_group_key, l.id, source_key,
       coalesce(l.partner_id + {offset}, -1), coalesce(l.contact_id + {offset}, -1),
       coalesce(l.type_id + {offset}, -1), l.kind,
       CAST(l.share * 0.01 AS NUMERIC(9,6)), l.influence, l.attitude
  FROM (SELECT reference_group_key, source_key,
               unnest(from_json(reference_lines, '[{"id":"BIGINT","partner_id":"BIGINT",
                   "contact_id":"BIGINT","type_id":"BIGINT","kind":"VARCHAR",
                   "share":"DECIMAL(18,6)","influence":"VARCHAR",
                   "attitude":"VARCHAR"}]')) AS l
          FROM new_groups) g
