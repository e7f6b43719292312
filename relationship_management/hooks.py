from .models import (
    opportunity_history_capture,
    relationship_consent,
    relationship_former_name,
    row_trigger,
)


def uninstall_hook(env):
    """Drop triggers, functions and the raw column before the tables go."""
    opportunity_history_capture.remove_capture(env.cr)
    relationship_former_name.remove_capture(env.cr)
    row_trigger.remove(env.cr, relationship_consent.TRIGGERS)
