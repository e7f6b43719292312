-- The currency of a company, the group currency and the rate between them on a day.
-- Computed once per transaction, company and day: the result waits in a setting
-- that ends with the transaction.
-- group_rate: amount × group_rate = amount in the group currency; NULL without a rate.
CREATE OR REPLACE FUNCTION {schema}.relationship_opportunity_money(
    company integer, on_day date,
    OUT currency_id integer, OUT group_currency_id integer, OUT group_rate numeric)
LANGUAGE plpgsql AS $$
DECLARE
    slot text := 'relationship.money_' || coalesce(company, 0);
    cached text := current_setting(slot, true);
    parts text[];
BEGIN
    IF cached <> '' THEN
        parts := string_to_array(cached, '|', '');
        IF parts[1]::date = on_day THEN
            currency_id := parts[2]::integer;
            group_currency_id := parts[3]::integer;
            group_rate := parts[4]::numeric;
            RETURN;
        END IF;
    END IF;
    SELECT coalesce(
               (SELECT p.value::integer
                  FROM {schema}.ir_config_parameter p
                 WHERE p.key = 'relationship_management.group_currency_id'),
               first.currency_id),
           coalesce(own.currency_id, first.currency_id)
      INTO group_currency_id, currency_id
      FROM (SELECT c.currency_id FROM {schema}.res_company c ORDER BY c.id LIMIT 1) first
      LEFT JOIN {schema}.res_company own ON own.id = company;
    group_rate := {schema}.relationship_currency_rate(
        company, currency_id, group_currency_id, on_day);
    PERFORM set_config(
        slot,
        concat_ws('|', on_day::text, coalesce(currency_id::text, ''),
                  coalesce(group_currency_id::text, ''),
                  coalesce(group_rate::text, '')),
        true);
END
$$;
