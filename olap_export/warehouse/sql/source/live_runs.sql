-- The transfers that are alive: each holds the advisory lock of its own number.
SELECT (l.classid::bigint << 32) | l.objid::bigint
  FROM pg_locks l
 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
