"""Anna looks at a partner: roles, relations, what is known, documents, map, statistics.

The figures that the buttons tell are compared with the records that they open.
"""

import re

import pytest

from tests.journeys.browser import Journey, greet_nobody

WORDS = {
    "en_US": {"customer": "Customer", "known": "known", "supplier": "Supplier"},
    "pl_PL": {"customer": "Klient", "known": "znan", "supplier": "Dostawca"},
}


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
    if not button.locator("visible=true").count():
        page.locator(".o_button_more").locator("visible=true").first.click()
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


@pytest.mark.parametrize("viewport", ["desktop", "phone"])
@pytest.mark.parametrize("language", ["en_US", "pl_PL"])
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


def test_a_contact_that_is_known_already(open_page, demo_server, screenshot):
    greet_nobody(demo_server, "anna")
    page = open_page("/odoo", login="anna")
    journey = Journey(page, "en_US", "desktop", screenshot, WORDS)
    journey.open("/odoo/relationship-contacts/new")
    page.locator("[name=email] input").first.fill("biuro.stalmet@example.com")
    page.keyboard.press("Tab")
    warning = page.locator(".alert", has_text=re.compile("Stalmet"))
    warning.first.wait_for()
    journey.picture("contact-known")
    assert not journey.errors
