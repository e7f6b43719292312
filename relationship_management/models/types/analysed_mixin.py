from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.context import Marker, get_marked

# Set while a list or the columns of a kanban are grouped, which show records.
LISTING = "relationship_listing"
LISTED = frozenset({"__count", "id:array_agg"})


class RelationshipAnalysedMixin(models.AbstractModel):
    """Records that pivots and graphs count for those who may analyse their type.

    Lists show what the user may see, grouped or not; figures count what they may
    analyse, so whoever opens one adds ``may_analyse`` to its domain.
    """

    _name = "relationship.analysed.mixin"
    _description = "Record whose type says who may analyse it"
    # The path to the type, and those to the types of what the record belongs to.
    _analysed_by = "type_id"
    _analysed_with = ()

    may_analyse = fields.Boolean(
        string="You may analyse it",
        compute="_compute_may_analyse",
        search="_search_may_analyse",
        help="Whether your statistics count it: the type says for whom they do.",
    )

    @api.model
    def _get_unanalysed_types(self, path=None):
        types = self
        for name in (path or self._analysed_by).split("."):
            types = self.env[types._fields[name].comodel_name]
        return () if self.env.su else types._get_forbidden_ids("analyse")

    @api.model
    def _get_analysed_paths(self):
        return [] if self._abstract else [self._analysed_by, *self._analysed_with]

    @api.model
    def _get_unanalysed_paths(self):
        """Return ``{path: types}`` of those that the user may not analyse."""
        forbidden = {
            path: set(self._get_unanalysed_types(path))
            for path in self._get_analysed_paths()
        }
        return {path: types for path, types in forbidden.items() if types}

    @api.model
    def _get_unanalysed_domain(self):
        """Return the records that the user is not counted."""
        return Domain.OR(
            _lead_to(path, types)
            for path, types in self._get_unanalysed_paths().items()
        )

    @api.model
    def _select_analysed(self, column):
        """Return a condition in SQL: the record that a column names, if any, counts."""
        unanalysed = self._get_unanalysed_domain()
        if unanalysed.is_false():
            return SQL("TRUE")
        # sudo: only ids; who sees what is counted asks for it elsewhere
        records = self.sudo().with_context(active_test=False)._search(unanalysed)
        return SQL("(%s IN %s) IS NOT TRUE", column, records.subselect())

    @api.depends(lambda self: self._get_analysed_paths())
    @api.depends_context("uid")
    def _compute_may_analyse(self):
        forbidden = self._get_unanalysed_paths()
        for record in self:
            # sudo: who sees the record need not see its type to be told.
            asked = record.sudo()
            record.may_analyse = all(
                types.isdisjoint(asked.mapped(path).ids)
                for path, types in forbidden.items()
            )

    @api.model
    def _search_may_analyse(self, operator, value):
        if operator != "in":
            return NotImplemented
        unanalysed = self._get_unanalysed_domain()
        return Domain.OR(~unanalysed if wanted else unanalysed for wanted in value)

    @api.model
    def _count_unanalysed(self, domain):
        """Return how many records the user sees, and is not counted."""
        if not self._get_unanalysed_paths() or not self.has_access("read"):
            return 0
        records = self.with_context(active_test=False)
        return records.search_count(Domain(domain) & Domain("may_analyse", "=", False))

    @api.model
    def _add_may_analyse(self, domain, aggregates):
        # Who asks for the ids alone lists records, as a grouped export does.
        is_listed = "id:array_agg" in aggregates and LISTED.issuperset(aggregates)
        if get_marked(self.env, LISTING) or is_listed:
            return domain
        return Domain(domain) & Domain("may_analyse", "=", True)

    @api.model
    @api.readonly
    def web_read_group(self, *args, **kwargs):
        listing = self.with_context(**{LISTING: Marker()})
        return super(RelationshipAnalysedMixin, listing).web_read_group(*args, **kwargs)

    @api.model
    @api.readonly
    def formatted_read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        domain = self._add_may_analyse(domain, aggregates)
        return super().formatted_read_group(
            domain, groupby, aggregates, *args, **kwargs
        )

    @api.model
    @api.readonly
    def read_group(self, domain, *args, **kwargs):
        return super().read_group(self._add_may_analyse(domain, ()), *args, **kwargs)

    @api.model
    @api.readonly
    def formatted_read_grouping_sets(
        self, domain, grouping_sets, aggregates=(), *args, **kwargs
    ):
        domain = self._add_may_analyse(domain, aggregates)
        return super().formatted_read_grouping_sets(
            domain, grouping_sets, aggregates, *args, **kwargs
        )


def _lead_to(path, types):
    """Return the domain of what leads to types, past whatever the user does not see."""
    name, _dot, rest = path.partition(".")
    if not rest:
        return Domain(name, "in", types)
    return Domain(name, "any!", _lead_to(rest, types))
