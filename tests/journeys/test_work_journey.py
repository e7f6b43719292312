"""What there is to do: an activity, what a new one would create, the day, the list.

Nothing is saved, so that each language and each kind of screen sees the same story.
"""

from tests.journeys.browser import Journey, greet_nobody, on_each_screen

WORDS = {
    "en_US": {
        "absent": "stands in",
        "call": "Call",
        "tomorrow": "Tomorrow",
    },
    "pl_PL": {
        "absent": "zastępuje",
        "call": "Zadzwoń",
        "tomorrow": "Jutro",
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
