-- What a target should hold of the history rows between two numbers, but for those that
-- still wait for it: one number a day, or one an event of the days that differ.

-- name: events
SELECT h.id + {offset} AS event_key, h.opportunity_id + {offset} AS opportunity_key,
       h.transaction_id, f.moment AS event_at, {timely} AS is_timely,
       {content} AS content
  FROM relationship_opportunity_history h
  LEFT JOIN (VALUES {time_zones}) z (company_id, time_zone) ON z.company_id = h.company_id
  {fitting}
 WHERE h.id BETWEEN {low} AND {high}
   AND {keyed}
   AND ({condition})
   AND NOT EXISTS (SELECT 1 FROM olap_export_queue q
                    WHERE q.target_id = {target} AND q.history_id = h.id)

-- name: days
SELECT CAST(CAST(event_at AS DATE) AS VARCHAR), COUNT(*), CAST(SUM({day_hash}) AS VARCHAR)
  FROM ({events}) e
 GROUP BY CAST(event_at AS DATE)

-- name: said
SELECT event_key::bigint, opportunity_key::bigint, transaction_id,
       CASE WHEN is_timely THEN event_at END AS event_at, {event_hash} AS digest
  FROM ({events}) e
 WHERE CAST(event_at AS DATE) IN ({days})
