"""A DuckDB file beside its source: the commands that compare and take back."""

# ruff: noqa: S608 (the schemas and keys in the statements are our own)

from .. import compare, fault, repair

ENGINE = "duckdb"
# Beside temporary tables of the same names.
FULL_NAMES = {"schema": "warehouse.main", "pii": "warehouse.pii"}
NAMES = {"schema": "main", "pii": "pii"}


class Comparison:
    """A part of ``DuckdbFile``: one public method a command."""

    def newest(self, source_key, limit):
        select = repair.fill("newest", NAMES, source_key, limit=limit)
        self.execute(f"CREATE OR REPLACE TEMP TABLE checked AS {select}")
        rows = self._fetch("SELECT event_key FROM checked")
        return [key - source_key * 10**12 for (key,) in rows]

    def ranges(self, source_key, limit):
        select = repair.fill("ranges", NAMES, source_key, limit=limit)
        return self._fetch(select)

    def strangers(self, path, columns, source_key):
        self._load_known(path, columns)
        return self._fetch(repair.fill("strangers", NAMES, source_key))

    def take_back(self, path, columns, source_key):
        self._begin()
        self._load_known(path, columns)
        removed = repair.take_back(self.execute, NAMES, ENGINE, source_key)
        fault.reach("taken_back")
        self._commit()
        return removed

    def days(self, bounds, content):
        values = {"bounds": bounds, "content": content}
        return self._fetch(compare.fill("read_days", NAMES, ENGINE, **values))

    def differences(self, path, columns, content, bounds, days):
        self.execute("DROP TABLE IF EXISTS temp.said")
        self.execute(compare.fill("said", NAMES, ENGINE))
        rows = self._csv(path, "said", columns)
        self.execute(f"INSERT INTO said SELECT * FROM {rows}")
        return compare.find_differences(
            *(self._fetch, NAMES, ENGINE, content, bounds, days)
        )

    def forget_events(self, keys):
        self._begin()
        compare.forget_events(self.execute, NAMES, keys)
        fault.reach("forgotten")
        self._commit()

    def mend(self, source_key, part, parts):
        self._begin()
        mended = compare.mend(
            *(self.execute, FULL_NAMES, ENGINE, source_key, part, parts, "temp.main")
        )
        fault.reach("mended")
        # With the first part days and members come back, too.
        self._commit(changed=any(mended) or part == 0)
        return mended

    def _fetch(self, statement):
        return self.connection.execute(statement).fetchall()

    def _load_known(self, path, columns):
        rows = self._csv(path, "main.fact_opportunity_event", columns)
        self.execute(f"CREATE OR REPLACE TEMP TABLE known AS SELECT * FROM {rows}")
