"""The columns of an event: where each comes from, what it can hold, what else it gets.

The one description from which the statements of ``source_queue`` and ``merge`` are made
and the tests generated, so that no column is forgotten. ``value`` and ``fits`` are
expressions over ``h`` (a history row), ``z`` (company, time zone) and the places that
``queries.fill`` knows; ``{moment}`` is when the event happened.

Each history row goes one of three ways:

plain
    nothing of it needs a look: ``PLAIN`` holds, which costs little. What a column's own
    type refuses (a number with too many digits) comes to light as an error of the
    target, and then the chunk goes the second way as a whole.
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

from .star import FIRST_DAY, LAST_DAY

# Local days may differ from UTC by one, and have to be in dim_date, too.
_EARLIEST = f"timestamp '{FIRST_DAY + datetime.timedelta(1)}'"
_MOMENTS = f"{_EARLIEST} AND timestamp '{LAST_DAY - datetime.timedelta(1)}'"
_DAYS = f"'{FIRST_DAY}' AND '{LAST_DAY}'"
# Ids are parts of keys: key = source_key * 10^12 + id.
# Anything longer was never one of Odoo's words.
_LONGEST_WORD = 1000
# DuckDB reads lines of a CSV file up to 2 million bytes, with quotes doubled. A
# character has up to 4.
LONGEST_LINES = 800_000
LONGEST_TEXT = 400_000


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of ``fact_opportunity_event``.

    :param type: as in ``sql/schema.sql``
    :param value: the expression that fills it
    :param fits: condition under which the value can be held; empty: always
    :param otherwise: expression for what it holds instead
    :param origin: column of the history that decides, for messages and tests
    """

    name: str
    type: str
    value: str
    fits: str = ""
    otherwise: str = "NULL"
    origin: str = ""

    def fitted(self):
        """Return the expression that never fails."""
        if not self.fits:
            return self.value
        return (
            f"CASE WHEN coalesce({self.fits}, true) THEN {self.value}"
            f" ELSE {self.otherwise} END"
        )


@dataclasses.dataclass(frozen=True)
class Product:
    """An amount of a state in the group currency: computed in the target."""

    name: str
    amount: str
    type: str = "numeric(18,4)"

    def expression(self):
        """Return the expression over columns of the event, NULL where it overflows."""
        product = f"CAST({self.amount} AS NUMERIC(28,4)) * group_rate"
        return (
            f"CASE WHEN ABS({product}) < {limit(self.type)}"
            # Not every engine rounds before it looks whether a value fits.
            f" THEN CAST(ROUND({product}, 4) AS {self.type.upper()}) END"
        )

    def fits(self):
        """Return the same condition over the history, where its factors fit."""
        return (
            f"CASE WHEN abs(h.{self.amount}) < {limit(self.type)}"
            f" AND abs(h.group_rate) < {limit('numeric(18,10)')}"
            f" THEN abs(round(h.{self.amount}, 4) * round(h.group_rate, 10))"
            f" < {limit(self.type)} END"
        )


def limit(type_):
    """Return what a numeric type cannot hold any more, as it rounds: ``numeric(4,1)``
    holds 999.94, but not 999.95.
    """
    precision, scale = map(int, re.findall(r"\d+", type_))
    return "9" * (precision - scale) + "." + "9" * scale + "5"


def _number(name, type_, cast, value=None):
    value = value or f"h.{name}"
    return Column(
        name,
        type_,
        f"({value}){{{cast}}}",
        f"abs({value}) < {limit(type_)}",
        origin=name,
    )


def _amount(name):
    return _number(name, "numeric(18,4)", "money")


def _share(name):
    return _number(name, "numeric(9,6)", "share", f"h.{name} * 0.01")


def _member(name, origin):
    return Column(
        name,
        "bigint",
        f"coalesce(h.{origin} + {{offset}}, -1)",
        f"h.{origin} > 0",
        otherwise="0",
        origin=origin,
    )


def _text(name):
    return Column(
        name,
        "varchar",
        f"h.{name}",
        f"octet_length(h.{name}) <= {_LONGEST_WORD}",
        otherwise=f"left(h.{name}, 100)",
        origin=name,
    )


def _plain(name, type_):
    return Column(name, type_, f"h.{name}", origin=name)


KEYED = "h.id > 0 AND h.opportunity_id > 0"
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
_KINDS = {
    _IS_ID: ("partner_id", "contact_id", "type_id"),
    _IS_SHARE: ("share",),
    _IS_WORD: ("kind", "influence", "attitude"),
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

EVENT_COLUMNS = (
    Column("event_key", "bigint", "h.id + {offset}", origin="id"),
    Column(
        "opportunity_key",
        "bigint",
        "h.opportunity_id + {offset}",
        origin="opportunity_id",
    ),
    Column("batch_id", "bigint", "{batch}::bigint"),
    _plain("transaction_id", "bigint"),
    Column("event_at", "timestamp", "{moment}", origin="changed_at"),
    _member("company_key", "company_id"),
    _member("employee_key", "user_id"),
    _member("team_key", "team_id"),
    _member("partner_key", "partner_id"),
    _member("opportunity_type_key", "opportunity_type_id"),
    _member("stage_key", "stage_id"),
    _member("campaign_key", "campaign_id"),
    _member("lost_reason_key", "lost_reason_id"),
    _member("currency_key", "currency_id"),
    _member("group_currency_key", "group_currency_id"),
    _member("changed_by_key", "changed_by_id"),
    _member("merged_into_key", "merged_into_id"),
    Column(
        "reference_group_key",
        "bigint",
        "coalesce(jsonb_hash_extended({lines}, {source_key})"
        " & 9223372036854775807, -1)",
        origin="reference_lines",
    ),
    Column(
        "event_date_key",
        "integer",
        "to_char({moment} AT TIME ZONE 'UTC' AT TIME ZONE"
        " coalesce(z.time_zone, {time_zone}), 'YYYYMMDD')::integer",
        origin="changed_at",
    ),
    Column(
        "closing_date_key",
        "integer",
        "coalesce(to_char(h.date_deadline, 'YYYYMMDD')::integer, -1)",
        f"h.date_deadline BETWEEN {_DAYS}",
        otherwise="0",
        origin="date_deadline",
    ),
    Column("source_key", "smallint", "{source_key}::smallint"),
    _plain("binding", "boolean"),
    _plain("apply_probability", "boolean"),
    _plain("is_automated_probability", "boolean"),
    _text("event"),
    _text("path"),
    _text("status"),
    _text("previous_status"),
    _text("lead_type"),
    _share("probability"),
    _share("automated_probability"),
    _amount("expected_revenue"),
    _amount("recurring_revenue"),
    _amount("recurring_revenue_monthly"),
    _amount("contribution_margin"),
    _amount("forecast_revenue"),
    _amount("forecast_margin"),
    Column(
        "group_rate",
        "numeric(18,10)",
        "h.group_rate{rate}",
        # A rate that is rounded to 0 would make nothing of every amount.
        f"h.group_rate >= 0.00000000005 AND h.group_rate < {limit('numeric(18,10)')}",
        origin="group_rate",
    ),
    Column("reference_lines", "varchar", "{lines}::text", origin="reference_lines"),
)

# Columns of fact_opportunity_state that its events do not have.
PRODUCTS = (
    Product("expected_revenue_group", "expected_revenue"),
    Product("contribution_margin_group", "contribution_margin"),
    Product("forecast_revenue_group", "forecast_revenue"),
    Product("forecast_margin_group", "forecast_margin"),
)


def _conditions():
    """Yield ``(name of what does not fit, condition)`` for everything in a row."""
    for column in EVENT_COLUMNS:
        if column.fits:
            yield column.origin, column.fits
    yield "changed_at", TIMELY
    yield "reference_lines", _GOOD_LINES
    for product in PRODUCTS:
        yield product.name, product.fits()


FITS = " AND ".join(
    f"coalesce({condition}, true)" for _name, condition in _conditions()
)
REASONS = (
    "concat_ws(', ', "
    + ", ".join(
        f"CASE WHEN NOT coalesce({condition}, true) THEN '{name}' END"
        for name, condition in _conditions()
    )
    + ")"
)


def _cheap():
    """Yield conditions that hold for nearly all rows, fit, and cost little."""
    ids = [c.origin for c in EVENT_COLUMNS if c.origin.endswith("_id")]
    members = ", ".join(f"h.{name}" for name in ids if name != "transaction_id")
    yield f"h.id > 0 AND least({members}) > 0"
    yield TIMELY
    yield f"h.date_deadline BETWEEN {_DAYS}"
    for column in EVENT_COLUMNS:
        if "octet_length" in column.fits:
            yield column.fits
    amounts = ", ".join(f"h.{product.amount}" for product in PRODUCTS)
    yield (
        "h.group_rate = 1 OR h.group_rate BETWEEN 0.000000001 AND 1000"
        f" AND greatest({amounts}) < 1e11 AND least({amounts}) > -1e11"
    )
    # The fact's own constraint does not know these two.
    yield "h.forecast_revenue <> 'NaN' AND h.forecast_margin <> 'NaN'"
    # A list this small when packed is no longer than half a million bytes.
    yield (
        f"{_IS_LIST} AND pg_column_size({_LINES}) < 2000 AND"
        f" NOT jsonb_path_exists({_LINES}, {_BAD_LINE}, silent => true)"
    )


PLAIN = " AND ".join(f"coalesce({condition}, true)" for condition in _cheap())


def select_list(*, fitted):
    """Return the list of an event's columns for a SELECT, to be filled."""
    if not fitted:
        text = ",\n       ".join(f"{c.value} AS {c.name}" for c in EVENT_COLUMNS)
        return text.replace("{moment}", "h.changed_at").replace("{lines}", _LINES)
    text = ",\n       ".join(f"{c.fitted()} AS {c.name}" for c in EVENT_COLUMNS)
    return text.replace("{moment}", "f.moment").replace("{lines}", "f.lines")


# What tells an event from others, beside its time and amounts.
_TELLING = (
    *("event_key", "opportunity_key", "transaction_id", "company_key", "employee_key"),
    *("team_key", "partner_key", "stage_key", "changed_by_key", "merged_into_key"),
    *("binding", "event", "path", "status", "previous_status", "lead_type"),
)


def telling_list():
    """Return the list of what tells events from others, as a target holds it."""
    named = {column.name: column for column in EVENT_COLUMNS}
    values = {name: named[name].fitted() for name in _TELLING} | {
        name: f"CASE WHEN {named[name].fits} THEN round(h.{name}, 4) END"
        for name in ("expected_revenue", "contribution_margin")
    }
    return ",\n       ".join(f"{value} AS {name}" for name, value in values.items())


FITTED_FROM = (
    f"CROSS JOIN LATERAL (SELECT {MOMENT} AS moment, {_KEPT_LINES} AS lines OFFSET 0) f"
)
