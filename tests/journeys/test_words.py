"""One thing has one word on a screen, also where core has another one."""

import re

from lxml import etree

from tests.common import JourneyCase

# What core's Polish calls an opportunity besides “perspektywa sprzedaży”.
OTHER_WORDS = re.compile("szans|okazj", re.IGNORECASE)
SCREENS = (
    ("crm.lead", "crm.crm_case_tree_view_oppor", "list"),
    ("crm.lead", "crm.quick_create_opportunity_form", "form"),
    ("crm.lead", "crm.view_crm_case_opportunities_filter", "search"),
    ("res.partner", "base.view_partner_form", "form"),
    ("relationship.campaign", None, "form"),
)


class TestWords(JourneyCase):
    def test_an_opportunity_has_one_word_in_polish(self):
        anna = self.env["res.users"].search([("login", "=", "anna")])
        self.assertTrue(anna, "The demo story has no Anna.")
        for model, view, kind in SCREENS:
            with self.subTest(model=model, kind=kind):
                view_id = self.env.ref(view).id if view else None
                records = self.env[model].with_user(anna).with_context(lang="pl_PL")
                arch = records.get_view(view_id, kind)["arch"]
                shown = [
                    text
                    for node in etree.fromstring(arch).iter(etree.Element)
                    if node.get("invisible") != "1"
                    for text in (
                        *(node.get(name) for name in ("string", "placeholder")),
                        node.text,
                    )
                    if text
                ]
                self.assertTrue(shown)
                self.assertFalse([t for t in shown if OTHER_WORDS.search(t)])
