"""How far a long command is: a bar on a terminal, elsewhere a line a step."""

import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

WIDTH = 20


class Progress:
    """Time passed and steps to go, while it is entered.

    How to use it::

        with Progress(2) as progress:
            progress.step("Fetching")
            …
            progress.step("Installing")
            …
    """

    current = None

    def __init__(self, steps, out=None, clock=time.monotonic):
        self.steps, self.done = steps, -1
        self._out, self._clock = out or sys.stdout, clock
        self._title, self._note, self._watch = "", "", None
        self._began, self._ended = clock(), threading.Event()
        self._writing = threading.Lock()
        self.has_bar = self._out.isatty()

    def __enter__(self):
        Progress.current = self
        if self.has_bar:
            threading.Thread(target=self._keep_drawing, daemon=True).start()
        return self

    def __exit__(self, error, *_details):
        Progress.current = None
        self._ended.set()
        if not error:
            self.done, self._note, self._watch = self.steps, "", None
            self._title = "Done"
        self._write(last=True)

    def step(self, title):
        """Begin the next step; the one before is done."""
        self.done += 1
        self._title, self._note, self._watch = title, "", None
        self._write()

    def note(self, text):
        """Tell what a step is at."""
        self._note = text
        if self.has_bar:
            self._write()
        else:
            self._print(f"      {text}")

    @contextmanager
    def watching(self, watch):
        """Let a function say what the step is at, every second."""
        self._watch = watch
        try:
            yield
        finally:
            self._watch = None

    def line(self):
        """Return the line that tells all of it."""
        passed = int(self._clock() - self._began)
        done = max(self.done, 0)
        parts = [
            f"{passed // 60}:{passed % 60:02}",
            f"{self.steps - done} to go",
            self._title,
            self._watch() if self._watch else self._note,
        ]
        text = " · ".join(filter(None, parts))
        if not self.has_bar:
            return f"[{min(done + 1, self.steps)}/{self.steps}] {text}"
        filled = WIDTH * done // self.steps
        return f"[{'#' * filled}{'-' * (WIDTH - filled)}] {text}"

    def _keep_drawing(self):
        while not self._ended.wait(1):
            self._write()

    def _write(self, last=False):
        if self.has_bar:
            # To the beginning of the line, which is then emptied.
            room = shutil.get_terminal_size().columns - 1
            self._print(f"\r\x1b[K{self.line()[:room]}", end="\n" if last else "")
        elif not last or self._title == "Done":
            self._print(self.line())

    def _print(self, text, end="\n"):
        with self._writing:
            self._out.write(text + end)
            self._out.flush()


@contextmanager
def watching(watch):
    """Let a function say what the present step is at, if somebody looks."""
    if progress := Progress.current:
        with progress.watching(watch):
            yield
    else:
        yield


def at_once(*tasks):
    """Run functions side by side and return their results."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        running = [pool.submit(task) for task in tasks]
    return [task.result() for task in running]
