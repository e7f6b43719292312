"""A transfer into PostgreSQL: lock, register, dimensions and states; see the engine."""

# pylint: disable=sql-injection
# ruff: noqa: S608 (the schemas and keys in the statements are our own)

import contextlib
import time

import psycopg2

from .. import fault, merge, queries, registry, repair, schema
from ..activity import merge as activity_merge
from ..deadline import heavy
from ..engine import Session as BaseSession
from ..errors import (
    BUSY,
    COUNT_MISMATCH,
    TargetBusyError,
    TransferError,
)
from ..source import lock_key
from ..spool import Spool
from .activities import ActivityLoader
from .compare import Comparison
from .events import EventLoader


def executor(cr):
    """Return a function that runs a statement: its one row, or the number of rows."""

    def execute(statement, values=None):
        cr.execute(statement, values)
        return cr.fetchone() if cr.description else cr.rowcount

    return execute


class Session(EventLoader, ActivityLoader, Comparison, BaseSession):
    """The loader's session; the advisory lock lasts as long as it does."""

    needs_casts = False
    _rebuilding = False

    def __init__(self, engine, source, *, replace=False):
        self.engine = engine
        self.source = source
        self.replace = replace

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.connection = stack.enter_context(
                contextlib.closing(self.engine.connect())
            )
            self.cr = stack.enter_context(self.connection.cursor())
            self.names = self.engine.names(self.cr)
            self.schema = self.names["schema"]
            self.execute = executor(self.cr)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info):
        return self._stack.__exit__(*exc_info)

    def register(self):
        self._lock()
        fault.reach("target_locked")
        schema.check_version(self.engine.version_of(self.cr))
        self.source_key = self._register()
        self.last_batch = registry.find_last_batch(
            self.execute, self.names, self.source_key
        )
        self.holds_activities = activity_merge.holds(
            self.execute, self.names, self.source_key
        )
        self._batches = []
        self._reserve_batches(2)
        self.connection.commit()

    def _lock(self):
        """Take the target's lock; end what earlier transfers left holding it.

        A session outlives its transfer when nobody tells its server: something on the
        way keeps the connection open. We hold the lock of the source, so whoever bears
        our name here belongs to a transfer that is over. To get the lock is the proof
        that its transaction is over, too.
        """
        key = lock_key(f"target:{self.source.uuid}")
        self.cr.execute(
            "SELECT set_config('application_name', %s, false)", [self.source.session]
        )
        for patience in (0, 0.1, 0.3, 1, 2, 3):
            time.sleep(patience)
            if self._try_lock(self.source.uuid):
                return
            if not self._end_sessions(key):
                break
        raise TargetBusyError(BUSY)

    def _try_lock(self, uuid):
        """Take the lock of a source at the target; return whether it was free."""
        key = lock_key(f"target:{uuid}")
        return self.execute(f"SELECT pg_try_advisory_lock({key})")[0]

    def _end_sessions(self, key):
        """End our own earlier sessions that hold a lock; return whether there are."""
        self.execute("SAVEPOINT sessions")
        try:
            self.cr.execute(
                queries.read("postgresql_dead_sessions"), [self.source.session, key]
            )
        except psycopg2.Error:
            # Another user's session, for example.
            self.execute("ROLLBACK TO SAVEPOINT sessions")
            return False
        return bool(self.cr.rowcount)

    def _register(self):
        """Return the number of the source in this target; a new one gets the next."""
        return registry.register(
            self.execute,
            self.names,
            self.source.applicant,
            mark="%s",
            replace=self.replace,
            reserve=self._reserve,
        )

    def _reserve(self, uuid):
        """Let no other source change the list of sources, or feed the one we take."""
        if uuid is None:
            self.execute(f"LOCK TABLE {self.schema}.etl_source IN EXCLUSIVE MODE")
        elif not self._try_lock(uuid):
            raise TargetBusyError(BUSY)

    @heavy
    def add_columns(self, wanted):
        schema.add_columns(self.execute, self.names, "postgresql", wanted)
        self.connection.commit()

    # -- dimensions -----------------------------------------------------------------

    def fill(self):
        try:
            merge.fill(self.execute, self.names)
            self.connection.commit()
        except BaseException:
            self._rollback()
            raise

    @heavy
    def load_dimension(self, dimension):
        select = self.source.dimension_select(dimension.name)
        columns = self.source.columns_of(select)
        table = merge.table_of(dimension, self.names)
        try:
            self._copy_beside(select, "incoming", table, columns)
            changed = merge.merge_dimension(
                self.execute, self.names, dimension, columns, self.source_key
            )
            fault.reach("dimension_commit")
            self.connection.commit()
        except BaseException:
            self._rollback()
            raise
        fault.reach("dimension_committed")
        return changed

    def _copy_beside(self, select, name, like, columns):
        """Copy the result of a statement at the source into a temporary table."""
        self._make_temporary(name, like, columns)
        self._copy(select, name, columns)
        self.execute(f"ANALYZE {name}")

    def _make_temporary(self, name, like, columns):
        """Make a table with some columns of another one, without what is built upon it.

        What somebody added there is neither ours to fill nor in our way.
        """
        self.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
        self.execute(
            f"CREATE TEMP TABLE {name} ON COMMIT DROP AS"
            f" SELECT {', '.join(columns)} FROM {like} WHERE false"
        )
        return name

    def _copy(self, select, table, columns):
        """Copy the result of a statement at the source into a table."""
        rows = Spool(self.source.begin(), select)
        self.source.rollback()
        self._send(rows, table, columns)

    def _send(self, rows, table, columns):
        """Copy what was read at the source into a table.

        :raise TransferError: the two sides count differently
        """
        taken = rows.send(self.cr, table, columns)
        if rows.rows != taken:
            raise TransferError(COUNT_MISMATCH, sent=rows.rows, taken=taken)

    def _rollback(self):
        with contextlib.suppress(psycopg2.Error, TransferError):
            self.connection.rollback()

    @contextlib.contextmanager
    def _committed(self, phase):
        """Commit what the block did; nothing of it is kept if it fails."""
        try:
            yield
            fault.reach(phase)
            self.connection.commit()
        except BaseException:
            self._rollback()
            raise

    # -- states ---------------------------------------------------------------------

    def refresh(self):
        try:
            self._clear()
            if self._rebuilding:
                self._forget_states()
            written = self._refresh()
            fault.reach("refresh_commit")
            self.connection.commit()
        except BaseException:
            self._rollback()
            raise
        fault.reach("refresh_committed")
        return written

    def rebuild(self):
        self._rebuilding = True

    @heavy
    def _forget_states(self):
        repair.forget_states(self.execute, self.names, self.source_key)
        self._rebuilding = False

    @heavy
    def _refresh(self):
        written = merge.refresh(self.execute, self.names, "postgresql", self.source_key)
        self.execute(
            f"UPDATE {self.schema}.etl_source SET transferred_at ="
            f" timezone('UTC', now()) WHERE source_key = {self.source_key}"
        )
        return written
