from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.relationship_management.models.shared.source import (
    Fact,
    Figure,
    GivenRole,
    Source,
)


class SaleOrder(models.Model):
    """Whose order is confirmed is a customer at once."""

    _inherit = "sale.order"

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
