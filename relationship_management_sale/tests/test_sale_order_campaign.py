from odoo import Command
from odoo.exceptions import AccessError

from odoo.addons.relationship_management.tests.campaign.campaign_case import (
    CampaignCase,
)

REFUSED = "doesn't have 'read' access to"


class TestSaleOrderCampaign(CampaignCase):
    """An order belongs to no campaign that the salesperson does not see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env["res.groups"].create({"name": "Secret service"})
        secret_type = cls.env["relationship.campaign.type"].create(
            {"name": "Secret", "see_group_ids": [Command.set(group.ids)]}
        )
        cls.ewa.group_ids += group
        campaign = cls.new_campaign(
            cls.ewa,
            title="Takeover",
            type_id=secret_type.id,
            date_to="2030-01-01",
            user_id=cls.ewa.id,
        )
        cls.core = campaign.utm_campaign_id
        cls.lead = cls.new_own_lead(cls.anna, campaign_id=cls.core.id)

    @classmethod
    def new_own_lead(cls, user, **values):
        return cls.env["crm.lead"].create(
            {"name": "Line", "type": "opportunity", "user_id": user.id, **values}
        )

    def new_order(self, **values):
        self.env.invalidate_all()
        orders = self.env["sale.order"].with_user(self.anna)
        return orders.create({"partner_id": self.kranbau.id, **values})

    def test_a_hidden_campaign_is_not_chosen(self):
        other = self.new_own_lead(self.anna)
        foreign = self.new_own_lead(self.piotr, campaign_id=self.core.id)
        for values in (
            {},
            {"opportunity_id": other.id},
            {"opportunity_id": foreign.id},
        ):
            with self.assertRaisesRegex(AccessError, REFUSED):
                self.new_order(campaign_id=self.core.id, **values)
        order = self.new_order()
        with self.assertRaisesRegex(AccessError, REFUSED):
            order.write({"campaign_id": self.core.id})
        self.env.invalidate_all()
        self.assertFalse(order.campaign_id)

    def test_a_hidden_opportunity_is_not_chosen(self):
        foreign = self.new_own_lead(self.ewa)
        order = self.new_order()
        for attempt in (
            lambda: self.new_order(opportunity_id=foreign.id),
            lambda: order.write({"opportunity_id": foreign.id}),
            lambda: order.copy({"opportunity_id": foreign.id}),
        ):
            with self.assertRaises(AccessError) as caught:
                attempt()
            self.assertRegex(str(caught.exception), REFUSED)
            self.assertNotIn("Line", str(caught.exception))
            self.env.invalidate_all()
        self.assertFalse(order.opportunity_id)

    def test_a_quotation_follows_its_opportunity(self):
        context = {
            "default_opportunity_id": self.lead.id,
            "default_campaign_id": self.core.id,
        }
        orders = self.env["sale.order"].with_user(self.anna).with_context(**context)
        order = orders.create({"partner_id": self.kranbau.id})
        self.assertEqual(order.sudo().campaign_id, self.core)
        orders = self.env["sale.order"].with_user(self.anna)
        copy = orders.browse(order.id).copy()
        self.assertEqual(copy.sudo().campaign_id, order.sudo().campaign_id)
