SELECT l.id + {offset} AS opportunity_key, {source_key}::smallint AS source_key,
       l.id::bigint AS source_id, l.number::{name_type} AS number, l.name::{name_type} AS name,
       CASE WHEN l.create_date BETWEEN '0001-01-01' AND '9999-12-31'
            THEN l.create_date END AS created_at, coalesce(l.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM crm_lead l
 UNION ALL
SELECT h.opportunity_id + {offset}, {source_key}::smallint, h.opportunity_id::bigint,
       h.number::{name_type}, h.name::{name_type},
       -- Of one from before the history it is not known.
       (SELECT CASE WHEN b.event = 'create'
                     AND b.changed_at BETWEEN '0001-01-01' AND '9999-12-31'
                    THEN b.changed_at END
          FROM relationship_opportunity_history b
         WHERE b.opportunity_id = h.opportunity_id
         ORDER BY b.id LIMIT 1), false, true, false
  FROM (SELECT DISTINCT ON (opportunity_id) opportunity_id, number, name
          FROM relationship_opportunity_history
         WHERE event IN ('delete', 'merge')
         ORDER BY opportunity_id, id DESC) h
 WHERE NOT EXISTS (SELECT 1 FROM crm_lead l WHERE l.id = h.opportunity_id)
