-- The part of Odoo's tables that the export reads, for tests of the warehouse
-- without Odoo. The history table is the one of ARCHITECTURE.md.
CREATE TABLE res_currency (id serial PRIMARY KEY, name varchar, full_name varchar,
    symbol varchar, decimal_places integer DEFAULT 2, active boolean DEFAULT true);
CREATE TABLE res_country (id serial PRIMARY KEY, code varchar);
CREATE TABLE res_partner (id serial PRIMARY KEY, name varchar, email varchar,
    phone varchar, lang varchar, tz varchar, city varchar, zip varchar,
    is_company boolean DEFAULT true, active boolean DEFAULT true, parent_id integer,
    company_id integer, country_id integer, commercial_partner_id integer,
    industry_id integer);
CREATE TABLE resource_calendar (id serial PRIMARY KEY, tz varchar);
CREATE TABLE res_company (id serial PRIMARY KEY, name varchar, partner_id integer,
    currency_id integer, parent_id integer, resource_calendar_id integer,
    active boolean DEFAULT true);
CREATE TABLE res_users (id serial PRIMARY KEY, partner_id integer,
    company_id integer, active boolean DEFAULT true, share boolean);
CREATE TABLE relationship_merged_partner (id serial PRIMARY KEY, source_id integer,
    destination_id integer);
CREATE TABLE crm_team (id serial PRIMARY KEY, name jsonb, company_id integer,
    user_id integer, active boolean DEFAULT true);
CREATE TABLE crm_stage (id serial PRIMARY KEY, name jsonb, sequence integer,
    is_won boolean, fold boolean);
CREATE TABLE crm_lost_reason (id serial PRIMARY KEY, name jsonb,
    active boolean DEFAULT true);
CREATE TABLE utm_campaign (id serial PRIMARY KEY, title jsonb, user_id integer,
    active boolean DEFAULT true);
CREATE TABLE relationship_campaign (id serial PRIMARY KEY, utm_campaign_id integer,
    number varchar);
CREATE TABLE relationship_opportunity_type (id serial PRIMARY KEY, name jsonb,
    code varchar, company_id integer, active boolean DEFAULT true);
CREATE TABLE relationship_reference_type (id serial PRIMARY KEY, name jsonb,
    kind varchar, active boolean DEFAULT true);
CREATE TABLE crm_lead (id serial PRIMARY KEY, name varchar, number varchar,
    type varchar, active boolean DEFAULT true, create_date timestamp);
CREATE TABLE relationship_activity_type (id serial PRIMARY KEY, name jsonb,
    code varchar, active boolean DEFAULT true);
CREATE TABLE relationship_activity_result (id serial PRIMARY KEY, type_id integer,
    name jsonb, active boolean DEFAULT true);
CREATE TABLE relationship_activity (
    id serial PRIMARY KEY, type_id integer NOT NULL DEFAULT 1, result_id integer,
    company_id integer, user_id integer NOT NULL DEFAULT 1, partner_id integer,
    contact_id integer, lead_id integer, campaign_id integer, stage_id integer,
    number varchar, name varchar, state varchar NOT NULL DEFAULT 'planned',
    channel varchar, priority varchar DEFAULT '0',
    date_from date NOT NULL DEFAULT '2026-05-04', date_to date DEFAULT '2026-05-08',
    date_begun date, date_done date, active boolean DEFAULT true,
    create_date timestamp DEFAULT '2026-05-01 08:00', write_date timestamp);
CREATE TABLE mail_activity (id serial PRIMARY KEY, relationship_activity_id integer,
    active boolean DEFAULT true, is_closed_with_activity boolean, note text);
CREATE TABLE relationship_activity_todo (id serial PRIMARY KEY,
    activity_id integer NOT NULL);
CREATE TABLE relationship_activity_history (
    activity_id integer PRIMARY KEY, first_done_at timestamp, done_at timestamp,
    cancelled_at timestamp, reopen_count integer NOT NULL DEFAULT 0,
    deleted_at timestamp, type_id integer, result_id integer, company_id integer,
    user_id integer, partner_id integer, contact_id integer, lead_id integer,
    stage_id integer, number varchar, state varchar, channel varchar, priority varchar,
    date_from date, date_to date, date_begun date, date_done date,
    create_date timestamp, active boolean, utm_campaign_id integer,
    task_count integer, done_task_count integer);
CREATE TABLE ir_config_parameter (id serial PRIMARY KEY, key varchar, value text);

CREATE TABLE relationship_opportunity_history (
    id bigserial PRIMARY KEY,
    opportunity_id integer NOT NULL,
    transaction_id bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    changed_at timestamp NOT NULL,
    event varchar NOT NULL,
    path varchar NOT NULL DEFAULT 'orm',
    changed_by_id integer,
    number varchar,
    name varchar,
    lead_type varchar DEFAULT 'opportunity',
    status varchar NOT NULL,
    previous_status varchar,
    stage_id integer,
    opportunity_type_id integer,
    user_id integer,
    team_id integer,
    company_id integer,
    campaign_id integer,
    partner_id integer,
    lost_reason_id integer,
    binding boolean NOT NULL DEFAULT true,
    apply_probability boolean NOT NULL DEFAULT true,
    probability numeric,
    automated_probability numeric,
    is_automated_probability boolean,
    expected_revenue numeric,
    recurring_revenue numeric,
    recurring_revenue_monthly numeric,
    contribution_margin numeric,
    forecast_revenue numeric GENERATED ALWAYS AS (
        CASE WHEN status = 'won' THEN expected_revenue
             WHEN status = 'open' AND binding THEN expected_revenue * CASE
                  WHEN apply_probability THEN probability / 100 ELSE 1 END
             ELSE 0 END) STORED,
    forecast_margin numeric GENERATED ALWAYS AS (
        CASE WHEN status = 'won' THEN contribution_margin
             WHEN status = 'open' AND binding THEN contribution_margin * CASE
                  WHEN apply_probability THEN probability / 100 ELSE 1 END
             ELSE 0 END) STORED,
    currency_id integer,
    group_currency_id integer,
    group_rate numeric,
    date_deadline date,
    reference_lines jsonb,
    merged_into_id integer,
    UNIQUE (opportunity_id, transaction_id, changed_at)
);

INSERT INTO res_currency (name, full_name, symbol)
VALUES ('PLN', 'Złoty', 'zł'), ('EUR', 'Euro', '€'), ('USD', 'Dollar', '$');
INSERT INTO res_country (code) VALUES ('PL'), ('DE');
INSERT INTO res_partner (name, email, tz, country_id)
SELECT 'Partner ' || n, 'p' || n || '@example.com',
       CASE n WHEN 1 THEN 'Europe/Warsaw' WHEN 2 THEN 'America/New_York' END, 1 + n % 2
  FROM generate_series(1, 60) n;
INSERT INTO resource_calendar (tz) VALUES ('Asia/Tokyo');
INSERT INTO res_company (name, partner_id, currency_id, resource_calendar_id)
VALUES ('Nordmark Poznań', 1, 1, 1), ('Nordmark New York', 2, 3, 1),
       ('Nordmark Tokyo', 3, 2, 1);
INSERT INTO res_users (partner_id, company_id)
SELECT 10 + n, 1 + n % 3 FROM generate_series(1, 12) n;
INSERT INTO crm_team (name) VALUES ('{"en_US": "Sales"}'), ('{"en_US": "Key accounts"}');
INSERT INTO crm_stage (name, sequence, is_won)
VALUES ('{"en_US": "New", "pl_PL": "Nowa"}', 1, false), ('{"en_US": "Proposal"}', 2, false),
       ('{"en_US": "Negotiation"}', 3, false), ('{"en_US": "Won"}', 4, true);
INSERT INTO crm_lost_reason (name) VALUES ('{"en_US": "Too expensive"}');
INSERT INTO utm_campaign (title) VALUES ('{"en_US": "Poznań fair"}'), ('{"en_US": "Spring"}');
INSERT INTO relationship_campaign (utm_campaign_id, number) VALUES (1, 'SC-00001');
INSERT INTO relationship_opportunity_type (name, code)
VALUES ('{"en_US": "Machine deal"}', 'MD'), ('{"en_US": "Spare parts"}', 'SP');
INSERT INTO relationship_reference_type (name, kind)
VALUES ('{"en_US": "Sales representative"}', 'sales_representative'),
       ('{"en_US": "Competitor"}', 'competitor'), ('{"en_US": "Decision maker"}', 'decision_maker');
INSERT INTO relationship_activity_type (name, code)
VALUES ('{"en_US": "Visit", "pl_PL": "Wizyta"}', 'V'), ('{"en_US": "Call"}', 'C');
INSERT INTO relationship_activity_result (type_id, name)
VALUES (1, '{"en_US": "Wants an offer"}'), (1, '{"en_US": "No interest"}');
INSERT INTO ir_config_parameter (key, value)
VALUES ('database.uuid', gen_random_uuid()::text);

-- Rows as the triggers write them: :rows events of :rows / 10 opportunities, one
-- third of them with partner references. Deterministic for a seed.
CREATE FUNCTION generate_history(first bigint, rows integer) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO relationship_opportunity_history (
        opportunity_id, transaction_id, changed_at, event, path, changed_by_id, number,
        name, lead_type, status, previous_status, stage_id, opportunity_type_id,
        user_id, team_id, company_id, campaign_id, partner_id, lost_reason_id, binding,
        apply_probability, probability, automated_probability,
        is_automated_probability, expected_revenue, recurring_revenue,
        recurring_revenue_monthly, contribution_margin, currency_id,
        group_currency_id, group_rate, date_deadline, reference_lines)
    SELECT lead, n - 2000000000, timestamp '2024-01-01' + n * interval '1 minute' / greatest(rows / 1000000.0, 0.4),
           CASE WHEN n - first < rows / 10 THEN 'create'
                WHEN n % 97 = 0 THEN 'won' WHEN n % 89 = 0 THEN 'lost'
                WHEN n % 83 = 0 THEN 'delete' ELSE 'change' END,
           CASE WHEN n % 50 = 0 THEN 'sql' ELSE 'orm' END,
           CASE WHEN n % 50 <> 0 THEN 1 + n % 12 END,
           'MD-' || lpad(lead::text, 6, '0'), 'Packaging line ' || lead, 'opportunity',
           CASE WHEN n % 97 = 0 THEN 'won' WHEN n % 89 = 0 THEN 'lost'
                WHEN n % 71 = 0 THEN 'archived' ELSE 'open' END,
           'open', 1 + n % 3, 1 + lead % 2, 1 + n % 12, 1 + lead % 2, 1 + lead % 3,
           CASE WHEN lead % 2 = 0 THEN 1 END, 1 + lead % 60,
           CASE WHEN n % 89 = 0 THEN 1 END, n % 5 <> 0, n % 3 <> 0,
           (n::bigint * 7919) % 10001 / 100.0, (n::bigint * 104729) % 10001 / 100.0, n % 4 = 0,
           (n::bigint * 15485863) % 50000000 / 100.0, 0, 0,
           (n::bigint * 32452843) % 9000000 / 100.0, 1 + lead % 3, 1,
           CASE lead % 3 WHEN 0 THEN 1 WHEN 1 THEN 3.987654 ELSE 4.312345 END,
           date '2024-02-01' + n % 700,
           CASE WHEN lead % 3 = 0 THEN jsonb_build_array(
               jsonb_build_object('id', lead * 3, 'partner_id', 11 + lead % 12, 'contact_id', NULL,
                   'type_id', 1, 'kind', 'sales_representative', 'share', 33.33,
                   'influence', NULL, 'attitude', NULL),
               jsonb_build_object('id', lead * 3 + 1, 'partner_id', 11 + (lead + 1) % 12, 'contact_id', NULL,
                   'type_id', 1, 'kind', 'sales_representative', 'share', 33.33,
                   'influence', NULL, 'attitude', NULL),
               jsonb_build_object('id', lead * 3 + 2, 'partner_id', 30 + n % 5, 'contact_id', NULL,
                   'type_id', 2, 'kind', 'competitor', 'share', 0,
                   'influence', '2', 'attitude', 'against')) END
      FROM (SELECT n, 1 + n % greatest(rows / 10, 1) AS lead
              FROM generate_series(first::integer, (first + rows - 1)::integer) n) s
$$;
