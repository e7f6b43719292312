-- Write the history row of a deleted or merged opportunity, with its last values.
-- Who deletes, and into what it is merged, is announced in settings of the transaction
-- (row_trigger.announce_unlink and announce_merge). One that was created in this very transaction leaves
-- nothing: nobody ever saw it.
CREATE OR REPLACE FUNCTION {schema}.relationship_opportunity_history_delete()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    announced jsonb := nullif(current_setting('relationship.unlink', true), '')::jsonb;
    now_utc timestamp := {schema}.relationship_clock();
    into_id integer := nullif(
        current_setting('relationship.merged_' || OLD.id, true), '')::integer;
    status_now varchar := {schema}.relationship_opportunity_status(
        OLD.won_status, OLD.active);
    transaction bigint := pg_current_xact_id()::text::bigint;
    weight numeric := {schema}.relationship_forecast_weight(
        OLD.won_status, OLD.active, OLD.binding, OLD.apply_probability,
        OLD.probability);
    money text;
BEGIN
    -- A replay may set its clock back within a transaction: what came last stays last.
    IF current_setting('relationship.clock', true) IS NOT NULL THEN
        now_utc := greatest(now_utc, (
            SELECT max(h.changed_at) FROM {schema}.relationship_opportunity_history h
             WHERE h.opportunity_id = OLD.id
               AND h.transaction_id = transaction));
    END IF;
    -- Told by its row: a statement may write any create_date.
    DELETE FROM {schema}.relationship_opportunity_history h
     WHERE h.opportunity_id = OLD.id
       AND h.transaction_id = transaction
       AND h.changed_at = now_utc
       AND h.event = 'create';
    IF FOUND THEN
        RETURN NULL;
    END IF;

    money := current_setting(
        'relationship.money_' || coalesce(OLD.company_id, 0), true);
    IF split_part(money, '|', 1) IS DISTINCT FROM now_utc::date::text THEN
        money := {schema}.relationship_opportunity_money(OLD.company_id, now_utc::date);
    END IF;

    INSERT INTO {schema}.relationship_opportunity_history AS h (
        opportunity_id, transaction_id, changed_at, event, path, changed_by_id,
        previous_status, merged_into_id, {columns})
    VALUES (
        OLD.id, transaction, now_utc,
        CASE WHEN into_id IS NULL THEN 'delete' ELSE 'merge' END,
        CASE WHEN announced IS NULL THEN 'sql' ELSE 'orm' END,
        (announced ->> 'by')::integer,
        status_now, into_id, {old_values})
    ON CONFLICT (opportunity_id, transaction_id, changed_at) DO UPDATE SET
        event = EXCLUDED.event,
        path = EXCLUDED.path,
        changed_by_id = EXCLUDED.changed_by_id,
        merged_into_id = EXCLUDED.merged_into_id;
    RETURN NULL;
END
$$;
