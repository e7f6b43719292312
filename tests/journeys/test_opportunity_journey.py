"""A salesperson takes an opportunity from its type to its history, then to OLAP.

The server really runs: each step is a transaction of its own, so that the history
tells them one by one.
"""

import re

from tests.journeys.browser import Journey, greet_nobody, on_each_screen

WORDS = {
    "en_US": {
        "against": "Against us",
        "apply": "Apply probability",
        "binding": "Binding",
        "changed": "Changed",
        "competitor": "Competitor",
        "created": "Created",
        "forecast": "Forecast",
        "high": "High",
        "history": "History of",
        "influence": "Influence",
        "lost": "Lost",
        "margin": "Contribution margin",
        "no_forecast": "Not in the forecast: lost or archived",
        "opportunities": "Opportunities",
        "people": "People",
        "person": "Add a person",
        "reason": "Lost to a competitor",
        "role": "Role",
        "stage": "Proposition",
        "stage_label": "Stage",
        "type": "Machine deal",
    },
    "pl_PL": {
        "against": "Nieprzychylne",
        "apply": "Zastosuj prawdopodobieństwo",
        "binding": "Obowiązujący",
        "changed": "Zmieniono",
        "competitor": "Konkurent",
        "created": "Utworzono",
        "forecast": "Prognoza",
        "high": "Duży",
        "history": "Historia:",
        "influence": "Wpływ",
        "lost": "Porażka",
        "margin": "Marża pokrycia",
        "no_forecast": "Poza prognozą: porażka lub archiwum",
        "opportunities": "Perspektywy sprzedaży",
        "people": "Osoby",
        "person": "Dodaj osobę",
        "reason": "Wygrał konkurent",
        "role": "Rola",
        "stage": "Propozycja",
        "stage_label": "Etap",
        "type": "Sprzedaż maszyny",
    },
}
ENTRY = ".o_relationship_timeline_entry"


def create(journey):
    words = journey.words
    journey.open("/odoo/relationship-opportunities")
    journey.see(words["opportunities"], within=".o_main_navbar, .o_control_panel")
    journey.picture("pipeline")
    journey.open("/odoo/relationship-opportunities/new")
    journey.choose("[name=opportunity_type_id]", words["type"])
    journey.page.fill("[name=name] textarea", "Bottle sorter, Browar Warta")
    journey.choose("[name=partner_id]", "Browar Warta")
    journey.page.fill("[name=expected_revenue] input", "240000")
    journey.page.fill("[name=probability] input", "40")
    journey.page.press("[name=probability] input", "Tab")
    journey.save()
    number = journey.page.locator(".o_relationship_type [name=number]")
    number.filter(has_text=re.compile(r"^MD-\d{5}$")).wait_for()
    margin = journey.page.locator("[name=contribution_margin] input").input_value()
    assert re.sub(r"\D", "", margin) == "5280000"
    journey.see(words["margin"], words["binding"], words["apply"])
    forecast = journey.page.locator("[name=forecast_explanation]").inner_text()
    assert forecast.startswith(words["forecast"])
    assert forecast.endswith("× 40 %")
    journey.picture("opportunity")


def add_a_competitor(journey):
    words, page = journey.words, journey.page
    page.click("a[name=people]")
    journey.see(words["people"])
    if journey.on_phone:
        page.get_by_text(words["person"]).tap()
        place = ".modal"
    else:
        journey.see(words["role"], words["influence"])
        page.click("[name=reference_ids] .o_field_x2many_list_row_add a")
        place = "[name=reference_ids]"
    journey.choose(f"{place} [name=type_id]", words["competitor"])
    journey.choose(f"{place} [name=partner_id]", "Kranbau Wolff")
    page.locator(place).get_by_role("radio", name=words["high"], exact=True).click()
    page.locator(place).get_by_role("radio", name=words["against"], exact=True).click()
    if journey.on_phone:
        journey.picture("person")
        page.locator(".modal .o_form_button_save").tap()
        page.wait_for_selector(".modal", state="detached")
    journey.save()
    journey.see(words["competitor"], "Kranbau Wolff", within="[name=reference_ids]")
    page.locator("[name=reference_ids]").scroll_into_view_if_needed()
    journey.picture("people")


def move_on(journey):
    stage = journey.words["stage"]
    journey.press(
        ".o_statusbar_status .dropdown-toggle",
        f".o_statusbar_status button:has-text('{stage}'), "
        f".o-dropdown-item:has-text('{stage}')",
    )


def lose(journey):
    words, page = journey.words, journey.page
    journey.press(
        ".o_statusbar_buttons .dropdown-toggle",
        f".o_statusbar_buttons button:has-text('{words['lost']}'), "
        f".o-dropdown-item button:has-text('{words['lost']}')",
    )
    page.locator(".modal .o_selection_badge", has_text=words["reason"]).click()
    page.click(".modal button[name=action_lost_reason_apply]")
    page.wait_for_selector(".modal", state="detached")
    journey.see(words["no_forecast"])
    page.locator(".o_relationship_type").scroll_into_view_if_needed()
    journey.picture("lost")


def read_the_history(journey):
    words, page = journey.words, journey.page
    journey.press(".o_button_more", "button[name=action_view_history]")
    page.wait_for_selector(ENTRY)
    check_the_history(journey)
    journey.picture("history")
    page.reload()
    page.wait_for_selector(ENTRY)
    check_the_history(journey)
    page.click(f"button[data-event=lost]:has-text('{words['lost']}')")
    journey.settle()
    assert page.locator(ENTRY).count() == 1
    page.click(".o_relationship_timeline_open")
    page.wait_for_selector(".o_form_view .o_relationship_type")


def check_the_history(journey):
    """Each step is there, newest first, with its time and its person."""
    words, page = journey.words, journey.page
    journey.see(f"{words['history']} Bottle sorter, Browar Warta")
    entries = page.locator(ENTRY)
    assert [entry.splitlines()[0] for entry in entries.all_inner_texts()] == [
        words["lost"],
        words["changed"],
        words["changed"],
        words["created"],
    ]
    people = page.locator(".o_relationship_timeline_who").all_inner_texts()
    assert [who.strip() for who in people] == ["Anna Kowalska"] * 4
    assert entries.locator("time[datetime]").count() == 4
    lost, moved, met, created = (" ".join(t.split()) for t in entries.all_inner_texts())
    assert words["reason"] in lost
    assert words["stage_label"] in moved
    assert words["stage"] in moved
    assert words["competitor"] in met
    assert "Kranbau Wolff" in met
    assert words["type"] in created


def transfer(journey, menu):
    """Transfer through the menu and look at the list of transfers."""
    page = journey.page
    journey.open("/odoo/olap-transfers")
    if journey.on_phone:
        page.locator(".o_menu_toggle").tap()
    else:
        page.get_by_role("button", name="OLAP", exact=True).click()
    page.get_by_text(menu, exact=True).locator("visible=true").first.click()
    page.wait_for_selector(".modal button[name=action_transfer]")
    journey.picture("transfer")
    page.click(".modal button[name=action_transfer]")
    page.wait_for_selector(".modal", state="detached")
    journey.open("/odoo/olap-transfers")
    page.locator(".o_data_row, .o_kanban_record").first.wait_for()
    journey.picture("runs")


def menu_name(server, xmlid, language):
    """Return the name of a menu in a language."""
    module, name = xmlid.split(".")
    domain = [("module", "=", module), ("name", "=", name)]
    (data,) = server.call("ir.model.data", "search_read", domain, ["res_id"])
    (menu,) = server.call(
        *("ir.ui.menu", "read", [data["res_id"]], ["name"]), context={"lang": language}
    )
    return menu["name"]


def transferred_rows(server):
    """Return how many rows all successful transfers brought into the target."""
    done = [("state", "=", "done")]
    runs = server.call("olap.export.run", "search_read", done, ["rows_new"])
    return sum(run["rows_new"] for run in runs)


@on_each_screen()
def test_from_an_opportunity_to_olap(
    open_page, demo_server, screenshot, language, viewport
):
    greet_nobody(demo_server, "anna", "admin")
    before = transferred_rows(demo_server)
    page = open_page("/odoo", login="anna", viewport=viewport, language=language)
    journey = Journey(page, language, viewport, screenshot, WORDS)
    for step in (create, add_a_competitor, move_on, lose, read_the_history):
        step(journey)
    assert not journey.errors

    page = open_page("/odoo", login="admin", viewport=viewport, language=language)
    journey = Journey(page, language, viewport, screenshot, WORDS)
    menu = "olap_export.olap_export_target_transfer_menu"
    transfer(journey, menu_name(demo_server, menu, language))
    assert not journey.errors
    # The batch job may have been faster with some of them.
    assert transferred_rows(demo_server) >= before + 4
