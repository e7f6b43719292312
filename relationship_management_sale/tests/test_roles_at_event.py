from datetime import timedelta

from odoo.tests import tagged

from .common import SaleCase


@tagged("post_install", "-at_install")
class TestRolesAtEvent(SaleCase):
    """A confirmed order or a posted invoice makes a customer, at once."""

    def roles(self, partner):
        return self.env["relationship.role"].search([("partner_id", "=", partner.id)])

    def give(self, partner, kind, **values):
        roles = self.env["relationship.role"].with_user(self.jan)
        role_type = self.env.ref(
            f"relationship_management.relationship_role_type_{kind}"
        )
        return roles.create(
            {"partner_id": partner.id, "type_id": role_type.id, **values}
        )

    def test_a_confirmed_order_makes_the_company_a_customer(self):
        order = self.order(self.nowak, 100)
        self.assertFalse(self.roles(self.stalmet))
        order.action_confirm()
        role = self.roles(self.stalmet)
        self.assertRecordValues(
            role,
            [
                {
                    "kind": "customer",
                    "company_id": self.company.id,
                    "date_from": self.today,
                    "origin": "derived",
                    "state": "proposed",
                    "source": "sale.order",
                }
            ],
        )
        self.assertFalse(self.roles(self.nowak))
        self.assertTrue(self.stalmet.with_user(self.jan)._has_role("customer"))

    def test_the_role_is_given_once(self):
        for _number in range(2):
            self.confirm(self.stalmet, 100)
        self.invoice(self.stalmet, 100)
        self.assertEqual(len(self.roles(self.stalmet)), 1)

    def test_each_company_has_its_customers(self):
        self.confirm(self.stalmet, 100)
        self.confirm(self.stalmet, 100, user=self.katrin)
        self.assertEqual(
            self.roles(self.stalmet).company_id, self.company | self.other_company
        )

    def test_the_customer_of_every_company_gets_nothing(self):
        role = self.give(self.stalmet, "customer")
        self.confirm(self.stalmet, 100)
        self.assertEqual(self.roles(self.stalmet), role)

    def test_a_refused_role_does_not_come_again(self):
        self.confirm(self.stalmet, 100)
        self.roles(self.stalmet).with_user(self.jan).action_refuse()
        self.confirm(self.stalmet, 100)
        self.invoice(self.stalmet, 100)
        self.assertEqual(self.roles(self.stalmet).mapped("state"), ["refused"])

    def test_a_contact_that_orders_is_none_once_the_customer_is_confirmed(self):
        contact = self.give(
            self.stalmet, "contact", date_from=self.today - timedelta(days=9)
        )
        self.confirm(self.stalmet, 100)
        self.assertFalse(contact.date_to)
        (self.roles(self.stalmet) - contact).with_user(self.jan).action_confirm()
        self.assertEqual(contact.date_to, self.today - timedelta(days=1))
        notes = " ".join(self.stalmet.message_ids.mapped("body"))
        self.assertIn("No longer Contact", notes)

    def test_a_posted_invoice_makes_a_customer_from_its_day(self):
        self.invoice(self.nowak, 100, days_ago=5)
        self.assertRecordValues(
            self.roles(self.stalmet),
            [
                {
                    "kind": "customer",
                    "company_id": self.company.id,
                    "date_from": self.today - timedelta(days=5),
                    "source": "account.move",
                }
            ],
        )

    def test_a_bill_makes_no_customer(self):
        self.invoice(self.stalmet, 100, move_type="in_invoice", invoice_user_id=False)
        self.assertNotIn("customer", self.roles(self.stalmet).mapped("kind"))

    def test_an_order_is_confirmed_though_the_role_cannot_be_given(self):
        """A relation lacks the role that it asks for, as SQL can leave it."""
        role = self.give(self.stalmet, "organisation")
        relation_type = self.env["relationship.relation.type"].create(
            {
                "name": "was recommended by",
                "inverse_name": "recommended",
                "left_role_type_id": role.type_id.id,
            }
        )
        self.env["relationship.relation"].create(
            {
                "left_partner_id": self.stalmet.id,
                "right_partner_id": self.paktech.id,
                "type_id": relation_type.id,
            }
        )
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM relationship_role WHERE id = %s", [role.id])
        self.env.invalidate_all()
        orders = self.order(self.stalmet, 100) | self.order(self.kranbau, 100)
        with self.assertLogs(
            "odoo.addons.relationship_management.models.role.derive",
            "WARNING",
        ):
            orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"sale"})
        self.assertFalse(self.roles(self.stalmet))
        self.assertEqual(self.roles(self.kranbau).kind, "customer")
        self.assertIn(
            "The role Customer could not be given", self.stalmet.message_ids[:1].body
        )

    def test_many_orders_of_customers_cost_no_query_each(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(20)]
        )
        orders = self.env["sale.order"].union(*(self.order(p, 10) for p in partners))
        orders.action_confirm()
        counts = []
        for some in (orders[:2], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["relationship.role"]._derive_at_event(
                "customer", some, "date_order"
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(len(self.roles(partners[0])), 1)
