from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestRightTour(TourCase):
    """A manager gives a right, and asks why a colleague does not see a record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manager = "relationship_management.relationship_management_group_manager"
        cls.ewa = cls._new_person(
            "ewa_right", "Ewa Lis", f"sales_team.group_sale_manager,{manager}"
        )
        cls.jan = cls._new_person(
            "jan_right", "Tour Jan", "sales_team.group_sale_salesman_all_leads"
        )
        cls.board = cls.env["res.groups"].create({"name": "Tour board"})
        cls.kind = cls.env["relationship.opportunity.type"].create(
            {"name": "Tour secret"}
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Tour press",
                "type": "opportunity",
                "opportunity_type_id": cls.kind.id,
            }
        )

    def test_a_right_is_given_in_the_list(self):
        self.start_tour(
            "/odoo/relationship-rights",
            "relationship_type_right_tour",
            login="ewa_right",
        )
        self.assertEqual(self.kind.see_group_ids, self.board)

    def test_why_somebody_does_not_see_it(self):
        self.kind.see_group_ids = self.board
        self.start_tour(
            f"/odoo/crm.lead/{self.lead.id}",
            "relationship_right_question_tour",
            login="ewa_right",
        )
