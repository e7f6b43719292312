"""Every wait has an end.

A server that accepts a connection and then says nothing cannot be told from a slow
one, and no setting of libpq ends the wait for it: its machine answers the keep-alives,
and a unix socket knows none. So a thread watches each wait. When it lasts too long,
the thread shuts the socket down, and whatever the driver was doing ends in an error.

*How to use*::

    connection = deadline.connect(lambda: psycopg2.connect(dsn), Limits(), SILENT)
    with connection.cursor() as cr:
        cr.execute("SELECT 1")          # at most limits.answer seconds
    with connection.working(), connection.cursor() as cr:
        cr.execute("DELETE FROM big")   # at most limits.work seconds
"""

# pylint: disable=method-required-super

import contextlib
import dataclasses
import functools
import math
import os
import socket
import threading
import time
from concurrent import futures

import psycopg2
from psycopg2 import extensions

from .errors import TIME_UP, TransferError

FOREVER = float("inf")
# How long a refusal to end politely is listened to.
FAREWELL = 5

# For the server, so that it does not wait for us for ever either: what it knows of it.
SERVER_SQL = """
    SELECT set_config(s.name, v.value, false)
      FROM pg_settings s,
           (VALUES ('tcp_keepalives_idle', '30'), ('tcp_keepalives_interval', '10'),
                   ('tcp_keepalives_count', '3'), ('tcp_user_timeout', '60000'),
                   ('client_connection_check_interval', '5000'),
                   ('transaction_timeout', '0'),
                   ('idle_session_timeout', %s)) v (name, value)
     WHERE s.name = v.name
"""


@dataclasses.dataclass(frozen=True)
class Limits:
    """Seconds that one wait may last.

    :param connect: until a connection stands, with name look-up and password
    :param answer: a short statement, a block of rows, a commit
    :param work: a statement that has as much to do as there are rows
    :param end: instant of ``time.monotonic()`` that no wait outlasts
    """

    connect: float = 15
    answer: float = 40
    work: float = 900
    end: float = FOREVER

    def left(self, kind):
        """Return how many seconds a wait may last that begins now."""
        return max(min(getattr(self, kind), self.end - time.monotonic()), 0.001)


class Watch:
    """A thread that looks whether a wait lasts too long; a context manager."""

    def __init__(self, seconds, end, give_up):
        self._seconds = seconds
        self._end = end
        self._give_up = give_up
        self._over = threading.Event()
        self._since = time.monotonic()

    def __enter__(self):
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def __exit__(self, *exc_info):
        self._over.set()

    def tick(self):
        """Something has moved: the wait begins anew."""
        self._since = time.monotonic()

    def rest(self):
        """Take our turn: nobody is waited for until the next :meth:`tick`."""
        self._since = FOREVER

    def _run(self):
        while True:
            now = time.monotonic()
            last = min(self._since + self._seconds, self._end)
            if now >= last:
                return None if self._over.is_set() else self._give_up()
            if self._over.wait(min(last - now, self._seconds)):
                return None


class Connection:
    """A psycopg2 connection whose waits all end; used as one.

    :param raw: the connection of psycopg2
    :param silence: sentence for a wait that lasted too long
    :param at_source: it leads to Odoo's own database; its errors bear the same mark
    """

    def __init__(self, raw, limits, silence, *, at_source=False):
        self.raw = raw
        self.limits = limits
        self.silence = silence
        self.at_source = at_source
        self.is_cut = False
        self._kind = "answer"
        self._socket = socket.socket(fileno=os.dup(raw.fileno()))

    def __getattr__(self, name):
        return getattr(self.raw, name)

    def cursor(self):
        cr = self.raw.cursor(cursor_factory=Cursor)
        cr.guard = self
        return cr

    @property
    def autocommit(self):
        return self.raw.autocommit

    @autocommit.setter
    def autocommit(self, value):
        self.raw.autocommit = value

    @contextlib.contextmanager
    def working(self):
        """Give the statements of a block the time of ``limits.work``."""
        before, self._kind = self._kind, "work"
        try:
            yield
        finally:
            self._kind = before

    @contextlib.contextmanager
    def wait(self, kind=None):
        """Let a block, which waits for the server, last as long as it may.

        :raise TransferError: it lasted longer
        """
        start = time.monotonic()
        seconds = self.limits.left(kind or self._kind)
        with Watch(seconds, self.limits.end, self.cut) as watch:
            try:
                yield watch
            except psycopg2.Error as error:
                if self.is_cut:
                    raise self._complain(time.monotonic() - start) from None
                error.at_source = self.at_source
                raise

    def _complain(self, seconds):
        text = TIME_UP if time.monotonic() >= self.limits.end else self.silence
        return TransferError(text, seconds=round(seconds))

    def cut(self):
        """End whatever the connection is waiting for, and the connection."""
        self.is_cut = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def cancel(self):
        """Cancel the statement of another thread, or cut the connection."""
        asking = threading.Thread(target=self._cancel, daemon=True)
        asking.start()
        asking.join(min(FAREWELL, self.limits.left("answer")))
        if asking.is_alive():
            self.cut()

    def _cancel(self):
        with contextlib.suppress(psycopg2.Error):
            self.raw.cancel()

    def commit(self):
        with self.wait("answer"):
            self.raw.commit()

    def rollback(self):
        with self.wait("answer"):
            self.raw.rollback()

    def close(self):
        # Even a farewell waits when nobody takes it.
        with Watch(min(FAREWELL, self.limits.answer), FOREVER, self.cut):
            self.raw.close()
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *exc_info):
        if kind is None:
            self.commit()
        else:
            with contextlib.suppress(psycopg2.Error, TransferError):
                self.rollback()


class Cursor(extensions.cursor):
    """A cursor of a :class:`Connection`."""

    guard = None

    def execute(self, query, values=None):
        with self.guard.wait():
            return super().execute(query, values)

    def copy_expert(self, sql, file, size=8192):
        if " FROM STDIN" in sql:
            # A block may take its time at the source: that is no silence here.
            with self.guard.wait("answer") as watch:
                return super().copy_expert(sql, _Feed(file, watch), size)
        with self.guard.wait():
            return super().copy_expert(sql, file, size)


class _Feed:
    """What a COPY into the target reads, with a watch on the target alone."""

    def __init__(self, file, watch):
        self._file = file
        self._watch = watch

    def read(self, size=-1):
        self._watch.rest()
        try:
            return self._file.read(size)
        finally:
            self._watch.tick()


def connect(function, limits, silence, *, at_source=False):
    """Connect by calling ``function``; return a :class:`Connection` in UTF-8.

    :param function: returns a new psycopg2 connection. Nothing ends it from outside,
        so it runs in a thread, which is left alone when it takes too long
    :param silence: sentence for later waits that last too long
    :param at_source: see :class:`Connection`
    :raise TransferError: ``silence``
    """
    coming = futures.Future()
    threading.Thread(target=_fulfil, args=(coming, function), daemon=True).start()
    seconds = limits.left("connect")
    try:
        raw = coming.result(seconds)
    except futures.TimeoutError:
        coming.add_done_callback(_close_late)
        text = TIME_UP if time.monotonic() >= limits.end else silence
        raise TransferError(text, seconds=round(seconds)) from None
    return Connection(raw, limits, silence, at_source=at_source)


def _fulfil(coming, function):
    try:
        connection = function()
        # Databases and roles may have another default. COPY hands on bytes as they are.
        connection.set_client_encoding("UTF8")
        coming.set_result(connection)
    except BaseException as error:  # noqa: BLE001 it travels to the other thread
        coming.set_exception(error)


def _close_late(coming):
    if coming.exception() is None:
        coming.result().close()


def ask_server(connection):
    """Ask the server not to wait for ever either, as far as it can."""
    longest = str(math.ceil(1000 * (connection.limits.work + 60)))
    with contextlib.suppress(psycopg2.Error), connection, connection.cursor() as cr:
        cr.execute(SERVER_SQL, [longest])


def cancel(cr):
    """Cancel what another thread does with a cursor."""
    getattr(cr, "guard", cr.connection).cancel()


def heavy(method):
    """Let the statements of a session's method have the time of ``limits.work``."""

    @functools.wraps(method)
    def wrapper(self, *args, **options):
        with self.connection.working():
            return method(self, *args, **options)

    return wrapper
