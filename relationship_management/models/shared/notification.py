"""What a button tells in a corner of the screen, and what comes after it."""

CLOSE = {"type": "ir.actions.act_window_close"}
RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}


def notify(message, kind="success", then=CLOSE, **options):
    """Return the action that tells something.

    :param kind: ``success``, ``info`` or ``warning``
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {"type": kind, "message": message, "next": then, **options},
    }
