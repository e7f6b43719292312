"""History rows that wait for a target: queued, counted, read and removed in chunks."""

# pylint: disable=sql-injection
# ruff: noqa: S608 (the conditions in the statements are our own)

from . import columns, fault, queries

# Serial numbers are positive; what was written past them must be taken, too.
FIRST_ID = -(2**63)
# The open transactions of others: each holds a lock on its own number.
OPEN = """
    SELECT l.virtualxid::varchar
      FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'virtualxid' AND l.granted AND l.pid <> pg_backend_pid()
       AND a.datname = current_database()
"""


class Queue:
    """The part of a source that fills the queue of its target and walks through it.

    The source gives ``target_id``, ``execute``, ``scalar``, two ``readers`` and what
    waits of the activities.
    """

    def queue_everything(self):
        """Queue all history rows again: the key at the target drops what is there."""
        self.execute(
            "UPDATE olap_export_position SET queue_all = true WHERE target_id = %s",
            [self.target_id],
        )
        self.queue_backlog()

    def queue_backlog(self):
        """Queue the history from before the target became active.

        A transaction that began before that moment does not know the target: what it
        writes is queued once it has ended, found by its transaction id.
        """
        queue_all, queued_at, waiting_for = self.execute(
            "SELECT queue_all, queued_at, waiting_for FROM olap_export_position"
            " WHERE target_id = %s",
            [self.target_id],
        )[0]
        if queue_all:
            self._queue_history("true")
            self.walk_activities()
            self.execute(
                "UPDATE olap_export_position SET queue_all = false"
                " WHERE target_id = %s",
                [self.target_id],
            )
        elif queued_at and waiting_for is None:
            self._wait_for_others()
        elif queued_at and not self._has_older_sessions(waiting_for):
            self._queue_history("transaction_id >= p.queued_from")
            # Nothing tells which of them these transactions have changed.
            if self.has_activities():
                self.walk_activities()
            self.execute(
                "UPDATE olap_export_position SET queued_at = NULL, waiting_for = NULL"
                " WHERE target_id = %s",
                [self.target_id],
            )

    def _queue_history(self, condition):
        if condition == "true":
            # Before the rows are read: nothing can fall between the two.
            self.execute(
                """
                UPDATE olap_export_position
                   SET queued_at = clock_timestamp(),
                       queued_from =
                           pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                 WHERE target_id = %s
                """,
                [self.target_id],
            )
            self._wait_for_others()
        self.execute(
            f"""
            INSERT INTO olap_export_queue (target_id, history_id)
            SELECT p.target_id, h.id
              FROM olap_export_position p, relationship_opportunity_history h
             WHERE p.target_id = %s AND {condition}
             ORDER BY h.id
                ON CONFLICT DO NOTHING
            """,
            [self.target_id],
        )

    def _wait_for_others(self):
        """Note the transactions that are open now, whatever they have done so far.

        By their locks: when they began is told to superusers only.
        """
        self.execute(
            f"UPDATE olap_export_position SET waiting_for = ARRAY({OPEN})"
            " WHERE target_id = %s",
            [self.target_id],
        )

    def _has_older_sessions(self, waiting_for):
        """Return whether one of them is open still; a prepared one has lost its lock,
        and nothing tells which it was: all of them count.
        """
        return self.scalar(
            f"""
            SELECT EXISTS ({OPEN} AND l.virtualxid = ANY (%(waiting_for)s))
                OR EXISTS (SELECT 1 FROM pg_prepared_xacts
                            WHERE database = current_database())
            """,
            {"waiting_for": waiting_for},
        )

    def count_pending(self):
        events = self.scalar(
            "SELECT count(*) FROM olap_export_queue WHERE target_id = %s",
            [self.target_id],
        )
        return events + self.count_waiting_activities()

    def read_chunks(self, size):
        """Yield :class:`Chunk` after chunk up to what is the end of the queue now.

        Otherwise a system that is always busy would never let a transfer end. A row
        that commits late appears in the queue late, maybe with a small number: the
        next transfer finds it. Two chunks may be open at a time.

        :param size: function that returns how many rows the next chunk may have
        """
        end = self.scalar(
            "SELECT max(history_id) FROM olap_export_queue WHERE target_id = %s",
            [self.target_id],
        )
        last, number = FIRST_ID - 1, 0
        while end is not None and last < end:
            chunk = self._next_chunk(last, end, size(), self.readers[number % 2])
            if chunk is None:
                return
            last, number = chunk.last, number + 1
            yield chunk

    def _next_chunk(self, after, end, size, reader):
        bounds = self.execute(
            """
            SELECT min(history_id), max(history_id), count(*)
              FROM (SELECT history_id FROM olap_export_queue
                     WHERE target_id = %s AND history_id > %s AND history_id <= %s
                     ORDER BY history_id LIMIT %s) q
            """,
            [self.target_id, after, end, size],
        )[0]
        return Chunk(self, reader, *bounds) if bounds[2] else None


class Chunk:
    """Queued history rows between two numbers.

    They are read in one REPEATABLE READ transaction, which ends before the target is
    waited for, and removed in another one: exactly those that were read, as more may
    have been queued between them.

    :ivar suspicious: a value that no type can hold was met: look at every row
    """

    suspicious = False
    _numbers = "{}"

    def __init__(self, source, reader, first, last, size):
        self.source = source
        self.reader = reader
        self.first = first
        self.last = last
        self.size = size

    def cursor(self):
        """Return a cursor of the chunk's transaction.

        The queue has no statistics worth the name, it changes all the time: a chunk
        without great gaps is read by a merge or hash join, whatever the planner thinks.
        """
        cr = self.reader.cursor()
        if self.size * 20 > self.last - self.first:
            cr.execute("SET LOCAL enable_nestloop = off")
        return cr

    def select(self, batch, *, fitted=False):
        """Return the statement that reads the events.

        :param fitted: those with values that need a look, instead of all others
        """
        way = self._get_plain()
        if fitted:
            way = f"{columns.KEYED} AND NOT ({way})"
        return self._fill(
            "source/event",
            batch,
            columns=self.source.columns.select_list(fitted=fitted),
            fitting=columns.FITTED_FROM if fitted else "",
            way=way,
        )

    def quarantine_select(self, batch, further=""):
        return self._fill(
            "source/quarantine",
            batch,
            further=further,
            way=self._get_plain(),
            keyed=columns.KEYED,
            largest=columns.LARGEST_ID,
            fits=self.source.columns.fits,
            reasons=self.source.columns.reasons(),
            longest=columns.LONGEST_TEXT,
        )

    def _get_plain(self):
        return "false" if self.suspicious else self.source.columns.plain

    def _fill(self, name, batch, **values):
        values |= {**self.source.values, "first": self.first, "last": self.last}
        return queries.fill(queries.read(name), **values, batch=batch)

    def count(self, cr):
        """Return how many rows are queued, as the transaction of the chunk sees it.

        Their numbers are kept: more may be queued between them later.
        """
        cr.execute(
            "SELECT count(*), coalesce(array_agg(history_id)::text, '{}')"
            " FROM olap_export_queue"
            " WHERE target_id = %s AND history_id BETWEEN %s AND %s",
            [self.source.target_id, self.first, self.last],
        )
        size, self._numbers = cr.fetchone()
        return size

    def read_unfit(self, cr):
        """Return the numbers of the history rows with a value that does not fit, and
        how many of them no fact can hold at all.
        """
        select = self.quarantine_select(0, further=", h.id AS history_id")
        cr.execute(
            "SELECT history_id, reason LIKE 'Set aside%'"
            f" FROM ({select}) q ORDER BY event_key"
        )
        rows = cr.fetchall()
        unfit = [history_id for history_id, _keyless in rows]
        return unfit, sum(keyless for _history_id, keyless in rows)

    def get_keys(self):
        """Return the first and the last key that an event of the chunk may have."""
        offset = self.source.values["source_key"] * 10**12
        ends = (self.first, self.last)
        return [offset + min(max(end, 0), columns.LARGEST_ID) for end in ends]

    def release(self):
        """End the transaction of the reading; whoever reads again begins a new one."""
        self.reader.rollback()

    def finish(self, batch):
        """Remove the rows from the queue, now that the target keeps them.

        :param batch: number of the batch that the target confirmed
        """
        self.source.set_position(batch)
        fault.reach("queue_delete")
        with self.reader.cursor() as cr:
            # The queue has no statistics, see ``cursor``: once through that part of
            # it, whatever the planner thinks.
            cr.execute("SET LOCAL enable_seqscan = off")
            cr.execute("SET LOCAL enable_nestloop = off")
            cr.execute(
                """
                DELETE FROM olap_export_queue q
                 USING unnest(%s::bigint[]) n (number)
                 WHERE q.target_id = %s AND q.history_id BETWEEN %s AND %s
                   AND q.history_id = n.number
                """,
                [self._numbers, self.source.target_id, self.first, self.last],
            )
        fault.reach("source_commit")
        self.reader.commit()
        fault.reach("source_committed")
