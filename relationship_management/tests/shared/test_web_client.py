from odoo.tests import HttpCase, no_retry, tagged

from odoo.addons.web.tests import test_js

UNIT_TESTS = "@relationship_management"


@tagged("post_install", "-at_install")
class TestWebClient(HttpCase):
    """The unit tests in ``static/tests/unit``, in the browser, as core runs its own."""

    @no_retry
    def test_unit(self):
        self.run_unit_tests(UNIT_TESTS, "desktop")

    def run_unit_tests(self, name, preset):
        suite = test_js.HOOTCommon._generate_hash(self, name)
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset={preset}&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )


@tagged("post_install", "-at_install")
class TestWebClientOnPhone(TestWebClient):
    """What a screen of this size alone shows."""

    allow_inherited_tests_method = True
    browser_size = "375x667"
    touch_enabled = True

    @no_retry
    def test_unit(self):
        self.run_unit_tests(f"{UNIT_TESTS}/unit/selection_buttons", "mobile")
