"""How the fact of a target follows the activities: the same for every engine.

As in ``merge``, each function takes ``execute(statement)``.
"""

from .. import merge, queries, star
from . import columns

FACT = star.Dimension("fact_activity", "activity_key")
# The columns that name a member of a dimension, by its key.
KEYS = {"partner_key": ("partner_key", "contact_key")}


def holds(execute, names, source_key):
    """Return whether the fact holds any activity of a source."""
    return execute(_fill("holds", names, offset=source_key * 10**12))[0] > 0


def load(execute, names, incoming, source_key, keys):
    """Bring the fact up to the temporary table ``incoming``.

    :param incoming: names of its columns
    :param keys: condition of the keys that it has, if there are such activities
    :return: number of rows that were changed, new or removed
    """
    changed = execute(_fill("doubles", names, keys=keys))
    changed += execute(_fill("gone", names, keys=keys))
    changed += merge.merge_rows(
        execute, names, FACT, incoming, source_key, ("update", "insert")
    )
    merge.infer(
        execute,
        names,
        source_key,
        "SELECT * FROM incoming",
        days=[column.name for column in columns.DAYS],
        members={
            dimension: KEYS.get(dimension.key, (dimension.key,))
            for dimension in star.DIMENSIONS
            if dimension.key in columns.MEMBERS and dimension.schema == "schema"
        },
    )
    return changed


def _fill(name, names, **values):
    text = queries.read_named("activity")[name]
    return queries.fill(text, schema=names["schema"], **values)
