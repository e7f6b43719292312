from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from .kinds import cut


def to_day(env, value):
    """Return the day of a date or its ISO text; None for nothing.

    So far from the ends of the calendar that a day and a time zone can be added.
    """
    try:
        day = fields.Date.to_date(value)
    except (TypeError, ValueError, AttributeError) as error:
        raise UserError(
            env._("%(day)s is no day: write it as 2026-12-31.", day=cut(value))
        ) from error
    return day and min(max(day, date(2, 1, 1)), date(9998, 12, 31))


def get_way_out(one, other):
    """Return what to do about ``other``, which holds on days of ``one``, in a sentence.

    :param one: a record with ``date_from`` and ``date_to``
    :param other: another one, none if nothing may be told of it
    """
    if not other:
        return one.env._("Choose other days, or ask a manager.")
    first, last = other.date_from, other.date_to
    comes_before = one.date_to or (first and first > fields.Date.context_today(one))
    if last and (not one.date_to or one.date_to > last):
        day = format_date(one.env, last)
        return one.env._("Choose a first day after %(day)s.", day=day)
    if first and comes_before and (not one.date_from or one.date_from < first):
        day = format_date(one.env, first)
        return one.env._("Choose a last day before %(day)s.", day=day)
    if last:
        return one.env._("Choose other days, or end that one earlier.")
    return one.env._("End that one first.")


class RelationshipPeriodMixin(models.AbstractModel):
    """What holds from one day to another, both included; empty: without an end.

    Whether a record holds is a question of the day that is asked for, never a stored
    state. The day comes from the context key ``relationship_date``, otherwise it is
    today in the time zone of the user.
    """

    _name = "relationship.period.mixin"
    _description = "Period of validity"
    _inherit = ["relationship.discreet.mixin"]
    _asks_right_first = True

    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until")

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        if any(r.date_from and r.date_to and r.date_to < r.date_from for r in self):
            raise ValidationError(
                self.env._(
                    "The last day cannot come before the first one: change one of"
                    " them, or leave it empty."
                )
            )

    @api.model
    def _get_date(self):
        """Return the day for which validity is asked.

        The search bar gives the list of all days that were typed: the last one counts.
        """
        day = self.env.context.get("relationship_date")
        if isinstance(day, list | tuple):
            day = day[-1] if day else None
        return to_day(self.env, day) or fields.Date.context_today(self)

    @api.model
    def _get_valid_domain(self, day=None):
        """Return the domain of what holds on ``day``."""
        day = day or self._get_date()
        return (Domain("date_from", "=", False) | Domain("date_from", "<=", day)) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        )

    def _is_valid(self, day=None):
        """Tell whether this record holds on ``day``."""
        self.ensure_one()
        day = day or self._get_date()
        return (not self.date_from or self.date_from <= day) and (
            not self.date_to or self.date_to >= day
        )

    def _overlaps(self, other):
        """Tell whether the periods of two records have a day in common."""
        return not (
            (self.date_to and other.date_from and self.date_to < other.date_from)
            or (other.date_to and self.date_from and other.date_to < self.date_from)
        )
