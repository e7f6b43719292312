"""A DuckDB file beside its source: the commands that compare and take back."""

# ruff: noqa: S608 (the schemas and keys in the statements are our own)

from .. import fault, repair

NAMES = {"schema": "main", "pii": "pii"}


class Comparison:
    """A part of ``DuckdbFile``: one public method a command."""

    def newest(self, source_key, limit):
        select = repair.fill("newest", NAMES, source_key, limit=limit)
        self.execute(f"CREATE OR REPLACE TEMP TABLE checked AS {select}")
        rows = self.connection.execute("SELECT event_key FROM checked").fetchall()
        return [key - source_key * 10**12 for (key,) in rows]

    def ranges(self, source_key, limit):
        select = repair.fill("ranges", NAMES, source_key, limit=limit)
        return self.connection.execute(select).fetchall()

    def strangers(self, path, columns, source_key):
        self._load_known(path, columns)
        return repair.find_strangers(self.execute, NAMES, source_key)

    def take_back(self, path, columns, source_key):
        self._begin()
        self._load_known(path, columns)
        removed = repair.take_back(self.execute, NAMES, "duckdb", source_key)
        fault.reach("taken_back")
        self._commit()
        return removed

    def _load_known(self, path, columns):
        rows = self._csv(path, "main.fact_opportunity_event", columns)
        self.execute(f"CREATE OR REPLACE TEMP TABLE known AS SELECT * FROM {rows}")
