"""What task templates are applied to: told once by whoever plans."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from odoo import models

from ..shared.context import Marker

# In the context while tasks are created of templates.
GENERATING = "relationship_generating_tasks"


def generating(records):
    """Return the records for creating tasks with what only the generator says."""
    return records.with_context(**{GENERATING: Marker()})


class Subject(NamedTuple):
    """For whom, or because of whom, there is a task of its own.

    ``key`` tells the tasks of one template apart, ``words`` are placeholders that are
    other ones for this task, ``user`` does it whatever the rule says.
    """

    key: str = "one"
    words: dict = {}
    user: models.BaseModel | None = None
    partner: models.BaseModel | None = None
    values: dict = {}

    @property
    def is_shared(self):
        """Tell whether its tasks are shared out among days, so many a day."""
        return self.key.startswith("member:")


@dataclass(frozen=True)
class Work:
    """What people have to do: one for all that is planned together.

    ``open`` counts what they had to do before, ``given`` what they get now, ``taken``
    what they have on a day, as far as it is ``known``.
    """

    open: dict = field(default_factory=dict)
    given: Counter = field(default_factory=Counter)
    taken: Counter = field(default_factory=Counter)
    known: set = field(default_factory=set)


@dataclass(frozen=True)
class Frame:
    """Where tasks hang, whose they are if nobody else is found, and what they name.

    ``days`` has what deadlines are counted from: start, end, project_start,
    project_deadline. ``moving`` are tasks that are given another day, and take no room
    where they are.
    """

    record: models.BaseModel
    responsible: models.BaseModel
    company: models.BaseModel
    partner: models.BaseModel
    days: dict
    words: dict
    bracket: models.BaseModel | None = None
    work: Work = field(default_factory=Work)
    seeing: dict = field(default_factory=dict)
    slots: dict = field(default_factory=dict)
    moving: list = field(default_factory=list)

    @cached_property
    def model_id(self):
        """Return the id of the model of the record."""
        return self.record.env["ir.model"]._get_id(self.record._name)
