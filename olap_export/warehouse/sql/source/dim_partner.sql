SELECT p.id + {offset} AS partner_key, {source_key}::smallint AS source_key,
       p.id::bigint AS source_id, coalesce(p.is_company, false) AS is_company,
       coalesce(p.parent_id + {offset}, -1) AS parent_key,
       coalesce(p.commercial_partner_id + {offset}, -1) AS commercial_key,
       c.code::{name_type} AS country_code, p.lang::{name_type} AS language,
       coalesce(p.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM res_partner p
  LEFT JOIN res_country c ON c.id = p.country_id
