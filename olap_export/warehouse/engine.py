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
    """

    needs_casts = True
    source_key = None
    last_batch = 0

    def register(self):
        """Lock the target for the source, and set the two numbers.

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

    def load_events(self, chunk):
        """Load one chunk of events with its batch row in one transaction.

        :return: :class:`Loaded`
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

    def count_strangers(self, select):
        """Compare these newest events with what the source says of them.

        :param select: ``source.known_select``
        :return: number and lowest key of those that the source does not have
        """
        raise NotImplementedError

    def take_back(self, select):
        """Remove all events that the source does not have; return their number."""
        raise NotImplementedError

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
