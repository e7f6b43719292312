-- The currency of a company, the group currency and the rate between them on a day,
-- as the text "day|currency|group currency|rate"; the rate is empty without one.
-- amount × rate = amount in the group currency. The text also waits in a setting of the
-- transaction, so that each company and day is looked up once.
-- The company is locked first, until the transaction ends: what its currency was when a
-- history was written, it stays. Whoever changes it at the same time waits or repeats.
CREATE OR REPLACE FUNCTION {schema}.relationship_opportunity_money(
    company integer, on_day date)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    own_currency integer;
    group_currency integer;
BEGIN
    PERFORM 1 FROM {schema}.res_company c
      WHERE c.id = coalesce(company, (SELECT min(f.id) FROM {schema}.res_company f))
        FOR SHARE;
    SELECT coalesce(own.currency_id, first.currency_id),
           coalesce(
               (SELECT CASE WHEN p.value ~ '^[0-9]{1,9}$' THEN p.value::integer END
                  FROM {schema}.ir_config_parameter p
                 WHERE p.key = 'relationship_management.group_currency_id'),
               first.currency_id)
      INTO own_currency, group_currency
      FROM (SELECT c.currency_id FROM {schema}.res_company c ORDER BY c.id LIMIT 1) first
      LEFT JOIN {schema}.res_company own ON own.id = company;
    RETURN set_config(
        'relationship.money_' || coalesce(company, 0),
        concat_ws('|', on_day, own_currency, group_currency,
                  coalesce({schema}.relationship_currency_rate(
                      company, own_currency, group_currency, on_day)::text, '')),
        true);
END
$$;
