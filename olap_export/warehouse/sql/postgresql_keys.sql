-- Keys and indexes of PostgreSQL.
CREATE SEQUENCE {schema}.etl_batch_id_seq OWNED BY {schema}.etl_batch.batch_id;
ALTER TABLE {schema}.etl_source ADD PRIMARY KEY (source_key), ADD UNIQUE (source_uuid);
ALTER TABLE {schema}.etl_batch ADD PRIMARY KEY (batch_id);
ALTER TABLE {schema}.etl_quarantine ADD PRIMARY KEY (event_key);
ALTER TABLE {schema}.dim_date ADD PRIMARY KEY (date_key), ADD UNIQUE (calendar_date);
ALTER TABLE {schema}.dim_company ADD PRIMARY KEY (company_key);
ALTER TABLE {schema}.dim_employee ADD PRIMARY KEY (employee_key);
ALTER TABLE {schema}.dim_team ADD PRIMARY KEY (team_key);
ALTER TABLE {schema}.dim_partner ADD PRIMARY KEY (partner_key);
ALTER TABLE {pii}.partner_pii ADD PRIMARY KEY (partner_key);
ALTER TABLE {schema}.dim_opportunity ADD PRIMARY KEY (opportunity_key);
ALTER TABLE {schema}.dim_opportunity_type ADD PRIMARY KEY (opportunity_type_key);
ALTER TABLE {schema}.dim_stage ADD PRIMARY KEY (stage_key);
ALTER TABLE {schema}.dim_campaign ADD PRIMARY KEY (campaign_key);
ALTER TABLE {schema}.dim_lost_reason ADD PRIMARY KEY (lost_reason_key);
ALTER TABLE {schema}.dim_currency ADD PRIMARY KEY (currency_key);
ALTER TABLE {schema}.dim_reference_type ADD PRIMARY KEY (reference_type_key);
ALTER TABLE {schema}.dim_activity_type ADD PRIMARY KEY (activity_type_key);
ALTER TABLE {schema}.dim_activity_result ADD PRIMARY KEY (activity_result_key);
ALTER TABLE {schema}.fact_activity ADD PRIMARY KEY (activity_key);
CREATE INDEX fact_activity_opportunity_idx ON {schema}.fact_activity (opportunity_key);
-- PostgreSQL takes NaN for a numeric; one such value would spoil every sum.
ALTER TABLE {schema}.fact_opportunity_event
    ADD PRIMARY KEY (event_key),
    ADD CONSTRAINT fact_opportunity_event_numbers CHECK (
        expected_revenue <> 'NaN' AND contribution_margin <> 'NaN'
        AND recurring_revenue <> 'NaN' AND recurring_revenue_monthly <> 'NaN'
        AND probability <> 'NaN' AND automated_probability <> 'NaN'
        AND group_rate <> 'NaN');
CREATE INDEX fact_opportunity_event_batch_idx
    ON {schema}.fact_opportunity_event USING brin (batch_id);
CREATE INDEX fact_opportunity_event_date_idx
    ON {schema}.fact_opportunity_event USING brin (event_date_key);
ALTER TABLE {schema}.fact_opportunity_state ADD PRIMARY KEY (event_key);
CREATE INDEX fact_opportunity_state_opportunity_idx
    ON {schema}.fact_opportunity_state (opportunity_key);
CREATE INDEX fact_opportunity_state_current_idx
    ON {schema}.fact_opportunity_state (employee_key) WHERE is_current;
ALTER TABLE {schema}.bridge_opportunity_reference
    ADD PRIMARY KEY (reference_group_key, reference_id);
ALTER TABLE {schema}.bridge_opportunity_rep
    ADD PRIMARY KEY (reference_group_key, reference_id, date_from);
ALTER TABLE {schema}.bridge_opportunity_competitor
    ADD PRIMARY KEY (reference_group_key, reference_id);
