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
    status_now varchar := CASE
        WHEN OLD.won_status IN ('won', 'lost') THEN OLD.won_status
        WHEN OLD.active THEN 'open' ELSE 'archived' END;
    status_before varchar := status_now;
    transaction bigint := pg_current_xact_id()::text::bigint;
    weight numeric := CASE
        WHEN status_now = 'won' THEN 1
        WHEN status_now <> 'open' OR OLD.binding IS NOT TRUE THEN 0
        WHEN OLD.apply_probability THEN coalesce(OLD.probability, 0)::numeric / 100
        ELSE 1 END;
    money text;
BEGIN
    -- A replay may set its clock back within a transaction: what came last stays last.
    IF current_setting('relationship.clock', true) IS NOT NULL THEN
        now_utc := greatest(now_utc, (
            SELECT max(h.changed_at) FROM {schema}.relationship_opportunity_history h
             WHERE h.opportunity_id = OLD.id
               AND h.transaction_id = transaction));
    END IF;
    IF OLD.create_date = now_utc OR OLD.create_date IS NULL THEN
        DELETE FROM {schema}.relationship_opportunity_history h
         WHERE h.opportunity_id = OLD.id
           AND h.transaction_id = transaction
           AND h.changed_at = now_utc
           AND h.event = 'create';
        IF FOUND THEN
            RETURN NULL;
        END IF;
    END IF;

    money := current_setting(
        'relationship.money_' || coalesce(OLD.company_id, 0), true);
    IF split_part(money, '|', 1) IS DISTINCT FROM now_utc::date::text THEN
        money := {schema}.relationship_opportunity_money(OLD.company_id, now_utc::date);
    END IF;

    INSERT INTO {schema}.relationship_opportunity_history AS h (
        opportunity_id, transaction_id, changed_at, event, path, changed_by_id,
        number, name, lead_type, status, previous_status, stage_id,
        opportunity_type_id, user_id, team_id, company_id, campaign_id, partner_id,
        lost_reason_id, binding, apply_probability, probability,
        automated_probability, is_automated_probability, expected_revenue,
        recurring_revenue, recurring_revenue_monthly, contribution_margin,
        forecast_revenue, forecast_margin, currency_id, group_currency_id, group_rate, date_deadline,
        reference_lines, merged_into_id)
    VALUES (
        OLD.id, transaction, now_utc,
        CASE WHEN into_id IS NULL THEN 'delete' ELSE 'merge' END,
        CASE WHEN announced IS NULL THEN 'sql' ELSE 'orm' END,
        (announced ->> 'by')::integer,
        OLD.number, OLD.name, OLD.type, status_now, status_before, OLD.stage_id,
        OLD.opportunity_type_id, OLD.user_id, OLD.team_id, OLD.company_id,
        OLD.campaign_id, OLD.partner_id, OLD.lost_reason_id,
        coalesce(OLD.binding, false), coalesce(OLD.apply_probability, false),
        OLD.probability, OLD.automated_probability,
        round(OLD.probability::numeric, 2)
            IS NOT DISTINCT FROM round(OLD.automated_probability::numeric, 2),
        OLD.expected_revenue, OLD.recurring_revenue, OLD.recurring_revenue_monthly,
        OLD.contribution_margin,
        OLD.expected_revenue * weight, OLD.contribution_margin * weight,
        split_part(money, '|', 2)::integer, split_part(money, '|', 3)::integer,
        nullif(split_part(money, '|', 4), '')::numeric,
        OLD.date_deadline,
        CASE WHEN jsonb_typeof(OLD.reference_snapshot -> 'lines') = 'array'
             THEN OLD.reference_snapshot -> 'lines' END,
        into_id)
    ON CONFLICT (opportunity_id, transaction_id, changed_at) DO UPDATE SET
        event = EXCLUDED.event,
        path = EXCLUDED.path,
        changed_by_id = EXCLUDED.changed_by_id,
        merged_into_id = EXCLUDED.merged_into_id;
    RETURN NULL;
END
$$;
