-- What follows from new events: states, bridges, inferred members. One transaction,
-- for PostgreSQL and DuckDB alike. {schema}: the tables; {source_key}: the source.

-- name: pending
-- Events whose states are not there yet.
SELECT coalesce(sum(rows_new), 0) FROM {schema}.etl_batch
 WHERE source_key = {source_key} AND NOT is_applied

-- name: has_states
SELECT count(*) FROM (
    SELECT 1 FROM {schema}.fact_opportunity_state
     WHERE source_key = {source_key} LIMIT 1) s

-- name: unapply
-- Let all states be computed anew.
UPDATE {schema}.etl_batch
   SET is_applied = false
 WHERE source_key = {source_key}

-- name: new_batches
CREATE TEMP TABLE new_batches AS
SELECT batch_id, loaded_at FROM {schema}.etl_batch
 WHERE source_key = {source_key} AND NOT is_applied

-- name: dirty
-- Opportunities with new events, and those whose states wait for a time to come: they
-- were loaded while a clock was ahead.
CREATE TEMP TABLE dirty AS
SELECT opportunity_key FROM {schema}.fact_opportunity_event
 WHERE batch_id IN ({batches})
 UNION
SELECT opportunity_key FROM {schema}.fact_opportunity_state
 WHERE source_key = {source_key} AND valid_from > {latest}

-- name: events
-- Events with what tells whether their time was known when they came.
SELECT event_key, opportunity_key, event_at, event_date_key,
       COALESCE(loaded_at, {now}) AS loaded_at, {carried}
  FROM {schema}.fact_opportunity_event
  LEFT JOIN (SELECT batch_id, loaded_at FROM {schema}.etl_batch) b USING (batch_id)

-- name: changed
-- All events of the dirty opportunities: those that are states already, and the new
-- ones. States follow from events, never from earlier states: what comes in two
-- transfers gives the same as in one. No index on the event fact but its key is needed.
CREATE TEMP TABLE changed AS
{events}
 WHERE event_key IN (SELECT event_key FROM {schema}.fact_opportunity_state
                      WHERE opportunity_key IN (SELECT opportunity_key FROM dirty)
                      UNION
                     SELECT event_key FROM {schema}.fact_opportunity_event
                      WHERE batch_id IN ({batches}))

-- name: changed_all
CREATE TEMP VIEW changed AS
{events}
 WHERE {chosen}

-- name: delete_states
DELETE FROM {schema}.fact_opportunity_state
 WHERE opportunity_key IN (SELECT opportunity_key FROM dirty)

-- name: delete_doubles
-- An event has one state, whatever somebody made of the others.
DELETE FROM {schema}.fact_opportunity_state
 WHERE event_key IN (SELECT event_key FROM changed)

-- name: insert_states
-- Events of an opportunity are ordered by their key. Clocks may disagree with that
-- order, so instants and days never go back; what was overtaken lasts no time at all.
-- An event that was still to come when it was loaded had happened all the same: a clock
-- was ahead. It counts from the event before it, or else from the first one whose time
-- is known, but from its loading at the latest, also when its own time has come.
-- After a deletion there is no state.
INSERT INTO {schema}.fact_opportunity_state (
       event_key, opportunity_key, valid_from, valid_to, valid_from_date_key,
       valid_to_date_key, is_current, {carried}, {products})
{states}

-- name: states
SELECT event_key, opportunity_key, valid_from,
       CASE WHEN event IN ('delete', 'merge') THEN valid_from
            ELSE coalesce(next_from, TIMESTAMP '9999-12-31 00:00:00') END,
       CAST(from_date_key AS INTEGER),
       CAST(CASE WHEN event IN ('delete', 'merge') THEN from_date_key
                 ELSE coalesce(next_date_key, 99991231) END AS INTEGER),
       next_from IS NULL AND event NOT IN ('delete', 'merge'),
       {carried},
       {multiplied}
  FROM (SELECT ordered.*,
               LEAD(valid_from) OVER (
                   PARTITION BY opportunity_key ORDER BY event_key) AS next_from,
               LEAD(from_date_key) OVER (
                   PARTITION BY opportunity_key ORDER BY event_key) AS next_date_key
          FROM (SELECT changed.*,
                       COALESCE(
                           MAX(CASE WHEN event_at <= loaded_at + {differ} THEN event_at END) OVER (
                               PARTITION BY opportunity_key ORDER BY event_key
                               ROWS UNBOUNDED PRECEDING),
                           LEAST(
                               MIN(CASE WHEN event_at <= loaded_at + {differ} THEN event_at END) OVER (
                                   PARTITION BY opportunity_key),
                               MIN(loaded_at) OVER (PARTITION BY opportunity_key))) AS valid_from,
                       COALESCE(
                           MAX(CASE WHEN event_at <= loaded_at + {differ} THEN event_date_key END) OVER (
                               PARTITION BY opportunity_key ORDER BY event_key
                               ROWS UNBOUNDED PRECEDING),
                           LEAST(
                               MIN(CASE WHEN event_at <= loaded_at + {differ} THEN event_date_key END) OVER (
                                   PARTITION BY opportunity_key),
                               MIN(EXTRACT(year FROM loaded_at) * 10000
                                   + EXTRACT(month FROM loaded_at) * 100
                                   + EXTRACT(day FROM loaded_at)) OVER (
                                   PARTITION BY opportunity_key))) AS from_date_key
                  FROM changed) ordered) bounded

-- name: new_groups
-- Groups of partner references that are not in the bridge yet.
CREATE TEMP TABLE new_groups AS
SELECT reference_group_key, source_key, MIN(reference_lines) AS reference_lines,
       MIN(event_date_key) AS first_date_key
  FROM {schema}.fact_opportunity_event e
 WHERE batch_id IN ({batches})
   AND reference_group_key <> -1
   AND NOT EXISTS (SELECT 1 FROM {schema}.bridge_opportunity_reference b
                    WHERE b.reference_group_key = e.reference_group_key)
 GROUP BY reference_group_key, source_key

-- name: insert_references
-- A line without a number of its own gets its place, as a negative number.
INSERT INTO {schema}.bridge_opportunity_reference (
       reference_group_key, reference_id, source_key, partner_key, contact_key,
       reference_type_key, kind, share, influence, attitude, date_from, date_to)
SELECT reference_group_key,
       CASE WHEN id IS NOT NULL AND occurrence = 1 THEN id ELSE -place END, source_key,
       COALESCE(partner_id + {offset}, -1), COALESCE(contact_id + {offset}, -1),
       COALESCE(type_id + {offset}, -1), kind,
       CASE WHEN share <= 100 THEN CAST(share * 0.01 AS NUMERIC(9,6)) END,
       influence, attitude,
       COALESCE(date_from, DATE '0001-01-01'), COALESCE(date_to, DATE '9999-12-31')
  FROM (SELECT lines.*,
               ROW_NUMBER() OVER (PARTITION BY reference_group_key, id
                   ORDER BY place) AS occurrence
          FROM ({lines}) lines) numbered

-- name: insert_reps
-- Who represents changes with the days that the lines name: each day on which somebody
-- begins or ends begins a period, and for each period there are weights of those who
-- are there then. A period that was over before the group was first used is nobody's.
-- Weights by share, or equal without shares, cut off to 6 digits; the last
-- representative takes the rest, so that they add up to exactly 1.
INSERT INTO {schema}.bridge_opportunity_rep (
       reference_group_key, reference_id, source_key, partner_key, employee_key, weight,
       date_from, date_to)
SELECT reference_group_key, reference_id, source_key, partner_key, 0,
       CASE WHEN place = 1 THEN CAST(1 AS NUMERIC(9,6)) - CAST(cut_total - cut AS NUMERIC(9,6))
            ELSE CAST(cut AS NUMERIC(9,6)) END,
       date_from, date_to
  FROM (SELECT weighed.*,
               SUM(cut) OVER (PARTITION BY reference_group_key, date_from) AS cut_total
          FROM (SELECT reps.*,
                       CAST({whole}(part * 1000000, total) AS NUMERIC(18,6)) * 0.000001 AS cut
                  FROM (SELECT parts.*,
                               SUM(part) OVER (PARTITION BY reference_group_key, date_from)
                                   AS total,
                               ROW_NUMBER() OVER (PARTITION BY reference_group_key, date_from
                                   ORDER BY reference_id DESC) AS place
                          FROM (SELECT shared.*,
                                       CASE WHEN SUM(share) OVER (
                                                PARTITION BY reference_group_key, date_from) > 0
                                            THEN CAST(COALESCE(share, 0) * 1000000 AS BIGINT)
                                            ELSE CAST(1 AS BIGINT) END AS part
                                  FROM (SELECT r.reference_group_key, r.reference_id,
                                               r.source_key, r.partner_key, r.share,
                                               p.date_from, p.date_to
                                          FROM ({periods}) p
                                          JOIN {schema}.bridge_opportunity_reference r
                                            ON r.reference_group_key = p.reference_group_key
                                           AND r.kind = 'sales_representative'
                                           AND p.date_from BETWEEN r.date_from AND r.date_to
                                       ) shared) parts) reps) weighed) cuts

-- name: periods
-- The periods of a new group, between days on which representatives come or go.
SELECT reference_group_key, date_from, date_to
  FROM (SELECT reference_group_key, first_date_key, date_from,
               COALESCE(LEAD(date_from) OVER (
                   PARTITION BY reference_group_key ORDER BY date_from) - 1,
                   DATE '9999-12-31') AS date_to
          FROM (SELECT r.reference_group_key, g.first_date_key, r.date_from
                  FROM {schema}.bridge_opportunity_reference r
                  JOIN new_groups g ON g.reference_group_key = r.reference_group_key
                 WHERE r.kind = 'sales_representative'
                 UNION
                SELECT r.reference_group_key, g.first_date_key, r.date_to + 1
                  FROM {schema}.bridge_opportunity_reference r
                  JOIN new_groups g ON g.reference_group_key = r.reference_group_key
                 WHERE r.kind = 'sales_representative'
                   AND r.date_to < DATE '9999-12-31') days) lasting
 WHERE EXTRACT(year FROM date_to) * 10000 + EXTRACT(month FROM date_to) * 100
       + EXTRACT(day FROM date_to) >= first_date_key

-- name: insert_competitors
INSERT INTO {schema}.bridge_opportunity_competitor (
       reference_group_key, reference_id, source_key, partner_key, strength,
       date_from, date_to)
SELECT r.reference_group_key, r.reference_id, r.source_key, r.partner_key, r.share,
       r.date_from, r.date_to
  FROM {schema}.bridge_opportunity_reference r
  JOIN new_groups g ON g.reference_group_key = r.reference_group_key
 WHERE r.kind = 'competitor'

-- name: find_employees
-- A sales representative is the employee whose own partner card he is, or was before it
-- was merged.
UPDATE {schema}.bridge_opportunity_rep
   SET employee_key = m.employee_key
  FROM (SELECT partner_key, MIN(employee_key) AS employee_key
          FROM (SELECT partner_key, employee_key
                  FROM {schema}.dim_employee WHERE employee_key > 0
                 UNION ALL
                SELECT p.partner_key, e.employee_key
                  FROM {schema}.dim_partner p
                  JOIN {schema}.dim_employee e ON e.partner_key = p.merged_into_key
                 WHERE p.merged_into_key > 0 AND e.employee_key > 0) cards
         GROUP BY partner_key) m
 WHERE m.partner_key = bridge_opportunity_rep.partner_key
   AND m.employee_key <> bridge_opportunity_rep.employee_key

-- name: days
-- The days that the facts name before they are in the calendar.
SELECT CAST(concat(substr(t, 1, 4), '-', substr(t, 5, 2), '-', substr(t, 7, 2))
            AS TIMESTAMP) AS moment
  FROM (SELECT lpad(CAST(date_key AS VARCHAR), 8, '0') AS t
          FROM ({keys}) k
         WHERE date_key > 0
           AND NOT EXISTS (SELECT 1 FROM {schema}.dim_date d
                            WHERE d.date_key = k.date_key)) missing

-- name: infer
-- Members that facts mention before (or after) Odoo knows them: the key stays, the
-- rest is filled when they come.
INSERT INTO {table} ({key}, source_key, source_id, is_deleted, is_inferred)
SELECT DISTINCT f.{column}, CAST({source_key} AS SMALLINT), f.{column} - {offset}, false, true
  FROM ({rows}) f
 WHERE f.{column} > 0
   AND NOT EXISTS (SELECT 1 FROM {table} d WHERE d.{key} = f.{column})

-- name: applied
UPDATE {schema}.etl_batch SET is_applied = true
 WHERE source_key = {source_key} AND NOT is_applied

-- name: drop_changed
DROP TABLE changed

-- name: drop_changed_all
DROP VIEW changed

-- name: drop_groups
DROP TABLE new_groups

-- name: drop_dirty
DROP TABLE dirty

-- name: drop_batches
DROP TABLE new_batches
