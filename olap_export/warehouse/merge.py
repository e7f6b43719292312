"""What happens inside a target once the rows are there: the same for every engine.

Each function takes ``execute(statement)``, which runs one statement in the open
transaction and returns its first row, or the number of rows it touched.
"""

import datetime

from . import queries
from .columns import PRODUCTS
from .star import CARRIED, DIMENSIONS

# Clocks of servers differ by less, if they are not wrong.
CLOCKS_DIFFER = datetime.timedelta(days=1)


def table_of(dimension, names):
    return f"{names[dimension.schema]}.{dimension.name}"


def insert_members(execute, names, dimensions=DIMENSIONS):
    """Insert *Unknown*, *Not applicable* and *Erased* into every dimension."""
    for dimension in dimensions:
        labels = {"unknown": "", "not_applicable": "", "erased": ""}
        label = ""
        if dimension.label == "name":
            label = "name, "
            labels = {
                "unknown": "'Unknown', ",
                "not_applicable": "'Not applicable', ",
                "erased": "'Erased', ",
            }
        text = queries.read_named("dimension")["members"]
        execute(
            queries.fill(
                text,
                table=table_of(dimension, names),
                key=dimension.key,
                label=label,
                **labels,
            )
        )


def merge_dimension(execute, names, dimension, columns, source_key):
    """Bring a dimension up to the content of the temporary table ``incoming``.

    :param columns: names of the columns of ``incoming``
    :return: number of changed rows
    """
    compared = [column for column in columns if column != dimension.key]
    values = {
        "table": table_of(dimension, names),
        "table_name": dimension.name,
        "key": dimension.key,
        "columns": ", ".join(columns),
        "assignments": ", ".join(f"{c} = s.{c}" for c in compared),
        "current": ", ".join(f"{dimension.name}.{c}" for c in compared),
        "incoming": ", ".join(f"s.{c}" for c in compared),
        "source_key": source_key,
    }
    texts = queries.read_named("dimension")
    gone = "erase_deleted" if dimension.schema == "pii" else "mark_deleted"
    return sum(
        execute(queries.fill(texts[name], **values))
        for name in ("update", "insert", gone)
    )


def _literal(moment):
    return f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S}'"


def refresh(execute, names, engine, source_key):
    """Bring states, bridges and inferred members up to the events.

    :param engine: prefix of the statements that differ, for example ``duckdb``
    :return: number of state rows written
    """
    texts = {
        **queries.read_named("refresh"),
        **queries.read_named(f"{engine}_references"),
    }
    texts["insert_references"] = queries.fill(
        texts["insert_references"], lines=texts["lines"]
    )

    now = datetime.datetime.now(datetime.timezone.utc)

    def run(name, **values):
        return execute(
            queries.fill(
                texts[name],
                now=_literal(now),
                latest=_literal(now + CLOCKS_DIFFER),
                today=f"{now:%Y%m%d}",
                schema=names["schema"],
                source_key=source_key,
                offset=source_key * 10**12,
                carried=", ".join(CARRIED),
                products=", ".join(product.name for product in PRODUCTS),
                multiplied=",\n       ".join(p.expression() for p in PRODUCTS),
                batches="SELECT batch_id FROM new_batches",
                whole={"postgresql": "div", "duckdb": "divide"}[engine],
                **values,
            )
        )

    if not run("pending")[0]:
        # Employees may have come since.
        run("find_employees")
        run("applied")
        return 0
    first = not run("has_states")[0]
    run("new_batches")
    run("dirty")
    run("changed_first" if first else "changed")
    if not first:
        run("delete_states")
    written = run("insert_states")
    run("drop_changed_first" if first else "drop_changed")
    run("new_groups")
    run("insert_references")
    run("insert_reps")
    run("insert_competitors")
    run("find_employees")
    for dimension in DIMENSIONS:
        for column in dimension.facts:
            run(
                "infer",
                table=table_of(dimension, names),
                key=dimension.key,
                column=column,
            )
    run("applied")
    for statement in queries.split(texts["drop"]):
        execute(statement)
    return written
