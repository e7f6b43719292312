-- The events of one chunk: history rows that are queued for the target, with the keys
-- of the warehouse. {condition} is the place for further restrictions: an expression
-- over h (relationship_opportunity_history) and z (company, time zone). {money} …: casts
-- for engines that round in another way than PostgreSQL; empty where the target's own
-- column type does the same work.
SELECT h.id + {offset} AS event_key,
       h.opportunity_id + {offset} AS opportunity_key,
       {batch}::bigint AS batch_id,
       h.transaction_id,
       h.changed_at AS event_at,
       coalesce(h.company_id + {offset}, -1) AS company_key,
       coalesce(h.user_id + {offset}, -1) AS employee_key,
       coalesce(h.team_id + {offset}, -1) AS team_key,
       coalesce(h.partner_id + {offset}, -1) AS partner_key,
       coalesce(h.opportunity_type_id + {offset}, -1) AS opportunity_type_key,
       coalesce(h.stage_id + {offset}, -1) AS stage_key,
       coalesce(h.campaign_id + {offset}, -1) AS campaign_key,
       coalesce(h.lost_reason_id + {offset}, -1) AS lost_reason_key,
       coalesce(h.currency_id + {offset}, -1) AS currency_key,
       coalesce(h.group_currency_id + {offset}, -1) AS group_currency_key,
       coalesce(h.changed_by_id + {offset}, -1) AS changed_by_key,
       coalesce(h.merged_into_id + {offset}, -1) AS merged_into_key,
       coalesce(jsonb_hash_extended(h.reference_lines, {source_key})
                & 9223372036854775807, -1) AS reference_group_key,
       to_char(h.changed_at AT TIME ZONE 'UTC'
               AT TIME ZONE coalesce(z.time_zone, {time_zone}),
               'YYYYMMDD')::integer AS event_date_key,
       coalesce(to_char(h.date_deadline, 'YYYYMMDD')::integer, -1) AS closing_date_key,
       {source_key}::smallint AS source_key,
       h.binding,
       h.apply_probability,
       h.is_automated_probability,
       h.event,
       h.path,
       h.status,
       h.previous_status,
       h.lead_type,
       (h.probability * 0.01){share} AS probability,
       (h.automated_probability * 0.01){share} AS automated_probability,
       h.expected_revenue{money} AS expected_revenue,
       h.recurring_revenue{money} AS recurring_revenue,
       h.recurring_revenue_monthly{money} AS recurring_revenue_monthly,
       h.contribution_margin{money} AS contribution_margin,
       h.forecast_revenue{money} AS forecast_revenue,
       h.forecast_margin{money} AS forecast_margin,
       h.group_rate{rate} AS group_rate,
       h.reference_lines::text AS reference_lines
  FROM olap_export_queue q
  JOIN relationship_opportunity_history h ON h.id = q.history_id
  LEFT JOIN (VALUES {time_zones}) z (company_id, time_zone) ON z.company_id = h.company_id
 WHERE q.target_id = {target}
   AND q.history_id BETWEEN {first} AND {last}
   AND h.id BETWEEN {first} AND {last}
   AND ({condition})
   AND ({sieve})
