-- Refuse to change or delete an entry of the consent ledger. Only the merge of partners
-- moves entries, from and to the partners that it has announced, and changes nothing else.
CREATE OR REPLACE FUNCTION {schema}.relationship_consent_guard()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    announced text := current_setting('relationship.consent_merge', true);
BEGIN
    IF TG_OP = 'UPDATE' AND announced <> '' THEN
        IF (announced::jsonb -> 'sources') @> to_jsonb(OLD.partner_id)
           AND announced::jsonb -> 'destination' = to_jsonb(NEW.partner_id)
           AND to_jsonb(OLD) - 'partner_id' = to_jsonb(NEW) - 'partner_id' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Entries of the consent ledger are never changed or deleted.'
        USING ERRCODE = 'restrict_violation';
END
$$;
