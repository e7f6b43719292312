"""Pivots count the rows of the types that one may analyse."""

from odoo import api, models
from odoo.fields import Domain

# Where a row has a type: its own, and that of its project.
TYPES = {
    "activity_type_id": None,
    "left_type_id": None,
    "role_id": None,
    "lead_id": "opportunity_type_id",
    "campaign_id": "type_id",
}


class RelationshipItem(models.Model):
    _name = "relationship.item"
    _inherit = ["relationship.item", "relationship.analysed.mixin"]
    _analysed_by = "opportunity_type_id"

    @api.depends(*TYPES)
    @api.depends_context("uid")
    def _compute_may_analyse(self):
        # sudo: only whether these rows, which are read already, are counted
        counted = self.sudo()._search(
            Domain("id", "in", self.ids) & self._get_analysed_domain()
        )
        ids = set(counted.get_result_ids())
        for row in self:
            row.may_analyse = row.id in ids

    @api.model
    def _search_may_analyse(self, operator, value):
        if operator != "in":
            return NotImplemented
        counted = self._get_analysed_domain()
        return Domain.OR(counted if wanted else ~counted for wanted in value)

    @api.model
    def _get_analysed_domain(self):
        """Return the rows none of whose types the user may not analyse."""
        if self.env.su:
            return Domain.TRUE
        counted = Domain.TRUE
        for name, path in TYPES.items():
            types = self.env[self._fields[name].comodel_name]
            if path:
                types = self.env[types._fields[path].comodel_name]
            if not (forbidden := types._get_forbidden_ids("analyse")):
                continue
            closed = Domain(path or name, "in", forbidden)
            closed = Domain(name, "any!", closed) if path else closed
            if name == "campaign_id":
                # An opportunity has a type of its own, whichever campaign it is from.
                closed &= Domain("res_model", "!=", "crm.lead")
            counted &= ~closed
        return counted
