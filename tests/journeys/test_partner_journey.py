"""Anna looks at a partner: roles, relations, what is known, documents, map, statistics.

The figures that the buttons tell are compared with the records that they open.
"""

import re
from pathlib import Path

import pytest

from tests.journeys.browser import Journey, greet_nobody, on_each_screen

IMPORT = Path(__file__).parents[2] / "relationship_management" / "static" / "import"
WORDS = {
    "en_US": {"customer": "Customer", "known": "known", "supplier": "Supplier"},
    "pl_PL": {"customer": "Klient", "known": "znan", "supplier": "Dostawca"},
}


@pytest.fixture
def journey(open_page, demo_server, screenshot):
    """Anna at her desk, logged in."""
    greet_nobody(demo_server, "anna")
    page = open_page("/odoo", login="anna")
    return Journey(page, "en_US", "desktop", screenshot, WORDS)


def find(server, name):
    (partner,) = server.call("res.partner", "search", [("name", "=", name)])
    return partner


def open_partner(journey, partner):
    journey.open(f"/odoo/relationship-partners/{partner}")
    journey.page.wait_for_selector(".o_form_view [name=relations]")
    journey.settle()


def press_button(journey, name):
    """Press a stat button, which may stand under More, and wait for what it opens."""
    page = journey.page
    button = page.locator(f".oe_stat_button[name={name}], button[name={name}]")
    more = page.locator(".o_button_more")
    button.or_(more).locator("visible=true").first.wait_for()
    if not button.locator("visible=true").count():
        more.locator("visible=true").first.click()
    button.locator("visible=true").first.click()
    page.wait_for_selector(".o_form_view [name=relations]", state="detached")
    journey.settle()


def look_at_the_pages(journey):
    words, page = journey.words, journey.page
    journey.see(words["customer"], words["supplier"], within=".o_form_view")
    journey.picture("partner")
    for name in ("relations", "marketing"):
        page.click(f".o_notebook a[name={name}]")
        journey.settle()
        page.locator(f".o_notebook a[name={name}]").scroll_into_view_if_needed()
        shown = page.locator(".o_notebook .tab-pane.active").inner_text()
        assert len(shown.split()) > 20, name
        journey.picture(name)


def open_the_relations(journey, server, partner):
    """Open the relations of the partner, of which none is missing."""
    page = journey.page
    ends = ["|", ("left_partner_id", "=", partner), ("right_partner_id", "=", partner)]
    press_button(journey, "action_view_relations")
    page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)").first.wait_for()
    shown = page.locator(".o_pager_limit")
    if shown.count():
        known = server.call("relationship.relation", "search_count", ends)
        assert 0 < int(shown.inner_text()) <= known


@on_each_screen(1)
def test_all_about_a_partner(open_page, demo_server, screenshot, language, viewport):
    greet_nobody(demo_server, "anna")
    partner = find(demo_server, "Stalmet S.A.")
    page = open_page("/odoo", login="anna", viewport=viewport, language=language)
    journey = Journey(page, language, viewport, screenshot, WORDS)
    open_partner(journey, partner)
    look_at_the_pages(journey)
    open_the_relations(journey, demo_server, partner)
    for button, place, picture in (
        ("action_view_documents", ".o_kanban_record, .o_data_row", "documents"),
        ("action_view_relationship_map", ".o_relationship_map svg", "map"),
        ("action_view_statistics", ".o_pivot, .o_graph_view", "statistics"),
    ):
        open_partner(journey, partner)
        press_button(journey, button)
        page.locator(place).first.wait_for()
        journey.picture(picture)
    assert not journey.errors


def test_a_contact_that_is_known_already(journey):
    page = journey.page
    journey.open("/odoo/relationship-contacts/new")
    page.locator("[name=email] input").first.fill("biuro.stalmet@example.com")
    page.keyboard.press("Tab")
    warning = page.locator(".alert", has_text=re.compile("Stalmet"))
    warning.first.wait_for()
    journey.picture("contact-known")
    assert not journey.errors


def test_a_consent_is_recorded_from_the_partner(journey, demo_server):
    page = journey.page
    open_partner(journey, find(demo_server, "Anna Nowak"))
    page.click(".o_notebook a[name=marketing]")
    page.locator(".o_relationship_record_consent").scroll_into_view_if_needed()
    journey.picture("consent")
    page.locator(".o_relationship_record_channel", has_text="Phone").click()
    page.wait_for_selector(".modal [name=action_record]")
    journey.picture("consent-record")
    assert not journey.errors


def test_relations_are_read_from_a_file(journey):
    """Core's own import shows the rows of the template; nothing is imported here."""
    page = journey.page
    journey.open("/odoo/relationship-relations")
    page.locator(".o_cp_action_menus button").first.click()
    page.locator(".o_import_menu").click()
    with page.expect_file_chooser() as chooser:
        page.locator(".o_import_data_button, button", has_text="Upload").first.click()
    chooser.value.set_files(IMPORT / "relations.csv")
    journey.see("Anna Nowak")
    journey.picture("import")
    assert not journey.errors


def test_partners_are_chosen_for_a_merge(journey):
    """The dialog shows both and which of them stays; it is closed again."""
    page = journey.page
    journey.open("/odoo/relationship-partners")
    page.locator(".o_switch_view.o_list").click()
    rows = page.locator(".o_data_row", has_text="Browar")
    rows.first.wait_for()
    journey.settle()
    for number in range(2):
        rows.nth(number).locator(".o_list_record_selector input").check()
    # Until the list knows both, the menu is another one.
    page.locator(".o_selection_box b:text-is('2')").wait_for()
    page.locator(".o_cp_action_menus button", has_text="Actions").click()
    page.locator(".o-dropdown--menu .o-dropdown-item", has_text="Merge").first.click()
    page.wait_for_selector(".modal [name=dst_partner_id]")
    journey.picture("merge")
    assert not journey.errors
