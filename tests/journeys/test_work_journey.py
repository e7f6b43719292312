"""What there is to do: an activity, what a new one would create, the day, the list.

Nothing is saved, so that each language and each kind of screen sees the same story.
"""

from tests.journeys.browser import (
    LIST,
    Journey,
    greet_nobody,
    in_each_language,
    on_each_screen,
)

WORDS = {
    "en_US": {
        "absent": "stands in",
        "call": "Call",
        "tomorrow": "Tomorrow",
        "list": "Relationship list",
        "done": "Done",
    },
    "pl_PL": {
        "absent": "zastępuje",
        "call": "Zadzwoń",
        "tomorrow": "Jutro",
        "list": "Lista relacji",
        "done": "Wykonane",
    },
}
ROWS = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


def find(server, model, *domain):
    return server.call(model, "search", list(domain), limit=1)[0]


def look_at_an_activity(journey, activity):
    """Its tasks say who does what until when."""
    page = journey.page
    journey.open(f"/odoo/sales-activities/{activity}")
    rows = page.locator("[name=task_ids]").locator(ROWS)
    rows.first.wait_for()
    assert rows.count() > 1
    journey.picture("activity")


def plan_one(journey, campaign):
    """Begin a new one: its form says what saving would create, and who is away."""
    page, words = journey.page, journey.words
    journey.open(f"/odoo/campaigns/{campaign}")
    page.click("a[name=activities]")
    page.locator("button[name=action_plan_activity]").click()
    kind = "[name=type_id].o_field_widget:has(input)"
    page.locator(kind).wait_for()
    journey.choose(kind, words["call"])
    journey.choose("[name=user_id].o_field_widget:has(input)", "Piotr")
    preview = page.locator("[name=preview]").locator("visible=true").first
    preview.wait_for()
    journey.see(words["absent"], within="[name=preview]")
    journey.picture("activity-preview")
    page.locator(".o_form_button_cancel").locator("visible=true").first.click()
    journey.settle()


def look_at_the_day(journey):
    """Each line says in words when it is due."""
    journey.open("/odoo/my-day")
    rows = journey.page.locator(ROWS)
    rows.first.wait_for()
    journey.see(journey.words["tomorrow"], within=".o_action_manager")
    journey.picture("my-day")


def look_at_the_list(journey):
    journey.open("/odoo/relationship-list")
    rows = journey.page.locator(ROWS)
    rows.first.wait_for()
    assert rows.count() > 1
    journey.picture("relationship-list")


@on_each_screen()
def test_what_there_is_to_do(open_page, demo_server, screenshot, language, viewport):
    greet_nobody(demo_server, "anna")
    spring = find(
        demo_server, "relationship.campaign", ("title", "=", "Spare parts spring")
    )
    calls = find(demo_server, "relationship.activity", ("campaign_id", "=", spring))
    page = open_page("/odoo", login="anna", viewport=viewport, language=language)
    journey = Journey(page, language, viewport, screenshot, WORDS)
    look_at_an_activity(journey, calls)
    plan_one(journey, spring)
    look_at_the_day(journey)
    look_at_the_list(journey)
    assert not journey.errors


FOCUSED = "document.activeElement.matches(%r)"


def press_until(journey, key, selector, most=30):
    """Press a key until something is focused, as often as it takes."""
    for _time in range(most):
        if journey.page.evaluate(FOCUSED % selector):
            return
        journey.page.keyboard.press(key)
        journey.page.wait_for_timeout(50)
    raise AssertionError(f"{key} does not come to {selector}")


def find_partner(journey, name):
    journey.page.keyboard.type(name)
    journey.page.wait_for_selector(".o_searchview_autocomplete .o-dropdown-item")
    partner = ".o_searchview_autocomplete .focus:has-text('Partner')"
    for _time in range(10):
        if journey.page.locator(partner).count():
            break
        journey.page.keyboard.press("ArrowDown")
    journey.page.keyboard.press("Enter")
    journey.settle()


@in_each_language()
def test_the_list_with_the_keyboard_alone(open_page, demo_server, screenshot, language):
    """Opened, searched, a row of it opened and left, a task all but done."""
    greet_nobody(demo_server, "anna")
    page = open_page("/odoo/my-day", login="anna", language=language)
    journey = Journey(page, language, "desktop", screenshot, WORDS)
    words, keyboard = journey.words, page.keyboard
    journey.settle()
    keyboard.press("Control+k")
    page.wait_for_selector(".o_command_palette input")
    keyboard.type(f"/{words['list']}")
    page.wait_for_selector(f".o_command.focused:has-text('{words['list']}')")
    keyboard.press("Enter")
    page.wait_for_selector(f"{LIST} .o_data_row")
    journey.settle()
    find_partner(journey, "Browar Warta")
    press_until(journey, "ArrowDown", ".o_data_row *")
    press_until(journey, "ArrowRight", ".o_data_row td[name=partner_id]")
    keyboard.press("Enter")
    page.wait_for_selector(".o_form_view")
    journey.settle()
    keyboard.press("Alt+b")
    page.wait_for_selector(f"{LIST} .o_data_row")
    journey.settle()
    press_until(journey, "ArrowDown", ".o_data_row *")
    press_until(journey, "ArrowRight", "button[name=action_done]")
    # What a screen reader says of it.
    assert page.evaluate("document.activeElement.textContent") == words["done"]
    keyboard.press("Enter")
    page.wait_for_selector(".modal [name=note]")
    keyboard.press("Escape")
    page.wait_for_selector(".modal", state="detached")
    journey.settle()
    assert page.evaluate(FOCUSED % "button[name=action_done]")
    assert not journey.errors
