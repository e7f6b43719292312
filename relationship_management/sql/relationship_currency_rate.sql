-- The rate from one currency to another on a day, as Odoo keeps rates: units of a
-- currency for one unit of the company's own, the latest not after the day, otherwise
-- the earliest after it. The rates of the company's root come first, then those
-- shared by all companies, then those of any other company that knows both.
-- Never 1.0 for want of a rate, or with one that is no number: NULL.
CREATE OR REPLACE FUNCTION {schema}.relationship_currency_rate(
    company integer, from_currency integer, to_currency integer, on_day date)
RETURNS numeric LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF from_currency = to_currency THEN
        RETURN 1;
    END IF;
    RETURN (
    WITH book AS (
        SELECT c.id AS company_id, c.currency_id AS own_currency,
               CASE WHEN c.id = root.id THEN 0 ELSE 1 END AS rank
          FROM {schema}.res_company c,
               (SELECT coalesce(min(substring(r.parent_path FROM '^[0-9]{1,9}')::integer), 0) AS id
                  FROM {schema}.res_company r
                 WHERE company IS NULL OR r.id = company) root
         WHERE c.parent_id IS NULL
    ), quoted AS (
        SELECT b.rank, b.company_id, side.currency,
               CASE WHEN side.currency = b.own_currency
                    THEN coalesce(q.rate, 1) ELSE q.rate END AS rate
          FROM book b
         CROSS JOIN (VALUES (from_currency), (to_currency)) AS side(currency)
          LEFT JOIN LATERAL (
               SELECT r.rate
                 FROM {schema}.res_currency_rate r
                WHERE r.currency_id = side.currency
                  AND (r.company_id = b.company_id OR r.company_id IS NULL)
                -- Days are compared only: a statement can make them infinite.
                ORDER BY (r.name <= on_day) DESC,
                         CASE WHEN r.name <= on_day THEN r.name END DESC, r.name,
                         r.company_id NULLS LAST
                LIMIT 1) q ON true
    )
    SELECT t.rate / f.rate
      FROM quoted f
      JOIN quoted t ON t.company_id = f.company_id AND t.currency = to_currency
     WHERE f.currency = from_currency
       AND f.rate BETWEEN 1e-30 AND 1e30 AND t.rate BETWEEN 1e-30 AND 1e30
     ORDER BY f.rank, f.company_id
     LIMIT 1);
END
$$;
