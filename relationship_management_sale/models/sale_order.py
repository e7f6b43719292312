from odoo import api, models

from odoo.addons.relationship_management.models.shared.parent_guard_mixin import (
    KnownParents,
)


class SaleOrder(models.Model):
    """Whose order is confirmed is a customer at once."""

    _name = "sale.order"
    _inherit = ["sale.order", "relationship.parent.guard.mixin"]
    _asks_after_move = False
    _worded_by_constraint = frozenset({"campaign_id"})

    @api.model
    def _get_guarded_fields(self):
        return {"campaign_id"}

    def _get_known_parents(self, vals):
        """Let an order take over the campaign of its opportunity."""
        known = super()._get_known_parents(vals)
        default = self.env.context.get("default_opportunity_id")
        lead = self.env["crm.lead"].browse(vals.get("opportunity_id") or default)
        if not lead.exists() or not lead.has_access("read"):
            return known
        known = KnownParents(known)
        known["utm.campaign"] = {*known.get("utm.campaign", ()), lead.campaign_id.id}
        return known

    def _action_confirm(self):
        result = super()._action_confirm()
        self.env["relationship.role"]._derive_at_event("customer", self, "date_order")
        return result
