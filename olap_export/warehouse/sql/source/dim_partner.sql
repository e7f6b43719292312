-- Those of today, and those that were merged: the history names them for ever, and who
-- was merged twice is in the partner that is left.
SELECT p.id + {offset} AS partner_key, {source_key}::smallint AS source_key,
       p.id::bigint AS source_id, coalesce(p.is_company, false) AS is_company,
       coalesce(p.parent_id + {offset}, -1) AS parent_key,
       coalesce(p.commercial_partner_id + {offset}, -1) AS commercial_key,
       -1::bigint AS merged_into_key,
       c.code::{name_type} AS country_code, p.lang::{name_type} AS language,
       coalesce(p.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM res_partner p
  LEFT JOIN res_country c ON c.id = p.country_id
 UNION ALL
SELECT m.source_id + {offset}, {source_key}::smallint, m.source_id::bigint,
       NULL, NULL, NULL, m.destination_id + {offset}, NULL, NULL, false, true, false
  FROM (SELECT DISTINCT ON (source_id) source_id, destination_id
          FROM relationship_merged_partner
         ORDER BY source_id, id DESC) m
 WHERE NOT EXISTS (SELECT 1 FROM res_partner p WHERE p.id = m.source_id)
