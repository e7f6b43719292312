"""The child process that loads a DuckDB file, as its parent sees it.

Commands and answers are JSON lines through two pipes. Neither is ever waited for
longer than a command may take: a child that is stopped or hangs is ended, and with it
goes its lock on the file.
"""

import contextlib
import json
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

from .. import deadline, errors
from ..errors import TransferError

# Commands that take as long as there are rows; the others answer at once.
LONG = (
    *("open", "create_tables", "fill", "dimension", "events", "refresh", "publish"),
    "activities",
    *("ranges", "take_back", "days", "differences", "forget_events", "mend"),
)
# What a child may take to end once it was told to, or was killed.
FAREWELL = 10

SECRETS = re.compile(
    "DSN|PASS|SECRET|TOKEN|CREDENTIAL|_KEY|_UR[IL]$|^PG", re.IGNORECASE
)


class Loader:
    """The child process; a context manager.

    :param writing: open the working file, which locks it
    :param limits: how long a command may take
    """

    def __init__(self, path, *, writing=True, limits=None):
        self.path = Path(path)
        self.writing = writing
        self.limits = limits or deadline.Limits()

    def __enter__(self):
        folder = self.path.parent
        if not self.path.is_absolute() or not os.access(folder, os.W_OK | os.X_OK):
            raise TransferError(errors.DUCKDB_FOLDER)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "warehouse.duckdb.loader"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
            env=_environment(),
            bufsize=0,
            close_fds=True,
        )
        os.set_blocking(self.process.stdin.fileno(), False)
        self._read = b""
        try:
            if self.writing:
                self.call("open", path=str(self.path))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info):
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        patience = min(FAREWELL, self.limits.answer)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        if self.process.poll() is None:
            self._kill()
        self.process.stdout.close()

    def _kill(self):
        """End the child, whatever it does; return its exit code, if it did end."""
        self.process.kill()
        # Not even a killed process ends while its disk does not answer.
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(FAREWELL)

    def call(self, command, /, **arguments):
        """Let the child do one thing and return its answer.

        :raise TransferError: what the child says, or that it died or is silent
        """
        start = time.monotonic()
        end = start + self.limits.left("work" if command in LONG else "answer")
        try:
            self._send(json.dumps([command, arguments]).encode() + b"\n", end)
            line = self._receive(end)
        except TimeoutError:
            self._kill()
            is_over = time.monotonic() >= self.limits.end
            raise TransferError(
                errors.TIME_UP if is_over else errors.LOADER_SILENT,
                seconds=round(time.monotonic() - start),
            ) from None
        except OSError:
            line = b""
        if not line:
            raise TransferError(errors.LOADER_DIED, reason=f"code {self._kill()}")
        answer = json.loads(line)
        if "error" in answer:
            raise TransferError(getattr(errors, answer["error"]), **answer["values"])
        return answer["result"]

    def _send(self, data, end):
        pipe = self.process.stdin.fileno()
        left = memoryview(data)
        while left:
            _wait_for(pipe, select.POLLOUT, end)
            left = left[os.write(pipe, left) :]

    def _receive(self, end):
        """Return the next line; nothing when the child closed the pipe."""
        pipe = self.process.stdout.fileno()
        while b"\n" not in self._read:
            _wait_for(pipe, select.POLLIN, end)
            block = os.read(pipe, 1 << 16)
            if not block:
                return b""
            self._read += block
        line, _newline, self._read = self._read.partition(b"\n")
        return line


def _wait_for(pipe, event, end):
    """Wait until a pipe can be written or read, or its other end is closed."""
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(end - time.monotonic(), 0) * 1000):
        raise TimeoutError


def _environment():
    """Return the environment without secrets: the child needs none of them."""
    return {
        name: value for name, value in os.environ.items() if not SECRETS.search(name)
    }
