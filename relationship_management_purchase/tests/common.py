from odoo import fields
from odoo.fields import Command

from odoo.addons.relationship_management.tests.common import RelationshipCase


class PurchaseCase(RelationshipCase):
    """Jan buys steel; Adam keeps the books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jan = cls._new_user(
            "jan_buys",
            "purchase.group_purchase_user,"
            "relationship_management.relationship_management_group_user",
        )
        cls.adam = cls._new_user(
            "adam",
            "account.group_account_invoice,"
            "relationship_management.relationship_management_group_user",
        )
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.company, install_demo=False
            )
        cls.steel = cls.env["product.product"].create(
            {"name": "Steel", "supplier_taxes_id": [Command.clear()]}
        )
        cls.nowak = cls.env["res.partner"].create(
            {"name": "Anna Nowak", "parent_id": cls.stalmet.id}
        )
        cls.today = fields.Date.context_today(cls.jan)

    def order(self, partner, price=100, **values):
        """Create a request for quotation as Jan."""
        orders = self.env["purchase.order"].with_user(self.jan)
        line = {"product_id": self.steel.id, "product_qty": 1, "price_unit": price}
        return orders.create(
            {
                "partner_id": partner.id,
                "order_line": [Command.create(line)],
                **values,
            }
        )

    def bill(self, partner, day, price=100, **values):
        """Post a bill."""
        line = {"product_id": self.steel.id, "price_unit": price, "tax_ids": []}
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": partner.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [Command.create(line)],
                **values,
            }
        )
        bill.action_post()
        return bill
