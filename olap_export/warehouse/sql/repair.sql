-- Comparing a target with its source, and taking back what the source never had: for
-- PostgreSQL and DuckDB alike. "known": what the source says of its events.

-- name: newest
-- The newest events: those that came last, and those with the highest numbers. A
-- source that lost its last commits lacks some of them, whatever their numbers.
SELECT event_key
  FROM (SELECT event_key FROM {schema}.fact_opportunity_event
         WHERE source_key = {source_key}
           AND batch_id >= (SELECT COALESCE(MIN(batch_id), 0)
                              FROM (SELECT batch_id, SUM(rows_new) OVER (
                                               ORDER BY batch_id DESC) - rows_new AS later
                                      FROM {schema}.etl_batch
                                     WHERE source_key = {source_key}) b
                             WHERE later < {limit})
         ORDER BY batch_id DESC, event_key DESC
         LIMIT {limit}) last_loaded
 UNION
SELECT event_key
  FROM (SELECT event_key FROM {schema}.fact_opportunity_event
         WHERE event_key BETWEEN {offset} AND {offset} + 999999999999
         ORDER BY event_key DESC
         LIMIT {limit}) highest

-- name: ranges
-- The numbers of all events that came in the last hour in which something came, as
-- ranges without a gap.
SELECT MIN(event_key) - {offset}, MAX(event_key) - {offset}
  FROM (SELECT event_key, event_key - ROW_NUMBER() OVER (ORDER BY event_key) AS gap
          FROM {schema}.fact_opportunity_event
         WHERE source_key = {source_key}
           AND batch_id >= (SELECT MIN(batch_id)
                              FROM (SELECT batch_id, loaded_at,
                                           MAX(loaded_at) OVER () AS last_at,
                                           SUM(rows_new) OVER (
                                               ORDER BY batch_id DESC) - rows_new AS later
                                      FROM {schema}.etl_batch
                                     WHERE source_key = {source_key}) b
                             WHERE later < {limit}
                               AND loaded_at >= last_at - INTERVAL '1 hour')) numbered
 GROUP BY gap

-- name: known
-- A fact's columns, to compare with; empty.
SELECT {columns} FROM {schema}.fact_opportunity_event WHERE false

-- name: strangers
-- Events among "checked" that the source does not have like that, and whether it has
-- the same event with other content.
SELECT event_key,
       EXISTS (SELECT 1 FROM known k
                WHERE k.event_key = fact_opportunity_event.event_key
                  AND k.opportunity_key = fact_opportunity_event.opportunity_key
                  AND k.transaction_id = fact_opportunity_event.transaction_id)
  FROM {schema}.fact_opportunity_event
 WHERE event_key IN (SELECT event_key FROM checked) AND NOT {is_known}

-- name: is_known
EXISTS (SELECT 1 FROM known k
         WHERE k.event_key = fact_opportunity_event.event_key
           AND (k.event_at IS NULL OR k.event_at = fact_opportunity_event.event_at)
           AND ({known}) IS NOT DISTINCT FROM ({held})
           AND {amounts})

-- name: take_back
DELETE FROM {schema}.fact_opportunity_event
 WHERE source_key = {source_key} AND NOT {is_known}

-- name: take_back_quarantine
-- All of it: what still cannot be held comes again.
DELETE FROM {schema}.etl_quarantine WHERE source_key = {source_key}

-- name: forget
DELETE FROM {schema}.{table} WHERE source_key = {source_key}

-- name: stand_ins
-- Batches whose rows are gone: without them nobody would look at their events.
INSERT INTO {schema}.etl_batch
SELECT batch_id, source_key, MIN(event_key), MAX(event_key), COUNT(*), COUNT(*), 0,
       CURRENT_TIMESTAMP, false
  FROM {schema}.fact_opportunity_event f
 WHERE NOT EXISTS (SELECT 1 FROM {schema}.etl_batch b WHERE b.batch_id = f.batch_id)
 GROUP BY batch_id, source_key
