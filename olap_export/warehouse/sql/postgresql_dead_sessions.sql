-- End the sessions of our name (first value) that hold an advisory lock (second value).
SELECT pg_terminate_backend(a.pid)
  FROM pg_locks l
  JOIN pg_stat_activity a ON a.pid = l.pid
 WHERE a.application_name = %s
   AND a.pid <> pg_backend_pid()
   AND l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND (l.classid::bigint << 32) | l.objid::bigint = %s
