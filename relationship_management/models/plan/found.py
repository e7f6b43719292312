"""Tasks that are found, and created: neither is left to what surrounds it.

Lists that show what is archived, too, hand their context to what is opened from them:
there a search that does not say what it means finds what people have done long ago.
"""

from .frame import generating
from .turn import take_turn


def open_tasks(env):
    """Return tasks for finding what is to do, whatever the context shows."""
    return env["mail.activity"].with_context(active_test=True)


def all_tasks(env):
    """Return tasks for finding what is to do and what is done."""
    return env["mail.activity"].with_context(active_test=False)


def create_tasks(env, planned):
    """Create what a plan gives people to do, from values of the generator.

    Who archives one of them at this moment does not see it, and comes second.
    """
    take_turn(env["res.users"].browse(sorted({task["user_id"] for task in planned})))
    return generating(env["mail.activity"]).create(planned).with_env(env)
