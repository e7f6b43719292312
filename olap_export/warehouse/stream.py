"""COPY from one PostgreSQL connection into another, through a bounded queue.

Never through a bare pipe: there a source that fails in the middle looks like the end
of the data, and the target keeps half of it without an error.
"""

# pylint: disable=method-required-super

import queue
import threading

from . import deadline, fault

BLOCK = 1 << 18


class Stream:
    """File between a ``COPY … TO STDOUT`` and a ``COPY … FROM STDIN``.

    Holds at most ``depth`` blocks of 256 kB. An error on either side reaches the
    other one: the reader raises it, the writer stops.
    """

    def __init__(self, depth=16):
        self._queue = queue.Queue(depth)
        self._collected = bytearray()
        self._rest = b""
        self.dead = None
        self.error = None

    def write(self, data):
        """Take one row; called by psycopg2 once a row, so rows are collected."""
        self._collected += data
        if len(self._collected) >= BLOCK:
            self.flush()
        return len(data)

    def flush(self):
        if self._collected:
            self.put(bytes(self._collected))
            self._collected.clear()
            fault.reach("copying")

    def put(self, item):
        while True:
            if self.dead:
                raise self.dead
            try:
                return self._queue.put(item, timeout=0.2)
            except queue.Full:
                continue

    def read(self, size=-1):
        if not self._rest:
            item = self._queue.get()
            if isinstance(item, BaseException):
                raise item
            if item is None:
                return b""
            self._rest = item
        if size < 0 or len(self._rest) <= size:
            block, self._rest = self._rest, b""
        else:
            block, self._rest = self._rest[:size], self._rest[size:]
        return block


def _produce(cr, statement, stream):
    try:
        cr.copy_expert(statement, stream)
        stream.flush()
        stream.put(None)
    except BaseException as error:  # noqa: BLE001 it travels to the other thread
        stream.error = error
        if not stream.dead:
            stream.put(error)


def copy(source_cr, source_statement, target_cr, target_statement):
    """Run both statements against each other.

    :return: rows sent, rows taken
    :raise: the error of the side that failed first; the source is cancelled when the
        target fails
    """
    stream = Stream()
    thread = threading.Thread(
        target=_produce, args=(source_cr, source_statement, stream), daemon=True
    )
    thread.start()
    try:
        target_cr.copy_expert(target_statement, stream, BLOCK)
    except BaseException as error:
        if stream.error is not None and "error in .read() call" in str(error):
            thread.join()
            raise stream.error from error
        stream.dead = error
        deadline.cancel(source_cr)
        thread.join()
        raise
    thread.join()
    return source_cr.rowcount, target_cr.rowcount
