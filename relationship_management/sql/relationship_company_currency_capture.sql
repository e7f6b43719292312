-- Write a history row for each opportunity whose money the currency of a company is:
-- the same amounts mean something else from now on. Those without a company count in
-- the currency of the first one, see relationship_opportunity_money.sql. They are locked
-- before they are read, by a statement of its own: what another transaction has just
-- changed, won or deleted is seen, and not written over with what was before.
CREATE OR REPLACE FUNCTION {schema}.relationship_company_currency_capture()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_utc timestamp := {schema}.relationship_clock();
    way varchar := CASE WHEN OLD.write_date IS DISTINCT FROM NEW.write_date
                        OR NEW.write_date = now_utc THEN 'orm' ELSE 'sql' END;
    is_first boolean := NOT EXISTS (
        SELECT 1 FROM {schema}.res_company c WHERE c.id < NEW.id);
    money text := {schema}.relationship_opportunity_money(NEW.id, now_utc::date);
BEGIN
    PERFORM 1 FROM {schema}.crm_lead lead
      WHERE lead.company_id = NEW.id OR lead.company_id IS NULL AND is_first
      ORDER BY lead.id FOR NO KEY UPDATE;
    IF is_first THEN
        -- For what else this transaction changes.
        PERFORM {schema}.relationship_opportunity_money(NULL, now_utc::date);
    END IF;
    INSERT INTO {schema}.relationship_opportunity_history AS h (
        opportunity_id, transaction_id, changed_at, event, path, changed_by_id,
        previous_status, {columns})
    SELECT lead.id, pg_current_xact_id()::text::bigint, now_utc, 'change', way,
           CASE WHEN way = 'orm' THEN NEW.write_uid END, status_now, {lead_values}
      FROM {schema}.crm_lead lead
     CROSS JOIN LATERAL (
           SELECT {schema}.relationship_opportunity_status(lead.won_status, lead.active)
                      AS status_now,
                  {schema}.relationship_forecast_weight(
                      lead.won_status, lead.active, lead.binding,
                      lead.apply_probability, lead.probability) AS weight) s
     WHERE lead.company_id = NEW.id OR lead.company_id IS NULL AND is_first
     ORDER BY lead.id
        ON CONFLICT (opportunity_id, transaction_id, changed_at) DO UPDATE SET
        {assignments};

    -- Changed and changed back in one transaction is no change.
    DELETE FROM {schema}.relationship_opportunity_history h
     USING {schema}.crm_lead lead, {schema}.relationship_opportunity_history p
     WHERE (lead.company_id = NEW.id OR lead.company_id IS NULL AND is_first)
       AND h.opportunity_id = lead.id
       AND h.transaction_id = pg_current_xact_id()::text::bigint
       AND h.changed_at = now_utc AND h.event = 'change'
       AND p.id = (SELECT max(b.id) FROM {schema}.relationship_opportunity_history b
                    WHERE b.opportunity_id = lead.id AND b.id < h.id)
       AND NOT ({differs});
    RETURN NULL;
END
$$;
