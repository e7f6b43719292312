SELECT c.id + {offset} AS currency_key, {source_key}::smallint AS source_key,
       c.id::bigint AS source_id, coalesce(c.full_name, c.name)::varchar AS name,
       c.name::varchar AS code, c.symbol::varchar AS symbol,
       coalesce(c.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM res_currency c
