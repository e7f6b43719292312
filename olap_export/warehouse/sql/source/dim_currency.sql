SELECT c.id + {offset} AS currency_key, {source_key}::smallint AS source_key,
       c.id::bigint AS source_id, coalesce(c.full_name, c.name)::{name_type} AS name,
       c.name::{name_type} AS code, c.symbol::{name_type} AS symbol,
       coalesce(c.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM res_currency c
