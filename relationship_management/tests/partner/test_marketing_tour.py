from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestMarketingTour(TourCase):
    """A salesperson fills in the page Marketing and opens what a figure counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        anna = cls.new_anna("anna_tour")
        cls.brewery, cls.rival = cls.env["res.partner"].create(
            [
                {"name": "A Tour brewery", "is_company": True},
                {"name": "A Tour rival", "is_company": True},
            ]
        )
        cls.env["crm.lead"].create(
            {
                "name": "A Tour deal",
                "type": "opportunity",
                "partner_id": cls.brewery.id,
                "user_id": anna.id,
            }
        )

    def test_marketing_page(self):
        self.start_tour(
            f"/odoo/relationship-partners/{self.brewery.id}",
            "relationship_marketing_tour",
            login="anna_tour",
        )
        self.assertEqual(self.brewery.employee_count, 420)
        self.assertEqual(self.brewery.credit_rating, "A2")
        self.assertEqual(self.brewery.competitor_ids, self.rival)
        self.assertEqual(self.brewery.relation_right_ids.share, 25)


@tagged("post_install", "-at_install")
class TestMarketingTourOnPhone(TestMarketingTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
