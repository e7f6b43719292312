-- Events in "staging" under whose number the fact holds another event: how many, and the
-- first. The same event with other content stays as it is: the comparison mends it.
SELECT count(*), min(s.event_key)
  FROM staging s
  JOIN {fact} f ON f.event_key = s.event_key AND ({within})
 WHERE (s.opportunity_key, s.transaction_id) IS DISTINCT FROM
       (f.opportunity_key, f.transaction_id)
