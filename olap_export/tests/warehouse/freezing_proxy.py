"""A server between a client and PostgreSQL that falls silent at a chosen message.

It understands as much of the protocol as it needs to count: a message has a type, a
length and a direction. Frozen, it keeps every connection open and passes nothing on;
new connections are taken and get no answer either.
"""

import contextlib
import socket
import threading
import time
from pathlib import Path

TO_SERVER, TO_CLIENT = "to server", "to client"


class FreezingProxy:
    """A context manager; ``dsn`` leads through it.

    :param server: path of the server's unix socket, or (host, port)
    :param folder: where the proxy makes a unix socket; None: a port of this machine
    :param freeze_at: number of the message at which it freezes, 0: never
    :param rate: bytes a second that reach the server, 0: as fast as can be
    :param reads: keep taking what is sent while frozen, and throw it away
    """

    PORT = 5998

    def __init__(self, server, folder=None, *, freeze_at=0, rate=0, reads=False):
        self.server = server
        self.folder = folder
        self.freeze_at = freeze_at
        self.rate = rate
        self.reads = reads
        self.messages = []
        self.frozen = threading.Event()
        self._count_lock = threading.Lock()
        self._sockets = []

    def __enter__(self):
        if self.folder:
            self.path = Path(self.folder) / f".s.PGSQL.{self.PORT}"
            self.path.unlink(missing_ok=True)
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(str(self.path))
            self.address = f"host={self.folder} port={self.PORT}"
        else:
            self._listener = socket.socket()
            self._listener.bind(("127.0.0.1", 0))
            port = self._listener.getsockname()[1]
            self.address = f"host=127.0.0.1 port={port} sslmode=disable"
        self._listener.listen(20)
        self._start(self._accept)
        return self

    def __exit__(self, *exc_info):
        for sock in (self._listener, *self._sockets):
            _close(sock)
        if self.folder:
            self.path.unlink(missing_ok=True)

    def thaw(self):
        """Serve new connections; the frozen ones stay as they are."""
        self.freeze_at = 0
        self.frozen = threading.Event()

    def _start(self, target, *args):
        threading.Thread(target=target, args=args, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                self._sockets.append(client)
                if not self.folder:
                    # Else a small message waits until the one before is acknowledged.
                    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self.frozen.is_set():
                    if self.reads:
                        self._start(_drain, client)
                    continue
                self._serve(client)

    def _serve(self, client):
        is_path = isinstance(self.server, (str, Path))
        server = socket.socket(socket.AF_UNIX if is_path else socket.AF_INET)
        try:
            server.connect(str(self.server) if is_path else self.server)
        except OSError:
            _close(client)
            return
        self._sockets.append(server)
        frozen = self.frozen
        self._start(self._forward, client, server, TO_SERVER, frozen)
        self._start(self._forward, server, client, TO_CLIENT, frozen)

    def _forward(self, origin, destination, direction, frozen):
        has_type = direction == TO_CLIENT
        with contextlib.suppress(OSError):
            while message := _read_message(origin, has_type):
                kind = chr(message[0]) if has_type else "startup"
                if frozen.is_set() or self._is_last(direction, kind, frozen):
                    if self.reads:
                        _drain(origin)
                    # The connection stays open: closing the sockets would tell.
                    return
                if self.rate and direction == TO_SERVER:
                    time.sleep(len(message) / self.rate)
                destination.sendall(message)
                has_type = True
        if not frozen.is_set():
            # Either side has gone: so does the other.
            _close(origin)
            _close(destination)

    def _is_last(self, direction, kind, frozen):
        with self._count_lock:
            self.messages.append((direction, kind))
            if len(self.messages) == self.freeze_at:
                frozen.set()
            return frozen.is_set()


def _read_message(sock, has_type):
    """Return the next message, empty at the end."""
    head = _read(sock, 5 if has_type else 4)
    if not head:
        return b""
    size = int.from_bytes(head[-4:], "big") - 4
    return head + (_read(sock, size) if size else b"")


def _read(sock, size):
    data = bytearray()
    while len(data) < size:
        block = sock.recv(size - len(data))
        if not block:
            return b""
        data += block
    return bytes(data)


def _drain(sock):
    with contextlib.suppress(OSError):
        while sock.recv(1 << 16):
            pass


def _close(sock):
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()
