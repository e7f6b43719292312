"""What an event says, as one number that Odoo's database and each engine agree upon.

The text of a value is the same everywhere, once it has the type of its column; so is
``md5``. What is left out: the batch, which is the target's own, and the local day,
which follows the time zone of the company and is only looked at for being near.
"""

from .column import Column

HASH = {
    "postgresql": "('x' || substr(md5({text}), 1, 12))::bit(48)::bigint",
    "duckdb": "CAST(concat('0x', substr(md5({text}), 1, 12)) AS BIGINT)",
}
# The moment has a place of its own, as one that could not be held was replaced.
LEFT_OUT = {"batch_id", "event_at", "event_date_key"}
_DAY = (
    "EXTRACT(year FROM {0}) * 10000 + EXTRACT(month FROM {0}) * 100"
    " + EXTRACT(day FROM {0})"
)
_IS_NEAR = (
    f"CASE WHEN event_date_key BETWEEN {_DAY.format('(event_at - INTERVAL {1})')}"
    f" AND {_DAY.format('(event_at + INTERVAL {1})')} THEN '' ELSE '!' END"
).replace("{1}", "'1 day'")


def content(columns, *, at_source):
    """Return the expression of all that an event says.

    :param columns: ``columns.Columns``
    :param at_source: over ``h``, ``z`` and ``f``, as the statement of fitted events
    """
    compared = [c for c in columns.event if c.name not in LEFT_OUT]
    parts = [_text(c, c.fitted() if at_source else c.name) for c in compared]
    text = " || '|' || ".join([*parts, "''" if at_source else _IS_NEAR])
    return text.replace("{moment}", "f.moment").replace("{lines}", "f.lines")


def _text(column: Column, value):
    type_ = column.type.replace(" NOT NULL", "")
    return f"coalesce(CAST(CAST({value} AS {type_}) AS VARCHAR), '~')"


def hashes(engine):
    """Return the places of the statements that compare: of a day and of an event."""
    text = HASH[engine]
    moment = "content || '|' || CAST(event_at AS VARCHAR)"
    return {
        "day_hash": text.replace("{text}", moment),
        "event_hash": text.replace("{text}", "content"),
    }
