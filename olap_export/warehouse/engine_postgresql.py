"""PostgreSQL as a target: a second database beside Odoo's, psycopg2 only."""

# pylint: disable=sql-injection

import contextlib
import math

import psycopg2
from psycopg2 import errors as pg_errors
from psycopg2 import extensions, sql

from . import deadline, restore, schema, star
from .engine import Engine as BaseEngine
from .errors import (
    TARGET_ENCODING,
    TARGET_SILENT,
    TransferError,
    explain_connecting,
)
from .postgresql.session import Session, executor
from .postgresql.tables import Tables
from .source import lock_key

LOCK_TIMEOUT = "5s"
# A view has other columns than before, or is built upon what has to be replaced.
HINDERED = (
    pg_errors.InvalidTableDefinition,
    pg_errors.DependentObjectsStillExist,
    pg_errors.FeatureNotSupported,
)
SETTINGS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60000,
    "application_name": "olap_export",
}
SESSION_SQL = """
    SET TimeZone = 'UTC';
    SET idle_in_transaction_session_timeout = '10min';
    SET client_min_messages = warning;
    SET work_mem = '64MB';
    SET lock_timeout = {lock_timeout};
    SET statement_timeout = {statement_timeout}
"""


class Engine(BaseEngine):
    """A PostgreSQL database, version 13 or later.

    :param dsn: libpq connection string or URI
    :param schema_name: schema of the tables; personal data go to ``<schema>_pii``,
        or ``pii`` beside ``public``
    :param variable: environment variable to name when the settings are wrong
    :param limits: how long a wait may last
    """

    def __init__(self, dsn, schema_name="public", variable="", limits=None):
        self.dsn = dsn
        self.schema_name = schema_name
        self.variable = variable
        self.limits = limits or deadline.Limits()

    def connect(self):
        """Return a ``deadline.Connection``."""
        try:
            settings = {**SETTINGS, **extensions.parse_dsn(self.dsn)}
            # What the thread that connects is left with, see there.
            settings["connect_timeout"] = math.ceil(self.limits.left("connect")) + 1
            connection = deadline.connect(
                lambda: psycopg2.connect(**settings), self.limits, TARGET_SILENT
            )
        except psycopg2.Error as error:
            raise explain_connecting(error, self.variable) from None
        try:
            self._set_up(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_up(self, connection):
        encoding = connection.get_parameter_status("server_encoding")
        if encoding != "UTF8":
            raise TransferError(TARGET_ENCODING, encoding=encoding)
        # The server's own end of a statement comes after ours.
        longest = math.ceil(1000 * (self.limits.work + 60))
        with connection, connection.cursor() as cr:
            values = {"lock_timeout": LOCK_TIMEOUT, "statement_timeout": longest}
            cr.execute(
                sql.SQL(SESSION_SQL).format(
                    **{name: sql.Literal(value) for name, value in values.items()}
                )
            )
        deadline.ask_server(connection)

    def names(self, cr):
        """Return the quoted names of the two schemas, for ``queries.fill``."""
        pii = "pii" if self.schema_name == "public" else f"{self.schema_name}_pii"
        return {
            "schema": sql.Identifier(self.schema_name).as_string(cr),
            "pii": sql.Identifier(pii).as_string(cr),
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
        with (
            contextlib.closing(self.connect()) as connection,
            connection.working(),
            connection,
            connection.cursor() as cr,
        ):
            names = self.names(cr)
            execute = executor(cr)
            cr.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key(self.schema_name)])
            cr.execute("SAVEPOINT built_upon")
            try:
                self._create_tables(cr, execute, names)
            except HINDERED:
                # Only now: what is granted on our views would go with them.
                cr.execute("ROLLBACK TO SAVEPOINT built_upon")
                refusal = self._drop_views(cr, names)
                try:
                    self._create_tables(cr, execute, names)
                except pg_errors.InvalidTableDefinition as error:
                    raise refusal or error from None
        return star.VERSION

    def _create_tables(self, cr, execute, names):
        found = self.version_of(cr)
        if found > star.VERSION:
            schema.check_version(found)
        if not found and not self._has_tables(cr):
            cr.execute(f"CREATE SCHEMA IF NOT EXISTS {names['schema']}")
            cr.execute(f"CREATE SCHEMA IF NOT EXISTS {names['pii']}")
            schema.create(execute, names, "postgresql")
        else:
            if 0 < found < star.VERSION:
                schema.migrate(execute, names, "postgresql", found)
            self._restore(cr, execute, names)
        schema.fill(execute, names)
        schema.create_views(execute, names, "postgresql")

    def _drop_views(self, cr, names):
        """Drop our views, except those upon which somebody built something.

        :return: the last error that names such a thing, if any
        """
        refusal = None
        for view in reversed(star.VIEWS):
            cr.execute("SAVEPOINT view")
            try:
                cr.execute(f"DROP VIEW IF EXISTS {names['schema']}.{view}")
            except pg_errors.DependentObjectsStillExist as error:
                cr.execute("ROLLBACK TO SAVEPOINT view")
                refusal = error
        return refusal

    def _has_tables(self, cr):
        """Return whether tables are there without their version."""
        cr.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = %s"
            " AND tablename = ANY (%s)",
            [self.schema_name, list(star.UNMISTAKABLE)],
        )
        return cr.fetchone()[0] > 0

    def _restore(self, cr, execute, names):
        """Bring back tables, columns, keys and indexes that somebody dropped."""
        cr.execute(f"CREATE SCHEMA IF NOT EXISTS {names['pii']}")

        tables = Tables(cr, execute, names)
        restore.restore(execute, names, "postgresql", tables)
        tables.complete()

    def open(self, source, *, replace=False):
        return Session(self, source, replace=replace)
