"""Values of a wrong kind are told in a sentence, before code of ours reads them."""

from collections.abc import Collection

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

OURS = ("relationship_management", "olap_export")
# Longer ones are cut where a sentence repeats them.
SHOWN = 200
# Core copies JSON call by call, and stumbles over some 250 levels.
MOST_LEVELS = 20
# PostgreSQL keeps no larger ones.
MOST = 2**31 - 1
TEXTS = ("char", "text", "html", "selection")


def _read_id(value):
    number = int(value)
    return number if abs(number) <= MOST else None


# How core reads what is given for a field, after code of ours has read it.
READERS = {
    "date": fields.Date.to_date,
    "datetime": fields.Datetime.to_datetime,
    "integer": int,
    "many2one_reference": _read_id,
    **dict.fromkeys(("float", "monetary"), float),
}


def cut(value):
    """Return what somebody has sent as far as a sentence repeats it."""
    try:
        text = str(value)
    except RecursionError:
        return "…"
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()}…"


def check_kinds(records, vals_list):
    """Refuse ids that are no whole numbers, texts of ours that are none, and what
    nobody can read as a number or a day.

    Python takes a text or a fraction for no record at all, so nobody would ask about
    it, and PostgreSQL takes it for one.
    """
    for vals in vals_list:
        for name, value in vals.items():
            field = records._fields.get(name)
            if field is None or value is None or value is False:
                continue
            label = field._description_string(records.env)
            if field.type == "many2one" and not (
                type(value) is int or isinstance(value, models.BaseModel)
            ):
                raise ValidationError(
                    records.env._(
                        "%(value)s is no record for the field %(field)s: give the"
                        " number of a record.",
                        value=cut(value),
                        field=label,
                    )
                )
            if _is_unreadable(field, value):
                raise ValidationError(
                    records.env._(
                        "%(value)s cannot be read for the field %(field)s: give a"
                        " number, or a day as 2026-12-31, with a time as 2026-12-31"
                        " 13:00:00.",
                        value=cut(value),
                        field=label,
                    )
                )
            if _is_no_text(field, value):
                raise ValidationError(
                    records.env._(
                        "The field %(field)s holds a text: give it as text.",
                        field=label,
                    )
                )
            if field.type == "json" and _is_too_deep(value):
                raise ValidationError(
                    records.env._(
                        "What was sent for the field %(field)s is nested too deeply:"
                        " choose again, and repeat it.",
                        field=label,
                    )
                )


def check_compared(env, operator, value):
    """Refuse to search a figure for what is no number or day, as PostgreSQL would."""
    values = value if operator == "in" else [value]
    if wrong := [v for v in values if v is True or isinstance(v, Collection)]:
        raise UserError(
            env._(
                "%(value)s cannot be compared with a figure: give one number or day.",
                value=cut(wrong[0]),
            )
        )


def _is_unreadable(field, value):
    read = READERS.get(field.type)
    try:
        return bool(read and read(value) is None)
    except (TypeError, ValueError, OverflowError):
        return True


def _is_no_text(field, value):
    refused = (int, float, list, tuple, set) + (() if field.translate else (dict,))
    return (
        field.type in TEXTS
        and any(module.startswith(OURS) for module in field._modules[:1])
        and isinstance(value, refused)
    )


def _is_too_deep(value):
    level = [value]
    for _depth in range(MOST_LEVELS):
        level = [
            child
            for item in level
            if isinstance(item, list | tuple | dict)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    return bool(level)
