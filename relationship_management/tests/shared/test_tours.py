from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestOpportunityTour(TourCase):
    """A salesperson takes an opportunity from its type to its history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.new_anna("anna_tour")
        cls.env["crm.team"].create(
            {"name": "Tour team", "member_ids": [(4, cls.anna.id)]}
        )
        stages = cls.env["crm.stage"].create(
            [
                {"name": "Tour qualification", "sequence": 0},
                {"name": "Tour negotiation", "sequence": 0},
            ]
        )
        cls.type = cls.env["relationship.opportunity.type"].create(
            {
                "name": "Tour deal",
                "code": "TOUR",
                "sequence": 0,
                "margin_percent": 25,
                "sets_probability": True,
                "probability": 40,
                "stage_id": stages[0].id,
            }
        )
        cls.env["res.partner"].create({"name": "A Tour competitor", "is_company": True})
        cls.env["crm.lost.reason"].create({"name": "Tour reason"})

    def test_opportunity_from_its_type_to_its_history(self):
        self.start_tour(
            "/odoo/relationship-opportunities/new",
            "relationship_opportunity_tour",
            login="anna_tour",
        )
        lead = self.env["crm.lead"].search(
            [("opportunity_type_id", "=", self.type.id), ("active", "=", False)]
        )
        self.assertEqual(lead.number, "TOUR-00001")
        self.assertEqual(lead.reference_ids.influence, "2")
        self.assertEqual(lead.reference_ids.attitude, "against")


@tagged("post_install", "-at_install")
class TestOpportunityTourOnPhone(TestOpportunityTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
