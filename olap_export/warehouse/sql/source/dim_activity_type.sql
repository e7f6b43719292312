SELECT t.id + {offset} AS activity_type_key, {source_key}::smallint AS source_key,
       t.id::bigint AS source_id,
       coalesce(t.name ->> {lang}, t.name ->> 'en_US')::{name_type} AS name,
       t.code::{name_type} AS code, coalesce(t.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM relationship_activity_type t
