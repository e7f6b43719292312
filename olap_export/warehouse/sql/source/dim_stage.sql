SELECT s.id + {offset} AS stage_key, {source_key}::smallint AS source_key,
       s.id::bigint AS source_id,
       coalesce(s.name ->> {lang}, s.name ->> 'en_US')::{name_type} AS name,
       s.sequence::integer AS sequence, coalesce(s.is_won, false) AS is_won,
       true AS is_active, false AS is_deleted, false AS is_inferred
  FROM crm_stage s
