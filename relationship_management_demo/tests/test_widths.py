from odoo.tests import tagged

from odoo.addons.relationship_management.tests.tour_case import TourCase


@tagged("post_install", "-at_install")
class TestWidths(TourCase):
    """On a small laptop no name is cut beside a column in which nothing stands."""

    browser_size = "1366x768"

    def test_names_have_the_room_of_empty_columns(self):
        anna = self.env["res.users"].search([("login", "=", "anna")])
        for language in ("en_US", "pl_PL"):
            with self.subTest(language=language):
                anna.lang = language
                self.start_tour("/odoo", "relationship_width_tour", login="anna")
