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
       path = NULL;

-- The passwords, here or, in a database of an earlier version, beside the rest.
DO $$
BEGIN
    IF to_regclass('olap_export_secret') IS NOT NULL THEN
        DELETE FROM olap_export_secret;
    END IF;
    IF EXISTS (SELECT FROM information_schema.columns
                WHERE table_name = 'olap_export_target' AND column_name = 'password') THEN
        UPDATE olap_export_target SET password = NULL;
    END IF;
END $$;
