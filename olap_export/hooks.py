from .models import history_queue, olap_export_target_secret


def uninstall_hook(env):
    """Drop the trigger and the tables that are no models."""
    history_queue.remove_queue(env.cr)
    olap_export_target_secret.remove_secrets(env.cr)
