"""What an activity does not remember itself: when it ended, and that it was there.

A table beside the activities, written by PostgreSQL triggers only, so that no way of
changing one is missed. An activity has a row in it from the day on which it was first
done or cancelled; with its deletion it leaves what it was last. No column refers to
another table, and none holds what people have written about somebody.
"""

import logging
from functools import partial
from pathlib import Path

from odoo import models
from odoo.tools import SQL

from ..shared import row_trigger

_logger = logging.getLogger(__name__)

SQL_FOLDER = Path(__file__).parents[2] / "sql"
TABLE = "relationship_activity_history"
WRITE, DELETE = f"{TABLE}_write", f"{TABLE}_delete"
# What is kept of an activity that is deleted, by type.
KEPT = {
    "integer": (
        *("type_id", "result_id", "company_id", "user_id", "partner_id"),
        *("contact_id", "lead_id", "stage_id"),
    ),
    "varchar": ("number", "state", "channel", "priority"),
    "date": ("date_from", "date_to", "date_begun", "date_done"),
    "timestamp": ("create_date",),
    "boolean": ("active",),
}
# Beside them: the number of its campaign in Odoo's core, of all tasks and of the done.
COUNTED = ("utm_campaign_id", "task_count", "done_task_count")
_ENDED = "{0}.state IN ('done', 'cancelled')"
_activity = partial(row_trigger.Trigger, table="relationship_activity", function=WRITE)
TRIGGERS = (
    _activity(f"{TABLE}_insert", events="INSERT", when=_ENDED.format("NEW")),
    _activity(
        f"{TABLE}_update",
        events="UPDATE",
        columns=("state",),
        when="OLD.state IS DISTINCT FROM NEW.state"
        f" AND ({_ENDED.format('OLD')} OR {_ENDED.format('NEW')})",
    ),
    # Before its tasks forget what they belonged to.
    _activity(f"{TABLE}_delete", events="DELETE", function=DELETE, timing="BEFORE"),
)


def install_history(cr):
    """Create table and triggers; harmless when repeated."""
    kept = [(name, type_) for type_, names in KEPT.items() for name in names]
    kept += [(name, "integer") for name in COUNTED]
    cr.execute(
        SQL(
            """
            CREATE TABLE IF NOT EXISTS relationship_activity_history (
                activity_id integer PRIMARY KEY,
                first_done_at timestamp,
                done_at timestamp,
                cancelled_at timestamp,
                reopen_count integer NOT NULL DEFAULT 0,
                deleted_at timestamp)
            """
        )
    )
    columns = [SQL(f"ADD COLUMN IF NOT EXISTS {name} {type_}") for name, type_ in kept]
    cr.execute(SQL("ALTER TABLE %s %s", SQL.identifier(TABLE), SQL(", ").join(columns)))
    names = [name for name, _type in kept]
    texts = {
        "columns": ", ".join(names),
        "values": ", ".join(f"OLD.{name}" for name in names[: -len(COUNTED)]),
        "assignments": ", ".join(f"{name} = EXCLUDED.{name}" for name in names),
    }
    row_trigger.install_function(cr, SQL_FOLDER, "relationship_clock")
    row_trigger.install(cr, SQL_FOLDER, TRIGGERS, texts)


def remove_history(cr):
    row_trigger.remove(cr, TRIGGERS)
    cr.execute("DROP TABLE IF EXISTS relationship_activity_history")


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def init(self):
        self.pool.post_init(install_history, self.env.cr)
        return super().init()

    def _register_hook(self):
        """Say in the log when a trigger does not do its work."""
        super()._register_hook()
        for problem in row_trigger.check(self.env.cr, TRIGGERS):
            _logger.error("History of activities: %s Update the addon.", problem)
