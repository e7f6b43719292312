"""Figures of documents say so where they count somebody's own ones only."""

LIFTING = ("sales_team.group_sale_salesman_all_leads",)
ACCOUNTING = ("account.group_account_invoice", "account.group_account_readonly")


def sees_own_only(env, model):
    """Tell if core's record rules show a salesperson only own documents.

    For invoices a group of accounting lifts that, for orders it does not.
    """
    lifting = LIFTING if model == "sale.order" else LIFTING + ACCOUNTING
    return env.user.has_group("sales_team.group_sale_salesman") and not any(
        env.user.has_group(group) for group in lifting
    )


def mark_own(env, figures):
    """Return the figures; those that count own documents only are called so."""
    hint = env._(
        "Counts what you may see: your own documents, and those without a salesperson."
    )
    return [
        {
            **figure,
            "label": env._("%(figure)s (yours)", figure=figure["label"]),
            "hint": hint,
        }
        if sees_own_only(env, figure["model"])
        else figure
        for figure in figures
    ]
