-- Write the history row of an opportunity that was created or changed, or fold the
-- change into the row of the same transaction and clock value.
-- Called for each row of crm_lead; sees no rights of users and needs none. Takes its
-- values from NEW one by one: a copy of the whole row costs more than all the rest.
CREATE OR REPLACE FUNCTION {schema}.relationship_opportunity_history_write()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_utc timestamp := {schema}.relationship_clock();
    actor integer;
    way varchar := 'sql';
    happened varchar := 'create';
    status_now varchar := CASE
        WHEN NEW.won_status IN ('won', 'lost') THEN NEW.won_status
        WHEN NEW.active THEN 'open' ELSE 'archived' END;
    status_before varchar;
    weight numeric := CASE
        WHEN status_now = 'won' THEN 1
        WHEN status_now <> 'open' OR NEW.binding IS NOT TRUE THEN 0
        WHEN NEW.apply_probability THEN coalesce(NEW.probability, 0)::numeric / 100
        ELSE 1 END;
    money text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.create_uid IS NOT NULL THEN
            way := 'orm';
            actor := NEW.create_uid;
        END IF;
    ELSE
        status_before := CASE
            WHEN OLD.won_status IN ('won', 'lost') THEN OLD.won_status
            WHEN OLD.active THEN 'open' ELSE 'archived' END;
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
        number, name, lead_type, status, previous_status, stage_id,
        opportunity_type_id, user_id, team_id, company_id, campaign_id, partner_id,
        lost_reason_id, binding, apply_probability, probability,
        automated_probability, is_automated_probability, expected_revenue,
        recurring_revenue, recurring_revenue_monthly, contribution_margin,
        forecast_revenue, forecast_margin, currency_id, group_currency_id, group_rate, date_deadline,
        reference_lines)
    VALUES (
        NEW.id, pg_current_xact_id()::text::bigint, now_utc, happened, way,
        CASE WHEN way = 'orm' THEN actor END,
        NEW.number, NEW.name, NEW.type, status_now, status_before, NEW.stage_id,
        NEW.opportunity_type_id, NEW.user_id, NEW.team_id, NEW.company_id,
        NEW.campaign_id, NEW.partner_id, NEW.lost_reason_id,
        coalesce(NEW.binding, false), coalesce(NEW.apply_probability, false),
        NEW.probability, NEW.automated_probability,
        round(NEW.probability::numeric, 2)
            IS NOT DISTINCT FROM round(NEW.automated_probability::numeric, 2),
        NEW.expected_revenue, NEW.recurring_revenue, NEW.recurring_revenue_monthly,
        NEW.contribution_margin,
        NEW.expected_revenue * weight, NEW.contribution_margin * weight,
        split_part(money, '|', 2)::integer, split_part(money, '|', 3)::integer,
        nullif(split_part(money, '|', 4), '')::numeric,
        NEW.date_deadline,
        CASE WHEN jsonb_typeof(NEW.reference_snapshot -> 'lines') = 'array'
             THEN NEW.reference_snapshot -> 'lines' END)
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
        number = EXCLUDED.number,
        name = EXCLUDED.name,
        lead_type = EXCLUDED.lead_type,
        status = EXCLUDED.status,
        stage_id = EXCLUDED.stage_id,
        opportunity_type_id = EXCLUDED.opportunity_type_id,
        user_id = EXCLUDED.user_id,
        team_id = EXCLUDED.team_id,
        company_id = EXCLUDED.company_id,
        campaign_id = EXCLUDED.campaign_id,
        partner_id = EXCLUDED.partner_id,
        lost_reason_id = EXCLUDED.lost_reason_id,
        binding = EXCLUDED.binding,
        apply_probability = EXCLUDED.apply_probability,
        probability = EXCLUDED.probability,
        automated_probability = EXCLUDED.automated_probability,
        is_automated_probability = EXCLUDED.is_automated_probability,
        expected_revenue = EXCLUDED.expected_revenue,
        recurring_revenue = EXCLUDED.recurring_revenue,
        recurring_revenue_monthly = EXCLUDED.recurring_revenue_monthly,
        contribution_margin = EXCLUDED.contribution_margin,
        forecast_revenue = EXCLUDED.forecast_revenue,
        forecast_margin = EXCLUDED.forecast_margin,
        currency_id = EXCLUDED.currency_id,
        group_currency_id = EXCLUDED.group_currency_id,
        group_rate = EXCLUDED.group_rate,
        date_deadline = EXCLUDED.date_deadline,
        reference_lines = EXCLUDED.reference_lines;
    RETURN NULL;
END
$$;
