"""Numbers that PostgreSQL stores and no screen can show."""

import math
from decimal import Decimal

from odoo.exceptions import ValidationError

# More days, weeks or months are a slip of the fingers, and end where no calendar is.
MOST = 3650


def finite(number):
    """Return the number, or 0 in place of NaN and Infinity.

    No screen of Odoo enters them; a statement beside it can.
    """
    return number if number and math.isfinite(number) else 0


def is_amount(number):
    """Return whether a number that somebody enters is finite, and not negative."""
    return math.isfinite(number or 0) and (number or 0) >= 0


def is_exact(number):
    """Return whether Odoo keeps an amount to the cent: it adds some to larger ones."""
    return abs(number or 0) < 5 * 10**12


def finite_values(row):
    """Return the values of a row with its numbers finite; days and texts stay."""
    numbers = (float, Decimal)
    return [finite(v) if isinstance(v, numbers) else v for v in row]


def check_distance(records, field):
    """Refuse a number of days so large that a day after it may not exist."""
    if any(abs(record[field]) > MOST for record in records):
        raise ValidationError(
            records.env._(
                "“%(field)s” is at most %(most)s: enter a smaller number.",
                field=records._fields[field]._description_string(records.env),
                most=MOST,
            )
        )
