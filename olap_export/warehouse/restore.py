"""Bringing back what somebody dropped from a target, or emptied.

Facts hold nothing that Odoo lacks: where one is damaged, all are emptied, and the next
transfer of each source finds that its batches are gone and sends everything again.
Dimensions also know what Odoo has forgotten, so they are mended where they are.
"""

# pylint: disable=method-required-super
# ruff: noqa: S608 (the schemas and keys in the statements are our own)

from . import merge, repair, star

# Without one of these nobody can tell which events are there.
ROOTS = {"fact_opportunity_event", "etl_batch", "etl_quarantine"}
# What a table cannot be without, where there are rows of another one.
EMPTIED = {
    "fact_opportunity_event": "etl_batch WHERE rows_new > 0",
    "etl_quarantine": "etl_batch WHERE rows_quarantined > 0",
    "etl_batch": "fact_opportunity_event",
    "fact_opportunity_state": "fact_opportunity_event",
    "bridge_opportunity_reference": "fact_opportunity_event"
    " WHERE reference_group_key <> -1",
    # One whose time is over has no weight.
    "bridge_opportunity_rep": "bridge_opportunity_reference"
    " WHERE kind = 'sales_representative' AND date_to = DATE '9999-12-31'",
    "bridge_opportunity_competitor": "bridge_opportunity_reference"
    " WHERE kind = 'competitor'",
}
# Made anew when a column is missing: written by place, or filled by nobody else.
PLAIN = {"etl_batch", "etl_quarantine", "etl_source", "schema_version", "dim_date"}
DIMENSIONS = {dimension.name: dimension for dimension in star.DIMENSIONS}


class Tables:
    """What an engine tells and does; ``wanted`` and ``found`` are
    ``{table: {column: definition}}``.
    """

    wanted: dict
    found: dict
    # Whether a table can get a column in the transaction that empties it.
    alters_emptied = True

    def create(self, table):
        raise NotImplementedError

    def add_column(self, table, column):
        raise NotImplementedError


def restore(execute, names, engine, tables):
    """Bring back what is missing; return the names of the damaged tables.

    The rows that every target has come afterwards, see ``schema.fill``.
    """
    lacking = {
        table: [column for column in columns if column not in tables.found[table]]
        for table, columns in tables.wanted.items()
        if table in tables.found
    }
    lacking = {table: columns for table, columns in lacking.items() if columns}
    missing = set(tables.wanted) - set(tables.found)
    damaged = missing | set(lacking)
    if not damaged:
        damaged = _find_emptied(execute, names)
    if not damaged:
        return damaged
    anew = {table for table in lacking if _is_made_anew(tables, table, lacking[table])}
    for table in sorted(anew):
        execute(f"DROP TABLE {_place(names, table)}")
    beyond = damaged - set(star.ACTIVITY_TABLES)
    _empty(execute, names, damaged, set(tables.found) - anew)
    missing |= anew
    for table in sorted(damaged):
        gone = lacking.get(table, ())
        if table in missing:
            tables.create(table)
        else:
            _add_columns(execute, names, tables, table, gone)
    for source_key in _sources(execute, names) if beyond else ():
        repair.forget_states(execute, names, source_key)
        merge.refresh(execute, names, engine, source_key)
    return damaged


def _find_emptied(execute, names):
    """Return the tables that hold nothing although something must be there."""
    dimensions = dict.fromkeys(DIMENSIONS, None)
    return {
        table
        for table, others in {**EMPTIED, **dimensions}.items()
        if not _holds(execute, _place(names, table))
        and (others is None or _holds(execute, f"{names['schema']}.{others}"))
    }


def _holds(execute, rows):
    return execute(f"SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT 1) r")[0] > 0


def _is_made_anew(tables, table, columns):
    if table in DIMENSIONS:
        return DIMENSIONS[table].key in columns
    return table in PLAIN or not tables.alters_emptied


def _place(names, table):
    schema = DIMENSIONS[table].schema if table in DIMENSIONS else "schema"
    return f"{names[schema]}.{table}"


def _empty(execute, names, damaged, found):
    emptied = set(repair.FOLLOWING) if damaged - set(star.ACTIVITY_TABLES) else set()
    if damaged & {*star.ACTIVITY_TABLES, "etl_source"}:
        emptied.add("fact_activity")
    if damaged & (ROOTS | {"etl_source"}):
        emptied |= set(star.FACTS)
    for table in sorted(emptied & found):
        execute(f"DELETE FROM {_place(names, table)}")
    if "etl_source" in damaged:
        # Keys contain the number of their source, which nobody knows any more.
        for table in sorted(set(DIMENSIONS) & found):
            execute(f"DELETE FROM {_place(names, table)}")
        damaged |= set(DIMENSIONS) & found


def _add_columns(execute, names, tables, table, columns):
    for column in columns:
        tables.add_column(table, column)
    if table in DIMENSIONS and columns:
        # Its special members come again with their names.
        key = DIMENSIONS[table].key
        execute(f"DELETE FROM {_place(names, table)} WHERE {key} <= 0")
    for column in columns:
        if table in DIMENSIONS and "NOT NULL" in tables.wanted[table][column]:
            key = DIMENSIONS[table].key
            value = "false"
            if column == "source_key":
                value = f"CASE WHEN {key} > 0 THEN {key} / {10**12} ELSE 0 END"
            execute(
                f"UPDATE {_place(names, table)} SET {column} = CAST({value} AS"
                f" {tables.wanted[table][column].replace(' NOT NULL', '')})"
            )


def _sources(execute, names):
    table = f"{names['schema']}.etl_source"
    last = execute(f"SELECT coalesce(max(source_key), 0) FROM {table}")[0]
    return range(1, last + 1)
