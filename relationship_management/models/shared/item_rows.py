"""What the relationship list shows of a business model, told once by whoever owns it.

In SQL ``s`` is the record, as in ``source``.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from odoo.tools import SQL

NOTHING, EVERYTHING = SQL(), SQL("TRUE")


class Follow(NamedTuple):
    """A table whose rows the list tells of, too: when ``r`` of it changes, all ``s`` do
    for which ``where`` holds.

    ``columns`` are those of ``r`` that the list tells; none: whether ``r`` is there.
    """

    table: str
    where: str
    columns: tuple = ()


@dataclass(frozen=True, kw_only=True)
class Rows:
    """One row of the list for each record ``s`` that fits.

    ``values`` says what stands in the columns of ``relationship.item``, in SQL that may
    name tables of ``joins``; what is left out is empty. ``label`` and ``icon`` belong
    to the ``kind``; where that is SQL, the kinds are those of other models. ``opens``:
    the models that a row opens, if these are others than the source itself.
    """

    kind: str | SQL
    values: dict = field(default_factory=dict)
    label: str = ""
    icon: str = ""
    joins: SQL = NOTHING
    where: SQL = EVERYTHING
    follows: tuple = ()
    opens: tuple = ()
