"""One thing has one word on a screen, also where core has another one."""

import re

from lxml import etree

from odoo.addons.mail.tools.discuss import Store

from tests.common import JourneyCase

# What core's Polish calls an opportunity besides “perspektywa sprzedaży”.
OTHER_WORDS = re.compile(r"szans|okazj|\blead", re.IGNORECASE)
SCREENS = (
    ("crm.lead", "crm.crm_lead_view_form", "form"),
    ("crm.lead", "crm.crm_case_kanban_view_leads", "kanban"),
    ("crm.lead", "crm.crm_case_tree_view_oppor", "list"),
    ("crm.lead", "crm.quick_create_opportunity_form", "form"),
    ("crm.lead", "crm.view_crm_case_opportunities_filter", "search"),
    ("res.partner", "base.view_partner_form", "form"),
    ("crm.lead.lost", None, "form"),
    ("crm.merge.opportunity", None, "form"),
    ("relationship.campaign", None, "form"),
)


class TestWords(JourneyCase):
    def is_for_others(self, node):
        """Tell whether nobody sees a node, or only on a lead."""
        hidden = [n.get("invisible", "") for n in (node, *node.iterancestors())]
        return any(
            h in ("1", "True")
            or re.search(r"(^|or )type == 'opportunity'", h)
            or (node.get("name") == "iap_enrich")  # a service that is bought
            for h in hidden
        )

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
                    if not self.is_for_others(node)
                    for text in (
                        *(node.get(n) for n in ("string", "placeholder", "help")),
                        node.text,
                        node.tail,
                    )
                    if text
                ]
                self.assertTrue(shown)
                self.assertFalse([t for t in shown if OTHER_WORDS.search(t)])

    def test_the_chatter_of_an_opportunity_has_the_same_word(self):
        anna = self.env["res.users"].search([("login", "=", "anna")])
        leads = self.env["crm.lead"].with_user(anna).with_context(lang="pl_PL")
        lead, twin = leads.create(
            [{"name": name, "type": "opportunity"} for name in ("Prasa", "Prasa 2")]
        )
        lead.action_set_lost(
            lost_reason_id=leads.env["crm.lost.reason"].search([])[0].id
        )
        lead.action_unarchive()
        lead.action_set_won()
        (lead | twin).merge_opportunity()
        self.env.flush_all()
        self.env.cr.precommit.run()
        told = Store().add((lead | twin).exists().message_ids).get_result()
        words = {subtype["description"] for subtype in told["mail.message.subtype"]}
        self.assertIn("Utworzono perspektywę sprzedaży", words)
        bodies = [str(message["body"]) for message in told["mail.message"]]
        self.assertTrue(any("Scalono z tą:" in body for body in bodies), bodies)
        shown = [*filter(None, words), *bodies]
        self.assertFalse([text for text in shown if OTHER_WORDS.search(text)])
