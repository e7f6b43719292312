from odoo import models
from odoo.tools import SQL

from odoo.addons.relationship_management.models.shared.source import (
    Fact,
    GivenRole,
    Source,
    get_day,
)


class PurchaseOrder(models.Model):
    """Where we have ordered is a supplier at once."""

    _inherit = "purchase.order"

    def _describe_source(self):
        is_bought = SQL("s.state = 'purchase'")
        day = SQL("coalesce(s.date_approve, s.date_order)")
        amount = SQL(
            "s.amount_untaxed / coalesce(nullif(s.currency_rate::numeric, 0), 1)"
        )
        purchase = Fact(
            "purchase",
            self.env._("Purchase order"),
            SQL("s.state != 'cancel'"),
            {
                "status": SQL("CASE WHEN %s THEN 'ordered' ELSE 'open' END", is_bought),
                "purchase_amount": SQL("CASE WHEN %s THEN %s END", is_bought, amount),
            },
        )
        approved = SQL("s.state IN ('purchase', 'done')")
        return Source(
            partners=("partner_id",),
            number="name",
            date=get_day(self.env, day),
            amount=amount,
            facts=(purchase,),
            roles=(GivenRole("supplier", approved, day),),
        )

    def button_approve(self, force=False):
        result = super().button_approve(force=force)
        approved = self.filtered(lambda order: order.state == "purchase")
        roles = self.env["relationship.role"]
        roles._derive_at_event("supplier", approved, "date_approve")
        return result
