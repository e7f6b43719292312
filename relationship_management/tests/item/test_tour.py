from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestItemTour(TourCase):
    """A salesperson reads what there is of a partner, does a task, opens a deal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.new_anna("anna_item")
        cls.anna.tz = "UTC"
        cls.customer, other = cls.env["res.partner"].create(
            [{"name": "Item customer", "is_company": True}, {"name": "Item other"}]
        )
        today = fields.Date.context_today(cls.env["res.users"].with_context(tz="UTC"))
        mine = {"type": "opportunity", "user_id": cls.anna.id}
        lead = cls.env["crm.lead"].create(
            {**mine, "name": "Item press", "partner_id": cls.customer.id}
        )
        crane = cls.env["crm.lead"].create(
            {**mine, "name": "Item crane", "partner_id": other.id}
        )
        cls.env["relationship.reference"].create(
            {
                "lead_id": crane.id,
                "partner_id": cls.customer.id,
                "type_id": cls.env.ref(
                    "relationship_management.relationship_reference_type_competitor"
                ).id,
            }
        )
        cls.task = lead.activity_schedule(
            date_deadline=today - timedelta(days=2),
            summary="Item letter",
            user_id=cls.anna.id,
        )

    def test_what_there_is_of_a_partner(self):
        self.start_tour(
            f"/odoo/res.partner/{self.customer.id}",
            "relationship_item_tour",
            login="anna_item",
        )
        self.assertFalse(self.task.active)


@tagged("post_install", "-at_install")
class TestItemTourOnPhone(TestItemTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
