"""What the tables of a PostgreSQL target should be, are, and lack.

The pattern is a complete set of tables, made among the temporary ones: whatever
``schema.sql`` and ``postgresql_keys.sql`` say, is compared.
"""

# pylint: disable=sql-injection,method-required-super
# ruff: noqa: S608 (the schemas and keys in the statements are our own)

import re

import psycopg2

from .. import queries, restore, schema, star

EMPTIED_TOGETHER = (star.FACTS, (star.ACTIVITY_TABLES[0],))
TEMPORARY = {"schema": "pg_temp", "pii": "pg_temp"}


class Tables(restore.Tables):
    def __init__(self, cr, execute, names):
        self.cr = cr
        self.execute = execute
        self.names = names
        schema.create(execute, TEMPORARY, "postgresql")
        self.pattern = self._read("pg_my_temp_schema()")
        self.wanted = _columns(self.pattern)
        self.found = _columns(self._read_target())

    def _read(self, namespaces):
        text = queries.read("postgresql_pattern")
        self.cr.execute(queries.fill(text, namespaces=namespaces))
        return {(row[0], row[1], row[2]): row[3] for row in self.cr.fetchall()}

    def _read_target(self):
        places = ", ".join(
            f"coalesce(to_regnamespace('{name}'), 0)" for name in self.names.values()
        )
        return self._read(places)

    def _place(self, table):
        return f"{self.names['pii' if table == 'partner_pii' else 'schema']}.{table}"

    def create(self, table):
        place = self._place(table)
        self.execute(f"CREATE TABLE {place} (LIKE pg_temp.{table} INCLUDING COMMENTS)")

    def add_column(self, table, column):
        definition = self.wanted[table][column]
        if table in restore.DIMENSIONS:
            definition = definition.replace(" NOT NULL", "")
        place = self._place(table)
        self.execute(f"ALTER TABLE {place} ADD COLUMN {column} {definition}")

    def complete(self):
        """Add the keys, constraints and indexes that are missing, and the sequence."""
        found = self._read_target()
        for (table, kind, name), definition in self.pattern.items():
            if (table, kind, name) in found or kind == "column":
                continue
            place = self._place(table)
            if kind == "constraint":
                self._constrain(table, f"ADD CONSTRAINT {name} {definition}")
            else:
                self.execute(f"CREATE INDEX {name} ON {place}{definition}")
        for table, columns in self.wanted.items():
            for column, definition in columns.items():
                now = found.get((table, "column", column), definition)
                if "NOT NULL" in definition and "NOT NULL" not in now:
                    self._constrain(table, f"ALTER COLUMN {column} SET NOT NULL")
        self._restore_sequence()

    def _constrain(self, table, change):
        place = self._place(table)
        self.execute("SAVEPOINT change")
        try:
            self.execute(f"ALTER TABLE {place} {change}")
        except psycopg2.IntegrityError:
            facts = next((f for f in EMPTIED_TOGETHER if table in f), None)
            if not facts:
                raise
            # Without its key somebody wrote what it forbids: all is sent again.
            self.execute("ROLLBACK TO SAVEPOINT change")
            for fact in facts:
                self.execute(f"DELETE FROM {self._place(fact)}")
            self.execute(f"ALTER TABLE {place} {change}")

    def _restore_sequence(self):
        text = queries.read("postgresql_keys")
        place = f"{self.names['schema']}.etl_batch_id_seq"
        if self.execute(f"SELECT to_regclass('{place}') IS NULL")[0]:
            create = re.search(r"CREATE SEQUENCE [^;]*etl_batch_id_seq[^;]*", text)
            self.execute(queries.fill(create.group(), **self.names))
        self.execute(
            f"SELECT setval('{place}', greatest((SELECT last_value FROM {place}),"
            f" (SELECT max(batch_id) FROM {self._place('fact_opportunity_event')}),"
            f" (SELECT max(batch_id) FROM {self._place('etl_batch')})))"
        )


def _columns(parts):
    found = {}
    for (table, kind, name), definition in parts.items():
        if kind == "column":
            found.setdefault(table, {})[name] = definition
    return found
