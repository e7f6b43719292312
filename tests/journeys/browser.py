"""The web client as a person sees it, for journeys in a real browser."""

import re

import pytest

from odoo.addons.relationship_management.tests.some import some

LANGUAGES = ("en_US", "pl_PL")
# Half of them have each language and each kind of screen.
SCREENS = (
    *(("en_US", "desktop"), ("en_US", "phone")),
    *(("pl_PL", "phone"), ("pl_PL", "desktop")),
)
# Milliseconds: how often the screen is looked at, how long it is at rest when it is
# settled (longer than the web client waits for the end of typing), and how long that
# may take.
TURN = 50
QUIET = 300
SETTLED_WITHIN = 60_000
# A list of its own: the lists inside a form have the first class, too.
LIST = ".o_list_view.o_action"
# However slow the machine is: the page has drawn and has nothing left to do.
AT_REST = """() => new Promise(
    (done) => requestAnimationFrame(() => requestIdleCallback(done, {timeout: 5000}))
)"""


def in_each_language(place=0):
    """Let a journey go through the language whose turn it is, or through each."""
    return pytest.mark.parametrize("language", some(LANGUAGES, 2, place))


def on_each_screen(place=0):
    """Let a journey go through half of the languages and kinds of screens, or all."""
    return pytest.mark.parametrize(("language", "viewport"), some(SCREENS, 2, place))


def greet_nobody(server, *logins):
    """Keep Odoo's bot from opening a chat over the screen at the first login."""
    users = server.call("res.users", "search", [("login", "in", logins)])
    server.call("res.users", "write", users, {"odoobot_state": "disabled"})


class Journey:
    """The web client as one person sees it, in one language on one kind of screen."""

    def __init__(self, page, language, viewport, screenshot, words=None):
        self.page = page
        self.on_phone = viewport == "phone"
        self.words = (words or {}).get(language, {})
        self.suffix = f"{language[:2]}-{viewport}"
        self.screenshot = screenshot
        self.errors = []
        self.pending = set()
        page.on("request", self._asked)
        page.on("requestfinished", self._answered)
        page.on("requestfailed", self._answered)
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _asked(self, request):
        if request.resource_type in ("fetch", "xhr"):
            self.pending.add(request)

    def _answered(self, request):
        self.pending.discard(request)

    def _note(self, message):
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, path):
        self.page.goto(path)
        self.settle()

    def settle(self):
        """Wait until the server has answered, nothing more is asked, all is drawn."""
        self.page.wait_for_selector(".o_action_manager > *", state="attached")
        quiet = 0
        for _turn in range(SETTLED_WITHIN // TURN):
            self.page.wait_for_timeout(TURN)
            self.page.wait_for_function(AT_REST)
            quiet = 0 if self.pending else quiet + TURN
            if quiet >= QUIET:
                return
        asked = ", ".join(sorted(request.url for request in self.pending))
        raise AssertionError(f"The screen never came to rest: {asked}")

    def see(self, *texts, within="body"):
        """Wait until all the texts can be read."""
        for text in texts:
            pattern = re.compile(re.escape(text).replace(r"\ ", r"\s"))
            place = self.page.locator(within).get_by_text(pattern)
            place.locator("visible=true").first.wait_for()

    def picture(self, step):
        self.settle()
        # The place in a list, which core shows for a moment.
        self.page.wait_for_selector(".o_pager_indicator", state="detached")
        assert not self._hidden_to_the_right(), "The page scrolls sideways."
        self.screenshot(self.page, f"{step}-{self.suffix}")

    def _hidden_to_the_right(self):
        return self.page.evaluate(
            """() => [
                document.scrollingElement,
                ...document.querySelectorAll(
                    ".modal-body, .o_form_view .o_content, .o_relationship_timeline, "
                    + ".o_relationship_timeline .o_content"
                ),
            ].some((e) => e.scrollWidth > e.clientWidth)"""
        )

    def choose(self, field, name):
        """Choose a record: in the dropdown, or on a phone in a dialog."""
        box = self.page.locator(field).locator("input").locator("visible=true").first
        if self.on_phone:
            box.tap()
            dialog = self.page.locator(".o_select_create_dialog_content")
            self._search(dialog, name)
            dialog.locator(".o_kanban_record", has_text=name).first.tap()
            dialog.wait_for(state="detached")
        else:
            box.fill(name)
            self.page.locator(
                ".o-autocomplete--dropdown-item", has_text=name
            ).first.click()
        self.settle()

    def _search(self, dialog, name):
        """Show only what has the name, if there may be more than fits."""
        dialog.locator(".o_kanban_renderer").wait_for()
        if not dialog.locator(".o_kanban_record", has_text=name).count():
            dialog.locator(".o_control_panel_navigation .fa-search").tap()
            dialog.locator(".o_searchview_input").fill(name)
            # Enter pressed before the proposals are there searches for nothing.
            self.page.locator(".o_searchview_autocomplete .o-dropdown-item").filter(
                has_text=name
            ).first.tap()
            dialog.locator(".o_kanban_record", has_text=name).first.wait_for()

    def open_row(self):
        """Open the first record of a list."""
        row = self.page.locator(f"{LIST} .o_data_row .o_data_cell").first
        row.wait_for()
        self.settle()
        row.click()
        self.page.wait_for_selector(LIST, state="detached")
        self.page.wait_for_selector(".o_form_view")
        self.settle()

    def save(self):
        """Save the form; its place in the page says when it is done."""
        self.page.locator(".o_form_button_save").locator("visible=true").last.click()
        self.page.wait_for_selector(".modal", state="detached")
        self.page.wait_for_selector(".o_form_view .o_form_saved", state="attached")
        self.settle()

    def close_messages(self):
        """Close what stands over the screen, as far as it has not gone by itself."""
        self.settle()
        crosses = self.page.locator(".o_notification_close")
        crosses.evaluate_all("crosses => crosses.forEach((cross) => cross.click())")
        self.page.wait_for_selector(".o_notification", state="detached")
        self.settle()

    def press(self, menu, button):
        """Press a button that stands in a menu on a phone."""
        if self.on_phone:
            self.page.locator(menu).locator("visible=true").first.tap()
        self.page.locator(button).locator("visible=true").first.click()
        self.settle()
