from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestMapTour(TourCase):
    """A user walks over the map of a partner, with keyboard, mouse and finger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new_jan("jan_tour")
        cls.brewery, cls.factory, rival, adviser, friend = cls.env[
            "res.partner"
        ].create(
            [
                {"name": "A Tour brewery", "is_company": True},
                {"name": "A Tour factory", "is_company": True},
                {"name": "A Tour rival", "is_company": True},
                {"name": "A Tour adviser"},
                {"name": "A Tour friend"},
            ]
        )
        cls.relate(adviser, "tax_adviser", cls.brewery, date_from="2022-01-01")
        cls.relate(adviser, "knows", friend)
        cls.relate(friend, "director", cls.factory)
        cls.relate(rival, "competitor", cls.brewery, date_to="2020-12-31")

    @classmethod
    def relate(cls, left, name, right, **values):
        relation_type = cls.env.ref(
            f"relationship_management.relationship_relation_type_{name}"
        )
        cls.env["relationship.relation"].create(
            {
                "left_partner_id": left.id,
                "type_id": relation_type.id,
                "right_partner_id": right.id,
                **values,
            }
        )

    def test_map_of_a_partner(self):
        self.start_tour(
            f"/odoo/relationship-partners/{self.brewery.id}",
            "relationship_map_tour",
            login="jan_tour",
        )


@tagged("post_install", "-at_install")
class TestMapTourOnPhone(TestMapTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
