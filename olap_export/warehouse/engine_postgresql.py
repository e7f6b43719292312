"""PostgreSQL as a target: a second database beside Odoo's, psycopg2 only."""

# pylint: disable=sql-injection
# ruff: noqa: S608 (the schemas and keys in the statements are our own)

import contextlib

import psycopg2
from psycopg2 import errors as pg_errors
from psycopg2 import extensions, sql

from . import fault, merge, schema, star, stream
from .engine import Engine as BaseEngine
from .engine import Loaded
from .engine import Session as BaseSession
from .errors import (
    BUSY,
    COPY_OF_SOURCE,
    COUNT_MISMATCH,
    SOURCE_CONFLICT,
    SOURCE_RESTORED,
    TargetBusyError,
    TransferError,
    explain_connecting,
)
from .source import lock_key

LOCK_TIMEOUT = "5s"
SETTINGS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60000,
    "application_name": "olap_export",
}


class Engine(BaseEngine):
    """A PostgreSQL database, version 13 or later.

    :param dsn: libpq connection string or URI
    :param schema_name: schema of the tables; personal data go to ``<schema>_pii``,
        or ``pii`` beside ``public``
    :param variable: environment variable to name when the settings are wrong
    """

    def __init__(self, dsn, schema_name="public", variable=""):
        self.dsn = dsn
        self.schema_name = schema_name
        self.variable = variable

    def connect(self):
        try:
            given = extensions.parse_dsn(self.dsn)
            connection = psycopg2.connect(**{**SETTINGS, **given})
        except psycopg2.Error as error:
            raise explain_connecting(error, self.variable) from None
        with connection, connection.cursor() as cr:
            cr.execute("SET TimeZone = 'UTC'")
            cr.execute("SET lock_timeout = %s", [LOCK_TIMEOUT])
            cr.execute("SET idle_in_transaction_session_timeout = '10min'")
            cr.execute("SET client_min_messages = warning")
            cr.execute("SET work_mem = '64MB'")
        return connection

    def names(self, connection):
        """Return the quoted names of the two schemas, for ``queries.fill``."""
        pii = "pii" if self.schema_name == "public" else f"{self.schema_name}_pii"
        return {
            "schema": sql.Identifier(self.schema_name).as_string(connection),
            "pii": sql.Identifier(pii).as_string(connection),
        }

    def version_of(self, cr):
        """Return the version of the tables, 0 when there are none."""
        table = sql.Identifier(self.schema_name, "schema_version")
        cr.execute("SELECT to_regclass(%s)", [table.as_string(cr)])
        if cr.fetchone()[0] is None:
            return 0
        cr.execute(sql.SQL("SELECT max(version) FROM {}").format(table))
        return cr.fetchone()[0] or 0

    def check(self):
        with (
            contextlib.closing(self.connect()) as connection,
            connection,
            connection.cursor() as cr,
        ):
            cr.execute(
                "SELECT current_setting('server_version'), current_database(),"
                " has_database_privilege(current_database(), 'CREATE')"
            )
            server, database, may_create = cr.fetchone()
            found = self.version_of(cr)
        return {
            "engine": f"PostgreSQL {server}",
            "database": database,
            "schema": self.schema_name,
            "version": found,
            "may_create": may_create,
        }

    def create_tables(self):
        with contextlib.closing(self.connect()) as connection:
            names = self.names(connection)
            with connection, connection.cursor() as cr:
                execute = _executor(cr)
                cr.execute(
                    "SELECT pg_advisory_xact_lock(%s)", [lock_key(self.schema_name)]
                )
                found = self.version_of(cr)
                if found > star.VERSION:
                    schema.check_version(found)
                if not found:
                    cr.execute(f"CREATE SCHEMA IF NOT EXISTS {names['schema']}")
                    cr.execute(f"CREATE SCHEMA IF NOT EXISTS {names['pii']}")
                    schema.create(execute, names, "postgresql")
                    _copy_text(cr, f"{names['schema']}.dim_date", star.date_csv())
                elif found < star.VERSION:
                    schema.migrate(execute, names, "postgresql", found)
                schema.create_views(execute, names, "postgresql")
        return star.VERSION

    def open(self, source, *, replace=False):
        return Session(self, source, replace=replace)


class Session(BaseSession):
    """The loader's session; the advisory lock lasts as long as it does."""

    needs_casts = False

    def __init__(self, engine, source, *, replace=False):
        self.engine = engine
        self.source = source
        self.replace = replace

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.connection = stack.enter_context(
                contextlib.closing(self.engine.connect())
            )
            self.cr = stack.enter_context(self.connection.cursor())
            self.names = self.engine.names(self.connection)
            self.schema = self.names["schema"]
            self.execute = _executor(self.cr)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info):
        return self._stack.__exit__(*exc_info)

    def register(self):
        self.cr.execute(
            "SELECT pg_try_advisory_lock(%s)", [lock_key(f"target:{self.source.uuid}")]
        )
        if not self.cr.fetchone()[0]:
            raise TargetBusyError(BUSY)
        fault.reach("target_locked")
        schema.check_version(self.engine.version_of(self.cr))
        self.source_key = self._register()
        self.last_batch = self.execute(
            f"SELECT coalesce(max(batch_id), 0) FROM {self.schema}.etl_batch"
            f" WHERE source_key = {self.source_key}"
        )[0]
        offset = self.source_key * 10**12
        last_key = self.execute(
            f"SELECT max(event_key) FROM {self.schema}.fact_opportunity_event"
            f" WHERE event_key BETWEEN {offset} AND {offset + 10**12 - 1}"
        )[0]
        self.last_event = (last_key or offset) - offset
        if self.last_event > self.source.last_event() and not self.replace:
            raise TransferError(
                SOURCE_RESTORED, target=self.last_event, source=self.source.last_event()
            )
        self.connection.commit()

    def _register(self):
        """Return the number of the source in this target; a new one gets the next."""
        table = f"{self.schema}.etl_source"
        self.cr.execute(
            f"SELECT source_key, identity FROM {table} WHERE source_uuid = %s",
            [self.source.uuid],
        )
        if not self.cr.rowcount:
            self.cr.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
            self.cr.execute(
                f"INSERT INTO {table} (source_key, source_uuid, identity, name,"
                " group_currency_key)"
                f" SELECT coalesce(max(source_key), 0) + 1, %s, %s, %s, 0 FROM {table}"
                " RETURNING source_key",
                [self.source.uuid, self.source.identity, self.source.name],
            )
            return self.cr.fetchone()[0]
        source_key, identity = self.cr.fetchone()
        if identity != self.source.identity:
            if not self.replace:
                raise TransferError(COPY_OF_SOURCE)
            self.cr.execute(
                f"UPDATE {table} SET identity = %s WHERE source_key = %s",
                [self.source.identity, source_key],
            )
        return source_key

    # -- dimensions -----------------------------------------------------------------

    def load_dimension(self, dimension):
        select = self.source.dimension_select(dimension.name)
        columns = self.source.columns_of(select)
        table = merge.table_of(dimension, self.names)
        try:
            self.execute(f"CREATE TEMP TABLE incoming (LIKE {table}) ON COMMIT DROP")
            self._copy(select, "incoming", columns)
            self.execute("ANALYZE incoming")
            changed = merge.merge_dimension(
                self.execute, self.names, dimension, columns, self.source_key
            )
            fault.reach("dimension_commit")
            self.connection.commit()
        except BaseException:
            self._rollback()
            raise
        fault.reach("dimension_committed")
        return changed

    def _copy(self, select, table, columns, cr=None):
        """Copy from the source; return the number of rows.

        :raise TransferError: the two sides count differently
        """
        sent, taken = stream.copy(
            self.source.begin() if cr is None else cr,
            f"COPY ({select}) TO STDOUT (FORMAT binary)",
            self.cr,
            f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)",
        )
        if cr is None:
            self.source.rollback()
        if sent != taken:
            raise TransferError(COUNT_MISMATCH, sent=sent, taken=taken)
        return sent

    def _rollback(self):
        with contextlib.suppress(psycopg2.Error):
            self.connection.rollback()

    # -- events ---------------------------------------------------------------------

    def load_events(self, chunk):
        try:
            clearing = self._clearing
            loaded = self._load_events(chunk)
            if clearing:
                # Readers must not see the time between the old and the new.
                self._refresh()
            fault.reach("target_commit")
            self.connection.commit()
        except BaseException:
            self._rollback()
            raise
        fault.reach("target_committed")
        return loaded

    def _load_events(self, chunk):
        self._clear()
        batch = self.execute(f"SELECT nextval('{self.schema}.etl_batch_id_seq')")[0]
        loaders = [self._load_staged, self._load_sieved]
        if not self._may_hold(chunk):
            loaders.insert(0, self._load_direct)
        for loader in loaders:
            self.execute("SAVEPOINT chunk")
            try:
                loaded = loader(chunk, batch)
            except (
                pg_errors.UniqueViolation,
                pg_errors.DataError,
                pg_errors.CheckViolation,
            ):
                if loader == self._load_sieved:
                    raise
                self.execute("ROLLBACK TO SAVEPOINT chunk")
                chunk.restart()
            else:
                break
        fault.reach("copied")
        self._insert_batch(chunk, loaded)
        return loaded

    def _may_hold(self, chunk):
        """Return whether an event in the range of the chunk is here already."""
        offset = self.source_key * 10**12
        return self.execute(
            f"SELECT EXISTS (SELECT 1 FROM {self.schema}.fact_opportunity_event"
            f" WHERE event_key BETWEEN {offset + chunk.first}"
            f" AND {offset + chunk.last})"
        )[0]

    def _event_columns(self, chunk):
        if not hasattr(self, "_columns"):
            self._columns = self.source.columns_of(chunk.select(0))
        return self._columns

    def _load_direct(self, chunk, batch):
        """Copy straight into the fact: for events that were never sent before."""
        with chunk.cursor() as cr:
            sent = self._copy(
                chunk.select(batch),
                f"{self.schema}.fact_opportunity_event",
                self._event_columns(chunk),
                cr,
            )
        return Loaded(batch, sent, sent)

    def _load_staged(self, chunk, batch, *, sieve=False):
        """Copy beside the fact and insert what it does not hold yet."""
        fact = f"{self.schema}.fact_opportunity_event"
        columns = self._event_columns(chunk)
        self.execute("DROP TABLE IF EXISTS pg_temp.staging")
        self.execute(f"CREATE TEMP TABLE staging (LIKE {fact}) ON COMMIT DROP")
        with chunk.cursor() as cr:
            sent = self._copy(chunk.select(batch, sieve=sieve), "staging", columns, cr)
        self.execute("ANALYZE staging")
        self._check_conflicts(fact)
        fault.reach("staged")
        names = ", ".join(columns)
        new = self.execute(
            f"INSERT INTO {fact} ({names}) SELECT {names} FROM staging s WHERE NOT"
            f" EXISTS (SELECT 1 FROM {fact} f WHERE f.event_key = s.event_key)"
        )
        return Loaded(batch, sent, new)

    def _check_conflicts(self, fact):
        count, first = self.execute(
            f"SELECT count(*), min(s.event_key) FROM staging s JOIN {fact} f"
            " ON f.event_key = s.event_key WHERE (s.opportunity_key, s.transaction_id,"
            " s.event_at, s.event, s.status, s.expected_revenue) IS DISTINCT FROM"
            " (f.opportunity_key, f.transaction_id, f.event_at, f.event, f.status,"
            " f.expected_revenue)"
        )
        if count:
            raise TransferError(
                SOURCE_CONFLICT, count=count, event=first - self.source_key * 10**12
            )

    def _load_sieved(self, chunk, batch):
        """Load the good rows, and put those that no fact can hold aside."""
        loaded = self._load_staged(chunk, batch, sieve=True)
        quarantine = f"{self.schema}.etl_quarantine"
        self.execute("DROP TABLE IF EXISTS pg_temp.bad")
        self.execute(f"CREATE TEMP TABLE bad (LIKE {quarantine}) ON COMMIT DROP")
        select = chunk.quarantine_select(batch)
        with chunk.cursor() as cr:
            bad = self._copy(select, "bad", self.source.columns_of(select), cr)
        self.execute(
            f"INSERT INTO {quarantine} SELECT * FROM bad ON CONFLICT DO NOTHING"
        )
        return Loaded(batch, loaded.sent + bad, loaded.new, bad)

    def _insert_batch(self, chunk, loaded):
        offset = self.source_key * 10**12
        self.cr.execute(
            f"INSERT INTO {self.schema}.etl_batch VALUES"
            " (%s, %s, %s, %s, %s, %s, %s, timezone('UTC', clock_timestamp()), false)",
            [
                loaded.batch,
                self.source_key,
                offset + chunk.first,
                offset + chunk.last,
                loaded.sent,
                loaded.new,
                loaded.quarantined,
            ],
        )

    def clear(self):
        self._clearing = True

    _clearing = False

    def _clear(self):
        if self._clearing:
            for table in star.FACTS:
                self.execute(
                    f"DELETE FROM {self.schema}.{table}"
                    f" WHERE source_key = {self.source_key}"
                )
            self._clearing = False

    # -- states ---------------------------------------------------------------------

    def refresh(self):
        try:
            self._clear()
            written = self._refresh()
            fault.reach("refresh_commit")
            self.connection.commit()
        except BaseException:
            self._rollback()
            raise
        fault.reach("refresh_committed")
        return written

    def _refresh(self):
        written = merge.refresh(self.execute, self.names, "postgresql", self.source_key)
        self.execute(
            f"UPDATE {self.schema}.etl_source SET transferred_at ="
            f" timezone('UTC', now()) WHERE source_key = {self.source_key}"
        )
        return written


def _executor(cr):
    def execute(statement):
        cr.execute(statement)
        return cr.fetchone() if cr.description else cr.rowcount

    return execute


def _copy_text(cr, table, text):
    import io

    cr.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv)", io.StringIO(text))
