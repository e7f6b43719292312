-- Keep the name that a record had until it was renamed or deleted. A name that only
-- gets a translation, as when a language is loaded, is the same name.
-- TG_ARGV: the model, the column of the name.
CREATE OR REPLACE FUNCTION {schema}.relationship_former_name_capture()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {schema}.relationship_former_name (res_model, res_id, name, valid_until)
    SELECT TG_ARGV[0], OLD.id, to_jsonb(OLD) -> TG_ARGV[1], {schema}.relationship_clock()
     WHERE to_jsonb(OLD) -> TG_ARGV[1] <> 'null'::jsonb
       AND (to_jsonb(NEW) -> TG_ARGV[1] @> (to_jsonb(OLD) -> TG_ARGV[1])) IS NOT TRUE;
    RETURN NULL;
END
$$;
