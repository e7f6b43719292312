from .models.consent import consent
from .models.history import capture, former_name
from .models.shared import row_trigger


def uninstall_hook(env):
    """Drop triggers, functions and the raw column before the tables go."""
    capture.remove_capture(env.cr)
    former_name.remove_capture(env.cr)
    row_trigger.remove(env.cr, consent.TRIGGERS)
