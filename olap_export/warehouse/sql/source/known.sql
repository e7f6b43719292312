-- What tells an event from every other one, for those rows of the history that {which}
-- chooses: compared with what a target holds under the same number. What no target can
-- hold is left open.
SELECT h.id + {offset} AS event_key,
       h.opportunity_id + {offset} AS opportunity_key,
       h.transaction_id,
       CASE WHEN h.changed_at BETWEEN '0001-01-02' AND '9999-12-30'
            THEN h.changed_at END AS event_at,
       coalesce(h.company_id + {offset}, -1) AS company_key,
       coalesce(h.user_id + {offset}, -1) AS employee_key,
       coalesce(h.team_id + {offset}, -1) AS team_key,
       coalesce(h.partner_id + {offset}, -1) AS partner_key,
       coalesce(h.stage_id + {offset}, -1) AS stage_key,
       coalesce(h.changed_by_id + {offset}, -1) AS changed_by_key,
       coalesce(h.merged_into_id + {offset}, -1) AS merged_into_key,
       CASE WHEN abs(h.expected_revenue) < 1e13
            THEN round(h.expected_revenue, 4) END AS expected_revenue,
       CASE WHEN abs(h.contribution_margin) < 1e13
            THEN round(h.contribution_margin, 4) END AS contribution_margin,
       h.binding,
       h.event,
       h.path,
       h.status,
       h.previous_status,
       h.lead_type
  FROM relationship_opportunity_history h
 WHERE {which}
