SELECT c.id + {offset} AS campaign_key, {source_key}::smallint AS source_key,
       c.id::bigint AS source_id,
       concat(coalesce(c.title ->> {lang}, c.title ->> 'en_US'),
              ' (' || nullif(r.number, '') || ')')::{name_type} AS name,
       coalesce(c.user_id + {offset}, -1) AS responsible_key,
       coalesce(c.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM utm_campaign c
  LEFT JOIN relationship_campaign r ON r.utm_campaign_id = c.id
