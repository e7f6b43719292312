-- Activities that {which} chooses by their number, with the keys of the warehouse: as
-- they are, and those that were deleted as they were last. Tasks are counted here, so
-- that nobody who does one has to wait for a count. {condition}: as in event.sql, over a.
SELECT {columns}
  FROM (SELECT b.id, b.type_id, b.result_id, b.company_id, b.user_id, b.partner_id,
               b.contact_id, b.lead_id, c.utm_campaign_id, b.stage_id, b.number, b.state,
               b.channel, b.priority, b.date_from, b.date_to, b.date_begun, b.date_done,
               b.create_date, b.active, h.first_done_at, h.done_at, h.cancelled_at,
               h.reopen_count, false AS is_deleted, NULL::timestamp AS deleted_at,
               coalesce(t.number, 0) + coalesce(o.number, 0) AS task_count,
               t.number_done AS done_task_count
          FROM relationship_activity b
          LEFT JOIN relationship_activity_history h ON h.activity_id = b.id
          LEFT JOIN relationship_campaign c ON c.id = b.campaign_id
          LEFT JOIN (SELECT relationship_activity_id AS id, count(*) AS number,
                            count(*) FILTER (WHERE active IS NOT TRUE AND
                                is_closed_with_activity IS NOT TRUE) AS number_done
                       FROM mail_activity WHERE relationship_activity_id {which}
                      GROUP BY relationship_activity_id) t ON t.id = b.id
          LEFT JOIN (SELECT activity_id AS id, count(*) AS number
                       FROM relationship_activity_todo WHERE activity_id {which}
                      GROUP BY activity_id) o ON o.id = b.id
         WHERE b.id {which}
         UNION ALL
        SELECT h.activity_id, h.type_id, h.result_id, h.company_id, h.user_id,
               h.partner_id, h.contact_id, h.lead_id, h.utm_campaign_id, h.stage_id,
               h.number, h.state, h.channel, h.priority, h.date_from, h.date_to,
               h.date_begun, h.date_done, h.create_date, h.active, h.first_done_at,
               h.done_at, h.cancelled_at, h.reopen_count, true, h.deleted_at,
               h.task_count, h.done_task_count
          FROM relationship_activity_history h
         WHERE h.activity_id {which}
           AND h.deleted_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM relationship_activity b
                            WHERE b.id = h.activity_id)) a
  LEFT JOIN (VALUES {time_zones}) z (company_id, time_zone) ON z.company_id = a.company_id
 WHERE {condition}
