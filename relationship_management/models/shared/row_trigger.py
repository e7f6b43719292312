"""PostgreSQL triggers of the addons: generate, install, check, remove.

The only place that creates or drops a trigger. An addon describes its triggers
as :class:`Trigger` values and keeps the functions they call in ``.sql`` files,
one function a file, in which ``{schema}`` stands for Odoo's schema::

    TRIGGERS = (Trigger(name="…", table="crm_lead", events="INSERT OR DELETE", …),)

    def init(self):
        self.pool.post_init(row_trigger.install, self.env.cr, SQL_FOLDER, TRIGGERS)

and calls :func:`remove` in its ``uninstall_hook``, which runs before the tables
go: a trigger whose table or function is gone would break every write.
"""

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg2 import sql

from odoo.tools import SQL

UNLINK_SETTING = "relationship.unlink"
MERGE_SETTING = "relationship.merged_"
CLOCK_SETTING = "relationship.clock"
CONSENT_MERGE_SETTING = "relationship.consent_merge"


@dataclass(frozen=True)
class Trigger:
    """One trigger: where it sits, when it fires and what it calls.

    :param events: what follows ``AFTER``, for example ``UPDATE``
    :param columns: columns of an ``UPDATE OF``; their existence is checked
    :param when: SQL condition of a row trigger, on ``OLD`` and ``NEW``
    :param referencing: transition tables of a statement trigger
    :param arguments: texts that the function finds in ``TG_ARGV``
    """

    name: str
    table: str
    function: str
    events: str
    columns: tuple = ()
    when: str = ""
    level: str = "ROW"
    referencing: str = ""
    arguments: tuple = ()
    timing: str = "AFTER"

    def definition(self, schema):
        """Return the ``CREATE TRIGGER`` statement as a composable."""
        return sql.SQL(
            "CREATE TRIGGER {name} {timing} {events}{columns} ON {table}"
            " {referencing} FOR EACH {level} {when} EXECUTE FUNCTION {function}({args})"
        ).format(
            name=sql.Identifier(self.name),
            timing=sql.SQL(self.timing),
            events=sql.SQL(self.events),
            columns=self._columns_clause(),
            table=sql.Identifier(schema, self.table),
            referencing=sql.SQL(self.referencing and f"REFERENCING {self.referencing}"),
            level=sql.SQL(self.level),
            when=sql.SQL(self.when and f"WHEN ({self.when})"),
            function=sql.Identifier(schema, self.function),
            args=sql.SQL(", ").join(map(sql.Literal, self.arguments)),
        )

    def _columns_clause(self):
        if not self.columns:
            return sql.SQL("")
        return sql.SQL(" OF ") + sql.SQL(", ").join(map(sql.Identifier, self.columns))


def install(cr, folder, triggers, texts=None):
    """Create the functions and triggers, or bring them up to date.

    A trigger whose definition did not change is left alone, so that an update
    of the addon takes no lock on a busy table.

    :param folder: path of the ``.sql`` files; ``<function>.sql`` each
    :param triggers: iterable of :class:`Trigger`
    :param texts: ``{name: text}`` of further places in braces in the functions
    """
    for function in dict.fromkeys(trigger.function for trigger in triggers):
        install_function(cr, folder, function, texts)
    install_triggers(cr, triggers)


def install_triggers(cr, triggers):
    """Create the triggers, whose functions are there, or bring them up to date."""
    schema = _current_schema(cr)
    installed = _installed(cr, triggers)
    for trigger in triggers:
        statement = trigger.definition(schema).as_string(cr._cnx)
        digest = hashlib.sha256(statement.encode()).hexdigest()
        if installed.get((trigger.table, trigger.name)) == digest:
            continue
        _drop_trigger(cr, trigger)
        cr.execute(SQL(statement.replace("%", "%%")))
        cr.execute(
            SQL(
                "COMMENT ON TRIGGER %s ON %s IS %s",
                SQL.identifier(trigger.name),
                SQL.identifier(trigger.table),
                digest,
            )
        )


def install_function(cr, folder, function, texts=None):
    """Create or replace the function of ``<folder>/<function>.sql``."""
    text = (Path(folder) / f"{function}.sql").read_text(encoding="utf-8")
    schema = sql.Identifier(_current_schema(cr)).as_string(cr._cnx)
    for name, value in {"schema": schema, **(texts or {})}.items():
        text = text.replace("{" + name + "}", value)
    cr.execute(SQL(text.replace("%", "%%")))


def remove(cr, triggers, functions=()):
    """Drop the triggers, their functions and the further ``functions``."""
    for trigger in triggers:
        _drop_trigger(cr, trigger)
    for function in dict.fromkeys([*(t.function for t in triggers), *functions]):
        cr.execute(SQL("DROP FUNCTION IF EXISTS %s", SQL.identifier(function)))


def check(cr, triggers):
    """Return one sentence for each trigger that does not do its work.

    :return: list of str, empty when every trigger is there, enabled, and names
        only columns that exist
    """
    schema = _current_schema(cr)
    installed = _installed(cr, triggers)
    problems = []
    for trigger in triggers:
        statement = trigger.definition(schema).as_string(cr._cnx)
        digest = installed.get((trigger.table, trigger.name))
        if (trigger.table, trigger.name) not in installed:
            problems.append(f"Trigger {trigger.name} is missing or disabled.")
        elif digest != hashlib.sha256(statement.encode()).hexdigest():
            problems.append(f"Trigger {trigger.name} is of another version.")
        cr.execute(
            """
            SELECT wanted
              FROM unnest(%s::text[]) AS wanted
             WHERE NOT EXISTS (
                   SELECT 1 FROM pg_attribute
                    WHERE attrelid = %s::regclass
                      AND attname = wanted
                      AND NOT attisdropped)
            """,
            [list(trigger.columns), trigger.table],
        )
        problems += [
            f"Trigger {trigger.name} names the column {column}, which is gone."
            for (column,) in cr.fetchall()
        ]
    return problems


def announce_unlink(env):
    """Tell the triggers of this transaction who deletes, and when.

    A deleted row carries nothing about the one who deletes it. The setting ends with
    the transaction.
    """
    env.cr.execute(
        "SELECT set_config(%s, %s, true)", [UNLINK_SETTING, _tell_who_deletes(env)]
    )


def _tell_who_deletes(env):
    return json.dumps({"by": env.uid, "at": env.cr.now().isoformat(sep=" ")})


def announce_merge(env, merged_ids, into_id):
    """Tell the triggers that a deletion of these opportunities is a merge, and whose.

    :param merged_ids: ids of the opportunities that are taken over
    :param into_id: id of the opportunity that takes them over
    """
    env.cr.execute(
        "SELECT set_config(%s, %s, true),"
        " set_config(%s || merged::text, %s, true) FROM unnest(%s) AS merged",
        [
            *(UNLINK_SETTING, _tell_who_deletes(env)),
            *(MERGE_SETTING, str(into_id), list(merged_ids)),
        ],
    )


@contextmanager
def announce_consent_merge(cr, source_ids, destination_id):
    """Let the consents of the sources move to the destination, inside ``with``.

    :param source_ids: ids of the partners that are merged away
    :param destination_id: id of the partner that stays
    """
    announcement = {"sources": list(source_ids), "destination": destination_id}
    statement = "SELECT set_config(%s, %s, true)"
    cr.execute(statement, [CONSENT_MERGE_SETTING, json.dumps(announcement)])
    yield
    cr.execute(statement, [CONSENT_MERGE_SETTING, ""])


def set_clock(cr, moment=None):
    """Make ``moment`` the time that the triggers of this transaction write.

    For a replay of past changes only; the setting ends with the transaction. Odoo's
    own clock, ``cr.now()``, moves along.

    :param moment: naive datetime in UTC; None for the true time
    """
    cr._now = moment
    text = moment.isoformat(sep=" ") if moment else ""
    cr.execute("SELECT set_config(%s, %s, true)", [CLOCK_SETTING, text])


def _installed(cr, triggers):
    """Return the definition digests of the enabled triggers by (table, name)."""
    cr.execute(
        """
        SELECT c.relname, t.tgname, obj_description(t.oid, 'pg_trigger')
          FROM pg_trigger t
          JOIN pg_class c ON c.oid = t.tgrelid
         WHERE c.relnamespace = current_schema::regnamespace
           AND t.tgenabled IN ('O', 'A')
           AND (c.relname, t.tgname) IN (
               SELECT * FROM unnest(%s::name[], %s::name[]))
        """,
        [[t.table for t in triggers], [t.name for t in triggers]],
    )
    return {(table, name): digest for table, name, digest in cr.fetchall()}


def _drop_trigger(cr, trigger):
    cr.execute("SELECT to_regclass(%s)", [trigger.table])
    if cr.fetchone()[0]:
        cr.execute(
            SQL(
                "DROP TRIGGER IF EXISTS %s ON %s",
                SQL.identifier(trigger.name),
                SQL.identifier(trigger.table),
            )
        )


def _current_schema(cr):
    cr.execute("SELECT current_schema")
    return cr.fetchone()[0]
