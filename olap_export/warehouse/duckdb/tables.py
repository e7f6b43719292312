"""What the tables of a DuckDB file should be, are, and lack; see ``restore``."""

# pylint: disable=method-required-super

from .. import restore, schema
from .compare import NAMES

PATTERN = {"schema": "pattern.main", "pii": "pattern.pii"}
COLUMNS_SQL = """
    SELECT table_name, column_name,
           data_type || CASE WHEN is_nullable THEN '' ELSE ' NOT NULL' END
      FROM duckdb_columns()
     WHERE database_name = '{database}' AND NOT internal
       AND table_name IN (SELECT table_name FROM duckdb_tables()
                           WHERE database_name = '{database}')
     ORDER BY table_name, column_index
"""


class Tables(restore.Tables):
    alters_emptied = False

    def __init__(self, file):
        self.connection = file.connection
        self.wanted = self._read("pattern")
        self.found = self._read("warehouse")

    def _read(self, database):
        found = {}
        text = COLUMNS_SQL.replace("{database}", database)
        for table, column, definition in self.connection.execute(text).fetchall():
            found.setdefault(table, {})[column] = definition
        return found

    def create(self, table):
        columns = ", ".join(f"{c} {d}" for c, d in self.wanted[table].items())
        self.connection.execute(f"CREATE TABLE {_place(table)} ({columns})")

    def add_column(self, table, column):
        definition = self.wanted[table][column].replace(" NOT NULL", "")
        self.connection.execute(
            f"ALTER TABLE {_place(table)} ADD COLUMN {column} {definition}"
        )


def attach_pattern(file):
    """Make the tables as they should be, in memory."""
    file.execute("ATTACH ':memory:' AS pattern")
    file.execute("CREATE SCHEMA pattern.pii")
    schema.create(file.execute, PATTERN, "duckdb")


def restore_all(file):
    """Bring back what somebody dropped."""
    tables = Tables(file)
    restore.restore(file.execute, NAMES, "duckdb", tables)


def detach_pattern(file):
    file.execute("DETACH pattern")


def _place(table):
    return f"{'pii' if table == 'partner_pii' else 'main'}.{table}"
