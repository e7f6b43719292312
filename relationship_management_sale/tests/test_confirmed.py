from odoo import Command
from odoo.tests import tagged

from .common import SaleCase

MARK = "Geheim"


@tagged("post_install", "-at_install")
class TestOrdersAreConfirmed(SaleCase):
    """Whoever may confirm an order may, whatever its opportunity keeps to itself."""

    def confirmed(self, user, **values):
        """Return an opportunity whose order of 1000 the user has just confirmed."""
        lead = self.env["crm.lead"].create(
            {
                "name": f"{MARK} deal",
                "type": "opportunity",
                "company_id": self.company.id,
                "user_id": user.id,
                "expected_revenue": 10,
                **values,
            }
        )
        order = self.order(self.stalmet, 1000, user).sudo()
        order.opportunity_id = lead
        self.env.flush_all()
        self.env.invalidate_all()
        order = order.with_user(user)
        order.action_confirm()
        self.env.flush_all()
        self.assertEqual(order.state, "sale")
        self.env.invalidate_all()
        return lead, order

    def new_type(self, **groups):
        nobody = self.env["res.groups"].create({"name": "Nobody"})
        everybody = self.env.ref("base.group_user")
        values = {"name": f"{MARK} type", "code": f"{MARK}{len(groups)}"}
        for right, is_open in groups.items():
            group = everybody if is_open else nobody
            values[f"{right}_group_ids"] = [Command.set(group.ids)]
        return self.env["relationship.opportunity.type"].create(values)

    def test_what_one_may_change_has_the_revenue_of_the_order(self):
        for user in (self.anna, self.piotr):
            lead, _order = self.confirmed(user)
            self.assertEqual(lead.expected_revenue, 1000)

    def test_an_opportunity_of_a_type_that_one_may_not_use_stays_as_it_is(self):
        for groups in ({"use": False, "see": True}, {"see": False}):
            with self.subTest(**groups):
                kind = self.new_type(**groups)
                lead, order = self.confirmed(self.anna, opportunity_type_id=kind.id)
                self.assertEqual(lead.expected_revenue, 10)
                told = str(order.message_ids.mapped("body"))
                self.assertNotIn(MARK, told)

    def test_the_opportunity_of_a_colleague_stays_as_it_is(self):
        lead, _order = self.confirmed(self.piotr, user_id=self.anna.id)
        self.assertEqual(lead.expected_revenue, 10)
