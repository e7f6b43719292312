-- Write the history row of an opportunity that was created or changed, or fold the
-- change into the row of the same transaction and clock value.
-- Called for each row of crm_lead; sees no rights of users and needs none. Takes its
-- values from NEW one by one: a copy of the whole row costs more than all the rest.
-- Which these are is told by history/columns.py.
CREATE OR REPLACE FUNCTION {schema}.relationship_opportunity_history_write()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_utc timestamp := {schema}.relationship_clock();
    actor integer;
    way varchar := 'sql';
    happened varchar := 'create';
    status_now varchar := {schema}.relationship_opportunity_status(
        NEW.won_status, NEW.active);
    status_before varchar;
    weight numeric := {schema}.relationship_forecast_weight(
        NEW.won_status, NEW.active, NEW.binding, NEW.apply_probability,
        NEW.probability);
    money text;
    row_id bigint;
    is_folded boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.create_uid IS NOT NULL THEN
            way := 'orm';
            actor := NEW.create_uid;
        END IF;
    ELSE
        status_before := {schema}.relationship_opportunity_status(
            OLD.won_status, OLD.active);
        happened := CASE
            WHEN status_now = status_before THEN 'change'
            WHEN status_now IN ('won', 'lost') THEN status_now
            WHEN status_now = 'archived' THEN 'archive'
            WHEN status_before = 'archived' THEN 'restore'
            ELSE 'reopen' END;
        IF OLD.write_date IS DISTINCT FROM NEW.write_date
           OR (NEW.write_date = now_utc AND pg_trigger_depth() = 1) THEN
            way := 'orm';
            actor := NEW.write_uid;
        ELSIF OLD.reference_snapshot IS DISTINCT FROM NEW.reference_snapshot THEN
            way := coalesce(NEW.reference_snapshot ->> 'path', 'sql');
            actor := substring(NEW.reference_snapshot ->> 'by' FROM '^[0-9]{1,9}$')::integer;
        END IF;
    END IF;

    -- A replay may set its clock back within a transaction: what came last stays last.
    IF current_setting('relationship.clock', true) IS NOT NULL THEN
        now_utc := greatest(now_utc, (
            SELECT max(h.changed_at) FROM {schema}.relationship_opportunity_history h
             WHERE h.opportunity_id = NEW.id
               AND h.transaction_id = pg_current_xact_id()::text::bigint));
    END IF;

    -- The common case without a call: the currencies of this company and day wait in
    -- a setting of the transaction.
    money := current_setting(
        'relationship.money_' || coalesce(NEW.company_id, 0), true);
    IF split_part(money, '|', 1) IS DISTINCT FROM now_utc::date::text THEN
        money := {schema}.relationship_opportunity_money(NEW.company_id, now_utc::date);
    END IF;

    INSERT INTO {schema}.relationship_opportunity_history AS h (
        opportunity_id, transaction_id, changed_at, event, path, changed_by_id,
        previous_status, {columns})
    VALUES (
        NEW.id, pg_current_xact_id()::text::bigint, now_utc, happened, way,
        CASE WHEN way = 'orm' THEN actor END,
        status_before, {new_values})
    ON CONFLICT (opportunity_id, transaction_id, changed_at) DO UPDATE SET
        event = CASE
            WHEN h.event IN ('create', 'baseline') THEN h.event
            WHEN EXCLUDED.status = h.previous_status THEN 'change'
            WHEN EXCLUDED.status IN ('won', 'lost') THEN EXCLUDED.status
            WHEN EXCLUDED.status = 'archived' THEN 'archive'
            WHEN h.previous_status = 'archived' THEN 'restore'
            ELSE 'reopen' END,
        path = CASE WHEN 'orm' IN (h.path, EXCLUDED.path) THEN 'orm' ELSE EXCLUDED.path END,
        changed_by_id = coalesce(EXCLUDED.changed_by_id, h.changed_by_id),
        {assignments}
    RETURNING h.id, h.xmax <> 0 AND h.event = 'change' INTO row_id, is_folded;

    -- Changed and changed back in one transaction is no change.
    IF is_folded THEN
        DELETE FROM {schema}.relationship_opportunity_history h
         USING {schema}.relationship_opportunity_history p
         WHERE h.id = row_id
           AND p.id = (SELECT max(b.id) FROM {schema}.relationship_opportunity_history b
                        WHERE b.opportunity_id = NEW.id AND b.id < row_id)
           AND NOT ({differs});
    END IF;
    RETURN NULL;
END
$$;
