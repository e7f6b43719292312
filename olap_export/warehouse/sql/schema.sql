-- The star schema, version 4: for PostgreSQL and DuckDB alike.
-- {schema}: where the tables live; {pii}: the schema of personal data, with grants of
-- its own. What only one engine knows (keys, indexes) is in <engine>_keys.sql.
-- The columns of the facts are those of columns.py and activity/columns.py. Amounts have 4 decimals,
-- probabilities and shares go from 0 to 1, instants are UTC.

CREATE TABLE {schema}.schema_version (
    version integer NOT NULL,
    installed_at timestamp NOT NULL);
COMMENT ON TABLE {schema}.schema_version IS 'One row: the version of these tables.';

CREATE TABLE {schema}.etl_source (
    source_key smallint NOT NULL,
    source_uuid varchar NOT NULL,
    identity varchar NOT NULL,
    name varchar,
    group_currency_key bigint NOT NULL,
    transferred_at timestamp);
COMMENT ON TABLE {schema}.etl_source IS 'An Odoo database that sends its data here.';

CREATE TABLE {schema}.etl_batch (
    batch_id bigint NOT NULL,
    source_key smallint NOT NULL,
    first_event_key bigint NOT NULL,
    last_event_key bigint NOT NULL,
    rows_sent bigint NOT NULL,
    rows_new bigint NOT NULL,
    rows_quarantined bigint NOT NULL,
    loaded_at timestamp NOT NULL,
    is_applied boolean NOT NULL);
COMMENT ON TABLE {schema}.etl_batch IS
    'One row for each transaction that loaded events; is_applied: the states follow.';

CREATE TABLE {schema}.etl_quarantine (
    event_key bigint NOT NULL,
    source_key smallint NOT NULL,
    batch_id bigint NOT NULL,
    reason varchar NOT NULL,
    content varchar NOT NULL);
COMMENT ON TABLE {schema}.etl_quarantine IS
    'Events with a value that no fact can hold, with the row as JSON.';

CREATE TABLE {schema}.dim_date (
    date_key integer NOT NULL,
    calendar_date date,
    year integer,
    quarter integer,
    month integer,
    day integer,
    weekday integer,
    iso_year integer,
    iso_week integer,
    month_start date,
    quarter_start date,
    name varchar NOT NULL);
COMMENT ON TABLE {schema}.dim_date IS
    'Days in the local time of the company; date_key is yyyymmdd, weekday 1 is Monday.';

CREATE TABLE {schema}.dim_company (
    company_key bigint NOT NULL, source_key smallint NOT NULL, source_id bigint,
    name varchar, parent_key bigint, currency_key bigint, time_zone varchar,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_company IS 'Companies.';

CREATE TABLE {schema}.dim_employee (
    employee_key bigint NOT NULL, source_key smallint NOT NULL, source_id bigint,
    name varchar, company_key bigint, partner_key bigint,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_employee IS 'Users of Odoo: salespeople and editors.';

CREATE TABLE {schema}.dim_team (
    team_key bigint NOT NULL, source_key smallint NOT NULL, source_id bigint,
    name varchar, company_key bigint, leader_key bigint,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_team IS 'Sales teams.';

CREATE TABLE {schema}.dim_partner (
    partner_key bigint NOT NULL, source_key smallint NOT NULL, source_id bigint,
    is_company boolean, parent_key bigint, commercial_key bigint,
    merged_into_key bigint, country_code varchar, language varchar,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_partner IS
    'Partners without name and address: these are in partner_pii.';

CREATE TABLE {pii}.partner_pii (
    partner_key bigint NOT NULL, source_key smallint NOT NULL, source_id bigint,
    name varchar, email varchar, phone varchar, city varchar, zip varchar,
    is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {pii}.partner_pii IS 'Names and addresses of partners: personal data.';

CREATE TABLE {schema}.dim_opportunity (
    opportunity_key bigint NOT NULL, source_key smallint NOT NULL, source_id bigint,
    number varchar, name varchar, created_at timestamp,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_opportunity IS 'Opportunities and leads, also deleted ones.';

CREATE TABLE {schema}.dim_opportunity_type (
    opportunity_type_key bigint NOT NULL, source_key smallint NOT NULL,
    source_id bigint, name varchar, code varchar,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_opportunity_type IS 'Types of opportunities.';

CREATE TABLE {schema}.dim_stage (
    stage_key bigint NOT NULL, source_key smallint NOT NULL, source_id bigint,
    name varchar, sequence integer, is_won boolean,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_stage IS 'Stages of the sales process.';

CREATE TABLE {schema}.dim_campaign (
    campaign_key bigint NOT NULL, source_key smallint NOT NULL, source_id bigint,
    name varchar, responsible_key bigint,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_campaign IS 'Campaigns.';

CREATE TABLE {schema}.dim_lost_reason (
    lost_reason_key bigint NOT NULL, source_key smallint NOT NULL, source_id bigint,
    name varchar,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_lost_reason IS 'Why opportunities were lost.';

CREATE TABLE {schema}.dim_currency (
    currency_key bigint NOT NULL, source_key smallint NOT NULL, source_id bigint,
    name varchar, code varchar, symbol varchar,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_currency IS 'Currencies; code as in ISO 4217.';

CREATE TABLE {schema}.dim_reference_type (
    reference_type_key bigint NOT NULL, source_key smallint NOT NULL, source_id bigint,
    name varchar, kind varchar,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_reference_type IS 'Roles of partners in opportunities.';

CREATE TABLE {schema}.dim_activity_type (
    activity_type_key bigint NOT NULL, source_key smallint NOT NULL,
    source_id bigint, name varchar, code varchar,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_activity_type IS 'Types of activities.';

CREATE TABLE {schema}.dim_activity_result (
    activity_result_key bigint NOT NULL, source_key smallint NOT NULL,
    source_id bigint, name varchar, activity_type_key bigint,
    is_active boolean, is_deleted boolean NOT NULL, is_inferred boolean NOT NULL);
COMMENT ON TABLE {schema}.dim_activity_result IS
    'What may come of an activity of a type.';

CREATE TABLE {schema}.fact_opportunity_event (
    {event_columns});
COMMENT ON TABLE {schema}.fact_opportunity_event IS
    'One row for each transaction that changed an opportunity: all of it afterwards.';

CREATE TABLE {schema}.fact_opportunity_state (
    {state_columns});
COMMENT ON TABLE {schema}.fact_opportunity_state IS
    'An opportunity between two of its events: valid_from <= instant < valid_to.';

CREATE TABLE {schema}.fact_activity (
    {activity_columns});
COMMENT ON TABLE {schema}.fact_activity IS
    'One row for each activity, which follows it: planned, done, cancelled, deleted.';

CREATE TABLE {schema}.bridge_opportunity_reference (
    reference_group_key bigint NOT NULL,
    reference_id bigint NOT NULL,
    source_key smallint NOT NULL,
    partner_key bigint NOT NULL,
    contact_key bigint NOT NULL,
    reference_type_key bigint NOT NULL,
    kind varchar,
    share numeric(9,6),
    influence varchar,
    attitude varchar,
    date_from date NOT NULL,
    date_to date NOT NULL);
COMMENT ON TABLE {schema}.bridge_opportunity_reference IS
    'All partner references of a group; not additive.';

CREATE TABLE {schema}.bridge_opportunity_rep (
    reference_group_key bigint NOT NULL,
    reference_id bigint NOT NULL,
    source_key smallint NOT NULL,
    partner_key bigint NOT NULL,
    employee_key bigint NOT NULL,
    weight numeric(9,6) NOT NULL,
    date_from date NOT NULL,
    date_to date NOT NULL);
COMMENT ON TABLE {schema}.bridge_opportunity_rep IS
    'Sales representatives of a group; on each day their weights add up to 1.';

CREATE TABLE {schema}.bridge_opportunity_competitor (
    reference_group_key bigint NOT NULL,
    reference_id bigint NOT NULL,
    source_key smallint NOT NULL,
    partner_key bigint NOT NULL,
    strength numeric(9,6),
    date_from date NOT NULL,
    date_to date NOT NULL);
COMMENT ON TABLE {schema}.bridge_opportunity_competitor IS
    'Competitors of a group; not additive.';
