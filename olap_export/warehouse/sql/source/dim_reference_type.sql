SELECT t.id + {offset} AS reference_type_key, {source_key}::smallint AS source_key,
       t.id::bigint AS source_id,
       coalesce(t.name ->> {lang}, t.name ->> 'en_US')::{name_type} AS name,
       t.kind::{name_type} AS kind, coalesce(t.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM relationship_reference_type t
