from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..shared.groups import EVERYBODY

# Field of the search bar → what it asks of a relation, seen from the partner found.
CRITERIA = {
    "related_partner_id": "other",
    "relation_direction_id": "direction",
    "relation_type_id": "type",
    "related_category_ids": "other.category_id",
    "related_role_type_ids": "other.role_type_ids",
}
POSITIVE = {"in", "any", "any!", "=", "ilike", "=ilike", "like", "=like"}


class ResPartner(models.Model):
    """Search partners by their relations.

    Conditions that stand side by side in a domain mean one and the same relation:
    ``[("related_partner_id", "=", X), ("relation_direction_id", "=", T)]`` finds who
    stands to X as T says, not who stands to X somehow and to somebody as T says.
    Relations are those that hold on the day of the context key ``relationship_date``,
    and those that the user may see.
    """

    _inherit = "res.partner"

    related_partner_id = fields.Many2one(
        "res.partner",
        string="Related to",
        store=False,
        search="_search_related_partner_id",
        groups=EVERYBODY,
    )
    relation_direction_id = fields.Many2one(
        "relationship.relation.direction",
        string="Relation",
        store=False,
        search="_search_relation_direction_id",
        groups=EVERYBODY,
    )
    relation_type_id = fields.Many2one(
        "relationship.relation.type",
        string="Relation type",
        store=False,
        search="_search_relation_type_id",
        groups=EVERYBODY,
    )
    related_category_ids = fields.Many2many(
        "res.partner.category",
        string="Tags of a related partner",
        store=False,
        search="_search_related_category_ids",
        groups=EVERYBODY,
    )
    related_role_type_ids = fields.Many2many(
        "relationship.role.type",
        string="Role of a related partner",
        store=False,
        search="_search_related_role_type_ids",
        groups=EVERYBODY,
    )

    def _search_related_partner_id(self, operator, value):
        return self._search_by_relation("related_partner_id", operator, value)

    def _search_relation_direction_id(self, operator, value):
        return self._search_by_relation("relation_direction_id", operator, value)

    def _search_relation_type_id(self, operator, value):
        return self._search_by_relation("relation_type_id", operator, value)

    def _search_related_category_ids(self, operator, value):
        return self._search_by_relation("related_category_ids", operator, value)

    def _search_related_role_type_ids(self, operator, value):
        return self._search_by_relation("related_role_type_ids", operator, value)

    def _search_by_relation(self, name, operator, value):
        if operator not in POSITIVE:
            return NotImplemented
        return self._get_related_domain([(name, operator, value)])

    def _search(self, domain, *args, **kwargs):
        """Let conditions on relations that stand side by side mean one relation."""
        domain = Domain(domain)
        if any(
            condition.field_expr in CRITERIA for condition in domain.iter_conditions()
        ):
            domain = self._unite_relation_conditions(domain)
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
                criteria.append(criterion)
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
            found = directions.browse(i for i in ids if i)
        is_left = this == "left"
        types = found.filtered(
            lambda d: d.type_id.is_symmetric or d.is_inverse != is_left
        ).type_id
        return Domain("type_id", "in", types.ids)
