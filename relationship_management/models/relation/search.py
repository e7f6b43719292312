from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..shared.partner_fields import EVERYBODY

# Field of the search bar → what it asks of a relation, seen from the partner found.
CRITERIA = {
    "related_partner_id": "other",
    "relation_direction_id": "direction",
    "relation_type_id": "type",
    "related_category_ids": "other.category_id",
    "related_role_type_ids": "other.role_type_ids",
}
POSITIVE = {"in", "any", "any!", "=", "ilike", "=ilike", "like", "=like"}


def _searched(name, label, comodel):
    """Return a field that only finds: it has no value of its own."""
    return (fields.Many2many if name.endswith("_ids") else fields.Many2one)(
        comodel,
        string=label,
        store=False,
        search=lambda self, operator, value: self._search_by_relation(
            name, operator, value
        ),
        groups=EVERYBODY,
    )


class ResPartner(models.Model):
    """Search partners by their relations.

    Conditions that stand side by side in a domain mean one and the same relation:
    ``[("related_partner_id", "=", X), ("relation_direction_id", "=", T)]`` finds who
    stands to X as T says, not who stands to X somehow and to somebody as T says.
    Relations are those that hold on the day of the context key ``relationship_date``,
    and those that the user may see.
    """

    _inherit = "res.partner"

    related_partner_id = _searched("related_partner_id", "Related to", "res.partner")
    relation_direction_id = _searched(
        "relation_direction_id", "Relation", "relationship.relation.direction"
    )
    relation_type_id = _searched(
        "relation_type_id", "Relation type", "relationship.relation.type"
    )
    related_category_ids = _searched(
        "related_category_ids", "Tags of a related partner", "res.partner.category"
    )
    related_role_type_ids = _searched(
        "related_role_type_ids", "Role of a related partner", "relationship.role.type"
    )

    def _search_by_relation(self, name, operator, value):
        if operator not in POSITIVE:
            return NotImplemented
        return self._get_related_domain([(name, operator, value)])

    def _search(self, domain, *args, **kwargs):
        """Let conditions on relations that stand side by side mean one relation."""
        domain = Domain(domain)
        self._refuse_costly_search(domain)
        if any(
            condition.field_expr in CRITERIA for condition in domain.iter_conditions()
        ):
            domain = self._unite_relation_conditions(domain.optimize(self))
        return super()._search(domain, *args, **kwargs)

    def _unite_relation_conditions(self, domain):
        children = getattr(domain, "children", None)
        if children is None:
            return domain
        children = [self._unite_relation_conditions(child) for child in children]
        if domain.OPERATOR != "&":
            return Domain.OR(children)
        criteria, others = [], []
        for child in children:
            criterion = self._get_criterion(child)
            if criterion:
                criteria += [criterion] * (criterion not in criteria)
            else:
                others.append(child)
        if len(criteria) > 1:
            others.append(self._get_related_domain(criteria))
            return Domain.AND(others)
        return Domain.AND(children)

    def _get_criterion(self, domain):
        """Return the only condition of ``domain`` on relations, or None.

        Two values of one facet are an *or* of conditions on the same field.
        """
        children = getattr(domain, "children", [domain])
        values = []
        for child in children:
            name = getattr(child, "field_expr", None)
            if name not in CRITERIA or child.operator not in POSITIVE:
                return None
            values.append((name, child.operator, child.value))
        if len(values) == 1:
            return values[0]
        if len({name for name, *_rest in values}) == 1 and domain.OPERATOR == "|":
            return values[0][0], "or", values
        return None

    def _get_related_domain(self, criteria):
        """Return the domain of the partners with a relation that meets ``criteria``.

        :param criteria: list of (name in :const:`CRITERIA`, operator, value)
        """
        relations = self.env["relationship.relation"]
        valid = relations._get_valid_domain()
        selects = []
        for this, other in (("left", "right"), ("right", "left")):
            domain = valid & Domain.AND(
                self._get_relation_condition(criterion, this, other)
                for criterion in criteria
            )
            query = relations._search(domain)
            selects.append(
                query.subselect(SQL.identifier(query.table, f"{this}_partner_id"))
            )
        # One subquery of both ends, each partner once: the planner can start from it.
        return Domain("id", "in", SQL("(%s UNION %s)", *selects))

    def _get_relation_condition(self, criterion, this, other):
        """Return a criterion as a domain of relations in which ``this`` end is ours."""
        name, operator, value = criterion
        if operator == "or":
            return Domain.OR(
                self._get_relation_condition(part, this, other) for part in value
            )
        target = CRITERIA[name]
        if target == "type":
            return Domain("type_id", operator, value)
        if target == "direction":
            return self._get_direction_condition(operator, value, this)
        path = target.replace("other", f"{other}_partner_id", 1)
        if "." not in path:
            return Domain(path, operator, value)
        end, field_name = path.split(".")
        return Domain(end, "any", Domain(field_name, operator, value))

    def _get_direction_condition(self, operator, value, this):
        """Return the relations that read in certain words from ``this`` end."""
        directions = self.env["relationship.relation.direction"].with_context(
            active_test=False
        )
        if isinstance(value, Domain):
            found = directions.search(value)
        elif isinstance(value, Query):
            found = directions.browse(value.get_result_ids())
        elif isinstance(value, str):
            found = directions.search([("display_name", operator, value)])
        else:
            ids = [value] if isinstance(value, int) else value
            found = directions.search([("id", "in", [*ids])])
        is_left = this == "left"
        types = found.filtered(
            lambda d: d.type_id.is_symmetric or d.is_inverse != is_left
        ).type_id
        return Domain("type_id", "in", types.ids)
