from .models import opportunity_history_capture, relationship_former_name


def uninstall_hook(env):
    """Drop triggers, functions and the raw column before the tables go."""
    opportunity_history_capture.remove_capture(env.cr)
    relationship_former_name.remove_capture(env.cr)
