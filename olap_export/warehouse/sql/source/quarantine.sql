-- The events of one chunk with a value that no fact can hold (see columns.py), as they
-- are. A number that is no number has no key; it gets one below those of all sources.
SELECT CASE WHEN h.id BETWEEN 1 AND {largest} THEN h.id + {offset}
            WHEN h.id BETWEEN -{largest} AND 0 THEN h.id - {offset}
            ELSE -2000000000000000000 - {offset}
                 - (hashint8extended(h.id, 0) & 1152921504606846975)
       END AS event_key,
       {source_key}::smallint AS source_key,
       {batch}::bigint AS batch_id,
       (CASE WHEN {keyed} THEN 'Does not fit: ' || {reasons}
             ELSE 'Set aside: the number of the event or of its opportunity is not'
                  ' one that counts.' END)::varchar AS reason,
       left(to_jsonb(h)::text, {longest})::varchar AS content{further}
  FROM olap_export_queue q
  JOIN relationship_opportunity_history h ON h.id = q.history_id
  LEFT JOIN (VALUES {time_zones}) z (company_id, time_zone) ON z.company_id = h.company_id
 WHERE q.target_id = {target}
   AND q.history_id BETWEEN {first} AND {last}
   AND h.id BETWEEN {first} AND {last}
   AND ({condition})
   AND NOT ({way})
   AND NOT ({fits} AND {keyed})
