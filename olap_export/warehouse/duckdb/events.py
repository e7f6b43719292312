"""Events into a DuckDB file: straight, or beside those that are there already."""

# pylint: disable=sql-injection
# ruff: noqa: S608 (the tables in the statements are our own)

from .. import errors, fault, queries, star


class EventLoader:
    """The part of the file that loads chunks of events into the fact.

    The file gives ``duckdb``, ``execute``, ``rollback``, ``_begin``, ``_commit`` and
    ``_csv``.
    """

    def events(
        self,
        path,
        columns,
        bad,
        batch,
        source_key,
        first,
        last,
        expected,
        keyless,
        suspicious,
        clear,
    ):
        self._begin()
        if clear:
            self._clear(source_key)
        fact = "main.fact_opportunity_event"
        rows = self._csv(path, fact, columns)
        names = ", ".join(columns)
        try:
            count, new = self._insert_events(fact, rows, names, first, last)
        except (self.duckdb.ConversionException, self.duckdb.InvalidInputException):
            if suspicious:
                raise
            self.rollback()
            return "bad values"
        quarantined = self._insert_bad(bad)
        fault.reach("loaded")
        if count == expected:
            self.execute(
                "INSERT INTO main.etl_batch VALUES (?, ?, ?, ?, ?, ?, ?,"
                " CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP), false)",
                [batch, source_key, first, last, count + keyless, new, quarantined],
            )
            fault.reach("target_commit")
            self._commit()
            fault.reach("loader_committed")
        else:
            self.rollback()
        return {"count": count, "new": new}

    def _clear(self, source_key):
        for table in star.FACTS:
            self.execute(f"DELETE FROM main.{table} WHERE source_key = {source_key}")

    def _insert_events(self, fact, rows, names, first, last):
        """Insert events that are not there; return counts of taken and of new rows."""
        within = f"BETWEEN {first} AND {last}"
        if not self.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {fact}"
            f" WHERE event_key {within} LIMIT 1) f"
        )[0]:
            new = self.execute(
                f"INSERT INTO {fact} ({names}) SELECT {names} FROM {rows}"
            )
            return new, new
        self.execute(f"CREATE OR REPLACE TEMP TABLE staging AS SELECT * FROM {rows}")
        count = self.execute("SELECT count(*) FROM staging")[0]
        conflicts, lowest = self.execute(
            queries.fill(
                queries.read("conflicts"),
                schema="main",
                fact=fact,
                within=f"f.event_key {within}",
            )
        )
        if conflicts:
            raise errors.TransferError(
                errors.SOURCE_CONFLICT, count=conflicts, event=lowest % 10**12
            )
        new = self.execute(
            f"INSERT INTO {fact} ({names}) SELECT {names} FROM staging s"
            f" WHERE NOT EXISTS (SELECT 1 FROM {fact} f"
            f" WHERE f.event_key = s.event_key AND f.event_key {within})"
        )
        return count, new

    def _insert_bad(self, path):
        if not path:
            return 0
        table = "main.etl_quarantine"
        rows = self._csv(path, table, star.QUARANTINE)
        self.execute(
            f"DELETE FROM {table} WHERE event_key IN (SELECT event_key FROM {rows} r)"
        )
        columns = ", ".join(star.QUARANTINE)
        return self.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {rows}"
        )
