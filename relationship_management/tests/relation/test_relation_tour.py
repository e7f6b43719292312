from odoo import fields
from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestRelationTour(TourCase):
    """A user enters a relation from one end and finds it at the other one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jan = cls.new_jan("jan_tour")
        cls.brewery, cls.adviser = cls.env["res.partner"].create(
            [{"name": "A Tour brewery", "is_company": True}, {"name": "A Tour adviser"}]
        )

    def test_a_relation_from_one_end_to_the_other(self):
        self.start_tour(
            f"/odoo/relationship-partners/{self.brewery.id}",
            "relationship_relation_tour",
            login="jan_tour",
        )
        relation = self.env["relationship.relation"].search(
            [("right_partner_id", "=", self.brewery.id)]
        )
        self.assertEqual(relation.left_partner_id, self.adviser)
        self.assertEqual(relation.date_to, fields.Date.context_today(self.jan))


@tagged("post_install", "-at_install")
class TestRelationTourOnPhone(TestRelationTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
