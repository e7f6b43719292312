-- name: lines
-- The lines of new groups, whatever is in them: NULL for what is not as it should be.
-- 4.0 is 4.
SELECT reference_group_key, source_key, place,
       CASE WHEN jsonb_typeof(line -> 'id') = 'number'
             AND line ->> 'id' ~ '^[1-9][0-9]{0,11}([.]0+)?$'
            THEN (line ->> 'id')::numeric::bigint END AS id,
       CASE WHEN jsonb_typeof(line -> 'partner_id') = 'number'
             AND line ->> 'partner_id' ~ '^[1-9][0-9]{0,11}([.]0+)?$'
            THEN (line ->> 'partner_id')::numeric::bigint END AS partner_id,
       CASE WHEN jsonb_typeof(line -> 'contact_id') = 'number'
             AND line ->> 'contact_id' ~ '^[1-9][0-9]{0,11}([.]0+)?$'
            THEN (line ->> 'contact_id')::numeric::bigint END AS contact_id,
       CASE WHEN jsonb_typeof(line -> 'type_id') = 'number'
             AND line ->> 'type_id' ~ '^[1-9][0-9]{0,11}([.]0+)?$'
            THEN (line ->> 'type_id')::numeric::bigint END AS type_id,
       CASE WHEN jsonb_typeof(line -> 'share') = 'number'
             AND line ->> 'share' ~ '^[0-9]{1,3}([.][0-9]+)?$'
            THEN (line ->> 'share')::numeric END AS share,
       CASE WHEN jsonb_typeof(line -> 'kind') = 'string'
            THEN line ->> 'kind' END AS kind,
       CASE WHEN jsonb_typeof(line -> 'influence') = 'string'
            THEN line ->> 'influence' END AS influence,
       CASE WHEN jsonb_typeof(line -> 'attitude') = 'string'
            THEN line ->> 'attitude' END AS attitude
  FROM new_groups g
 CROSS JOIN LATERAL jsonb_array_elements(
       CASE WHEN jsonb_typeof(g.reference_lines::jsonb) = 'array'
            THEN g.reference_lines::jsonb END) WITH ORDINALITY AS l (line, place)
