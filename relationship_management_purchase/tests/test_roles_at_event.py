from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.relationship_management.tests.common import RelationshipCase


@tagged("post_install", "-at_install")
class TestRolesAtEvent(RelationshipCase):
    """A purchase order or a posted bill makes a supplier, at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jan = cls._new_user(
            "jan_buys",
            "purchase.group_purchase_user,"
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

    def roles(self, partner):
        return self.env["relationship.role"].search([("partner_id", "=", partner.id)])

    def order(self, partner):
        return (
            self.env["purchase.order"]
            .with_user(self.jan)
            .create(
                {
                    "partner_id": partner.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.steel.id,
                                "product_qty": 1,
                                "price_unit": 100,
                            }
                        )
                    ],
                }
            )
        )

    def test_an_approved_order_makes_the_company_a_supplier(self):
        order = self.order(self.nowak)
        self.assertFalse(self.roles(self.stalmet))
        order.button_confirm()
        self.assertRecordValues(
            self.roles(self.stalmet),
            [
                {
                    "kind": "supplier",
                    "company_id": self.company.id,
                    "date_from": self.today,
                    "origin": "derived",
                    "state": "proposed",
                    "source": "purchase.order",
                }
            ],
        )
        self.assertFalse(self.roles(self.nowak))

    def test_an_order_that_waits_for_approval_makes_none(self):
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 10}
        )
        order = self.order(self.stalmet)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertFalse(self.roles(self.stalmet))
        chief = self._new_user("chief", "purchase.group_purchase_manager")
        order.with_user(chief).button_approve()
        self.assertEqual(self.roles(self.stalmet).kind, "supplier")

    def test_a_refused_role_does_not_come_again(self):
        self.order(self.stalmet).button_confirm()
        self.roles(self.stalmet).with_user(self.jan).action_refuse()
        self.order(self.stalmet).button_confirm()
        self.assertEqual(self.roles(self.stalmet).mapped("state"), ["refused"])

    def test_a_posted_bill_makes_a_supplier(self):
        day = self.today - timedelta(days=5)
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.nowak.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.steel.id,
                            "price_unit": 100,
                            "tax_ids": [],
                        }
                    )
                ],
            }
        )
        bill.action_post()
        self.assertRecordValues(
            self.roles(self.stalmet),
            [{"kind": "supplier", "source": "account.move", "date_from": bill.date}],
        )
