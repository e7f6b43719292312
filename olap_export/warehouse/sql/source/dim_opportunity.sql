SELECT l.id + {offset} AS opportunity_key, {source_key}::smallint AS source_key,
       l.id::bigint AS source_id, l.number::varchar AS number, l.name::varchar AS name,
       l.create_date AS created_at, coalesce(l.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM crm_lead l
 UNION ALL
SELECT h.opportunity_id + {offset}, {source_key}::smallint, h.opportunity_id::bigint,
       h.number::varchar, h.name::varchar, NULL, false, true, false
  FROM (SELECT DISTINCT ON (opportunity_id) opportunity_id, number, name
          FROM relationship_opportunity_history
         WHERE event IN ('delete', 'merge')
         ORDER BY opportunity_id, id DESC) h
 WHERE NOT EXISTS (SELECT 1 FROM crm_lead l WHERE l.id = h.opportunity_id)
