"""From a campaign to the credit note, and back: Marta plans, Anna sells, Adam invoices.

The server really runs, and each of them works as himself. What the evaluation says is
compared with the records that it opens.
"""

import re
from functools import partial

from tests.journeys.browser import LIST, Journey, greet_nobody, in_each_language
from tests.journeys.test_campaign_journey import (
    WORDS,
    choose_channel,
    choose_partners,
    describe,
    figures,
    freeze,
    generate_opportunities,
)

DEMO, PRODUCT = "relationship_management_demo", "relationship_management"
PRICE, REFUND = 12_000, 2_000


def amount(text):
    """Return an amount without its decimals, in either language."""
    return int(re.sub(r"\D", "", re.sub(r"[.,]\d\d(?!\d)", "", text)))


def find(server, name, module=DEMO):
    """Return the id behind an external id."""
    domain = [("module", "=", module), ("name", "=", name)]
    [found] = server.call("ir.model.data", "search_read", domain, ["res_id"])
    return found["res_id"]


def hire_adam(server):
    """Let the story have an accountant, who belongs to nobody else's journey."""
    if not server.call("res.users", "search", [("login", "=", "adam")]):
        company = find(server, "company_nordmark_pl")
        groups = [
            find(server, "group_account_invoice", "account"),
            find(server, "relationship_management_group_user", PRODUCT),
        ]
        values = {"name": "Adam Lipa", "login": "adam", "password": "adam"}
        values |= {"company_id": company, "company_ids": [(6, 0, [company])]}
        values["group_ids"] = [(4, group) for group in groups]
        server.call("res.users", "create", values)
    greet_nobody(server, "adam", "anna", "marta")


def plan(journey, server):
    """Marta makes a campaign of partners, freezes it, and makes opportunities."""
    page = journey.page
    choose_partners(journey)
    campaign = int(re.search(r"/(\d+)(\?|$)", page.url)[1])
    page.click("a[name=target_group]")
    describe(journey, country=journey.words["poland"])
    choose_channel(journey)
    journey.save()
    freeze(journey)
    page.locator(".o_statusbar_buttons button[name=action_start]").click()
    page.wait_for_selector("button[name=action_complete]")
    # Here an activity of the campaign has its place, with the tasks that it plans.
    generate_opportunities(journey)
    domain = [("campaign_id.relationship_campaign_ids", "in", [campaign])]
    lead = server.call("crm.lead", "search", domain, limit=1)[0]
    server.call("crm.lead", "write", [lead], {"expected_revenue": PRICE + 3_000})
    decides = find(server, "relationship_reference_type_decision_maker", PRODUCT)
    person = {
        "lead_id": lead,
        "type_id": decides,
        "partner_id": find(server, "partner_rek"),
    }
    server.call("relationship.reference", "create", person)
    return campaign, lead


def offer(journey, server, lead):
    """Anna makes a quotation of the opportunity, with its campaign, and confirms it."""
    page = journey.page
    journey.open(f"/odoo/relationship-opportunities/{lead}")
    page.click("a[name=people]")
    journey.picture("sales-people")
    page.locator("button[name=action_sale_quotations_new]:visible").click()
    page.wait_for_selector(".o_form_view [name=order_line]")
    journey.settle()
    journey.save()
    [order] = server.call("sale.order", "search", [("opportunity_id", "=", lead)])
    product = find(server, "product_parts")
    company = {"allowed_company_ids": [find(server, "company_nordmark_pl")]}
    cost = {"standard_price": 7_500}
    server.call("product.product", "write", [product], cost, context=company)
    line = {"product_id": product, "price_unit": PRICE}
    server.call("sale.order", "write", [order], {"order_line": [(0, 0, line)]})
    take_margin(journey, lead)
    journey.open(f"/odoo/action-sale.action_orders/{order}")
    page.locator("button[name=action_confirm]:visible").first.click()
    page.locator("#create_invoice, #create_invoice_percentage").locator(
        "visible=true"
    ).first.wait_for()
    journey.settle()
    journey.picture("sales-order")
    return order


def take_margin(journey, lead):
    """Look at the margin of the quotation, and take it."""
    page = journey.page
    journey.open(f"/odoo/relationship-opportunities/{lead}")
    margin = page.locator("[name=contribution_margin] input")
    before = margin.input_value()
    page.click("a[name=sold]")
    page.click("button[name=action_take_margin]:visible")
    page.wait_for_selector(".modal button[name=action_take]")
    shown = page.locator(".modal [name=margin]").inner_text()
    assert amount(shown) == PRICE - 7_500
    assert margin.input_value() == before
    journey.picture("sales-margin")
    page.click(".modal button[name=action_take]")
    page.wait_for_selector(".modal", state="detached")
    journey.settle()
    assert amount(margin.input_value()) == PRICE - 7_500


def invoice(journey, order):
    """Anna asks for the invoice."""
    page = journey.page
    page.locator("#create_invoice, #create_invoice_percentage").locator(
        "visible=true"
    ).first.click()
    page.locator(".modal button[name=create_invoices]").click()
    page.wait_for_selector(".modal", state="detached")
    page.wait_for_selector("[name=invoice_line_ids]")
    journey.settle()
    journey.picture("sales-invoice")


def book(journey, server, order):
    """Adam posts it, and takes a part of it back."""
    page = journey.page
    domain = [("line_ids.sale_line_ids.order_id", "=", order)]
    [move] = server.call("account.move", "search", domain)
    path = "/odoo/action-account.action_move_out_invoice_type"
    journey.open(f"{path}/{move}")
    page.locator("button[name=action_post]:visible").first.click()
    page.locator("button[name=action_reverse]:visible").first.click()
    page.locator(".modal button[name=refund_moves]").click()
    page.wait_for_selector(".modal", state="detached")
    journey.settle()
    domain = [("reversed_entry_id", "=", move)]
    [note] = server.call("account.move", "search", domain)
    lines = server.call(
        "account.move.line",
        "search",
        [("move_id", "=", note), ("display_type", "=", "product")],
    )
    server.call("account.move.line", "write", lines, {"price_unit": REFUND})
    journey.open(f"{path}/{note}")
    page.locator("button[name=action_post]:visible").first.click()
    page.locator("button[name=action_post]").locator("visible=true").wait_for(
        state="detached"
    )
    journey.settle()
    journey.picture("sales-credit-note")


def evaluate(journey, campaign):
    """Marta reads what came of it; each figure opens as many records as it says."""
    page = journey.page
    journey.open(f"/odoo/campaigns/{campaign}")
    page.click("a[name=evaluation]")
    read = figures(journey)
    amounts = {key: amount(read[key]) for key in ("ordered", "invoiced")}
    assert amounts == {"ordered": PRICE, "invoiced": PRICE - REFUND}
    page.locator(".tab-pane button[name=invoiced]:visible").scroll_into_view_if_needed()
    journey.picture("sales-evaluation")
    for key, count in (("ordered", 1), ("invoiced", 2)):
        page.locator(f".tab-pane button[name={key}]:visible").click()
        page.wait_for_selector(f"{LIST} .o_data_row")
        journey.settle()
        assert page.locator(".o_data_row").count() == count, key
        page.go_back()
        page.wait_for_selector("a[name=evaluation]")
        journey.settle()
        page.click("a[name=evaluation]")


def go_back(journey, campaign):
    """From the campaign to its order, and from that to the opportunity and back."""
    page = journey.page
    page.locator("button[name=action_view_orders]:visible").click()
    journey.open_row()
    page.locator("button[name=action_view_opportunities]:visible").click()
    page.wait_for_selector("[name=expected_revenue]")
    journey.settle()
    page.go_back()
    page.locator("button[name=action_view_campaigns]:visible").click()
    page.wait_for_selector("a[name=evaluation]")
    journey.settle()
    assert f"/{campaign}" in page.url


@in_each_language(1)
def test_from_the_campaign_to_the_credit_note(
    open_page, demo_server, screenshot, language
):
    hire_adam(demo_server)

    def as_user(login, viewport="desktop"):
        open_ = partial(open_page, "/odoo", login=login, language=language)
        return Journey(open_(viewport=viewport), language, viewport, screenshot, WORDS)

    marta, anna, adam = map(as_user, ("marta", "anna", "adam"))
    campaign, lead = plan(marta, demo_server)
    order = offer(anna, demo_server, lead)
    invoice(anna, order)
    book(adam, demo_server, order)
    evaluate(marta, campaign)
    go_back(marta, campaign)
    phone = as_user("anna", "phone")
    phone.open(f"/odoo/relationship-opportunities/{lead}")
    phone.page.locator("a[name=sold]").tap()
    phone.page.locator("button[name=invoiced]:visible").wait_for()
    phone.page.locator("button[name=invoiced]:visible").scroll_into_view_if_needed()
    phone.picture("sales")
    assert not [*marta.errors, *anna.errors, *adam.errors, *phone.errors]
