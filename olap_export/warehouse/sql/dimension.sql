-- A dimension is brought up to date from the whole of its source, in "incoming":
-- names are overwritten, members are never deleted, only marked. Personal data are
-- deleted with the person. {assignments} and {incoming} leave what is known of a
-- member that is gone. For PostgreSQL and DuckDB alike.

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
-- The members that every dimension has, as far as they are missing.
INSERT INTO {table} ({key}, source_key, {label}is_deleted, is_inferred)
SELECT * FROM (VALUES (0, 0, {unknown}false, false),
                      (-1, 0, {not_applicable}false, false),
                      (-2, 0, {erased}false, false)) m ({key}, source, {label}gone, guess)
 WHERE NOT EXISTS (SELECT 1 FROM {table} d WHERE d.{key} = m.{key})

-- name: calendar
SELECT moment FROM generate_series(TIMESTAMP '{first_day}', TIMESTAMP '{last_day}',
                                   INTERVAL '1 day') g (moment)
 UNION ALL
SELECT TIMESTAMP '{endless}' AS moment

-- name: mend_members
-- Their names, where somebody changed them.
UPDATE {table}
   SET name = m.name, is_deleted = false, is_inferred = false
  FROM (VALUES (0, {unknown}), (-1, {not_applicable}), (-2, {erased})) m (key, name)
 WHERE {table_name}.{key} = m.key
   AND ({table_name}.name, is_deleted, is_inferred)
       IS DISTINCT FROM (m.name, false, false)

-- name: expected_days
-- The days of {moments}, and the three members.
SELECT year * 10000 + month * 100 + day AS date_key, calendar_date,
       year, CAST(EXTRACT(quarter FROM calendar_date) AS INTEGER) AS quarter, month, day, weekday, iso_year, iso_week,
       CAST(date_trunc('month', calendar_date) AS DATE) AS month_start,
       CAST(date_trunc('quarter', calendar_date) AS DATE) AS quarter_start,
       concat(lpad(CAST(year AS VARCHAR), 4, '0'), '-', lpad(CAST(month AS VARCHAR), 2, '0'), '-',
              lpad(CAST(day AS VARCHAR), 2, '0')) AS name
  FROM (SELECT CAST(moment AS DATE) AS calendar_date,
               CAST(EXTRACT(year FROM moment) AS INTEGER) AS year,
               CAST(EXTRACT(month FROM moment) AS INTEGER) AS month,
               CAST(EXTRACT(day FROM moment) AS INTEGER) AS day,
               CAST(EXTRACT(isodow FROM moment) AS INTEGER) AS weekday,
               CAST(EXTRACT(isoyear FROM moment) AS INTEGER) AS iso_year,
               CAST(EXTRACT(week FROM moment) AS INTEGER) AS iso_week
          FROM ({moments}) m) days
 UNION ALL
SELECT key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, name
  FROM (VALUES (0, 'Unknown'), (-1, 'Not applicable'), (-2, 'Erased')) m (key, name)

-- name: days
-- Those that are missing.
INSERT INTO {schema}.dim_date (
       date_key, calendar_date, year, quarter, month, day, weekday, iso_year, iso_week,
       month_start, quarter_start, name)
SELECT * FROM (
    {expected}
    ) d
 WHERE NOT EXISTS (SELECT 1 FROM {schema}.dim_date t WHERE t.date_key = d.date_key)

-- name: mend_days
-- Those that say something else.
UPDATE {schema}.dim_date
   SET calendar_date = e.calendar_date, year = e.year, quarter = e.quarter,
       month = e.month, day = e.day, weekday = e.weekday,
       iso_year = e.iso_year, iso_week = e.iso_week, month_start = e.month_start,
       quarter_start = e.quarter_start, name = e.name
  FROM ({expected}) e
 WHERE dim_date.date_key = e.date_key
   AND (dim_date.calendar_date, dim_date.year, dim_date.quarter, dim_date.month,
        dim_date.day, dim_date.weekday, dim_date.iso_year, dim_date.iso_week,
        dim_date.month_start, dim_date.quarter_start, dim_date.name)
       IS DISTINCT FROM
       (e.calendar_date, e.year, e.quarter, e.month, e.day, e.weekday,
        e.iso_year, e.iso_week, e.month_start, e.quarter_start, e.name)
