from odoo import api, fields, models
from odoo.fields import Domain

from ..shared.context import Marker, get_marked

# Set while a list or the columns of a kanban are grouped, which show records.
LISTING = "relationship_listing"


class RelationshipAnalysedMixin(models.AbstractModel):
    """Records that pivots and graphs count for those who may analyse their type.

    Lists show what the user may see, grouped or not; figures count what they may
    analyse, so whoever opens one adds ``may_analyse`` to its domain.
    """

    _name = "relationship.analysed.mixin"
    _description = "Record whose type says who may analyse it"
    # The path to the type.
    _analysed_by = "type_id"

    may_analyse = fields.Boolean(
        string="You may analyse it",
        compute="_compute_may_analyse",
        search="_search_may_analyse",
        help="Whether your statistics count it: the type says for whom they do.",
    )

    @api.model
    def _get_unanalysed_types(self):
        types = self
        for name in self._analysed_by.split("."):
            types = self.env[types._fields[name].comodel_name]
        return () if self.env.su else types._get_forbidden_ids("analyse")

    @api.depends(lambda self: [self._analysed_by] if not self._abstract else [])
    @api.depends_context("uid")
    def _compute_may_analyse(self):
        forbidden = self._get_unanalysed_types()
        for record in self:
            # sudo: who sees the record need not see its type to be told.
            types = record.sudo().mapped(self._analysed_by) if forbidden else record
            record.may_analyse = not forbidden or types.id not in forbidden

    @api.model
    def _search_may_analyse(self, operator, value):
        if operator != "in":
            return NotImplemented
        forbidden = self._get_unanalysed_types()
        return Domain.OR(
            Domain(self._analysed_by, "not in" if wanted else "in", forbidden)
            for wanted in value
        )

    @api.model
    def _count_unanalysed(self, domain):
        """Return how many records the user sees, and is not counted."""
        if not self._get_unanalysed_types() or not self.has_access("read"):
            return 0
        records = self.with_context(active_test=False)
        return records.search_count(Domain(domain) & Domain("may_analyse", "=", False))

    @api.model
    def _add_may_analyse(self, domain, aggregates):
        # Who asks for the ids lists records, as a grouped export does.
        if get_marked(self.env, LISTING) or "id:array_agg" in aggregates:
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
    def formatted_read_grouping_sets(
        self, domain, grouping_sets, aggregates=(), *args, **kwargs
    ):
        domain = self._add_may_analyse(domain, aggregates)
        return super().formatted_read_grouping_sets(
            domain, grouping_sets, aggregates, *args, **kwargs
        )
