"""What is believed of a context, which any client may send.

A key that only chooses a view or a default may come from anybody, of whichever kind:
these functions leave out what fits no record. A key that switches something off, or
opens something, holds a :class:`Marker`: what a client sends is JSON, which can name
the key, but no object of this class. ``tests/repository/test_context.py`` knows each
key that is read, and which of both it is. By some, computed fields are remembered: core
stumbles over lists in lists and the like there, before code of ours could read them.
"""

from odoo import api, models
from odoo.tools import clean_context

from .kinds import cut

# Computed fields are remembered for each value of these (``depends_context``).
REMEMBERED_KEYS = (
    "relationship_addressees",
    "relationship_date",
    "relationship_partner_id",
    "relationship_purpose_id",
    "relationship_roles_of",
)


class Marker:
    """A value in the context that only code of ours has put there."""

    def __init__(self, value=True):
        self.value = value


def get_marked(env, key, default=None):
    """Return the value that code of ours put into the context, if any did."""
    found = env.context.get(key)
    return found.value if isinstance(found, Marker) else default


def get_id(env, key):
    """Return the id of a record in the context, or False."""
    value = env.context.get(key)
    return value if type(value) is int else False


def get_ids(env, key):
    """Return the ids of records in the context."""
    value = env.context.get(key)
    return [id_ for id_ in value if type(id_) is int] if type(value) is list else []


def get_active_ids(env, *models):
    """Return the ids that were chosen in a list of one of these models."""
    is_asked = env.context.get("active_model") in models
    return get_ids(env, "active_ids") if is_asked else []


def without_defaults(records):
    """Return the records for what the system writes: no default of a client holds."""
    return records.with_context(clean_context(records.env.context))


class Base(models.AbstractModel):
    """Take what cannot be remembered as its text, which is of no kind we know."""

    _inherit = "base"

    @api.private
    def with_context(self, ctx=None, /, **overrides):
        records = super().with_context(ctx, **overrides)
        context = records.env.context
        # Mostly none of them is there, and this is called all the time.
        texts = {
            key: cut(context[key])
            for key in REMEMBERED_KEYS
            if key in context and not _is_remembered(context[key])
        }
        return super().with_context(context, **texts) if texts else records


def _is_remembered(value):
    try:
        hash(tuple(value) if type(value) is list else value)
    except TypeError:
        return False
    return True
