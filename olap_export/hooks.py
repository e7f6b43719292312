from .models import history_queue


def uninstall_hook(env):
    """Drop the trigger and the tables that are no models."""
    history_queue.remove_queue(env.cr)
