-- Refuse to change or delete a history row of an earlier transaction.
CREATE OR REPLACE FUNCTION {schema}.relationship_opportunity_history_guard()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'History rows of opportunities are never changed or deleted.'
        USING ERRCODE = 'restrict_violation';
END
$$;
