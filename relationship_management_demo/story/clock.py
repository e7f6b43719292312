"""A clock that can be moved, for demo data that tell a story of many months."""

import threading
from contextlib import contextmanager
from unittest.mock import patch

from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from odoo import fields

from odoo.addons.relationship_management.models.shared import row_trigger

CLOCK_FUNCTIONS = (
    (fields.Datetime, "now"),
    (fields.Date, "today"),
    (fields.Date, "context_today"),
)


class MovedClock:
    """What time it is for one environment, as a context manager.

    How to use it::

        with MovedClock(env) as clock:
            clock.move_to(datetime(2026, 3, 2, 9, 15))
            lead.stage_id = negotiation
            env.flush_all()

    ``env.cr.now()`` then tells that time, and with it the dates of creation and
    change; so do the triggers of the history, ``fields.Datetime.now``,
    ``fields.Date.today`` and ``fields.Date.context_today``, also as defaults of fields.
    PostgreSQL's own ``now()`` does not move. Other threads keep the true time. Leaving
    the block restores the clock, after an exception too.
    """

    def __init__(self, env):
        self.env = env
        self._cr = env.cr
        self.moment = None
        self._thread = threading.get_ident()
        self._restore = []

    def __enter__(self):
        self.moment = self._cr.now()
        replacements = {}
        for owner, name in CLOCK_FUNCTIONS:
            original = getattr(owner, name)
            replacements[original] = moved = self._move(name, original)
            self._replace(owner, name, staticmethod(moved), staticmethod(original))
        # Defaults were bound to the functions when the classes were built.
        for model in self.env.registry.values():
            for field in model._fields.values():
                if moved := replacements.get(field.default):
                    self._replace(field, "default", moved, field.default)
        return self

    def __exit__(self, *exception):
        while self._restore:
            setattr(*self._restore.pop())
        if self._cr.connection.info.transaction_status == TRANSACTION_STATUS_INERROR:
            self._cr._now = None  # the triggers' time goes with the rollback
        else:
            row_trigger.set_clock(self._cr)

    def move_to(self, moment):
        """Make ``moment`` (naive, UTC) the present time."""
        self.moment = moment
        row_trigger.set_clock(self._cr, moment)

    def _replace(self, owner, name, replacement, original):
        self._restore.append((owner, name, original))
        setattr(owner, name, replacement)

    def _move(self, name, original):
        def moved(*args):
            if threading.get_ident() != self._thread:
                return original(*args)
            if name == "context_today":
                record, timestamp = (*args, None)[:2]
                return original(record, timestamp or self.moment)
            return self.moment.date() if name == "today" else self.moment

        return moved


@contextmanager
def commits_held_back(cr):
    """Let code that commits by itself run as a part of the present transaction."""
    with patch.object(cr, "commit", lambda: None):
        yield
