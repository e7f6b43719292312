"""Odoo's database as the export sees it: history, queue, position.

Three tables of the addon ``olap_export``, all without foreign keys:

``olap_export_queue``
    the history rows that still have to go to a target, filled by a trigger.
``olap_export_position``
    one row a target: the last batch that the target confirmed, who we were when it
    was connected, and how far the rows from before its connection are queued.
``olap_export_activity_queue``
    the changes of activities, see ``activity.source``.
"""

# pylint: disable=sql-injection
# ruff: noqa: S608 (the schemas and keys in the statements are our own)

import contextlib
import hashlib
import math
import uuid

import psycopg2
from psycopg2 import errors as pg_errors
from psycopg2 import extensions

from . import columns, deadline, fault, queries, registry
from .activity.source import TABLES_SQL as ACTIVITY_TABLES_SQL
from .activity.source import Activities
from .column import RATE
from .errors import (
    BUSY,
    COPY_OF_SOURCE,
    NO_IDENTITY,
    SOURCE_SILENT,
    SOURCE_UNREACHABLE,
    TargetBusyError,
    TransferError,
)
from .source_compare import Comparison
from .source_queue import Queue

CASTS = {
    "money": "::numeric(18,4)",
    "share": "::numeric(9,6)",
    "rate": f"::{RATE}",
}

LOCK_TIMEOUT = 10_000
# A longer one is cut off: a line of a CSV file has an end.
LONGEST_NAME = "varchar(40000)"

TABLES_SQL = f"""
    CREATE TABLE IF NOT EXISTS olap_export_queue (
        target_id integer NOT NULL,
        history_id bigint NOT NULL,
        PRIMARY KEY (target_id, history_id));
    CREATE TABLE IF NOT EXISTS olap_export_position (
        target_id integer PRIMARY KEY,
        batch_id bigint NOT NULL DEFAULT 0,
        identity varchar,
        queue_all boolean NOT NULL DEFAULT true,
        queued_at timestamptz,
        queued_from bigint);
    ALTER TABLE olap_export_position
        ADD COLUMN IF NOT EXISTS waiting_for varchar[],
        ADD COLUMN IF NOT EXISTS compared bigint[],
        ADD COLUMN IF NOT EXISTS compared_at timestamptz;
    {ACTIVITY_TABLES_SQL}
"""


def lock_key(text):
    """Return the number of the advisory lock for a text."""
    digest = hashlib.sha256(f"olap_export:{text}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def run_key(run_id):
    """Return the number of the lock that a run holds as long as it is alive."""
    return lock_key(f"run:{run_id}")


class Source(Queue, Comparison, Activities):
    """The exporter's own sessions in Odoo's database.

    A context manager: entering takes the lock of the target, leaving ends the
    sessions. No transaction lasts longer than one chunk, and none waits while nothing
    is transferred.

    :param connect: function that returns a new psycopg2 connection; never a pooled
        one, because the lock belongs to the session
    :param target_id: id of the target in the queue
    :param lang: language of the names, for example ``pl_PL``
    :param condition: SQL expression over ``h`` (history) that events must fulfil to
        leave Odoo: the hook for types whose analysis is restricted
    :param activity_condition: the same for activities, over ``a``
    :param run_id: number of the run; its lock tells that it is alive
    :param limits: how long a wait may last
    """

    def __init__(
        self,
        connect,
        target_id,
        *,
        lang="en_US",
        condition="true",
        activity_condition="true",
        run_id=None,
        limits=None,
    ):
        self._connect_raw = connect
        self.run_id = run_id
        self.limits = limits or deadline.Limits()
        self.target_id = int(target_id)
        self.lang = lang or "en_US"
        self.condition = condition
        self.activity_condition = activity_condition
        self.columns = columns.Columns()
        self.values = {}

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.lock = stack.enter_context(contextlib.closing(self._connect()))
            self.lock.autocommit = True
            stack.enter_context(self.lock.working())
            with self.lock.cursor() as cr:
                self._set_limits(cr)
            deadline.ask_server(self.lock)
            if self.run_id:
                self.execute(f"SELECT pg_advisory_lock({run_key(self.run_id)})")
            key = lock_key(f"source:{self.target_id}")
            if not self.scalar(f"SELECT pg_try_advisory_lock({key})"):
                raise TargetBusyError(BUSY)
            stack.callback(self._unlock)
            self.readers = []
            for _number in range(2):
                reader = stack.enter_context(contextlib.closing(self._open_reader()))
                stack.enter_context(reader.working())
                self.readers.append(reader)
            fault.reach("source_locked")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info):
        return self._stack.__exit__(*exc_info)

    def _connect(self):
        """Return a ``deadline.Connection``."""
        try:
            return deadline.connect(
                self._connect_raw, self.limits, SOURCE_SILENT, at_source=True
            )
        except psycopg2.Error:
            raise TransferError(SOURCE_UNREACHABLE) from None

    def _set_limits(self, cr):
        """Replace what the database has for short statements by our own limits."""
        # The server's own end of a statement comes after ours.
        longest = math.ceil(1000 * (self.limits.work + 60))
        cr.execute(f"SET statement_timeout = {longest}")
        cr.execute(f"SET lock_timeout = {LOCK_TIMEOUT}")

    def _unlock(self):
        """Give the lock back at once: a closed connection lives a moment longer."""
        with contextlib.suppress(psycopg2.Error, TransferError):
            self.execute("SELECT pg_advisory_unlock_all()")

    def _open_reader(self):
        reader = self._connect()
        reader.set_session(isolation_level=extensions.ISOLATION_LEVEL_REPEATABLE_READ)
        with reader, reader.cursor() as cr:
            self._set_limits(cr)
            cr.execute("SET idle_in_transaction_session_timeout = '10min'")
            cr.execute("SET TimeZone = 'UTC'")
            cr.execute("SET work_mem = '32MB'")
            cr.execute("SET jit = off")
        deadline.ask_server(reader)
        return reader

    def begin(self):
        """Return a cursor for one statement outside the chunks; see ``rollback``."""
        return self.readers[0].cursor()

    def rollback(self):
        for reader in self.readers:
            with contextlib.suppress(psycopg2.Error, TransferError):
                reader.rollback()

    def execute(self, statement, values=None):
        """Run one statement in a transaction of its own; return its rows."""
        with self.lock.cursor() as cr:
            cr.execute(statement, values)
            return cr.fetchall() if cr.description else []

    def scalar(self, statement, values=None):
        rows = self.execute(statement, values)
        return rows[0][0] if rows else None

    # -- who we are ---------------------------------------------------------------

    def identify(self, *, accept=False):
        """Find out which database this is.

        :param accept: take over although the identity changed
        :raise TransferError: a copy of the database that was connected before, or one
            that nobody could tell from others
        """
        self.execute(
            "INSERT INTO olap_export_position (target_id) VALUES (%s)"
            " ON CONFLICT DO NOTHING",
            [self.target_id],
        )
        confirmed, known = self.get_position()
        former = known.rsplit(":", 2)[0] if known and known.count(":") > 1 else None
        self.uuid = self.scalar(
            "SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'"
        )
        if not (self.uuid or "").strip():
            raise TransferError(NO_IDENTITY, uuid=former or uuid.uuid4())
        self.identity = self.scalar(
            """
            SELECT concat_ws(':', %s, c.system_identifier, d.oid)
              FROM pg_control_system() c, pg_database d
             WHERE d.datname = current_database()
            """,
            [self.uuid],
        )
        name = self.scalar("SELECT current_database()")
        self.applicant = registry.Applicant(
            self.uuid, self.identity, name, former, confirmed
        )
        # The name of our sessions at the target.
        mark = lock_key(f"session:{self.identity}:{self.target_id}")
        self.session = f"olap_export {mark % 2**64:016x}"
        if known not in (None, self.identity) and not accept:
            raise TransferError(COPY_OF_SOURCE)

    def get_position(self):
        """Return the last confirmed batch and the identity at the connection."""
        return self.execute(
            "SELECT batch_id, identity FROM olap_export_position WHERE target_id = %s",
            [self.target_id],
        )[0]

    def set_position(self, batch_id):
        self.execute(
            "UPDATE olap_export_position SET batch_id = %s, identity = %s"
            " WHERE target_id = %s",
            [batch_id, self.identity, self.target_id],
        )

    def prepare(self, source_key, *, casts=True):
        """Fix what all statements of this run have in common.

        :param source_key: number of this database in the target
        :param casts: round amounts here rather than in the target
        """
        self.columns = self._get_columns()
        zones = self._get_time_zones()
        literal = self._literal
        self.values = {
            "source_key": source_key,
            "offset": f"{source_key * 10**12}::bigint",
            "target": self.target_id,
            "lang": literal(self.lang),
            "time_zone": literal(next(iter(zones.values()), "UTC")),
            "time_zones": ", ".join(
                f"({company}, {literal(zone)})" for company, zone in zones.items()
            )
            or "(0, 'UTC')",
            "condition": self.condition,
            "name_type": LONGEST_NAME,
            **(CASTS if casts else dict.fromkeys(CASTS, "")),
        }

    def _get_columns(self):
        """Describe what the history has, by the types of its columns."""
        types = self.execute(
            """
            SELECT attname, format_type(atttypid, NULL)
              FROM pg_attribute
             WHERE attrelid = 'relationship_opportunity_history'::regclass
               AND attnum > 0 AND NOT attisdropped
             ORDER BY attnum
            """
        )
        return columns.Columns(dict(types))

    def _literal(self, text):
        return extensions.adapt(text).getquoted().decode()

    def _get_time_zones(self):
        """Return ``{company id: time zone}``, as the companies' addresses say it.

        A zone that PostgreSQL does not know, or that is more than a day away, counts as
        UTC: a misspelt zone must neither stop the transfer nor give days that no target
        has.
        """
        rows = self.execute(
            """
            SELECT c.id, coalesce(p.tz, r.tz, 'UTC')
              FROM res_company c
              LEFT JOIN res_partner p ON p.id = c.partner_id
              LEFT JOIN resource_calendar r ON r.id = c.resource_calendar_id
             ORDER BY c.id
            """
        )
        known = {zone: self._check_time_zone(zone) for _company, zone in rows}
        return {company: known[zone] for company, zone in rows}

    def _check_time_zone(self, zone):
        try:
            is_near = self.scalar(
                """
                SELECT bool_and((m AT TIME ZONE %s) - (m AT TIME ZONE 'UTC')
                                BETWEEN interval '-1 day' AND interval '1 day')
                  FROM generate_series(timestamptz '2025-01-01', '2025-12-01',
                                       interval '1 month') m
                """,
                [zone],
            )
        except pg_errors.InvalidParameterValue:
            return "UTC"
        return zone if is_near else "UTC"

    # -- statements -----------------------------------------------------------------

    def dimension_select(self, name):
        return queries.fill(queries.read(f"source/{name}"), **self.values)

    def known_select(self, event_ids=None):
        """Return the statement on what tells events from others.

        :param event_ids: only these; None: all
        """
        which = "true"
        if event_ids is not None:
            numbers = ",".join(map(str, map(int, event_ids)))
            which = f"h.id = ANY ('{{{numbers}}}'::bigint[])"
        text = queries.fill(
            queries.read("source/known"),
            which=which,
            columns=columns.telling_list(),
            timely=columns.TIMELY,
            keyed=columns.KEYED,
        )
        return queries.fill(text, **self.values)

    def count_missing(self, ranges):
        """Return how many numbers in the ranges no history row has, and the first.

        :param ranges: pairs of numbers
        """
        return self.execute(
            """
            SELECT coalesce(sum(missing), 0)::bigint,
                   min(CASE WHEN missing > 0 THEN (
                       SELECT min(n) FROM generate_series(low, high) n
                        WHERE NOT EXISTS (SELECT 1
                                            FROM relationship_opportunity_history h
                                           WHERE h.id = n)) END)
              FROM (SELECT low, high, high - low + 1 - (
                               SELECT count(*) FROM relationship_opportunity_history h
                                WHERE h.id BETWEEN low AND high) AS missing
                      FROM unnest(%s::bigint[], %s::bigint[]) r (low, high)) counted
            """,
            [[low for low, _high in ranges], [high for _low, high in ranges]],
        )[0]

    def describe(self, select):
        """Return the names and type numbers of a statement's columns."""
        with self.lock.cursor() as cr:
            cr.execute(f"SELECT * FROM ({select}) s LIMIT 0")
            return [(column.name, column.type_code) for column in cr.description]

    def columns_of(self, select):
        return [name for name, _type in self.describe(select)]
