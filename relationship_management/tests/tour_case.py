"""What the tours have in common: a screen, and named people who log in."""

from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user
from odoo.tests.common import ChromeBrowser

# Seconds for a page to load, where core allows 60, and for a whole tour.
PAGE, TOUR = 600, 900


class TourCase(HttpCase):
    """A tour on a wide screen; a subclass repeats it on a phone."""

    browser_size = "1280x800"
    # The requests of one page wait for each other: on a slow machine for longer than
    # the 20 seconds after which core answers the next one with an error.
    test_cursor_lock_timeout = 300

    def start_tour(self, url_path, tour_name, **options):
        """Play a tour, with time enough for the slowest machine."""
        wait = ChromeBrowser._wait_ready

        def wait_longer(browser, code=None, timeout=PAGE):
            return wait(browser, code, timeout)

        with patch.object(ChromeBrowser, "_wait_ready", wait_longer):
            return super().start_tour(
                url_path, tour_name, **{"timeout": TOUR, **options}
            )

    @classmethod
    def new_anna(cls, login):
        """Return Anna, who sells and looks after partners."""
        return cls._new_person(login, "Anna Kowalska", "sales_team.group_sale_salesman")

    @classmethod
    def new_jan(cls, login):
        """Return Jan, who looks after partners and sells nothing."""
        return cls._new_person(
            login,
            "Jan Wrona",
            "relationship_management.relationship_management_group_user",
        )

    @classmethod
    def _new_person(cls, login, name, group):
        return new_test_user(
            cls.env,
            login,
            f"base.group_user,base.group_partner_manager,{group}",
            context={"no_reset_password": True},
            name=name,
            tz="Europe/Warsaw",
            lang="en_US",
        )
