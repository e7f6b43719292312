"""The table of the opportunity history and the triggers that fill it."""

from functools import partial
from pathlib import Path

from odoo.tools import SQL
from odoo.tools.sql import column_exists, table_columns

from ..shared.row_trigger import Trigger, install, install_function, remove
from .columns import COLUMNS, get_real_change, get_texts, get_watched

SQL_FOLDER = Path(__file__).parents[2] / "sql"
TABLE = "relationship_opportunity_history"
HELPER_FUNCTIONS = (
    "relationship_clock",
    "relationship_opportunity_status",
    "relationship_forecast_weight",
    "relationship_currency_rate",
    "relationship_opportunity_money",
)

WRITE, DELETE = f"{TABLE}_write", f"{TABLE}_delete"
CURRENCY = "relationship_company_currency_capture"


def get_triggers(columns):
    """Return the triggers of a history with these columns."""
    lead = partial(Trigger, table="crm_lead", function=WRITE)
    reference = partial(
        Trigger,
        table="relationship_reference",
        function="relationship_reference_capture",
        level="STATEMENT",
    )
    new, old = "NEW TABLE AS touched", "OLD TABLE AS touched"
    return (
        lead(f"{TABLE}_insert", events="INSERT"),
        lead(f"{TABLE}_delete", events="DELETE", function=DELETE),
        lead(
            f"{TABLE}_update",
            events="UPDATE",
            columns=get_watched(columns),
            when=get_real_change(columns),
        ),
        reference("relationship_reference_insert", events="INSERT", referencing=new),
        reference(
            "relationship_reference_update",
            events="UPDATE",
            referencing=f"{old}_before {new}",
        ),
        reference("relationship_reference_delete", events="DELETE", referencing=old),
        Trigger(
            name=CURRENCY,
            table="res_company",
            function=CURRENCY,
            events="UPDATE",
            columns=("currency_id",),
            when="OLD.currency_id IS DISTINCT FROM NEW.currency_id",
        ),
        Trigger(
            name=f"{TABLE}_guard",
            table=TABLE,
            function=f"{TABLE}_guard",
            timing="BEFORE",
            events="UPDATE OR DELETE",
            when="OLD.transaction_id <> pg_current_xact_id()::text::bigint",
        ),
    )


TRIGGERS = get_triggers(COLUMNS)


def sync_table(cr, columns):
    """Create the history table, or add what it lacks; return whether it was created.

    No column refers to another table: a history row survives what it tells about. Each
    fold takes a number, too, so these have 64 bits.
    """
    found = table_columns(cr, TABLE)
    if not found:
        cr.execute(
            """
            CREATE TABLE relationship_opportunity_history (
                id bigserial PRIMARY KEY,
                transaction_id bigint NOT NULL,
                changed_at timestamp NOT NULL,
                opportunity_id integer NOT NULL,
                changed_by_id integer,
                merged_into_id integer,
                event varchar NOT NULL,
                path varchar NOT NULL,
                previous_status varchar,
                UNIQUE (opportunity_id, transaction_id, changed_at)
            )
            """
        )
    elif found["id"]["udt_name"] == "int4":
        cr.execute(
            """
            ALTER TABLE relationship_opportunity_history ALTER id TYPE bigint;
            ALTER SEQUENCE relationship_opportunity_history_id_seq AS bigint
            """
        )
    lacking = [
        SQL(f"ADD COLUMN {column.get_definition()}")
        for column in columns
        if column.name not in found
    ]
    if lacking:
        table = SQL.identifier(TABLE)
        cr.execute(SQL("ALTER TABLE %s %s", table, SQL(", ").join(lacking)))
    return not found


def install_helpers(cr):
    """Install the functions that say what the clock, the forecast, a rate is."""
    for function in HELPER_FUNCTIONS:
        install_function(cr, SQL_FOLDER, function)


def install_capture(cr, columns=COLUMNS):
    """Install the triggers of the history; harmless when repeated.

    A column that opportunities or the history lack is left out: nobody could save
    anything any more. The check of the triggers tells it.
    """
    if not column_exists(cr, "crm_lead", "reference_snapshot"):
        cr.execute("ALTER TABLE crm_lead ADD COLUMN reference_snapshot jsonb")
    install_helpers(cr)
    known, kept = table_columns(cr, "crm_lead").keys(), table_columns(cr, TABLE)
    columns = [c for c in columns if known >= set(c.get_watched()) and c.name in kept]
    install(cr, SQL_FOLDER, get_triggers(columns), get_texts(columns))


def renew_capture(cr, columns):
    """Install the triggers again, unless they were removed for good."""
    cr.execute("SELECT to_regproc(%s)", [WRITE])
    if cr.fetchone()[0]:
        install_capture(cr, columns)


def remove_capture(cr):
    """Remove what :func:`install_capture` made; the history itself stays."""
    remove(cr, TRIGGERS, functions=reversed(HELPER_FUNCTIONS))
    cr.execute("ALTER TABLE crm_lead DROP COLUMN IF EXISTS reference_snapshot")


def insert_baseline(cr, columns=COLUMNS):
    """Write a row of event ``baseline`` for each opportunity without history."""
    texts = {name: SQL(text) for name, text in get_texts(columns).items()}
    cr.execute(
        SQL(
            """
        INSERT INTO relationship_opportunity_history (
            opportunity_id, transaction_id, changed_at, event, path, %(columns)s)
        SELECT lead.id, pg_current_xact_id()::text::bigint, relationship_clock(),
               'baseline', 'sql', %(lead_values)s
          FROM crm_lead lead
          JOIN (SELECT c.company_id, relationship_opportunity_money(
                       c.company_id, relationship_clock()::date) AS money
                  FROM (SELECT DISTINCT company_id FROM crm_lead) c) m
            ON m.company_id IS NOT DISTINCT FROM lead.company_id
         CROSS JOIN LATERAL (
               SELECT relationship_opportunity_status(lead.won_status, lead.active)
                          AS status_now,
                      relationship_forecast_weight(
                          lead.won_status, lead.active, lead.binding,
                          lead.apply_probability, lead.probability) AS weight) s
         WHERE NOT EXISTS (SELECT 1 FROM relationship_opportunity_history h
                            WHERE h.opportunity_id = lead.id)
         ORDER BY lead.id
        """,
            **texts,
        )
    )
