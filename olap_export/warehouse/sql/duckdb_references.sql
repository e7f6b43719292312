-- name: lines
-- The lines of new groups, whatever is in them: NULL for what is not as it should be.
-- 4.0 is 4.
SELECT reference_group_key, source_key, place,
       CASE WHEN json_type(line, '$.id') <> 'VARCHAR'
             AND regexp_full_match(line ->> '$.id', '[1-9][0-9]{0,11}([.]0+)?')
            THEN TRY_CAST(line ->> '$.id' AS BIGINT) END AS id,
       CASE WHEN json_type(line, '$.partner_id') <> 'VARCHAR'
             AND regexp_full_match(line ->> '$.partner_id', '[1-9][0-9]{0,11}([.]0+)?')
            THEN TRY_CAST(line ->> '$.partner_id' AS BIGINT) END AS partner_id,
       CASE WHEN json_type(line, '$.contact_id') <> 'VARCHAR'
             AND regexp_full_match(line ->> '$.contact_id', '[1-9][0-9]{0,11}([.]0+)?')
            THEN TRY_CAST(line ->> '$.contact_id' AS BIGINT) END AS contact_id,
       CASE WHEN json_type(line, '$.type_id') <> 'VARCHAR'
             AND regexp_full_match(line ->> '$.type_id', '[1-9][0-9]{0,11}([.]0+)?')
            THEN TRY_CAST(line ->> '$.type_id' AS BIGINT) END AS type_id,
       CASE WHEN json_type(line, '$.share') <> 'VARCHAR'
             AND regexp_full_match(line ->> '$.share', '[0-9]{1,3}([.][0-9]+)?(e-[0-9]+)?')
            THEN TRY_CAST(line ->> '$.share' AS DECIMAL(23,20)) END AS share,
       CASE WHEN json_type(line, '$.kind') = 'VARCHAR'
            THEN line ->> '$.kind' END AS kind,
       CASE WHEN json_type(line, '$.influence') = 'VARCHAR'
            THEN line ->> '$.influence' END AS influence,
       CASE WHEN json_type(line, '$.attitude') = 'VARCHAR'
            THEN line ->> '$.attitude' END AS attitude,
       CASE WHEN regexp_full_match(line ->> '$.date_from', '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])')
             AND (line ->> '$.date_from') > '0001'
            THEN CAST(concat(substr(line ->> '$.date_from', 1, 8), '01') AS DATE)
                 + CAST(substr(line ->> '$.date_from', 9, 2) AS INTEGER) - 1 END AS date_from,
       CASE WHEN regexp_full_match(line ->> '$.date_to', '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])')
             AND (line ->> '$.date_to') > '0001'
            THEN CAST(concat(substr(line ->> '$.date_to', 1, 8), '01') AS DATE)
                 + CAST(substr(line ->> '$.date_to', 9, 2) AS INTEGER) - 1 END AS date_to
  FROM (SELECT reference_group_key, source_key, UNNEST(lines) AS line,
               generate_subscripts(lines, 1) AS place
          FROM (SELECT reference_group_key, source_key,
                       CASE WHEN json_type(reference_lines) = 'ARRAY'
                            THEN from_json(reference_lines, '["JSON"]') END AS lines
                  FROM new_groups) g) l

-- name: carried
-- What a state takes over from its event: the columns that both have, but for keys.
SELECT string_agg(s.column_name, ', ' ORDER BY s.column_index)
  FROM duckdb_columns() s
  JOIN duckdb_columns() e ON e.database_name = s.database_name
                         AND e.column_name = s.column_name
 WHERE s.database_name = current_database()
   AND s.table_name = 'fact_opportunity_state'
   AND e.table_name = 'fact_opportunity_event'
   AND s.column_name NOT IN ('event_key', 'opportunity_key')
