"""Numbers that PostgreSQL stores and no screen can show."""

import math


def finite(number):
    """Return the number, or 0 in place of NaN and Infinity.

    No screen of Odoo enters them; a statement beside it can.
    """
    return number if number and math.isfinite(number) else 0
