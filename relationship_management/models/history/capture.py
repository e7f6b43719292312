"""The table of the opportunity history and the triggers that fill it."""

from pathlib import Path

from odoo.tools import SQL
from odoo.tools.sql import column_exists, table_exists

from ..shared.row_trigger import Trigger, install, install_function, remove

SQL_FOLDER = Path(__file__).parents[2] / "sql"
TABLE = "relationship_opportunity_history"
HELPER_FUNCTIONS = ("relationship_currency_rate", "relationship_opportunity_money")
CLOCK_FUNCTION = "relationship_clock"

# Columns of crm_lead whose real change is an event. An empty amount equals 0; figures
# that the ORM stores with binary noise are compared to two digits.
TRACKED = (
    "active",
    "type",
    "won_status",
    "stage_id",
    "opportunity_type_id",
    "number",
    "user_id",
    "team_id",
    "company_id",
    "campaign_id",
    "partner_id",
    "lost_reason_id",
    "binding",
    "apply_probability",
    "date_deadline",
    "reference_snapshot",
)
TRACKED_AMOUNTS = (
    "expected_revenue",
    "recurring_revenue",
    "recurring_revenue_monthly",
    "contribution_margin",
)
TRACKED_ROUNDED = ("probability", "automated_probability")


def _real_change():
    exact = [f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in TRACKED]
    amounts = [f"coalesce(OLD.{c}, 0) <> coalesce(NEW.{c}, 0)" for c in TRACKED_AMOUNTS]
    rounded = [
        f"round(OLD.{c}::numeric, 2) IS DISTINCT FROM round(NEW.{c}::numeric, 2)"
        for c in TRACKED_ROUNDED
    ]
    return " OR ".join(exact + amounts + rounded)


WRITE = "relationship_opportunity_history_write"
DELETE = "relationship_opportunity_history_delete"
REFERENCE_CAPTURE = "relationship_reference_capture"
TRIGGERS = (
    Trigger(
        name="relationship_opportunity_history_insert",
        table="crm_lead",
        function=WRITE,
        events="INSERT",
    ),
    Trigger(
        name="relationship_opportunity_history_delete",
        table="crm_lead",
        function=DELETE,
        events="DELETE",
    ),
    Trigger(
        name="relationship_opportunity_history_update",
        table="crm_lead",
        function=WRITE,
        events="UPDATE",
        columns=TRACKED + TRACKED_AMOUNTS + TRACKED_ROUNDED,
        when=_real_change(),
    ),
    Trigger(
        name="relationship_reference_insert",
        table="relationship_reference",
        function=REFERENCE_CAPTURE,
        events="INSERT",
        level="STATEMENT",
        referencing="NEW TABLE AS touched",
    ),
    Trigger(
        name="relationship_reference_update",
        table="relationship_reference",
        function=REFERENCE_CAPTURE,
        events="UPDATE",
        level="STATEMENT",
        referencing="OLD TABLE AS touched_before NEW TABLE AS touched",
    ),
    Trigger(
        name="relationship_reference_delete",
        table="relationship_reference",
        function=REFERENCE_CAPTURE,
        events="DELETE",
        level="STATEMENT",
        referencing="OLD TABLE AS touched",
    ),
    Trigger(
        name="relationship_opportunity_history_guard",
        table=TABLE,
        function="relationship_opportunity_history_guard",
        timing="BEFORE",
        events="UPDATE OR DELETE",
        when="OLD.transaction_id <> pg_current_xact_id()::text::bigint",
    ),
)


def create_table(cr):
    """Create the history table, if it is not there; return whether it was created.

    No column refers to another table: a history row survives what it tells about.
    """
    if table_exists(cr, TABLE):
        return False
    cr.execute(
        SQL(
            """
        CREATE TABLE %(table)s (
            id serial PRIMARY KEY,
            opportunity_id integer NOT NULL,
            transaction_id bigint NOT NULL,
            changed_at timestamp NOT NULL,
            event varchar NOT NULL,
            path varchar NOT NULL,
            changed_by_id integer,
            number varchar,
            name varchar,
            lead_type varchar,
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
            binding boolean NOT NULL,
            apply_probability boolean NOT NULL,
            probability numeric,
            automated_probability numeric,
            is_automated_probability boolean,
            expected_revenue numeric,
            recurring_revenue numeric,
            recurring_revenue_monthly numeric,
            contribution_margin numeric,
            forecast_revenue numeric,
            forecast_margin numeric,
            currency_id integer,
            group_currency_id integer,
            group_rate numeric,
            date_deadline date,
            reference_lines jsonb,
            merged_into_id integer,
            UNIQUE (opportunity_id, transaction_id, changed_at)
        )
        """,
            table=SQL.identifier(TABLE),
        )
    )
    return True


def install_capture(cr):
    """Install the triggers of the history; harmless when repeated."""
    if not column_exists(cr, "crm_lead", "reference_snapshot"):
        cr.execute("ALTER TABLE crm_lead ADD COLUMN reference_snapshot jsonb")
    for function in (CLOCK_FUNCTION, *HELPER_FUNCTIONS):
        install_function(cr, SQL_FOLDER, function)
    install(cr, SQL_FOLDER, TRIGGERS)


def remove_capture(cr):
    """Remove what :func:`install_capture` made; the history itself stays."""
    remove(cr, TRIGGERS, functions=(*reversed(HELPER_FUNCTIONS), CLOCK_FUNCTION))
    cr.execute("ALTER TABLE crm_lead DROP COLUMN IF EXISTS reference_snapshot")


def insert_baseline(cr):
    """Write a row of event ``baseline`` for each opportunity without history."""
    cr.execute(
        """
        INSERT INTO relationship_opportunity_history (
            opportunity_id, transaction_id, changed_at, event, path,
            number, name, lead_type, status, stage_id, opportunity_type_id,
            user_id, team_id, company_id, campaign_id, partner_id, lost_reason_id,
            binding, apply_probability, probability, automated_probability,
            is_automated_probability, expected_revenue, recurring_revenue,
            recurring_revenue_monthly, contribution_margin,
            forecast_revenue, forecast_margin, currency_id, group_currency_id,
            group_rate, date_deadline,
            reference_lines)
        SELECT l.id, pg_current_xact_id()::text::bigint, now() AT TIME ZONE 'UTC',
               'baseline', 'sql',
               l.number, l.name, l.type,
               CASE WHEN l.won_status IN ('won', 'lost') THEN l.won_status
                    WHEN l.active THEN 'open' ELSE 'archived' END,
               l.stage_id, l.opportunity_type_id,
               l.user_id, l.team_id, l.company_id, l.campaign_id, l.partner_id,
               l.lost_reason_id,
               coalesce(l.binding, false), coalesce(l.apply_probability, false),
               l.probability, l.automated_probability,
               round(l.probability::numeric, 2)
                   IS NOT DISTINCT FROM round(l.automated_probability::numeric, 2),
               l.expected_revenue, l.recurring_revenue,
               l.recurring_revenue_monthly, l.contribution_margin,
               l.forecast_revenue, l.forecast_margin,
               m.money[2]::integer, m.money[3]::integer, m.money[4]::numeric,
               l.date_deadline,
               CASE WHEN jsonb_typeof(l.reference_snapshot -> 'lines') = 'array'
                    THEN l.reference_snapshot -> 'lines' END
          FROM crm_lead l
          JOIN (SELECT c.company_id, string_to_array(
                       relationship_opportunity_money(
                           c.company_id, (now() AT TIME ZONE 'UTC')::date),
                       '|', '') AS money
                  FROM (SELECT DISTINCT company_id FROM crm_lead) c) m
            ON m.company_id IS NOT DISTINCT FROM l.company_id
         WHERE NOT EXISTS (SELECT 1 FROM relationship_opportunity_history h
                            WHERE h.opportunity_id = l.id)
         ORDER BY l.id
        """
    )
