"""What a column of an event is, and the kinds of them; ``columns`` has the columns."""

import dataclasses
import re

# An amount of 10^13 has four exact digits behind the point in the group currency, too.
RATE = "numeric(28,18)"
# Anything longer was never one of Odoo's words.
LONGEST_WORD = 1000


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of ``fact_opportunity_event``.

    :param type: as in ``CREATE TABLE``
    :param value: the expression that fills it
    :param fits: condition under which the value can be held; empty: always
    :param otherwise: expression for what it holds instead
    :param origin: column of the history that decides, for messages and tests
    :param state: a state has it, too
    """

    name: str
    type: str
    value: str
    origin: str = ""
    fits: str = ""
    otherwise: str = "NULL"
    state: bool = True

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
        about = f"CAST({self.amount} AS FLOAT8) * CAST(group_rate AS FLOAT8)"
        return (
            # Not every engine has the digits for any product.
            f"CASE WHEN ABS({about}) < 1e15 THEN"
            f" CASE WHEN ABS({product}) < {limit(self.type)}"
            # Nor rounds each of them before it looks whether a value fits.
            f" THEN CAST(ROUND({product}, 4) AS {self.type.upper()}) END END"
        )

    def fits(self):
        """Return the same condition over the history, where its factors fit."""
        return (
            f"CASE WHEN abs(h.{self.amount}) < {limit(self.type)}"
            f" AND abs(h.group_rate) < {limit(RATE)}"
            f" THEN abs(round(h.{self.amount}, 4) * round(h.group_rate, 18))"
            f" < {limit(self.type)} END"
        )


def limit(type_):
    """Return what a numeric type cannot hold any more, as it rounds: ``numeric(4,1)``
    holds 999.94, but not 999.95.
    """
    precision, scale = map(int, re.findall(r"\d+", type_))
    return "9" * (precision - scale) + "." + "9" * scale + "5"


def number(name, type_, cast, value=None):
    value = value or f"h.{name}"
    fits = f"abs({value}) < {limit(type_)}"
    return Column(name, type_, f"({value}){{{cast}}}", name, fits)


def amount(name, **options):
    return dataclasses.replace(number(name, "numeric(18,4)", "money"), **options)


def share(name):
    return number(name, "numeric(9,6)", "share", f"h.{name} * 0.01")


def member(name, origin, **options):
    value = f"coalesce(h.{origin} + {{offset}}, -1)"
    column = Column(name, "bigint NOT NULL", value, origin, f"h.{origin} > 0", "0")
    return dataclasses.replace(column, **options)


def text(name, type_="varchar", longest=LONGEST_WORD, **options):
    fits, cut = (
        f"octet_length(h.{name}) <= {longest}",
        f"left(h.{name}, {longest // 10})",
    )
    return Column(name, type_, f"h.{name}", name, fits, cut, **options)


def plain(name, type_, **options):
    return Column(name, type_, f"h.{name}", name, **options)


def time(name, type_):
    fits = f"h.{name} BETWEEN '0001-01-01' AND '9999-12-31'"
    return plain(name, type_, fits=fits)


def whole(name):
    """Describe a number; that of a record is the key of a member."""
    if name.endswith("_id"):
        return member(f"{name[:-3]}_key", name, type="bigint")
    return plain(name, "integer")


# What becomes of columns of the history that nobody describes, by type.
FURTHER = {
    "boolean": lambda name: plain(name, "boolean"),
    "character varying": lambda name: text(name, longest=40_000),
    "date": lambda name: time(name, "date"),
    "integer": whole,
    "numeric": amount,
    "timestamp without time zone": lambda name: time(name, "timestamp"),
}
