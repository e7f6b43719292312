-- The events of one chunk: history rows that are queued for the target, with the keys
-- of the warehouse. {columns}, {fitting} and {way} come from columns.py: what is read,
-- what is looked up for rows that need fitting, and which rows. {condition} is the
-- place for further restrictions: an expression over h (relationship_opportunity_history)
-- and z (company, time zone). {money} …: casts for engines that round in another way
-- than PostgreSQL; empty where the target's own column type does the same work.
SELECT {columns}
  FROM olap_export_queue q
  JOIN relationship_opportunity_history h ON h.id = q.history_id
  LEFT JOIN (VALUES {time_zones}) z (company_id, time_zone) ON z.company_id = h.company_id
  {fitting}
 WHERE q.target_id = {target}
   AND q.history_id BETWEEN {first} AND {last}
   AND h.id BETWEEN {first} AND {last}
   AND ({condition})
   AND ({way})
