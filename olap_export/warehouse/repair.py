"""Comparing a target with its source, and repairs, inside any target.

As in ``merge``, each function takes ``execute(statement)``.
"""

from . import merge, queries
from .columns import AMOUNTS, TELLING

# So many of the newest events are compared before each transfer.
NEWEST = 1000
# Of so many that came last the source is asked whether it has their numbers.
LATEST = 1_000_000
FOLLOWING = (
    "fact_opportunity_state",
    "bridge_opportunity_reference",
    "bridge_opportunity_rep",
    "bridge_opportunity_competitor",
)


def fill(name, names, source_key, **values):
    """Return a statement of ``sql/repair.sql``."""
    texts = queries.read_named("repair")
    return queries.fill(
        queries.fill(texts[name], is_known=texts["is_known"]),
        schema=names["schema"],
        source_key=source_key,
        offset=source_key * 10**12,
        known=", ".join(f"k.{column}" for column in TELLING),
        held=", ".join(f"fact_opportunity_event.{column}" for column in TELLING),
        amounts=" AND ".join(
            f"COALESCE(fact_opportunity_event.{column} = k.{column},"
            f" fact_opportunity_event.{column} IS NULL)"
            # Compared unless the target could not hold them.
            for column in AMOUNTS
        ),
        **values,
    )


def take_back(execute, names, engine, source_key):
    """Remove what the source does not have and all that followed from it.

    Compares everything with ``known``.

    :return: number of removed events
    """
    removed = execute(fill("take_back", names, source_key))
    execute(fill("take_back_quarantine", names, source_key))
    forget_states(execute, names, source_key)
    merge.refresh(execute, names, engine, source_key)
    return removed


def forget_states(execute, names, source_key):
    """Remove what follows from the events; the next refresh computes all of it."""
    for table in FOLLOWING:
        execute(fill("forget", names, source_key, table=table))
    execute(fill("stand_ins", names, source_key))
    merge.unapply(execute, names, source_key)
