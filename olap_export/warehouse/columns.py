"""The columns of an event: where each comes from, what it can hold, what else it gets.

The one description from which the facts, the statements of ``source_queue`` and
``merge`` are made and the tests generated, so that no column is forgotten. What else
the history tracks (``Columns.further``) is described by its type there. ``value`` and
``fits`` are expressions over ``h`` (a history row), ``z`` (company, time zone) and the
places that ``queries.fill`` knows; ``{moment}`` is when the event happened.

Each history row goes one of three ways:

plain
    nothing of it needs a look: ``Columns.plain`` holds, which costs little. What a
    column's own type refuses (a number with too many digits) comes to light as an error
    of the target, and then the chunk goes the second way as a whole.
fitted
    what does not fit is replaced: an amount by NULL, a day or member by *Unknown*, a
    moment by that of the row before. All the rest of the row counts, above all its
    status. The row as it was goes to ``etl_quarantine``.
set aside
    a row without a usable key, ``KEYED``: it is in ``etl_quarantine`` only.
"""

# ruff: noqa: S608 (the expressions are our own)

import dataclasses
import datetime
import re

from .column import (
    FURTHER,
    RATE,
    Column,
    Product,
    amount,
    limit,
    member,
    plain,
    share,
    text,
)
from .star import FIRST_DAY, LAST_DAY

# Local days may differ from UTC by one, and have to be in dim_date, too.
_EARLIEST = f"timestamp '{FIRST_DAY + datetime.timedelta(1)}'"
_MOMENTS = f"{_EARLIEST} AND timestamp '{LAST_DAY - datetime.timedelta(1)}'"
# Days that people enter may be any; dim_date gets those that it lacks.
_DAYS = "'0001-01-01' AND '9999-12-31'"
# Ids are parts of keys: key = source_key * 10^12 + id.
LARGEST_ID = 10**12 - 1
# DuckDB reads lines of a CSV file up to 2 million bytes, with quotes doubled. A
# character has up to 4.
LONGEST_LINES = 800_000
LONGEST_TEXT = 400_000


KEYED = f"h.id BETWEEN 1 AND {LARGEST_ID} AND h.opportunity_id > 0"
TIMELY = f"h.changed_at BETWEEN {_MOMENTS}"
# History rows are numbered as they come: the one before happened hardly earlier.
MOMENT = (
    f"CASE WHEN {TIMELY} THEN h.changed_at ELSE coalesce((SELECT b.changed_at"
    " FROM relationship_opportunity_history b"
    f" WHERE b.id < h.id AND b.changed_at BETWEEN {_MOMENTS}"
    f" ORDER BY b.id DESC LIMIT 1), {_EARLIEST}) END"
)

_LINES = "h.reference_lines"
_IS_LIST = f"jsonb_typeof({_LINES}) = 'array'"
# As the trigger writes them, see relationship_reference_capture.sql; a missing value is
# no value. In strict mode a list is never taken for what is in it, and what is missing
# is neither so nor not so.
_IS_ID = '@.type() == "number" && @ > 0 && @ < 1000000000000 && @.floor() == @'
_IS_SHARE = '@.type() == "number" && @ >= 0 && @ <= 100'
_IS_WORD = '@.type() == "string"'
_IS_DAY = (
    '@ like_regex "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" && @ > "0001"'
)
_KINDS = {
    _IS_ID: ("partner_id", "contact_id", "type_id"),
    _IS_SHARE: ("share",),
    _IS_WORD: ("kind", "influence", "attitude"),
    _IS_DAY: ("date_from", "date_to"),
}
_BAD_LINE = " || ".join(
    [
        '@.type() != "object"',
        f"!exists(@.id ? ({_IS_ID}))",
        f"(exists(@.id ? ({_IS_ID}))) is unknown",
        *(
            f"exists(@.{name} ? (@ != null && !({condition})))"
            for condition, names in _KINDS.items()
            for name in names
        ),
    ]
)
_BAD_LINE = f"'strict $[*] ? ({_BAD_LINE})'"
_GOOD_LINES = (
    f"({_IS_LIST} AND octet_length({_LINES}::text) <= {LONGEST_LINES}"
    f" AND NOT jsonb_path_exists({_LINES}, {_BAD_LINE}, silent => true)"
    # No lines at all: what earlier versions wrote after the last one was removed.
    f" OR {_LINES} = 'null')"
)
_KEPT_LINES = (
    f"CASE WHEN {_IS_LIST} AND octet_length({_LINES}::text) <= {LONGEST_LINES}"
    f" THEN {_LINES} END"
)

_GROUP = (
    "coalesce(jsonb_hash_extended({lines}, {source_key}) & 9223372036854775807, -1)"
)
_LOCAL_DAY = (
    "to_char({moment} AT TIME ZONE 'UTC' AT TIME ZONE"
    " coalesce(z.time_zone, {time_zone}), 'YYYYMMDD')::integer"
)
_LARGEST_RATE = limit(RATE)
_BIGINT, _INTEGER, _VARCHAR = "bigint NOT NULL", "integer NOT NULL", "varchar NOT NULL"

EVENT_COLUMNS = (
    Column("event_key", _BIGINT, "h.id + {offset}", "id"),
    Column("opportunity_key", _BIGINT, "h.opportunity_id + {offset}", "opportunity_id"),
    Column("batch_id", _BIGINT, "{batch}::bigint", state=False),
    plain("transaction_id", _BIGINT, state=False),
    Column("event_at", "timestamp NOT NULL", "{moment}", "changed_at", state=False),
    member("company_key", "company_id"),
    member("employee_key", "user_id"),
    member("team_key", "team_id"),
    member("partner_key", "partner_id"),
    member("opportunity_type_key", "opportunity_type_id"),
    member("stage_key", "stage_id"),
    member("campaign_key", "campaign_id"),
    member("lost_reason_key", "lost_reason_id"),
    member("currency_key", "currency_id"),
    member("group_currency_key", "group_currency_id"),
    member("changed_by_key", "changed_by_id", state=False),
    member("merged_into_key", "merged_into_id", state=False),
    Column("reference_group_key", _BIGINT, _GROUP, "reference_lines"),
    Column("event_date_key", _INTEGER, _LOCAL_DAY, "changed_at", state=False),
    Column(
        "closing_date_key",
        _INTEGER,
        "coalesce(to_char(h.date_deadline, 'YYYYMMDD')::integer, -1)",
        "date_deadline",
        f"h.date_deadline BETWEEN {_DAYS}",
        "0",
    ),
    Column("source_key", "smallint NOT NULL", "{source_key}::smallint"),
    plain("binding", "boolean NOT NULL"),
    plain("apply_probability", "boolean NOT NULL"),
    plain("is_automated_probability", "boolean"),
    text("event", _VARCHAR),
    text("path", _VARCHAR, state=False),
    text("status", _VARCHAR),
    text("previous_status", state=False),
    text("lead_type"),
    share("probability"),
    share("automated_probability"),
    amount("expected_revenue"),
    amount("recurring_revenue", state=False),
    amount("recurring_revenue_monthly"),
    amount("contribution_margin"),
    amount("forecast_revenue"),
    amount("forecast_margin"),
    Column(
        "group_rate",
        RATE,
        "h.group_rate{rate}",
        "group_rate",
        # A rate that is rounded to 0 would make nothing of every amount.
        f"h.group_rate >= 0.0000000000000000005 AND h.group_rate < {_LARGEST_RATE}",
    ),
    Column(
        "reference_lines", "varchar", "{lines}::text", "reference_lines", state=False
    ),
)
# Columns of the history that describe the opportunity instead, see dim_opportunity.
_DESCRIBING = {"number", "name"}

# Columns of fact_opportunity_state that its events do not have.
PRODUCTS = (
    Product("expected_revenue_group", "expected_revenue"),
    Product("contribution_margin_group", "contribution_margin"),
    Product("forecast_revenue_group", "forecast_revenue"),
    Product("forecast_margin_group", "forecast_margin"),
)
_PERIOD = (
    "valid_from timestamp NOT NULL",
    "valid_to timestamp NOT NULL",
    "valid_from_date_key integer NOT NULL",
    "valid_to_date_key integer NOT NULL",
    "is_current boolean NOT NULL",
)
_WIDTHS = "bigint timestamp integer smallint boolean varchar numeric"
# Names in the facts, and in the statements that make states of events: a further column
# has none of them.
TAKEN = frozenset(
    {
        *(column.name for column in EVENT_COLUMNS),
        *(definition.partition(" ")[0] for definition in _PERIOD),
        *(product.name for product in PRODUCTS),
        *("loaded_at", "from_date_key", "next_from", "next_date_key"),
    }
)


class Columns:
    """All columns of the events of one source.

    :param types: ``{column of the history: type}``, as Odoo's database says it
    :ivar further: those that a target may have to be given first
    """

    def __init__(self, types=None):
        known = _DESCRIBING | {column.origin for column in EVENT_COLUMNS}
        self.further = tuple(
            _name_apart(
                FURTHER[type_](name)
                for name, type_ in (types or {}).items()
                if name not in known and type_ in FURTHER
            )
        )
        self.event = (*EVENT_COLUMNS, *self.further)
        self.fits = _all(condition for _name, condition in self._conditions())
        self.plain = _all(self._cheap())

    def _conditions(self):
        """Yield ``(name of what does not fit, condition)`` for everything in a row."""
        for column in self.event:
            if column.fits:
                yield column.origin, column.fits
        yield "changed_at", TIMELY
        yield "reference_lines", _GOOD_LINES
        for product in PRODUCTS:
            yield product.name, product.fits()

    def reasons(self):
        """Return the expression that names what does not fit."""
        cases = ", ".join(
            f"CASE WHEN NOT coalesce({condition}, true) THEN '{name}' END"
            for name, condition in self._conditions()
        )
        return f"concat_ws(', ', {cases})"

    def _cheap(self):
        """Yield conditions that hold for nearly all rows, fit, and cost little."""
        ids = [c.origin for c in self.event if c.origin.endswith("_id")]
        members = ", ".join(f"h.{name}" for name in ids if name != "transaction_id")
        yield f"h.id BETWEEN 1 AND {LARGEST_ID} AND least({members}) > 0"
        yield TIMELY
        yield f"h.date_deadline BETWEEN {_DAYS}"
        for column in self.event:
            if "octet_length" in column.fits:
                yield column.fits
        amounts = ", ".join(f"h.{product.amount}" for product in PRODUCTS)
        yield (
            "h.group_rate = 1 OR h.group_rate BETWEEN 0.000000001 AND 1000"
            f" AND greatest({amounts}) < 1e11 AND least({amounts}) > -1e11"
        )
        # The fact's own constraint does not know these.
        yield "h.forecast_revenue <> 'NaN' AND h.forecast_margin <> 'NaN'"
        yield from (column.fits for column in self.further if column.fits)
        # A list this small when packed is no longer than half a million bytes.
        yield (
            f"{_IS_LIST} AND pg_column_size({_LINES}) < 2000 AND"
            f" NOT jsonb_path_exists({_LINES}, {_BAD_LINE}, silent => true)"
        )

    def select_list(self, *, fitted):
        """Return the list of an event's columns for a SELECT, to be filled."""
        listed = ",\n       ".join(
            f"{c.fitted() if fitted else c.value} AS {c.name}" for c in self.event
        )
        moment, lines = ("f.moment", "f.lines") if fitted else ("h.changed_at", _LINES)
        return listed.replace("{moment}", moment).replace("{lines}", lines)


def _name_apart(further):
    """Yield further columns, each with a name that no other column has."""
    taken = set(TAKEN)
    for column in further:
        name = column.name
        while name in taken:
            name = f"lead_{name}"
        taken.add(name)
        yield dataclasses.replace(column, name=name)


def _all(conditions):
    return " AND ".join(f"coalesce({condition}, true)" for condition in conditions)


def get_definitions():
    """Return the columns of the two facts, for ``sql/schema.sql``."""
    carried = [
        f"{column.name} {column.type}" for column in EVENT_COLUMNS if column.state
    ]
    state = [*carried[:2], *_PERIOD, *carried[2:]]
    state += [f"{product.name} {product.type}" for product in PRODUCTS]
    return {
        "event_columns": ",\n".join(f"{c.name} {c.type}" for c in EVENT_COLUMNS),
        "state_columns": ",\n".join(sorted(state, key=_place)),
    }


def _place(definition):
    """Put what is wide first: that leaves no gaps."""
    return _WIDTHS.index(re.split(r"[ (]", definition)[1])


# The columns that hold amounts, with their digits behind the point.
AMOUNTS = {
    column.name: re.search(r"\d+(?=\))", column.type).group()
    for column in EVENT_COLUMNS
    if column.type.startswith("numeric")
}
# What tells an event from others, beside its key, its time and its amounts, if a target
# could hold these.
TELLING = (
    *("opportunity_key", "transaction_id", "company_key", "employee_key", "team_key"),
    *("partner_key", "stage_key", "changed_by_key", "merged_into_key", "binding"),
    *("event", "path", "status", "previous_status", "lead_type"),
)


def telling_list():
    """Return the list of what tells events from others, as a target holds it."""
    named = {column.name: column for column in EVENT_COLUMNS}
    values = {name: named[name].fitted() for name in ("event_key", *TELLING)} | {
        name: f"CASE WHEN {column.fits} THEN round({column.value}, {scale}) END"
        for name, scale in AMOUNTS.items()
        for column in (named[name],)
    }
    return ",\n       ".join(f"{value} AS {name}" for name, value in values.items())


FITTED_FROM = (
    f"CROSS JOIN LATERAL (SELECT {MOMENT} AS moment, {_KEPT_LINES} AS lines OFFSET 0) f"
)
