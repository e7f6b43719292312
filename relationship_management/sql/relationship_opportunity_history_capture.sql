-- Write the history row of an opportunity that was created, changed or deleted,
-- or fold the change into the row of the same transaction and clock value.
-- Called for each row of crm_lead; sees no rights of users and needs none.
CREATE OR REPLACE FUNCTION {schema}.relationship_opportunity_history_capture()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lead {schema}.crm_lead;
    now_utc timestamp := {schema}.relationship_clock();
    at_time timestamp;
    actor integer;
    way varchar;
    happened varchar;
    status_now varchar;
    status_before varchar;
    into_id integer;
    announced jsonb;
    money record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        lead := OLD;
        DELETE FROM {schema}.relationship_opportunity_history h
         WHERE h.opportunity_id = OLD.id
           AND h.transaction_id = pg_current_xact_id()::text::bigint
           AND h.changed_at = now_utc
           AND h.event = 'create';
        IF FOUND THEN
            -- Created in this very transaction: nobody ever saw it.
            RETURN NULL;
        END IF;
        announced := nullif(current_setting('relationship.unlink', true), '')::jsonb;
        actor := (announced ->> 'by')::integer;
        at_time := (announced ->> 'at')::timestamp;
        into_id := (announced ->> 'into')::integer;
        happened := CASE WHEN into_id IS NULL THEN 'delete' ELSE 'merge' END;
        way := CASE WHEN announced IS NULL THEN 'sql' ELSE 'orm' END;
    ELSE
        lead := NEW;
    END IF;

    status_now := CASE WHEN lead.won_status IN ('won', 'lost') THEN lead.won_status
                       WHEN lead.active THEN 'open' ELSE 'archived' END;

    IF TG_OP = 'INSERT' THEN
        happened := 'create';
        way := CASE WHEN NEW.create_uid IS NULL THEN 'sql' ELSE 'orm' END;
        actor := NEW.create_uid;
        at_time := NEW.write_date;
    ELSE
        status_before :=
            CASE WHEN OLD.won_status IN ('won', 'lost') THEN OLD.won_status
                 WHEN OLD.active THEN 'open' ELSE 'archived' END;
    END IF;

    IF TG_OP = 'UPDATE' THEN
        IF OLD.write_date IS DISTINCT FROM NEW.write_date
           OR (NEW.write_date = now_utc AND pg_trigger_depth() = 1) THEN
            way := 'orm';
            actor := NEW.write_uid;
            at_time := NEW.write_date;
        ELSIF OLD.reference_snapshot IS DISTINCT FROM NEW.reference_snapshot THEN
            way := NEW.reference_snapshot ->> 'path';
            actor := (NEW.reference_snapshot ->> 'by')::integer;
            at_time := (NEW.reference_snapshot ->> 'at')::timestamp;
        ELSE
            way := 'sql';
        END IF;
        happened := CASE
            WHEN status_now = status_before THEN 'change'
            WHEN status_now IN ('won', 'lost') THEN status_now
            WHEN status_now = 'archived' THEN 'archive'
            WHEN status_before = 'archived' THEN 'restore'
            ELSE 'reopen' END;
    END IF;

    SELECT * INTO money
      FROM {schema}.relationship_opportunity_money(
           lead.company_id, coalesce(at_time, now_utc)::date);

    INSERT INTO {schema}.relationship_opportunity_history AS h (
        opportunity_id, transaction_id, changed_at, event, path, changed_by_id,
        number, name, lead_type, status, previous_status, stage_id,
        opportunity_type_id, user_id, team_id, company_id, campaign_id, partner_id,
        lost_reason_id, binding, apply_probability, probability,
        automated_probability, is_automated_probability, expected_revenue,
        recurring_revenue, recurring_revenue_monthly, contribution_margin,
        currency_id, group_currency_id, group_rate, date_deadline,
        reference_lines, merged_into_id)
    VALUES (
        lead.id, pg_current_xact_id()::text::bigint, coalesce(at_time, now_utc),
        happened, way, CASE WHEN way = 'orm' THEN actor END,
        lead.number, lead.name, lead.type, status_now, status_before, lead.stage_id,
        lead.opportunity_type_id, lead.user_id, lead.team_id, lead.company_id,
        lead.campaign_id, lead.partner_id, lead.lost_reason_id,
        coalesce(lead.binding, false), coalesce(lead.apply_probability, false),
        lead.probability, lead.automated_probability,
        round(lead.probability::numeric, 2)
            IS NOT DISTINCT FROM round(lead.automated_probability::numeric, 2),
        lead.expected_revenue, lead.recurring_revenue, lead.recurring_revenue_monthly,
        lead.contribution_margin,
        money.currency_id, money.group_currency_id, money.group_rate,
        lead.date_deadline, lead.reference_snapshot -> 'lines', into_id)
    ON CONFLICT (opportunity_id, transaction_id, changed_at) DO UPDATE SET
        event = CASE
            WHEN EXCLUDED.event IN ('delete', 'merge') THEN EXCLUDED.event
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
        currency_id = EXCLUDED.currency_id,
        group_currency_id = EXCLUDED.group_currency_id,
        group_rate = EXCLUDED.group_rate,
        date_deadline = EXCLUDED.date_deadline,
        reference_lines = EXCLUDED.reference_lines,
        merged_into_id = EXCLUDED.merged_into_id;
    RETURN NULL;
END
$$;
