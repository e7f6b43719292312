"""What an engine of a target has to offer.

``transfer.run`` knows nothing else of PostgreSQL or DuckDB, and another engine is a
module beside these with one class of each kind::

    engine = engine_postgresql.Engine(dsn="host=… dbname=…", schema="mart")
    engine.check()                      # facts for "Test connection"
    engine.create_tables()              # idempotent, brings earlier versions up to date
    with engine.open(source) as session, source:
        session.register()
        session.load_events(chunk)      # one target transaction with its batch row
"""

import dataclasses

import psycopg2

from . import digest


@dataclasses.dataclass
class Loaded:
    """What became of a chunk: its batch and numbers of rows.

    :ivar unfit: numbers of the history rows with a value that the target cannot hold
    """

    batch: int
    sent: int
    new: int
    unfit: list = dataclasses.field(default_factory=list)


class Engine:
    """One target: where it is and how to get there."""

    def check(self):
        """Connect and return ``{fact: value}``: version, database, schema, version
        of the tables (0: none), free space if known.

        :raise TransferError: a sentence on what is wrong
        """
        raise NotImplementedError

    def create_tables(self):
        """Create the tables, or bring those of an earlier version up to date.

        :return: number of the version they have now
        """
        raise NotImplementedError

    def open(self, source, *, replace=False):
        """Return a :class:`Session`, a context manager.

        :param source: ``source.Source``
        :param replace: the source may take over what another identity of it sent
        """
        raise NotImplementedError


class Session:
    """An open target; entering connects to it.

    :ivar needs_casts: the engine rounds in another way than PostgreSQL
    :ivar was_replaced: readers had another file than the one published last
    :ivar holds_activities: some of the source are there
    """

    needs_casts = True
    was_replaced = False
    source_key = None
    last_batch = 0
    holds_activities = False

    def register(self):
        """Lock the target for the source, and set what is known of it.

        :raise TransferError: another version, another source, another transfer
        """
        raise NotImplementedError

    def add_columns(self, wanted):
        """Give the facts the columns ``{name: type}``, as far as they lack them."""
        raise NotImplementedError

    def fill(self):
        """Insert the days and members that every target has, where they are missing."""
        raise NotImplementedError

    def load_dimension(self, dimension):
        """Bring one :class:`~.star.Dimension` up to date; return changed rows."""
        raise NotImplementedError

    def fetch_events(self, chunk):
        """Prepare a chunk while another one is loaded; runs in another thread."""
        chunk.batch = self._take_batch()
        try:
            self._fetch(chunk)
        except psycopg2.DataError:
            self._fetch_again(chunk)

    def _take_batch(self):
        """Return the number of the next batch."""
        raise NotImplementedError

    def _fetch(self, chunk):
        """Read the events, and beside them what does not fit, from the source.

        The transaction there ends before the target is waited for.
        """
        raise NotImplementedError

    def _fetch_again(self, chunk):
        """Read a chunk in which a value was met that no type can hold."""
        chunk.suspicious = True
        chunk.release()
        self._fetch(chunk)

    def load_events(self, chunk):
        """Load one chunk of events with its batch row in one transaction.

        :return: :class:`Loaded`
        """
        raise NotImplementedError

    def load_activities(self, select, keys):
        """Let the fact follow some activities, in one transaction.

        :param select: ``source.activity_select``
        :param keys: condition of their keys: what is there beside them goes
        :return: changed rows
        """
        raise NotImplementedError

    def newest_events(self, limit):
        """Return the numbers, as in Odoo, of the events that came last."""
        raise NotImplementedError

    def latest_ranges(self, limit):
        """Return the numbers, as in Odoo, of those that came in the last hour, or the
        last ``limit`` of them, as pairs: first and last of a range without a gap.
        """
        raise NotImplementedError

    def find_strangers(self, select):
        """Compare these newest events with what the source says of them.

        :param select: ``source.known_select``
        :return: keys of those that the source does not have like that, each with
            whether it has the same event, of one opportunity and transaction
        """
        raise NotImplementedError

    def take_back(self, select):
        """Remove all events that the source does not have; return their number."""
        raise NotImplementedError

    def read_days(self, bounds):
        """Return ``{day: (count, digest)}`` of events between two numbers of Odoo."""
        raise NotImplementedError

    def find_differences(self, select, bounds, days):
        """Compare the events of these days with what the source says of them.

        :param select: ``source.said_select``
        :return: ``{"missing", "damaged", "others", "unknown": keys}``
        """
        raise NotImplementedError

    def forget_events(self, keys):
        """Remove damaged events; their states stay until they come again."""
        raise NotImplementedError

    def mend(self, part, parts):
        """Replace what does not follow from the events; return numbers of
        opportunities and of groups of references.
        """
        raise NotImplementedError

    def _get_keys(self, bounds):
        """Return the keys of the events with two numbers of Odoo's."""
        return [self.source_key * 10**12 + number for number in bounds]

    def _get_content(self):
        return digest.content(self.source.columns, at_source=False)

    def rebuild(self):
        """Let the next refresh compute all states anew."""
        raise NotImplementedError

    def clear(self):
        """Forget all events of the source, in the transaction of the next load."""
        raise NotImplementedError

    def refresh(self):
        """Bring states, bridges and members up to the events; return state rows."""
        raise NotImplementedError

    def publish(self):
        """Show the result to readers, if loading alone does not."""
