from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestRelationTour(HttpCase):
    """A user enters a relation from one end and finds it at the other one."""

    browser_size = "1280x800"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jan = new_test_user(
            cls.env,
            "jan_tour",
            "base.group_partner_manager,"
            "relationship_management.relationship_management_group_user",
            name="Jan Wrona",
            tz="Europe/Warsaw",
            lang="en_US",
        )
        cls.brewery, cls.adviser = cls.env["res.partner"].create(
            [{"name": "A Tour brewery", "is_company": True}, {"name": "A Tour adviser"}]
        )

    def test_a_relation_from_one_end_to_the_other(self):
        self.start_tour(
            f"/odoo/relationship-partners/{self.brewery.id}",
            "relationship_relation_tour",
            login="jan_tour",
            timeout=120,
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
