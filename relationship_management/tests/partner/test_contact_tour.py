from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestContactTour(TourCase):
    """A new contact becomes a customer, and is no contact any more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new_jan("jan_tour")
        cls.env["res.partner"].with_context(default_role_kind="contact").create(
            {"name": "A Tour stays", "email": "known.tour@example.com"}
        )

    def test_a_contact_becomes_a_customer(self):
        self.start_tour(
            "/odoo/relationship-contacts/new",
            "relationship_contact_tour",
            login="jan_tour",
        )
        partner = self.env["res.partner"].search([("name", "=", "Tour newcomer")])
        counting = partner.role_ids.filtered(lambda role: role.state != "refused")
        self.assertEqual(counting.mapped("kind"), ["customer"])
        self.assertIn("No longer Contact", " ".join(partner.message_ids.mapped("body")))


@tagged("post_install", "-at_install")
class TestContactTourOnPhone(TestContactTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
