"""What happens inside a target once the rows are there: the same for every engine.

Each function takes ``execute(statement)``, which runs one statement in the open
transaction and returns its first row, or the number of rows it touched.
"""

# ruff: noqa: S608 (the schemas and keys in the statements are our own)

import datetime

from . import queries
from .columns import PRODUCTS
from .star import DIMENSIONS, ENDLESS, FIRST_DAY, LAST_DAY

NEW_BATCHES = "SELECT batch_id FROM new_batches"
NEW_GROUPS = "SELECT reference_group_key FROM new_groups"
# Statements within others.
INNER = (
    ("changed", "events"),
    ("changed_all", "events"),
    ("insert_states", "states"),
    ("wrong_states", "states"),
    ("insert_references", "lines"),
    ("insert_reps", "periods"),
)
# Clocks of servers differ by less, if they are not wrong.
CLOCKS_DIFFER = datetime.timedelta(days=1)
# What every dimension holds beside the members of its sources.
MEMBERS = {
    "unknown": "'Unknown'",
    "not_applicable": "'Not applicable'",
    "erased": "'Erased'",
}


# What an update writes of a member, and of one that is gone in a column that stays.
GIVEN = "s.{column}"
REMEMBERED = (
    "CASE WHEN s.is_deleted THEN COALESCE({table_name}.{column}, s.{column})"
    " ELSE s.{column} END"
)


def table_of(dimension, names):
    return f"{names[dimension.schema]}.{dimension.name}"


def fill(execute, names):
    """Insert what every dimension holds, *Unknown*, *Not applicable*, *Erased*, and
    the days, as far as it is missing; return the number of rows.
    """
    texts = queries.read_named("dimension")
    added = fill_days(execute, names, _read_calendar())
    for dimension in DIMENSIONS:
        named = dimension.label == "name"
        labels = {k: f"{name}, " if named else "" for k, name in MEMBERS.items()}
        added += execute(
            queries.fill(
                texts["members"],
                table=table_of(dimension, names),
                key=dimension.key,
                label="name, " if named else "",
                **labels,
            )
        )
    return added


def mend(execute, names):
    """Let the days and members that every target has say what they are, as inserted."""
    text = queries.read_named("dimension")["mend_members"]
    for dimension in DIMENSIONS:
        if dimension.label == "name":
            values = {"table": table_of(dimension, names), "key": dimension.key}
            execute(queries.fill(text, table_name=dimension.name, **values, **MEMBERS))
    fill_days(execute, names, _read_calendar(), "mend_days")


def _read_calendar():
    text = queries.read_named("dimension")["calendar"]
    return queries.fill(text, first_day=FIRST_DAY, last_day=LAST_DAY, endless=ENDLESS)


def fill_days(execute, names, moments, statement="days"):
    """Insert the days of a statement that are missing; return the number of rows."""
    texts = queries.read_named("dimension")
    expected = queries.fill(texts["expected_days"], moments=moments)
    text = queries.fill(texts[statement], schema=names["schema"], expected=expected)
    return execute(text)


def merge_dimension(execute, names, dimension, columns, source_key):
    """Bring a dimension up to the content of the temporary table ``incoming``.

    :param columns: names of the columns of ``incoming``
    :return: number of changed rows
    """
    gone = "erase_deleted" if dimension.schema == "pii" else "mark_deleted"
    statements = ("update", "insert", gone)
    return merge_rows(execute, names, dimension, columns, source_key, statements)


def merge_rows(execute, names, dimension, columns, source_key, statements):
    """Run statements of ``dimension.sql`` that merge ``incoming`` into a table.

    :return: number of changed rows
    """
    compared = [column for column in columns if column != dimension.key]
    given = {
        c: queries.fill(
            REMEMBERED if c in dimension.remembered else GIVEN,
            column=c,
            table_name=dimension.name,
        )
        for c in compared
    }
    values = {
        "table": table_of(dimension, names),
        "table_name": dimension.name,
        "key": dimension.key,
        "columns": ", ".join(columns),
        "assignments": ", ".join(f"{c} = {value}" for c, value in given.items()),
        "current": ", ".join(f"{dimension.name}.{c}" for c in compared),
        "incoming": ", ".join(given.values()),
        "source_key": source_key,
    }
    texts = queries.read_named("dimension")
    return sum(execute(queries.fill(texts[name], **values)) for name in statements)


def _literal(moment):
    return f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S}'"


def read_carried(execute, names, engine):
    """Return the columns that a state takes over from its event as they are."""
    text = queries.read_named(f"{engine}_references")["carried"]
    # Without one of the tables there is none: what follows tells that.
    return execute(queries.fill(text, **names))[0] or ""


def unapply(execute, names, source_key):
    """Let the next refresh compute all states."""
    text = queries.read_named("refresh")["unapply"]
    execute(queries.fill(text, schema=names["schema"], source_key=source_key))


def make_runner(execute, names, engine, source_key):
    """Return a function that runs a statement of ``refresh.sql`` or ``compare.sql``.

    :param engine: prefix of the statements that differ, for example ``duckdb``
    """
    texts = {
        **queries.read_named("refresh"),
        **queries.read_named("compare"),
        **queries.read_named(f"{engine}_references"),
    }
    for outer, inner in INNER:
        texts[outer] = queries.fill(texts[outer], **{inner: texts[inner]})
    now = datetime.datetime.now(datetime.timezone.utc)
    usual = {
        "now": _literal(now),
        "latest": _literal(now + CLOCKS_DIFFER),
        "differ": f"INTERVAL '{CLOCKS_DIFFER.days} day'",
        "schema": names["schema"],
        "source_key": source_key,
        "offset": source_key * 10**12,
        "carried": read_carried(execute, names, engine),
        "products": ", ".join(product.name for product in PRODUCTS),
        "multiplied": ",\n       ".join(p.expression() for p in PRODUCTS),
        "batches": NEW_BATCHES,
        "whole": {"postgresql": "div", "duckdb": "divide"}[engine],
    }

    def run(name, **values):
        # First what belongs to this one: it may have places of its own.
        return execute(queries.fill(texts[name], **values, **_without(usual, values)))

    return run


def _without(usual, values):
    return {name: value for name, value in usual.items() if name not in values}


def refresh(execute, names, engine, source_key):
    """Bring states, bridges and inferred members up to the events.

    :return: number of state rows written
    """
    run = make_runner(execute, names, engine, source_key)
    first = not run("has_states")[0]
    if first:
        # Also when somebody emptied them.
        run("unapply")
    if not run("pending")[0]:
        # Employees may have come since.
        run("find_employees")
        run("applied")
        return 0
    run("new_batches")
    run("dirty")
    if first:
        # There is nothing to merge with, and no need to copy all events.
        run("changed_all", chosen="batch_id IN ({batches})")
    else:
        run("changed")
        run("delete_states")
        run("delete_doubles")
    written = run("insert_states")
    run("drop_changed_all" if first else "drop_changed")
    run("new_groups")
    run("insert_references")
    run("insert_reps")
    run("insert_competitors")
    infer_of_groups(execute, names, source_key, NEW_GROUPS)
    run("find_employees")
    infer_of(execute, names, source_key, NEW_BATCHES)
    run("applied")
    for name in ("groups", "dirty", "batches"):
        run(f"drop_{name}")
    return written


def infer_of(execute, names, source_key, batches):
    """Insert the days and members that events name before anybody else does.

    :param batches: statement that gives the batches of the events
    """
    infer(
        execute,
        names,
        source_key,
        f"SELECT * FROM {names['schema']}.fact_opportunity_event"
        f" WHERE batch_id IN ({batches})",
        days=("closing_date_key", "event_date_key"),
        members={dimension: dimension.facts for dimension in DIMENSIONS},
    )


def infer_of_groups(execute, names, source_key, groups):
    """Insert the members that references name and nobody else does, any more.

    :param groups: statement that gives the groups of references
    """
    infer(
        execute,
        names,
        source_key,
        f"SELECT * FROM {names['schema']}.bridge_opportunity_reference"
        f" WHERE source_key = {source_key} AND reference_group_key IN ({groups})",
        members={dimension: dimension.groups for dimension in DIMENSIONS},
    )


def infer(execute, names, source_key, rows, *, members, days=()):
    """Insert the days and members that some rows name before anybody else does.

    :param rows: statement that gives them
    :param days: their columns that name days
    :param members: ``{dimension: columns}``
    """
    texts = queries.read_named("refresh")
    if days:
        keys = " UNION ".join(f"SELECT {d} AS date_key FROM ({rows}) r" for d in days)
        moments = queries.fill(texts["days"], keys=keys, schema=names["schema"])
        fill_days(execute, names, moments)
    for dimension, columns in members.items():
        for column in columns:
            values = {"table": table_of(dimension, names), "key": dimension.key}
            values |= {"column": column, "rows": rows, "source_key": source_key}
            offset = source_key * 10**12
            execute(queries.fill(texts["infer"], **values, offset=offset))
