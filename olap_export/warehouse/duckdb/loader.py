"""The process that writes a DuckDB file; started by ``engine_duckdb`` only.

Reads commands as JSON lines, ``["name", {arguments}]``, and answers each with a line:
``{"result": …}`` or ``{"error": name of a sentence in errors, "values": {…}}``.
"""

# ruff: noqa: S608 (the schemas and keys in the statements are our own)

import contextlib
import ctypes
import json
import os
import re
import resource
import shutil
import signal
import sys
from pathlib import Path

from .. import (
    errors,
    fault,
    merge,
    registry,
    repair,
    schema,
    star,
)
from ..activity import merge as activity_merge
from . import tables
from .activities import ActivityLoader
from .compare import NAMES, Comparison
from .events import EventLoader

SETTINGS = {
    "threads": "2",
    "memory_limit": "'512MB'",
    "preserve_insertion_order": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
PR_SET_PDEATHSIG = 1
# What a newer DuckDB would write by default cannot be read by an older one.
STORAGE_VERSION = "v1.0.0"
CSV_OPTIONS = (
    "header=false, auto_detect=false, delim=',', quote='\"', escape='\"',"
    " new_line='\\n', allow_quoted_nulls=false"
)


class DuckdbFile(EventLoader, ActivityLoader, Comparison):
    """The working file and what can be done with it: one public method a command."""

    def _import(self):
        try:
            import duckdb
        except ImportError:
            raise errors.TransferError(errors.DUCKDB_MISSING) from None
        self.duckdb = duckdb

    def open(self, path):
        """Open the working file, which locks it; before all commands but ``check``."""
        self._import()
        self.published = Path(path)
        self.work = Path(f"{path}.work")
        # What was published last. Without it, also after a crash, readers lack
        # something that was committed.
        self.note = Path(f"{path}.published")
        if not self.work.exists() and self.published.exists():
            self._copy(self.published, self.work)
        noted = self.note.read_text("ascii") if self.note.exists() else ""
        self.changed = noted != self._describe_published()
        self.replaced = bool(noted) and self.changed
        self._connect()

    def _describe_published(self):
        """Return what changes with any writing into the file that readers open."""
        if not self.published.exists():
            return "nothing"
        stat = self.published.stat()
        # What was written and is not in the file itself yet: readers see that, too.
        has_log = Path(f"{self.published}.wal").exists()
        return f"{stat.st_size} {stat.st_mtime_ns}{' and a log' * has_log}"

    def _connect(self):
        self.connection = self.duckdb.connect()
        for name, value in SETTINGS.items():
            self.connection.execute(f"SET {name} = {value}")
        # Of this file alone: another one in the folder is loaded at the same time.
        folder = f"{self.work}.tmp".replace("'", "''")
        self.connection.execute(f"SET temp_directory = '{folder}'")
        work = str(self.work).replace("'", "''")
        exists = self.work.exists()
        options = "" if exists else f" (STORAGE_VERSION '{STORAGE_VERSION}')"
        self.connection.execute(f"ATTACH '{work}' AS warehouse{options}")
        os.chmod(self.work, 0o640)
        self.connection.execute("USE warehouse")

    def execute(self, statement, values=None):
        """Run a statement; return its first row, or the number of touched rows."""
        self.connection.execute(statement, values)
        row = self.connection.fetchone()
        if statement.lstrip()[:6].upper() == "SELECT":
            return row
        return row[0] if row and isinstance(row[0], int) else 0

    def _begin(self):
        self.execute("BEGIN TRANSACTION")

    def _commit(self, *, changed=True):
        """Commit what readers will want to see, and remember that they do not yet.

        :param changed: False: readers miss nothing
        """
        if changed and self.note.exists():
            self.note.unlink()
            self._sync_folder()
        self.changed = self.changed or changed
        self.execute("COMMIT")

    def _sync_folder(self):
        """Make names in the folder survive a power failure."""
        folder = os.open(self.work.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def rollback(self):
        try:
            self.connection.execute("ROLLBACK")
        except self.duckdb.Error:
            return

    def _has_table(self, name):
        return self.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'warehouse'"
            " AND table_name = ?",
            [name],
        )[0]

    def _version(self):
        if not self._has_table("schema_version"):
            return 0
        return self.execute("SELECT max(version) FROM main.schema_version")[0] or 0

    def check(self, path):
        """Say what is there; touches nothing and needs no :meth:`open`."""
        published = Path(path)
        version = 0
        self._import()
        if published.exists():
            self.connection = self.duckdb.connect()
            name = str(published).replace("'", "''")
            self.connection.execute(f"ATTACH '{name}' AS warehouse (READ_ONLY)")
            self.connection.execute("USE warehouse")
            version = self._version()
            self.connection.close()
        return {
            "engine": f"DuckDB {self.duckdb.__version__}",
            "database": published.name,
            "schema": "main",
            "version": version,
            "may_create": True,
        }

    def create_tables(self):
        found = self._version()
        if found > star.VERSION:
            schema.check_version(found)
        has_tables = found or any(map(self._has_table, star.UNMISTAKABLE))
        # Not in the transaction: it may write into one database only.
        tables.attach_pattern(self)
        self._begin()
        self.execute("CREATE SCHEMA IF NOT EXISTS pii")
        if not has_tables:
            schema.create(self.execute, NAMES, "duckdb")
        else:
            if 0 < found < star.VERSION:
                schema.migrate(self.execute, NAMES, "duckdb", found)
            tables.restore_all(self)
        schema.fill(self.execute, NAMES)
        schema.create_views(self.execute, NAMES, "duckdb")
        self._commit()
        tables.detach_pattern(self)

    def _csv(self, path, table, columns=None):
        """Return the table function that reads a CSV file with the types of a table."""
        types = {
            row[0]: row[1]
            for row in self.connection.execute(f"DESCRIBE {table}").fetchall()
        }
        described = ", ".join(f"'{c}': '{types[c]}'" for c in columns or types)
        name = str(path).replace("'", "''")
        return f"read_csv('{name}', {CSV_OPTIONS}, columns={{{described}}})"

    def register(self, source, replace):
        schema.check_version(self._version())
        source_key = registry.register(
            self.execute,
            NAMES,
            registry.Applicant(**source),
            mark="?",
            replace=replace,
            # The lock of the file is ours.
            reserve=lambda _uuid: None,
        )
        return {
            "replaced": self.replaced,
            "source_key": source_key,
            "holds_activities": activity_merge.holds(self.execute, NAMES, source_key),
            "last_batch": registry.find_last_batch(self.execute, NAMES, source_key),
            "next_batch": self.execute(
                "SELECT coalesce(max(batch_id), 0) + 1 FROM main.etl_batch"
            )[0],
        }

    def add_columns(self, wanted):
        self._begin()
        added = schema.add_columns(self.execute, NAMES, "duckdb", wanted)
        self._commit(changed=bool(added))

    def fill(self):
        self._begin()
        self._commit(changed=merge.fill(self.execute, NAMES) > 0)

    def dimension(self, name, path, columns, source_key):
        dimension = next(d for d in star.DIMENSIONS if d.name == name)
        table = merge.table_of(dimension, NAMES)
        self._begin()
        self.execute(
            "CREATE OR REPLACE TEMP TABLE incoming AS"
            f" SELECT * FROM {self._csv(path, table, columns)}"
        )
        changed = merge.merge_dimension(
            self.execute, NAMES, dimension, columns, source_key
        )
        fault.reach("dimension_commit")
        self._commit(changed=changed > 0)
        return changed

    def refresh(self, source_key, clear, rebuild=False):
        self._begin()
        if clear:
            self._clear(source_key)
        if rebuild:
            repair.forget_states(self.execute, NAMES, source_key)
        written = merge.refresh(self.execute, NAMES, "duckdb", source_key)
        self.execute(
            "UPDATE main.etl_source SET transferred_at ="
            " CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP) WHERE source_key = ?",
            [source_key],
        )
        fault.reach("refresh_commit")
        self._commit(changed=clear or rebuild or written > 0)
        fault.reach("refresh_committed")
        return written

    def publish(self):
        """Replace the file that readers open by a copy of the working file."""
        if not self.changed:
            return
        self.execute("CHECKPOINT warehouse")
        self.connection.close()
        fault.reach("checkpointed")
        self._copy(self.work, self.published)
        with open(self.note, "w", encoding="ascii") as file:
            file.write(self._describe_published())
            file.flush()
            os.fsync(file.fileno())
        self.changed = False
        self._connect()

    def _copy(self, origin, destination):
        """Copy a closed file so that nobody ever sees half of it."""
        new = Path(f"{destination}.new")
        if new.is_dir():
            # Somebody else's.
            new = Path(f"{destination}.new.work")
        shutil.copyfile(origin, new)
        os.chmod(new, 0o640)
        with open(new, "rb") as file:
            os.fsync(file.fileno())
        fault.reach("copied_file")
        # What a client that died left beside a file belongs to that one alone.
        Path(f"{destination}.wal").unlink(missing_ok=True)
        os.replace(new, destination)
        Path(f"{destination}.wal").unlink(missing_ok=True)
        self._sync_folder()


def answer(database, name, arguments):
    """Run one command; turn errors into sentences."""
    try:
        return {"result": getattr(database, name)(**arguments)}
    except Exception as error:  # noqa: BLE001 the parent gets a sentence
        if name not in ("open", "check"):
            database.rollback()
        return explain(error)


def _is_broken(error):
    """Return whether an error says that the file holds no database any more."""
    return type(error).__name__ == "SerializationException" or re.search(
        "not a valid DuckDB database|[Cc]orrupt|checksum|Could not read (all|enough)",
        str(error),
    )


def explain(error):
    """Return the answer for an error, by the name of its sentence."""
    if isinstance(error, errors.TransferError):
        text, values = error.text, error.values
    elif match := re.search(r"Conflicting lock is held.*?PID (\d+)", str(error)):
        text, values = errors.DUCKDB_LOCKED, {"process": match.group(1)}
    elif re.search(
        r"No space|File too large|quota exceeded|[Nn]ot enough space|disk is full",
        str(error),
    ):
        text, values = errors.DISK_FULL, {}
    elif isinstance(error, PermissionError) or "Permission denied" in str(error):
        text, values = errors.DUCKDB_FOLDER, {}
    elif type(error).__name__ in ("CatalogException", "BinderException"):
        text, values = errors.TABLES_DAMAGED, {}
    else:
        reason = str(error).partition("\n")[0][:200] or type(error).__name__
        text = errors.DUCKDB_BROKEN if _is_broken(error) else errors.DUCKDB_FAILED
        values = {"reason": reason}
    name = next(key for key, value in vars(errors).items() if value == text)
    return {"error": name, "values": values}


def _end_with_parent():
    """Let Linux kill this process with the one that started it, even while stopped.

    The pipe tells the end of the parent to a process that reads, not to one that hangs.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main():
    """Answer commands until the parent closes the pipe."""
    _end_with_parent()
    # Odoo's soft limit of address space is too low for DuckDB; the hard one holds.
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    fault.arm()
    database = DuckdbFile()
    for line in sys.stdin:
        name, arguments = json.loads(line)
        sys.stdout.write(json.dumps(answer(database, name, arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
