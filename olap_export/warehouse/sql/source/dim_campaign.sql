SELECT c.id + {offset} AS campaign_key, {source_key}::smallint AS source_key,
       c.id::bigint AS source_id,
       coalesce(c.title ->> {lang}, c.title ->> 'en_US')::varchar AS name,
       coalesce(c.user_id + {offset}, -1) AS responsible_key,
       coalesce(c.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM utm_campaign c
