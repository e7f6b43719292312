-- Events in "staging" that are in the fact with another content: how many, and the
-- first. A moment that did not fit was replaced, maybe in another way than now.
SELECT count(*), min(s.event_key)
  FROM staging s
  JOIN {fact} f ON f.event_key = s.event_key AND ({within})
 WHERE (s.opportunity_key, s.transaction_id, s.event, s.status, s.expected_revenue)
       IS DISTINCT FROM
       (f.opportunity_key, f.transaction_id, f.event, f.status, f.expected_revenue)
    OR s.event_at <> f.event_at
       AND f.event_at BETWEEN TIMESTAMP '2000-01-02 00:00:00'
                          AND TIMESTAMP '2049-12-30 00:00:00'
       AND NOT EXISTS (SELECT 1 FROM {schema}.etl_quarantine q
                        WHERE q.event_key = s.event_key)
