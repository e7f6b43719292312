"""Events into PostgreSQL: straight, or beside what is there."""

# pylint: disable=sql-injection
# ruff: noqa: S608 (the schemas and keys in the statements are our own)

from psycopg2 import errors as pg_errors

from .. import fault, queries, star
from ..deadline import heavy
from ..engine import Loaded
from ..errors import SOURCE_CONFLICT, TransferError


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
        staged = self._may_hold(chunk)
        while True:
            self.execute("SAVEPOINT chunk")
            try:
                loaded = self._load(chunk, batch, staged=staged)
                break
            except pg_errors.UniqueViolation:
                if staged:
                    raise
                staged = True
            except (pg_errors.DataError, pg_errors.CheckViolation):
                if chunk.suspicious:
                    raise
                chunk.suspicious = True
            self.execute("ROLLBACK TO SAVEPOINT chunk")
            chunk.restart()
        fault.reach("copied")
        self._insert_batch(chunk, loaded)
        return loaded

    def _may_hold(self, chunk):
        """Return whether an event in the range of the chunk is here already."""
        first, last = chunk.get_keys()
        return self.execute(
            f"SELECT EXISTS (SELECT 1 FROM {self.schema}.fact_opportunity_event"
            f" WHERE event_key BETWEEN {first} AND {last})"
        )[0]

    def _load(self, chunk, batch, *, staged):
        """Copy into the fact, and beside it what does not fit.

        :param staged: insert only what the fact does not hold yet
        """
        with chunk.cursor() as cr:
            if staged:
                sent, complete, new = self._load_staged(chunk, batch, cr)
            else:
                fact = f"{self.schema}.fact_opportunity_event"
                sent, complete = self._copy_events(chunk, batch, fact, cr)
                new = sent
            if complete:
                return Loaded(batch, sent, new)
            unfit, keyless = chunk.read_unfit(cr)
            if unfit:
                self._set_aside(chunk.quarantine_select(batch), cr)
        return Loaded(batch, sent + keyless, new, unfit)

    def _copy_events(self, chunk, batch, table, cr):
        """Copy the events; return their number, and whether these are all."""
        queued = chunk.count(cr)
        names = [column.name for column in self.source.columns.event]
        sent = self._copy(chunk.select(batch), table, names, cr)
        if sent == queued:
            return sent, True
        sent += self._copy(chunk.select(batch, fitted=True), table, names, cr)
        return sent, False

    def _load_staged(self, chunk, batch, cr):
        """Copy beside the fact and insert what it does not hold yet."""
        fact = f"{self.schema}.fact_opportunity_event"
        self.execute("DROP TABLE IF EXISTS pg_temp.staging")
        self.execute(f"CREATE TEMP TABLE staging (LIKE {fact}) ON COMMIT DROP")
        sent, complete = self._copy_events(chunk, batch, "staging", cr)
        self.execute("ANALYZE staging")
        self._check_conflicts(fact)
        fault.reach("staged")
        names = ", ".join(column.name for column in self.source.columns.event)
        new = self.execute(
            f"INSERT INTO {fact} ({names}) SELECT {names} FROM staging s WHERE NOT"
            f" EXISTS (SELECT 1 FROM {fact} f WHERE f.event_key = s.event_key)"
        )
        return sent, complete, new

    def _set_aside(self, select, cr):
        """Keep rows with values that do not fit as they are."""
        quarantine = f"{self.schema}.etl_quarantine"
        self.execute("DROP TABLE IF EXISTS pg_temp.bad")
        self.execute(f"CREATE TEMP TABLE bad (LIKE {quarantine}) ON COMMIT DROP")
        self._copy(select, "bad", self.source.columns_of(select), cr)
        self.execute(
            f"DELETE FROM {quarantine} q USING bad b WHERE b.event_key = q.event_key"
        )
        self.execute(f"INSERT INTO {quarantine} SELECT * FROM bad")

    def _check_conflicts(self, fact):
        count, first = self.execute(
            queries.fill(
                queries.read("conflicts"), schema=self.schema, fact=fact, within="true"
            )
        )
        if count:
            raise TransferError(
                SOURCE_CONFLICT, count=count, event=first - self.source_key * 10**12
            )

    def _insert_batch(self, chunk, loaded):
        self.cr.execute(
            f"INSERT INTO {self.schema}.etl_batch VALUES"
            " (%s, %s, %s, %s, %s, %s, %s, timezone('UTC', clock_timestamp()), false)",
            [
                loaded.batch,
                self.source_key,
                *chunk.get_keys(),
                loaded.sent,
                loaded.new,
                len(loaded.unfit),
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
