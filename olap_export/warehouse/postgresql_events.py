"""Events into PostgreSQL: straight, beside what is there, or without the bad ones."""

# pylint: disable=sql-injection
# ruff: noqa: S608 (the schemas and keys in the statements are our own)

from psycopg2 import errors as pg_errors

from . import fault, star
from .deadline import heavy
from .engine import Loaded
from .errors import SOURCE_CONFLICT, TransferError


class EventLoader:
    """The part of a session that loads chunks of events into the fact.

    The session gives connection, cursor and ``execute``, ``_copy`` and ``_refresh``.
    """

    _clearing = False

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

    @heavy
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

    def _clear(self):
        if self._clearing:
            for table in star.FACTS:
                self.execute(
                    f"DELETE FROM {self.schema}.{table}"
                    f" WHERE source_key = {self.source_key}"
                )
            self._clearing = False
