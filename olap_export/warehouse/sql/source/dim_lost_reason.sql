SELECT r.id + {offset} AS lost_reason_key, {source_key}::smallint AS source_key,
       r.id::bigint AS source_id,
       coalesce(r.name ->> {lang}, r.name ->> 'en_US')::{name_type} AS name,
       coalesce(r.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM crm_lost_reason r
