"""A PostgreSQL target beside its source: what compares and takes back."""

# pylint: disable=sql-injection
# ruff: noqa: S608 (the keys in the statements are our own)

from .. import compare, repair
from ..deadline import heavy

ENGINE = "postgresql"


class Comparison:
    """The part of a session that compares.

    The session gives connection, cursor, ``execute``, ``_copy`` and ``_rollback``.
    """

    @heavy
    def newest_events(self, limit):
        self.execute(
            "CREATE TEMP TABLE checked ON COMMIT DROP AS "
            + repair.fill("newest", self.names, self.source_key, limit=limit)
        )
        self.execute("ANALYZE checked")
        offset = self.source_key * 10**12
        rows = self._fetch_all(f"SELECT event_key - {offset} FROM checked")
        return [event_id for (event_id,) in rows]

    @heavy
    def latest_ranges(self, limit):
        text = repair.fill("ranges", self.names, self.source_key, limit=limit)
        ranges = self._fetch_all(text)
        self._rollback()
        return ranges

    def _fetch_all(self, statement):
        self.cr.execute(statement)
        return self.cr.fetchall()

    @heavy
    def find_strangers(self, select):
        self._load_known(select)
        text = repair.fill("strangers", self.names, self.source_key)
        found = self._fetch_all(text)
        self._rollback()
        return found

    @heavy
    def take_back(self, select):
        with self._committed("taken_back"):
            self._load_known(select)
            return repair.take_back(self.execute, self.names, ENGINE, self.source_key)

    def _load_known(self, select):
        columns = self.source.columns_of(select)
        empty = repair.fill(
            "known", self.names, self.source_key, columns=", ".join(columns)
        )
        self.execute(f"CREATE TEMP TABLE known ON COMMIT DROP AS {empty}")
        self._copy(select, "known", columns)
        self.execute("ANALYZE known")

    @heavy
    def read_days(self, bounds):
        values = {"bounds": self._get_keys(bounds), "content": self._get_content()}
        rows = self._fetch_all(compare.fill("read_days", self.names, ENGINE, **values))
        self._rollback()
        return {day: (count, total) for day, count, total in rows}

    @heavy
    def find_differences(self, select, bounds, days):
        self.execute(compare.fill("said", self.names, ENGINE))
        self._copy(select, "said", self.source.columns_of(select))
        self.execute("ANALYZE said")
        found = compare.find_differences(
            *(
                self._fetch_all,
                self.names,
                ENGINE,
                self._get_content(),
                self._get_keys(bounds),
                days,
            )
        )
        self._rollback()
        return found

    @heavy
    def forget_events(self, keys):
        with self._committed("forgotten"):
            compare.forget_events(self.execute, self.names, keys)

    @heavy
    def mend(self, part, parts):
        with self._committed("mended"):
            return compare.mend(
                *(self.execute, self.names, ENGINE, self.source_key),
                *(part, parts, "pg_temp"),
            )
