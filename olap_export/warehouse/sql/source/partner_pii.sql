SELECT p.id + {offset} AS partner_key, {source_key}::smallint AS source_key,
       p.id::bigint AS source_id, p.name::{name_type} AS name, p.email::{name_type} AS email,
       p.phone::{name_type} AS phone, p.city::{name_type} AS city, p.zip::{name_type} AS zip,
       false AS is_deleted, false AS is_inferred
  FROM res_partner p
