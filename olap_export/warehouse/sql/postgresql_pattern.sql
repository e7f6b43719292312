-- What the tables of the schemas {namespaces} consist of, one row a part, with its
-- definition.
SELECT c.relname, 'column' AS kind, a.attname AS name,
       format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS definition,
       a.attnum::integer AS place
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace IN ({namespaces}) AND c.relkind = 'r'
   AND a.attnum > 0 AND NOT a.attisdropped
 UNION ALL
SELECT c.relname, 'constraint', o.conname, pg_get_constraintdef(o.oid), 0
  FROM pg_class c
  JOIN pg_constraint o ON o.conrelid = c.oid AND o.contype IN ('p', 'u', 'c')
 WHERE c.relnamespace IN ({namespaces})
 UNION ALL
SELECT c.relname, 'index', i.relname,
       substring(pg_get_indexdef(i.oid) FROM ' USING .*$'), 0
  FROM pg_class c
  JOIN pg_index x ON x.indrelid = c.oid
  JOIN pg_class i ON i.oid = x.indexrelid
 WHERE c.relnamespace IN ({namespaces})
   AND NOT EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conindid = i.oid)
 ORDER BY 1, 5, 2, 3
