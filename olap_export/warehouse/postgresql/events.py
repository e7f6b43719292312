"""Events into PostgreSQL: straight, or beside what is there."""

# pylint: disable=sql-injection
# ruff: noqa: S608 (the schemas and keys in the statements are our own)

import datetime
import re

from psycopg2 import errors as pg_errors

from .. import fault, queries, star
from ..deadline import heavy
from ..engine import Loaded
from ..errors import SOURCE_CONFLICT, TransferError
from ..spool import Spool


class EventLoader:
    """The part of a session that loads chunks of events into the fact.

    The session gives connection, cursor and ``execute``, ``_send``, ``_make_temporary``
    and ``_refresh``.
    """

    _clearing = False
    _batches = ()

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

    def _take_batch(self):
        return self._batches.pop(0)

    def _fetch(self, chunk):
        chunk.bad, chunk.unfit, chunk.keyless = None, [], 0
        with chunk.cursor() as cr:
            queued = chunk.count(cr)
            chunk.rows = [Spool(cr, chunk.select(chunk.batch))]
            if chunk.rows[0].rows != queued:
                fitted = chunk.select(chunk.batch, fitted=True)
                chunk.rows.append(Spool(cr, fitted))
                chunk.unfit, chunk.keyless = chunk.read_unfit(cr)
            if chunk.unfit:
                chunk.bad = Spool(cr, chunk.quarantine_select(chunk.batch))
        chunk.release()
        fault.reach("fetched")

    def _reserve_batches(self, count):
        """Take numbers of batches, for events that are read before they are loaded."""
        numbers = f"nextval('{self.schema}.etl_batch_id_seq')"
        self._batches += self.execute(f"SELECT {', '.join([numbers] * count)}")

    @heavy
    def _load_events(self, chunk):
        self._clear()
        self._reserve_batches(1)
        staged = self._may_hold(chunk)
        while True:
            self.execute("SAVEPOINT chunk")
            try:
                loaded = self._load(chunk, staged=staged)
                break
            except pg_errors.UniqueViolation:
                if staged:
                    raise
                staged = True
            except (pg_errors.DataError, pg_errors.CheckViolation):
                if chunk.suspicious:
                    raise
                self._fetch_again(chunk)
            self.execute("ROLLBACK TO SAVEPOINT chunk")
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

    def _load(self, chunk, *, staged):
        """Copy into the fact, and beside it what does not fit.

        :param staged: insert only what the fact does not hold yet
        """
        fact = f"{self.schema}.fact_opportunity_event"
        names = [column.name for column in self.source.columns.event]
        table = self._make_staging(fact, names) if staged else fact
        for rows in chunk.rows:
            self._send(rows, table, names)
        taken = sum(rows.rows for rows in chunk.rows)
        new = self._insert_staged(fact) if staged else taken
        if chunk.bad:
            self._set_aside(chunk.bad)
        return Loaded(chunk.batch, taken + chunk.keyless, new, chunk.unfit)

    def _make_staging(self, fact, names):
        """Make the place beside the fact, with the constraint that this one has."""
        table = self._make_temporary("staging", fact, names)
        text = queries.read("postgresql_keys")
        # What is refused there comes to light although it may be there already.
        numbers = re.search(r"ADD CONSTRAINT fact_opportunity_event_numbers[^;]*", text)
        self.execute(f"ALTER TABLE {table} {numbers.group()}")
        return table

    def _insert_staged(self, fact):
        """Insert what the fact does not hold yet; return the number of rows."""
        self.execute("ANALYZE staging")
        self._check_conflicts(fact)
        fault.reach("staged")
        names = ", ".join(column.name for column in self.source.columns.event)
        return self.execute(
            f"INSERT INTO {fact} ({names}) SELECT {names} FROM staging s WHERE NOT"
            f" EXISTS (SELECT 1 FROM {fact} f WHERE f.event_key = s.event_key)"
        )

    def _set_aside(self, rows):
        """Keep rows with values that do not fit as they are."""
        quarantine = f"{self.schema}.etl_quarantine"
        bad = self._make_temporary("bad", quarantine, star.QUARANTINE)
        self._send(rows, bad, star.QUARANTINE)
        self.execute(
            f"DELETE FROM {quarantine} q USING bad b WHERE b.event_key = q.event_key"
        )
        columns = ", ".join(star.QUARANTINE)
        self.execute(f"INSERT INTO {quarantine} ({columns}) SELECT {columns} FROM bad")

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
            " (%s, %s, %s, %s, %s, %s, %s, %s, false)",
            [
                loaded.batch,
                self.source_key,
                *chunk.get_keys(),
                loaded.sent,
                loaded.new,
                len(loaded.unfit),
                # By our clock: events are not judged by two.
                datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None),
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
