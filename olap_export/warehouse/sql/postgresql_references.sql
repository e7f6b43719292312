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
            THEN line ->> 'attitude' END AS attitude,
       CASE WHEN line ->> 'date_from' ~ '^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
            THEN (left(line ->> 'date_from', 8) || '01')::date
                 + right(line ->> 'date_from', 2)::integer - 1 END AS date_from,
       CASE WHEN line ->> 'date_to' ~ '^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
            THEN (left(line ->> 'date_to', 8) || '01')::date
                 + right(line ->> 'date_to', 2)::integer - 1 END AS date_to
  FROM new_groups g
 CROSS JOIN LATERAL jsonb_array_elements(
       CASE WHEN jsonb_typeof(g.reference_lines::jsonb) = 'array'
            THEN g.reference_lines::jsonb END) WITH ORDINALITY AS l (line, place)

-- name: carried
-- What a state takes over from its event: the columns that both have, but for keys.
SELECT string_agg(quote_ident(s.attname), ', ' ORDER BY s.attnum)
  FROM pg_attribute s
  JOIN pg_attribute e ON e.attname = s.attname AND e.attnum > 0 AND NOT e.attisdropped
 WHERE s.attrelid = '{schema}.fact_opportunity_state'::regclass
   AND e.attrelid = '{schema}.fact_opportunity_event'::regclass
   AND s.attnum > 0 AND NOT s.attisdropped
   AND s.attname NOT IN ('event_key', 'opportunity_key')
