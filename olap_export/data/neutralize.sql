-- A copy must not write into the OLAP databases of the original, whether it finds them
-- in its own tables or, by the code, in the environment of the server.
UPDATE olap_export_target
   SET active = false,
       state = 'draft',
       code = 'NEUTRALIZED_' || id,
       host = NULL,
       port = NULL,
       database = NULL,
       login = NULL,
       password = NULL,
       path = NULL;
