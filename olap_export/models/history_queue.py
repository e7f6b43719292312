"""What waits for a target, history rows and activities, and the triggers for it."""

from pathlib import Path

from odoo.tools import SQL
from odoo.tools.sql import existing_tables, table_columns

from odoo.addons.relationship_management.models.shared import row_trigger

from ..warehouse.activity.columns import WATCHED
from ..warehouse.source import TABLES_SQL

SQL_FOLDER = Path(__file__).parents[1] / "sql"
TABLES = (
    *("olap_export_queue", "olap_export_activity_queue"),
    "olap_export_position",
)
_NEW, _OLD = "NEW TABLE AS touched", "OLD TABLE AS touched"
_REFERENCING = {
    "INSERT": _NEW,
    "UPDATE": f"{_OLD}_before {_NEW}",
    "DELETE": _OLD,
}
TRIGGERS = (
    row_trigger.Trigger(
        name="olap_export_queue_insert",
        table="relationship_opportunity_history",
        function="olap_export_queue_capture",
        events="INSERT",
        level="STATEMENT",
        referencing="NEW TABLE AS inserted",
    ),
    *(
        row_trigger.Trigger(
            name=f"olap_export_{table}_{event.lower()}",
            table=table,
            function="olap_export_activity_capture",
            events=event,
            level="STATEMENT",
            referencing=_REFERENCING[event],
        )
        for table, events in {
            "relationship_activity": ("INSERT", "UPDATE", "DELETE"),
            "mail_activity": ("INSERT", "UPDATE", "DELETE"),
            "relationship_activity_todo": ("INSERT", "DELETE"),
        }.items()
        for event in events
    ),
)


def install_queue(cr):
    """Create the tables and the triggers; harmless when repeated."""
    cr.execute(TABLES_SQL)
    if table_columns(cr, "olap_export_queue")["history_id"]["udt_name"] == "int4":
        cr.execute("ALTER TABLE olap_export_queue ALTER history_id TYPE bigint")
    row_trigger.install(cr, SQL_FOLDER, TRIGGERS, {"columns": ", ".join(WATCHED)})


def remove_queue(cr):
    row_trigger.remove(cr, TRIGGERS)
    for table in TABLES:
        cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))


def forget(cr, target_ids):
    """Remove all traces of targets that are gone; tables that are gone have none."""
    for table in existing_tables(cr, TABLES):
        cr.execute(
            SQL(
                "DELETE FROM %s WHERE target_id IN %s",
                SQL.identifier(table),
                tuple(target_ids),
            )
        )


def queue_everything(cr, target_ids):
    """Let the next transfer of the targets begin with the whole history."""
    cr.execute(
        """
        INSERT INTO olap_export_position (target_id)
        SELECT unnest(%s::int[])
            ON CONFLICT (target_id) DO UPDATE SET queue_all = true
        """,
        [list(target_ids)],
    )


def count_pending(cr, target_ids):
    """Return ``{target id: number of waiting rows}``."""
    cr.execute(
        """
        SELECT p.target_id,
               CASE WHEN p.queue_all
                    THEN (SELECT count(*) FROM relationship_opportunity_history)
                         + (SELECT count(*) FROM relationship_activity)
                    ELSE (SELECT count(*) FROM olap_export_queue q
                           WHERE q.target_id = p.target_id)
                         + (SELECT count(DISTINCT q.activity_id)
                              FROM olap_export_activity_queue q
                             WHERE q.target_id = p.target_id) END
          FROM olap_export_position p
         WHERE p.target_id = ANY(%s)
        """,
        [list(target_ids)],
    )
    return dict(cr.fetchall())
