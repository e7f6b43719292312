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


# What screens say, by language, and what they said once.
CAMPAIGN = ("relationship.campaign", None, "form")
MEMBERS = ("relationship.campaign.addressee", None, "list")
MEMBER = ("relationship.campaign.addressee", None, "form")
KINDS = ("relationship.campaign.type", None, "form")
CHOSEN = {
    "en_US": {
        CAMPAIGN: ("Members shown", "Objective", "Cancel campaign"),
        MEMBERS: ("Contacted", "Exclude", "Include again"),
        KINDS: ("Responses",),
    },
    "pl_PL": {CAMPAIGN: ("Opis celu", "Odwołaj kampanię"), MEMBERS: ("Po kontakcie",)},
}
FORMER = {
    "en_US": re.compile(
        r"\b(Entered$|Addressees?|Answers|Take in again|Take away|Return on the costs"
        r"|Goal in words|How they stand)\b"
    ),
    "pl_PL": re.compile(r"Zwrot z koszt|Cel słownie|Anuluj kampani"),
}


class TestWords(JourneyCase):
    def get_words(self, model, view, kind, lang):
        """Return what labels and buttons of a screen say, and the names of fields."""
        ewa = self.env["res.users"].search([("login", "=", "ewa")])
        records = self.env[model].with_user(ewa).with_context(lang=lang)
        arch = etree.fromstring(records.get_view(view, kind)["arch"])
        names = arch.xpath("//field[not(ancestor::field)]/@name")
        fields = records.fields_get(names, ["string"])
        shown = [fields[name]["string"] for name in names if name in fields]
        for node in arch.iter(etree.Element):
            shown += [node.get("string"), node.get("title"), node.text, node.tail]
        return [" ".join(text.split()) for text in shown if text and text.strip()]

    def test_screens_of_campaigns_use_the_chosen_words(self):
        for lang, screens in CHOSEN.items():
            for screen in (CAMPAIGN, MEMBERS, MEMBER, KINDS):
                with self.subTest(lang=lang, screen=screen):
                    shown = self.get_words(*screen, lang)
                    for word in screens.get(screen, ()):
                        self.assertIn(word, shown)
                    former = [text for text in shown if FORMER[lang].search(text)]
                    self.assertFalse(former)

    def test_the_menu_and_the_figures_use_them_too(self):
        menu = self.env.ref(
            "relationship_management.relationship_campaign_addressee_menu"
        )
        self.assertEqual(menu.with_context(lang="en_US").name, "Campaign members")
        campaign = self.env["relationship.campaign"].search([], limit=1)
        for lang in ("en_US", "pl_PL"):
            figures = campaign.with_context(lang=lang).get_figures()
            self.assertIn("ROI", str(figures))

    def test_a_colon_stands_after_words_that_ask_for_one(self):
        relation = self.env["relationship.relation"].search([], limit=1)
        relation = relation.with_context(lang="pl_PL")
        self.assertRegex(relation.display_name, r"^[^:]+: [^:]+$")

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
