-- A dimension is brought up to date from the whole of its source, in "incoming":
-- names are overwritten, members are never deleted, only marked. Personal data are
-- deleted with the person. For PostgreSQL and DuckDB alike.

-- name: update
UPDATE {table}
   SET {assignments}
  FROM incoming s
 WHERE {table_name}.{key} = s.{key}
   AND ({current}) IS DISTINCT FROM ({incoming})

-- name: insert
INSERT INTO {table} ({columns})
SELECT {columns} FROM incoming s
 WHERE NOT EXISTS (SELECT 1 FROM {table} d WHERE d.{key} = s.{key})

-- name: mark_deleted
UPDATE {table}
   SET is_deleted = true
 WHERE source_key = {source_key} AND {key} > 0
   AND NOT is_deleted AND NOT is_inferred
   AND NOT EXISTS (SELECT 1 FROM incoming s WHERE s.{key} = {table_name}.{key})

-- name: erase_deleted
DELETE FROM {table}
 WHERE source_key = {source_key} AND {key} > 0
   AND NOT EXISTS (SELECT 1 FROM incoming s WHERE s.{key} = {table_name}.{key})

-- name: members
-- The members that every dimension has.
INSERT INTO {table} ({key}, source_key, {label}is_deleted, is_inferred)
VALUES (0, 0, {unknown}false, false), (-1, 0, {not_applicable}false, false),
       (-2, 0, {erased}false, false)
