-- An activity has one row in the fact, which follows it: "incoming" has those that
-- {keys} names, as they are now. For PostgreSQL and DuckDB alike.

-- name: doubles
-- What somebody made of a row where no key forbids it.
DELETE FROM {schema}.fact_activity
 WHERE activity_key IN (SELECT activity_key FROM {schema}.fact_activity
                         WHERE activity_key {keys}
                         GROUP BY activity_key HAVING COUNT(*) > 1)

-- name: gone
-- Odoo never had it: what is deleted there is still told.
DELETE FROM {schema}.fact_activity
 WHERE activity_key {keys}
   AND NOT EXISTS (SELECT 1 FROM incoming s
                    WHERE s.activity_key = fact_activity.activity_key)

-- name: holds
SELECT count(*) FROM (
    SELECT 1 FROM {schema}.fact_activity
     WHERE activity_key BETWEEN {offset} AND {offset} + 999999999999 LIMIT 1) f
