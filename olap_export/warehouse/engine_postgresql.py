"""PostgreSQL as a target: a second database beside Odoo's, psycopg2 only."""

# pylint: disable=sql-injection

import contextlib
import io

import psycopg2
from psycopg2 import extensions, sql

from . import schema, star
from .engine import Engine as BaseEngine
from .errors import explain_connecting
from .postgresql_session import Session, executor
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
                execute = executor(cr)
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


def _copy_text(cr, table, text):
    cr.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv)", io.StringIO(text))
