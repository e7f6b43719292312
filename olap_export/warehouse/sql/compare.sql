-- Comparing a target with what its source says, day by day, and its states and bridges
-- with its own events: for PostgreSQL and DuckDB alike.

-- name: read_days
SELECT CAST(CAST(event_at AS DATE) AS VARCHAR), COUNT(*), CAST(SUM({day_hash}) AS VARCHAR)
  FROM (SELECT event_at, {content} AS content
          FROM {schema}.fact_opportunity_event
         WHERE event_key BETWEEN {low} AND {high}) e
 GROUP BY CAST(event_at AS DATE)

-- name: said
-- What the source says of the events of these days.
CREATE TEMP TABLE said (event_key bigint, opportunity_key bigint, transaction_id bigint,
                        event_at timestamp, digest bigint)

-- name: missing
SELECT event_key FROM said s
 WHERE NOT EXISTS (SELECT 1 FROM {schema}.fact_opportunity_event f
                    WHERE f.event_key = s.event_key)

-- name: damaged
-- The same event with other content, or more than once.
SELECT f.event_key
  FROM (SELECT event_key, opportunity_key, transaction_id, event_at,
               {event_hash} AS digest
          FROM (SELECT event_key, opportunity_key, transaction_id, event_at,
                       {content} AS content
                  FROM {schema}.fact_opportunity_event
                 WHERE event_key BETWEEN {low} AND {high}) e) f
  JOIN said s ON s.event_key = f.event_key AND s.opportunity_key = f.opportunity_key
             AND s.transaction_id = f.transaction_id
 WHERE s.digest <> f.digest OR s.event_at <> f.event_at
 UNION
SELECT event_key FROM {schema}.fact_opportunity_event
 WHERE event_key BETWEEN {low} AND {high}
 GROUP BY event_key HAVING COUNT(*) > 1

-- name: others
-- Another event under the same number.
SELECT DISTINCT f.event_key
  FROM {schema}.fact_opportunity_event f
  JOIN said s ON s.event_key = f.event_key
 WHERE f.event_key BETWEEN {low} AND {high}
   AND (s.opportunity_key <> f.opportunity_key OR s.transaction_id <> f.transaction_id)

-- name: unknown
-- Events of which the source says nothing.
SELECT DISTINCT event_key
  FROM {schema}.fact_opportunity_event f
 WHERE event_key BETWEEN {low} AND {high}
   AND CAST(event_at AS DATE) IN ({days})
   AND NOT EXISTS (SELECT 1 FROM said s WHERE s.event_key = f.event_key)

-- name: forget
DELETE FROM {schema}.fact_opportunity_event WHERE event_key IN ({keys})

-- name: wrong_states
-- Opportunities whose states are not those that follow from their events.
CREATE TEMP TABLE dirty AS
WITH expected ({columns}) AS ({states}),
     held AS (SELECT {columns} FROM {schema}.fact_opportunity_state
               WHERE source_key = {source_key} AND {chosen})
SELECT opportunity_key
  FROM (SELECT opportunity_key
          FROM (SELECT * FROM expected EXCEPT ALL SELECT * FROM held) lacking
         UNION ALL
        SELECT opportunity_key
          FROM (SELECT * FROM held EXCEPT ALL SELECT * FROM expected) beyond) d
 GROUP BY opportunity_key

-- name: groups_of
-- All groups of partner references that {chosen} names.
CREATE TEMP TABLE new_groups AS
SELECT reference_group_key, source_key, MIN(reference_lines) AS reference_lines,
       MIN(event_date_key) AS first_date_key
  FROM {schema}.fact_opportunity_event
 WHERE source_key = {source_key} AND reference_group_key <> -1 AND {chosen}
 GROUP BY reference_group_key, source_key

-- name: expected_bridge
CREATE TEMP TABLE {table} AS SELECT * FROM {schema}.{table} WHERE false

-- name: wrong_groups
CREATE TEMP TABLE wrong AS
SELECT reference_group_key FROM ({differences}) d GROUP BY reference_group_key

-- name: differing_bridge
SELECT reference_group_key
  FROM (SELECT {columns} FROM {expected}.{table}
        EXCEPT ALL
        SELECT {columns} FROM {schema}.{table}
         WHERE source_key = {source_key} AND {chosen}) lacking
 UNION ALL
SELECT reference_group_key
  FROM (SELECT {columns} FROM {schema}.{table}
         WHERE source_key = {source_key} AND {chosen}
        EXCEPT ALL
        SELECT {columns} FROM {expected}.{table}) beyond

-- name: count
SELECT COUNT(*) FROM {table}

-- name: drop_table
DROP TABLE {table}

-- name: keep_wrong_groups
DELETE FROM new_groups
 WHERE reference_group_key NOT IN (SELECT reference_group_key FROM wrong)

-- name: delete_wrong_groups
DELETE FROM {schema}.{table}
 WHERE reference_group_key IN (SELECT reference_group_key FROM wrong)

-- name: all_batches
SELECT batch_id FROM {schema}.etl_batch WHERE source_key = {source_key}

-- name: all_groups
SELECT reference_group_key FROM {schema}.bridge_opportunity_reference
 WHERE source_key = {source_key}
