SELECT p.id + {offset} AS partner_key, {source_key}::smallint AS source_key,
       p.id::bigint AS source_id, p.name::varchar AS name, p.email::varchar AS email,
       p.phone::varchar AS phone, p.city::varchar AS city, p.zip::varchar AS zip,
       false AS is_deleted, false AS is_inferred
  FROM res_partner p
