"""Record rules of a source, told on the columns of the relationship list.

Where a row carries the very column of its record that a rule asks for, the row itself
says whether the user may read it, and nobody looks the record up.
"""

import re

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd, DomainCustom

COLUMN = re.compile(r'"?s"?\."?(\w+)"?')


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    @api.model
    @tools.ormcache(
        "self.env.uid",
        "model",
        "tuple(self.env['ir.rule']._compute_domain_context_values())",
    )
    def _translate_rules(self, model):
        """Return what the rules of a source say of its rows, and whether that is all.

        :return: a domain on the list; True if records need not be asked beside it
        """
        records = self.env[model]
        # What a model overrides in its search, no rule tells.
        plain = type(self.env["base"]).__mro__
        is_whole = all(
            kind in plain for kind in type(records).__mro__ if "_search" in vars(kind)
        )
        domain = self.env["ir.rule"]._compute_domain(model, "read")
        columns = self._get_mirrored_columns(model)
        told = []
        for part in domain.children if isinstance(domain, DomainAnd) else (domain,):
            if _is_told(part, columns):
                told.append(part.map_conditions(lambda c: _rename(c, columns)))
            else:
                is_whole = False
        return Domain.AND(told), is_whole

    @api.model
    def _get_mirrored_columns(self, model):
        """Return ``{field of the source: column of the list}`` of what is the same."""
        source = self._get_sources()[model]
        known = source.records._fields
        columns = {}
        for name, value in source.rows.values.items():
            found = COLUMN.fullmatch(getattr(value, "code", ""))
            field, column = found and known.get(found[1]), self._fields[name]
            if field and not field.translate and not field.company_dependent:
                same = field.type == column.type and field.store
                if same and field.comodel_name == column.comodel_name:
                    columns[field.name] = name
        return columns


def _is_told(domain, columns):
    """Tell whether the list has all that a part of the rules asks for."""
    if isinstance(domain, DomainCustom):
        return False
    children = getattr(domain, "children", None) or (getattr(domain, "child", None),)
    if children != (None,):
        return all(_is_told(child, columns) for child in children)
    # A condition on what a column leads to would join its table to each row.
    return all(
        c.field_expr in columns and not c.operator.startswith(("any", "not any"))
        for c in domain.iter_conditions()
    )


def _rename(condition, columns):
    name = columns[condition.field_expr]
    return Domain(name, condition.operator, condition.value)
