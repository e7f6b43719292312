-- The events of one chunk that no fact can hold (see event.sql and {sieve}).
SELECT h.id + {offset} AS event_key,
       {source_key}::smallint AS source_key,
       {batch}::bigint AS batch_id,
       'An amount, rate, probability or date is not a number or out of range.'::varchar
           AS reason,
       to_jsonb(h)::varchar AS content
  FROM olap_export_queue q
  JOIN relationship_opportunity_history h ON h.id = q.history_id
  LEFT JOIN (VALUES {time_zones}) z (company_id, time_zone) ON z.company_id = h.company_id
 WHERE q.target_id = {target}
   AND q.history_id BETWEEN {first} AND {last}
   AND h.id BETWEEN {first} AND {last}
   AND ({condition})
   AND NOT ({sieve})
