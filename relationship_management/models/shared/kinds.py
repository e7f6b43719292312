"""Values of a wrong kind are told in a sentence, before code of ours reads them."""

from odoo import models
from odoo.exceptions import ValidationError

OURS = ("relationship_management", "olap_export")
TEXTS = ("char", "text", "html", "selection")


def check_kinds(records, vals_list):
    """Refuse ids that are no whole numbers, and texts of ours that are no texts.

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
                        value=value,
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


def _is_no_text(field, value):
    refused = (int, float, list, tuple, set) + (() if field.translate else (dict,))
    return (
        field.type in TEXTS
        and any(module.startswith(OURS) for module in field._modules[:1])
        and isinstance(value, refused)
    )
