SELECT c.id + {offset} AS company_key, {source_key}::smallint AS source_key,
       c.id::bigint AS source_id, c.name::{name_type} AS name,
       coalesce(c.parent_id + {offset}, -1) AS parent_key,
       coalesce(c.currency_id + {offset}, -1) AS currency_key,
       coalesce(z.time_zone, {time_zone})::{name_type} AS time_zone,
       coalesce(c.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM res_company c
  LEFT JOIN (VALUES {time_zones}) z (company_id, time_zone) ON z.company_id = c.id
