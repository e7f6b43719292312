from contextlib import ExitStack
from unittest.mock import patch

from .two_worlds import TwoWorldsCase


class TestPlantedLeaks(TwoWorldsCase):
    """The proof notices a leak, whichever way it goes."""

    # Enough to show it, and no more than that takes time.
    only = ("crm.lead", "calendar.event", "relationship.item", "relationship.role")
    only += ("relationship.consent",)

    def find_channels(self):
        found = self.find_differences("anna", self.only)
        return {" ".join(each.channel.split(" ")[:2]) for each in found}

    def test_nothing_is_told_as_it_is(self):
        self.assertFalse(list(self.find_differences("anna", self.only)))
        self.assertFalse(self.recorder.broken)

    def test_a_rule_that_is_missing(self):
        for rule in ("crm_lead_rule_type_see", "relationship_consent_rule_company"):
            self.env.ref(f"relationship_management.{rule}").active = False
        # Whose deals they are does not keep them from Anna.
        self.pools["secret"].get("crm.lead").user_id = self.anna
        found = self.find_channels()
        for channel in ("search", "read", "web_read", "export", "guess"):
            self.assertIn(f"{channel} crm.lead", found)
        # Of opportunities, rights to analyse keep from groups what may not be seen.
        self.assertIn("group relationship.consent", found)

    def test_what_is_counted_and_named_as_superuser(self):
        Partner = self.env.registry["res.partner"]
        Lead = self.env.registry["crm.lead"]

        def get_competitors(partner):
            roles = partner.env["relationship.role"].sudo()
            return roles.search_count([("type_id.name", "ilike", "changed")])

        def name_it(leads):
            for lead in leads.sudo():
                lead.display_name = lead.name

        with ExitStack() as stack:
            for model, name, function in (
                (Partner, "get_competitors", get_competitors),
                (Lead, "_compute_display_name", name_it),
            ):
                stack.enter_context(patch.object(model, name, function))
            found = self.find_channels()
        self.assertIn("asked res.partner", found)
        self.assertIn("web_read calendar.event", found)
