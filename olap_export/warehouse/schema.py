"""Creating the tables and bringing earlier versions up to date.

``sql/schema.sql`` holds the newest version for every engine. ``sql/migrations`` holds
one script for each step from an earlier version, ``0002_<what>.sql`` for the step to
version 2; a script may have a variant for one engine, ``0002_<what>.duckdb.sql``.
Both ways must lead to the same tables, which a test checks.
"""

# ruff: noqa: S608 (the schemas and keys in the statements are our own)

import re
from pathlib import Path

from . import columns, merge, queries
from .activity import columns as activity_columns
from .errors import TABLES_MISSING, VERSION_EARLIER, VERSION_LATER, TransferError
from .star import VERSION, VIEWS

VIEW_FOLDER = Path(__file__).parent / "views"
MIGRATION_FOLDER = queries.SQL_FOLDER / "migrations"


def check_version(found):
    """Raise a sentence unless ``found`` is the version that this code knows."""
    if not found:
        raise TransferError(TABLES_MISSING)
    if found > VERSION:
        raise TransferError(VERSION_LATER, found=found, known=VERSION)
    if found < VERSION:
        raise TransferError(VERSION_EARLIER, found=found, known=VERSION)


def create(execute, names, engine):
    """Create all tables in an empty schema."""
    values = {
        **names,
        **columns.get_definitions(),
        "activity_columns": activity_columns.get_definition(),
    }
    for name in ("schema", f"{engine}_keys"):
        for statement in queries.split(queries.read(name)):
            execute(queries.fill(statement, **values))


def fill(execute, names):
    """Insert the rows that must be there whoever feeds the tables, if they are not."""
    merge.fill(execute, names)
    table = f"{names['schema']}.schema_version"
    execute(
        f"INSERT INTO {table} SELECT {VERSION}, CURRENT_TIMESTAMP"
        f" WHERE NOT EXISTS (SELECT 1 FROM {table})"
    )


def migrate(execute, names, engine, found, folder=MIGRATION_FOLDER):
    """Run the scripts of the steps from version ``found`` to the newest one."""
    for path in migrations(engine, found, folder):
        for statement in queries.split(path.read_text(encoding="utf-8")):
            execute(queries.fill(statement, **names))
    execute(
        f"UPDATE {names['schema']}.schema_version SET version = {VERSION},"
        " installed_at = CURRENT_TIMESTAMP"
    )


def migrations(engine, found, folder=MIGRATION_FOLDER):
    """Return the scripts to run for ``engine``, in order."""
    chosen = {}
    for path in sorted(Path(folder).glob("*.sql")):
        match = re.fullmatch(r"(\d{4})_(\w+)(?:\.(\w+))?\.sql", path.name)
        number, _what, only = match.groups()
        wanted = int(number) > found and only in (None, engine)
        if wanted and (only or number not in chosen):
            chosen[number] = path
    return [chosen[number] for number in sorted(chosen)]


def add_columns(execute, names, engine, wanted):
    """Give the facts columns that they lack, empty for the events that are there.

    :param wanted: ``{name: type}``
    :return: the names of those that were lacking
    """
    found = merge.read_carried(execute, names, engine).split(", ")
    lacking = [name for name in wanted if name not in found]
    for name in lacking:
        for table in ("event", "state"):
            execute(
                f"ALTER TABLE {names['schema']}.fact_opportunity_{table}"
                f" ADD COLUMN IF NOT EXISTS {name} {wanted[name]}"
            )
    return lacking


def create_views(execute, names, engine):
    """Replace all views; what is granted on them and built upon them stays."""
    folder = VIEW_FOLDER if engine == "postgresql" else VIEW_FOLDER / engine
    for view in VIEWS:
        text = (folder / f"{view}.sql").read_text(encoding="utf-8")
        for statement in queries.split(text):
            execute(queries.fill(statement, **names))
