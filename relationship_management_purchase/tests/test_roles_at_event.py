from datetime import timedelta

from odoo.tests import tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestRolesAtEvent(PurchaseCase):
    """A purchase order or a posted bill makes a supplier, at once."""

    def roles(self, partner):
        return self.env["relationship.role"].search([("partner_id", "=", partner.id)])

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
        self.bill(self.stalmet, self.today)
        self.assertEqual(self.roles(self.stalmet).mapped("state"), ["refused"])

    def test_a_posted_bill_makes_a_supplier(self):
        bill = self.bill(self.nowak, self.today - timedelta(days=5))
        self.assertRecordValues(
            self.roles(self.stalmet),
            [{"kind": "supplier", "source": "account.move", "date_from": bill.date}],
        )
