-- What tells an event from every other one, for those rows of the history that {which}
-- chooses: compared with what a target holds under the same number. What no target can
-- hold is what {columns} puts in its place, or left open.
SELECT {columns},
       CASE WHEN {timely} THEN h.changed_at END AS event_at
  FROM relationship_opportunity_history h
 WHERE {which} AND {keyed}
