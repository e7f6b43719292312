"""Numbers that PostgreSQL stores and no screen can show."""

import math
from decimal import Decimal

# Ten years: nobody plans further than that.
MOST_DAYS = 3660
FIRST_YEAR, LAST_YEAR = 1900, 2200


def finite(number):
    """Return the number, or 0 in place of NaN and Infinity.

    No screen of Odoo enters them; a statement beside it can.
    """
    return number if number and math.isfinite(number) else 0


def is_amount(number):
    """Return whether a number that somebody enters is finite, and not negative."""
    return math.isfinite(number or 0) and (number or 0) >= 0


def is_span(days):
    """Return whether somebody may enter so many days, weeks or months, either way."""
    return abs(days or 0) <= MOST_DAYS


def is_near(day):
    """Return whether a day lies where one can still count from it."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def is_exact(number):
    """Return whether Odoo keeps an amount to the cent: it adds some to larger ones."""
    return abs(number or 0) < 5 * 10**12


def finite_values(row):
    """Return the values of a row with its numbers finite; days and texts stay."""
    numbers = (float, Decimal)
    return [finite(v) if isinstance(v, numbers) else v for v in row]
