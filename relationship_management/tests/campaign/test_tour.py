from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestCampaignTour(TourCase):
    """A salesperson creates a campaign, starts it, and completes another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.new_anna("anna_campaign_tour")
        cls.type = cls.env["relationship.campaign.type"].create(
            {
                "name": "Tour campaign",
                "code": "TOURC",
                "sequence": 0,
                "channel": "letter",
            }
        )
        campaigns = cls.env["relationship.campaign"].with_user(cls.anna)
        cls.autumn = campaigns.create(
            {
                "title": "Tour autumn",
                "type_id": cls.type.id,
                "number": "TOUR-AUTUMN",
                "state": "in_progress",
            }
        )
        cls.autumn.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=fields.Date.today() - timedelta(days=3),
            user_id=cls.anna.id,
        )

    def test_campaign_from_its_type_to_its_end(self):
        self.start_tour(
            "/odoo/campaigns/new",
            "relationship_campaign_tour",
            login="anna_campaign_tour",
        )
        spring = self.autumn.search([("number", "=", "TOURC-00001")])
        self.assertEqual(spring.title, "Tour spring")
        self.assertEqual(spring.state, "in_progress")
        self.assertEqual(self.autumn.state, "completed")
        self.assertFalse(self.autumn.activity_ids)
        self.assertIn("Tour is over", " ".join(self.autumn.message_ids.mapped("body")))


@tagged("post_install", "-at_install")
class TestCampaignTourOnPhone(TestCampaignTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
