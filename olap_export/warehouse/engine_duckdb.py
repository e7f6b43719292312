"""A DuckDB file as a target: embedded, for one machine.

DuckDB runs in a child process (``duckdb_loader``): it takes more address space than
Odoo's workers may have, and its threads do not survive a fork. Data go there as CSV
files beside the database, commands through pipes (``duckdb.process``).
"""

import contextlib
import dataclasses
import errno
import os
import re
import shutil
import tempfile
from pathlib import Path

from . import errors, fault, star
from .duckdb.process import Loader
from .engine import Engine as BaseEngine
from .engine import Loaded
from .engine import Session as BaseSession
from .errors import TransferError

TEXT_TYPES = (25, 1043)


class Engine(BaseEngine):
    """A DuckDB file; readers open it, the loader works on ``<file>.work``.

    :param path: the file that readers open
    :param limits: how long a command may take
    """

    def __init__(self, path, limits=None):
        self.path = Path(path)
        self.limits = limits

    def check(self):
        with Loader(self.path, writing=False, limits=self.limits) as loader:
            return loader.call("check", path=str(self.path))

    def create_tables(self):
        with Loader(self.path, limits=self.limits) as loader:
            loader.call("create_tables")
            loader.call("publish")
        return star.VERSION

    def open(self, source, *, replace=False):
        return Session(self, source, replace=replace)


class Session(BaseSession):
    """The loader's process, which holds DuckDB's own lock on the file."""

    def __init__(self, engine, source, *, replace=False):
        self.engine = engine
        self.source = source
        self.replace = replace
        self._clearing = self._rebuilding = False

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.loader = stack.enter_context(
                Loader(self.engine.path, limits=self.engine.limits)
            )
            fault.reach("target_locked")
            self.folder = Path(
                stack.enter_context(
                    tempfile.TemporaryDirectory(
                        dir=self.engine.path.parent, prefix=self._remove_leftovers()
                    )
                )
            )
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info):
        return self._stack.__exit__(*exc_info)

    def _remove_leftovers(self):
        """Remove the files of killed transfers; return how their folders are named.

        The lock of the working file is ours: nobody else writes into them.
        """
        path = self.engine.path
        prefix = f".olap_export_{path.name}_"
        for folder in path.parent.glob(".olap_export_*"):
            # As long as tempfile makes it: more belongs to a file of a longer name.
            if re.fullmatch(re.escape(prefix) + "[a-z0-9_]{1,8}", folder.name):
                shutil.rmtree(folder, ignore_errors=True)
        return prefix

    def register(self):
        opened = self.loader.call(
            "register",
            source=dataclasses.asdict(self.source.applicant),
            replace=self.replace,
        )
        self.source_key = opened["source_key"]
        self.last_batch = opened["last_batch"]
        self._next_batch = opened["next_batch"]
        self.was_replaced = opened["replaced"]
        self.holds_activities = opened["holds_activities"]

    def fill(self):
        self.loader.call("fill")

    def add_columns(self, wanted):
        self.loader.call("add_columns", wanted=wanted)

    def load_dimension(self, dimension):
        select = self.source.dimension_select(dimension.name)
        path, columns, _sent = self._write(select, self.source.begin(), dimension.name)
        self.source.rollback()
        changed = self.loader.call(
            "dimension",
            name=dimension.name,
            path=str(path),
            columns=columns,
            source_key=self.source_key,
        )
        path.unlink()
        fault.reach("dimension_committed")
        return changed

    def _write(self, select, cr, name, mode="wb"):
        """Write the rows of a statement into a CSV file.

        Text is always quoted, so that an empty text is not taken for NULL.
        """
        described = self.source.describe(select)
        columns = [column for column, _type in described]
        quoted = ", ".join(c for c, type_ in described if type_ in TEXT_TYPES)
        path = self.folder / f"{name}.csv"
        options = f"FORMAT csv, FORCE_QUOTE ({quoted})" if quoted else "FORMAT csv"
        try:
            with open(path, mode, opener=_open_private, buffering=1 << 18) as file:
                cr.copy_expert(f"COPY ({select}) TO STDOUT ({options})", file)
        except Exception as error:
            # psycopg2 wraps what the file says into its own error.
            if "No space left" in str(error):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
            raise
        return path, columns, cr.rowcount

    def _take_batch(self):
        self._next_batch += 1
        return self._next_batch - 1

    def _fetch(self, chunk):
        name = f"events_{chunk.batch}"
        chunk.bad, chunk.unfit, chunk.keyless = None, [], 0
        with chunk.cursor() as cr:
            queued = chunk.count(cr)
            chunk.path, chunk.columns, chunk.sent = self._write(
                chunk.select(chunk.batch), cr, name
            )
            if chunk.sent != queued:
                self._fetch_fitted(chunk, name, cr)
        chunk.release()
        fault.reach("fetched")

    def _fetch_fitted(self, chunk, name, cr):
        select = chunk.select(chunk.batch, fitted=True)
        chunk.sent += self._write(select, cr, name, mode="ab")[2]
        chunk.unfit, chunk.keyless = chunk.read_unfit(cr)
        if chunk.unfit:
            select = chunk.quarantine_select(chunk.batch)
            chunk.bad = self._write(select, cr, f"quarantine_{chunk.batch}")[0]

    def load_events(self, chunk):
        answer = self._load(chunk)
        if answer == "bad values":
            self._fetch_again(chunk)
            answer = self._load(chunk)
        self._clearing = False
        chunk.path.unlink()
        if chunk.bad:
            chunk.bad.unlink()
        if answer["count"] != chunk.sent:
            raise TransferError(
                errors.COUNT_MISMATCH, sent=chunk.sent, taken=answer["count"]
            )
        fault.reach("target_committed")
        sent = chunk.sent + chunk.keyless
        return Loaded(chunk.batch, sent, answer["new"], chunk.unfit)

    def _load(self, chunk):
        first, last = chunk.get_keys()
        return self.loader.call(
            "events",
            path=str(chunk.path),
            columns=chunk.columns,
            bad=str(chunk.bad) if chunk.bad else None,
            batch=chunk.batch,
            source_key=self.source_key,
            first=first,
            last=last,
            expected=chunk.sent,
            keyless=chunk.keyless,
            suspicious=chunk.suspicious,
            clear=self._clearing,
        )

    def load_activities(self, select, keys):
        path, columns, _sent = self._write(select, self.source.begin(), "activities")
        self.source.rollback()
        changed = self.loader.call(
            "activities",
            path=str(path),
            columns=columns,
            source_key=self.source_key,
            keys=keys,
        )
        path.unlink()
        fault.reach("activities_committed")
        return changed

    def clear(self):
        self._clearing = True

    def rebuild(self):
        self._rebuilding = True

    def refresh(self):
        written = self.loader.call(
            "refresh",
            source_key=self.source_key,
            clear=self._clearing,
            rebuild=self._rebuilding,
        )
        self._rebuilding = False
        return written

    def newest_events(self, limit):
        return self.loader.call("newest", source_key=self.source_key, limit=limit)

    def latest_ranges(self, limit):
        return self.loader.call("ranges", source_key=self.source_key, limit=limit)

    def find_strangers(self, select):
        return self._compare("strangers", select, source_key=self.source_key)

    def take_back(self, select):
        return self._compare("take_back", select, source_key=self.source_key)

    def _compare(self, command, select, **values):
        path, columns, _sent = self._write(select, self.source.begin(), "known")
        self.source.rollback()
        answer = self.loader.call(command, path=str(path), columns=columns, **values)
        path.unlink()
        return answer

    def read_days(self, bounds):
        values = {"bounds": self._get_keys(bounds), "content": self._get_content()}
        rows = self.loader.call("days", **values)
        return {day: (count, total) for day, count, total in rows}

    def find_differences(self, select, bounds, days):
        values = {"bounds": self._get_keys(bounds), "content": self._get_content()}
        return self._compare("differences", select, **values, days=days)

    def forget_events(self, keys):
        self.loader.call("forget_events", keys=keys)

    def mend(self, part, parts):
        return self.loader.call(
            "mend", source_key=self.source_key, part=part, parts=parts
        )

    def publish(self):
        self.loader.call("publish")
        fault.reach("published")


def _open_private(path, flags):
    return os.open(path, flags, 0o600)
