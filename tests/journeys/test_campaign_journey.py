"""Marta runs a campaign, from a list of partners to what came of it; Anna calls.

The server really runs. Each figure that is read is compared with the records that it
opens, and these with the database.
"""

import re

from tests.journeys.browser import LIST, Journey, greet_nobody, in_each_language

FORM = ".o_form_view"
RULE = "[name=selection_ids]"
WORDS = {
    "en_US": {
        "actions": "Actions",
        "answered": "Responded",
        "campaigns_addressees": "Campaign members",
        "country": "Country",
        "excluded": "Excluded",
        "fair": "Poznań fair",
        "generate_campaign": "Generate campaign",
        "generate_opportunity": "Generate opportunity",
        "interested": "Interested",
        "letter": "Letter",
        "no_address": "No address for the channel",
        "poland": "Poland",
        "sales_campaign": "Sales campaign",
        "spare_parts": "Spare parts spring",
        "take_away": "Remove",
    },
    "pl_PL": {
        "actions": "Akcje",
        "answered": "Z odpowiedzią",
        "campaigns_addressees": "Adresaci kampanii",
        "country": "Kraj",
        "excluded": "Wykluczono",
        "fair": "Targi w Poznaniu",
        "generate_campaign": "Generuj kampanię",
        "generate_opportunity": "Generuj perspektywę sprzedaży",
        "interested": "Zainteresowany",
        "letter": "List",
        "no_address": "Brak adresu dla kanału",
        "poland": "Polska",
        "sales_campaign": "Kampania sprzedażowa",
        "spare_parts": "Części zamienne na wiosnę",
        "take_away": "Usuń",
    },
}


def figures(journey, place="[name=evaluation]"):
    """Return the figures of a page: ``{key: number in front}``."""
    del place
    buttons = journey.page.locator(".tab-pane .o_relationship_figures button:visible")
    buttons.first.wait_for()
    return {
        button.get_attribute("name"): button.locator(".fw-bold").inner_text()
        for button in buttons.all()
    }


def number(text):
    return int(re.sub(r"\D", "", text.split(",")[0]) or 0)


def mark(journey, wanted):
    """Mark lines of a list, and wait until the list knows all of them.

    Until then the cog is that of the list itself, whose menu has other entries.
    """
    journey.settle()
    rows = journey.page.locator(f"{LIST} .o_data_row").all()[wanted]
    for row in rows:
        row.locator("input[type=checkbox]").check()
    journey.page.locator(f".o_selection_box b:text-is('{len(rows)}')").wait_for()


def act(journey, name):
    """Choose an entry of the menu Actions for the marked lines."""
    page = journey.page
    page.locator(".o_selection_container .dropdown-toggle:has(.fa-cog)").click()
    page.get_by_role("menuitem", name=name).click()
    page.wait_for_selector(".modal .o_form_view")


def choose_partners(journey):
    """Mark partners of a list and make a campaign of them."""
    words, page = journey.words, journey.page
    journey.open("/odoo/relationship-partners")
    page.click(".o_switch_view.o_list")
    page.locator(".o_data_row").first.wait_for()
    mark(journey, slice(2, 7))
    act(journey, words["generate_campaign"])
    page.fill(".modal [name=title] input", "Autumn visits")
    journey.choose(".modal [name=type_id]", words["sales_campaign"])
    journey.picture("campaign-generate")
    page.click(".modal button[name=action_assign]:visible")
    page.wait_for_selector(f"{FORM} [name=selection_ids]")
    journey.settle()


def describe(journey, country=None, campaign=None):
    """Add a line to the rule: partners of a country, or addressees of a campaign."""
    words, page = journey.words, journey.page
    page.locator(f"{RULE} .o_field_x2many_list_row_add a").click()
    dialog = page.locator(".modal").last
    if campaign:
        dialog.locator("[name=operation]").get_by_text(words["take_away"]).click()
        dialog.locator("[name=source] input").last.check()
        journey.choose(".modal [name=other_campaign_id]", campaign)
    else:
        dialog.locator(".o_domain_selector button, .o_domain_selector a").first.click()
        dialog.locator(".o_model_field_selector").first.click()
        page.fill(".o_model_field_selector_popover_search input", words["country"])
        page.locator(
            ".o_model_field_selector_popover_item[data-name=country_id] button"
        ).first.click()
        box = dialog.locator(".o_tree_editor_condition input").last
        box.fill(country)
        page.locator(".o-autocomplete--dropdown-item", has_text=country).first.click()
        journey.settle()
        journey.picture("target-group-rule")
    dialog.locator(".o_form_button_save").click()
    dialog.wait_for(state="detached")


def choose_channel(journey):
    journey.page.locator("[name=channel] input").click()
    channel = journey.words["letter"]
    journey.page.locator(".o_select_menu_item", has_text=channel).first.click()


def freeze(journey, picture=None):
    page = journey.page
    page.locator("button[name=action_freeze]:visible").click()
    page.locator(".modal [name=preview]").wait_for()
    if picture:
        journey.picture(picture)
    preview = page.locator(".modal [name=preview]").inner_text()
    page.click(".modal button[name=action_apply]:visible")
    page.wait_for_selector(".modal", state="detached")
    journey.close_messages()
    return preview


def read_the_exclusions(journey):
    """Look at who is left out, and for what reason."""
    words, page = journey.words, journey.page
    page.locator("[name=addressee_tab]").get_by_text(
        words["excluded"], exact=True
    ).click()
    journey.settle()
    reasons = page.locator("[name=shown_addressee_ids] td[name=exclusion]")
    reasons.first.wait_for()
    assert words["no_address"] in reasons.all_inner_texts()
    page.locator("[name=addressee_tab]").scroll_into_view_if_needed()
    journey.picture("target-group-reasons")
    page.locator("[name=addressee_tab] input").first.check()
    journey.settle()


def generate_opportunities(journey):
    words, page = journey.words, journey.page
    page.locator("button[name=action_view_addressees]:visible").click()
    page.wait_for_selector(f"{LIST} .o_data_row")
    mark(journey, slice(2))
    act(journey, words["generate_opportunity"])
    page.wait_for_selector(".modal button[name=action_generate]")
    journey.picture("campaign-opportunity")
    page.click(".modal button[name=action_generate]")
    page.wait_for_selector(".modal", state="detached")
    journey.settle()


def open_each_figure(journey, server, campaign):
    """Each figure opens as many records as it says."""
    page = journey.page
    journey.open(f"/odoo/campaigns/{campaign}")
    page.click("a[name=evaluation]")
    read = figures(journey)
    journey.picture("campaign-evaluation")
    assert set(read) >= {"addressees", "contacted", "excluded", "opportunities", "won"}
    counted = {k: v for k, v in read.items() if k not in ("revenue", "margin", "cost")}
    counted.pop("return")
    for key, value in counted.items():
        page.locator(f".tab-pane button[name={key}]:visible").click()
        page.wait_for_selector(f"{LIST} .o_list_renderer")
        journey.settle()
        pager = page.locator(".o_pager_limit")
        found = number(pager.inner_text()) if pager.count() else 0
        assert found == number(value), key
        page.go_back()
        page.wait_for_selector("a[name=evaluation]")
        journey.settle()
        page.click("a[name=evaluation]")
    domain = [("campaign_id", "=", campaign), ("state", "!=", "excluded")]
    addressees = server.call("relationship.campaign.addressee", "search_count", domain)
    assert number(read["addressees"]) == addressees
    assert number(read["opportunities"]) == 2


@in_each_language()
def test_from_a_list_of_partners_to_the_evaluation(
    open_page, demo_server, screenshot, language
):
    greet_nobody(demo_server, "marta")
    page = open_page("/odoo", login="marta", language=language)
    journey = Journey(page, language, "desktop", screenshot, WORDS)
    journey.open("/odoo/campaigns")
    page.wait_for_selector(".o_kanban_record")
    journey.picture("campaign-kanban")
    choose_partners(journey)
    campaign = int(re.search(r"/(\d+)(\?|$)", page.url)[1])
    page.click("a[name=target_group]")
    describe(journey, country=journey.words["poland"])
    choose_channel(journey)
    journey.save()
    freeze(journey, "target-group-freeze")
    read_the_exclusions(journey)
    before = figures_of(demo_server, campaign)
    describe(journey, campaign=journey.words["fair"])
    journey.save()
    freeze(journey, "target-group-refresh")
    # The fair's addressees leave only when this is ticked.
    assert figures_of(demo_server, campaign) == before
    page.locator(".o_statusbar_buttons button[name=action_start]").click()
    page.wait_for_selector("button[name=action_complete]")
    generate_opportunities(journey)
    open_each_figure(journey, demo_server, campaign)
    assert not journey.errors


def figures_of(server, campaign):
    fields = ["addressee_count", "excluded_count", "opportunity_count"]
    (values,) = server.call("relationship.campaign", "read", [campaign], fields)
    return {name: values[name] for name in fields}


@in_each_language(1)
def test_an_answer_on_the_phone(open_page, demo_server, screenshot, language):
    greet_nobody(demo_server, "anna")
    page = open_page("/odoo", login="anna", viewport="phone", language=language)
    journey = Journey(page, language, "phone", screenshot, WORDS)
    words = journey.words
    journey.open("/odoo/campaigns")
    page.locator(".o_kanban_record", has_text=words["spare_parts"]).first.tap()
    page.wait_for_selector(FORM)
    journey.picture("campaign")
    domain = [("campaign_id.title", "=", "Spare parts spring")]
    answered = [*domain, ("state", "=", "responded")]
    model = "relationship.campaign.addressee"
    before = demo_server.call(model, "search_count", answered)
    page.locator("button[name=action_view_addressees]:visible").tap()
    page.locator(".o_kanban_record").first.wait_for()
    journey.picture("addressees")
    page.locator("button[name=action_enter_answer]:visible").first.tap()
    page.locator(".modal [name=response_id]").get_by_text(
        words["interested"]
    ).first.tap()
    journey.picture("answer")
    page.locator(".modal .o_form_button_save").tap()
    page.wait_for_selector(".modal", state="detached")
    journey.settle()
    assert demo_server.call(model, "search_count", answered) == before + 1
    assert not journey.errors
