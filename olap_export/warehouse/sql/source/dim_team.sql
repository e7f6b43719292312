SELECT t.id + {offset} AS team_key, {source_key}::smallint AS source_key,
       t.id::bigint AS source_id,
       coalesce(t.name ->> {lang}, t.name ->> 'en_US')::{name_type} AS name,
       coalesce(t.company_id + {offset}, -1) AS company_key,
       coalesce(t.user_id + {offset}, -1) AS leader_key,
       coalesce(t.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM crm_team t
