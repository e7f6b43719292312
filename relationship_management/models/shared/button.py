"""What a button does in the end: it tells something in a corner, or opens a form."""

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


def open_form(res_model, **options):
    """Return the action that opens a record in its form: without ``res_id`` a new one.

    :param options: what else the action says, as ``target="new"`` for a dialog
    """
    return {
        "type": "ir.actions.act_window",
        "res_model": res_model,
        "views": [(False, "form")],
        **options,
    }
