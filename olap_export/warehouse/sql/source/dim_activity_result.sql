SELECT r.id + {offset} AS activity_result_key, {source_key}::smallint AS source_key,
       r.id::bigint AS source_id,
       coalesce(r.name ->> {lang}, r.name ->> 'en_US')::{name_type} AS name,
       coalesce(r.type_id + {offset}, -1) AS activity_type_key,
       coalesce(r.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM relationship_activity_result r
