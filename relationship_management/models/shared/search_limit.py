"""Searches that would keep the server busy for minutes are refused in words.

What says nothing to people is not offered to search or group by.
"""

from collections.abc import Collection

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# PostgreSQL plans 20 nested conditions in 0.4 s, 40 in 6 s, 80 not within a minute.
MOST_CONDITIONS = 20
# 0.3 s; a million take up to 17 s.
MOST_VALUES = 20_000
OURS = ("relationship_management", "olap_export")


def iter_searched(model, domain):
    """Yield ``(field, value)`` of each condition on a field of ours in a domain.

    A path leads through several fields: the first one of ours counts.
    """
    todo = [(model, domain)]
    while todo:
        model, domain = todo.pop()
        if isinstance(domain, list | tuple):
            domain = Domain(domain)
        children = getattr(domain, "children", None) or [getattr(domain, "child", None)]
        todo += [(model, child) for child in children if child is not None]
        if not (path := getattr(domain, "field_expr", None)):
            continue
        owner, ours = model, None
        for name in path.split("."):
            field = owner._fields.get(name) if owner is not None else None
            ours = ours or (field if _is_searched(field) else None)
            owner = model.env.get(field.comodel_name) if field else None
        if ours:
            yield ours, domain.value
        if owner is not None and domain.operator.removeprefix("not ").startswith("any"):
            todo.append((owner, domain.value))


def _is_searched(field):
    """Tell whether a condition on this field becomes a subquery of ours."""
    while field is not None and field.related and not field.store:
        field = field.related_field
    return (
        field is not None
        and any(module.startswith(OURS) for module in field._modules[:1])
        and (field.type in ("one2many", "many2many") or bool(field.search))
    )


class Base(models.AbstractModel):
    """Limit how many conditions on fields of ours one search may have."""

    _inherit = "base"
    # Columns that the server keeps for itself.
    _not_offered = frozenset()

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Offer no filter or group of one's own by what only the server understands."""
        found = super().fields_get(allfields, attributes)
        for name in self._not_offered & found.keys():
            for offer in {"searchable", "groupable"} & found[name].keys():
                found[name][offer] = False
        return found

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain)
        self._refuse_costly_search(domain)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _refuse_costly_search(self, domain):
        """Refuse what PostgreSQL could not plan, or not read, in a reasonable time."""
        if self.env.su:
            return  # what the system asks itself is no wish of anybody
        searched = list(iter_searched(self, domain))
        if len(searched) > MOST_CONDITIONS:
            # Alternatives and repetitions of one value are one condition.
            searched = list(iter_searched(self, domain.optimize(self)))
        if len(searched) > MOST_CONDITIONS:
            raise UserError(
                self.env._(
                    "This search has %(count)s conditions on relations, roles, consents"
                    " or figures, and would take too long: leave at most %(most)s of"
                    " them, and search in several steps.",
                    count=len(searched),
                    most=MOST_CONDITIONS,
                )
            )
        for field, value in searched:
            # A long text is one value.
            is_many = isinstance(value, Collection) and not isinstance(value, str)
            if is_many and len(value) > MOST_VALUES:
                self._refuse_many_values(field, len(value))

    @api.model
    def _refuse_many_values(self, field, count):
        raise UserError(
            self.env._(
                "This search names %(count)s values of the field %(field)s, and would"
                " take too long: name at most %(most)s at once.",
                count=count,
                field=field._description_string(self.env),
                most=MOST_VALUES,
            )
        )
