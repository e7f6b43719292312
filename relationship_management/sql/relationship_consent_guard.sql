-- Refuse to change or delete an entry of the consent ledger. Only the merge of partners
-- may move it to another partner, and its company follows the partner.
CREATE OR REPLACE FUNCTION {schema}.relationship_consent_guard()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['partner_id', 'company_id', 'write_date', 'write_uid'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Entries of the consent ledger are never changed or deleted.'
        USING ERRCODE = 'restrict_violation';
END
$$;
