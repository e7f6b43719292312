from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.relationship_management.models.shared.context import get_id
from odoo.addons.relationship_management.models.shared.parent_guard_mixin import (
    KnownParents,
)
from odoo.addons.relationship_management.models.shared.source import (
    Fact,
    Figure,
    GivenRole,
    Source,
)


class SaleOrder(models.Model):
    """Whose order is confirmed is a customer at once."""

    _name = "sale.order"
    _inherit = ["sale.order", "relationship.parent.guard.mixin"]
    _asks_after_move = False
    _worded_by_constraint = frozenset({"campaign_id"})

    @api.model
    def _get_guarded_fields(self):
        return {"campaign_id", "opportunity_id"}

    def _get_known_parents(self, vals):
        """Let an order take over the campaign of its opportunity."""
        known = super()._get_known_parents(vals)
        default = get_id(self.env, "default_opportunity_id")
        lead = self.env["crm.lead"].browse(vals.get("opportunity_id") or default)
        if not lead.exists() or not lead.has_access("read"):
            return known
        known = KnownParents(known)
        known["utm.campaign"] = {*known.get("utm.campaign", ()), lead.campaign_id.id}
        return known

    def _describe_source(self):
        is_sold, day = SQL("s.state = 'sale'"), SQL("s.date_order")
        amount = SQL(
            "s.amount_untaxed / coalesce(nullif(s.currency_rate::numeric, 0), 1)"
        )
        order = Fact(
            "order",
            self.env._("Order"),
            SQL("s.state IN ('draft', 'sent', 'sale')"),
            {
                "status": SQL("CASE WHEN %s THEN 'ordered' ELSE 'open' END", is_sold),
                "order_amount": SQL("CASE WHEN %s THEN %s END", is_sold, amount),
            },
        )
        return Source(
            label=self.env._("orders"),
            partners=("partner_id",),
            number="name",
            date="date_order",
            amount=amount,
            facts=(order,),
            figures=(
                Figure("orders", Domain("state", "=", "sale")),
                Figure("quotations", Domain("state", "in", ["draft", "sent"])),
            ),
            roles=(GivenRole("customer", is_sold, day),),
        )

    def _action_confirm(self):
        result = super()._action_confirm()
        self.env["relationship.role"]._derive_at_event("customer", self, "date_order")
        return result
