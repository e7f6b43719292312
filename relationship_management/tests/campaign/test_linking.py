from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form

from .campaign_case import CampaignCase

LINKED = "relationship_linked_company_ids"


class TestCampaignLinking(CampaignCase):
    """The whole group is linked after a question, told, and taken back in one step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prague, cls.oslo = cls.env["res.company"].create(
            [{"name": "Nordmark Praha"}, {"name": "Nordmark Oslo"}]
        )
        cls.marta = cls._new_user(
            "marta",
            "sales_team.group_sale_salesman_all_leads,base.group_multi_company",
            company_ids=[Command.set((cls.company | cls.other_company).ids)],
        )
        cls.campaign = cls.new_campaign()
        # Others, if there are any in the database, do not count.
        known = cls.company | cls.other_company | cls.prague | cls.oslo
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE res_company SET active = FALSE WHERE id <> ALL(%s)", [known.ids]
        )

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.env.invalidate_all()

    def as_marta(self, *companies):
        companies = companies or (self.company,)
        return self.campaign.with_user(self.marta).with_context(
            allowed_company_ids=[company.id for company in companies]
        )

    def ask(self, action):
        return self.env[action["res_model"]].browse(action["res_id"])

    def link_group(self, campaign):
        action = campaign.action_link_whole_group()
        wizard = self.ask(action).with_env(campaign.env)
        return wizard.summary, wizard.action_confirm()["params"]["message"]

    def take_back(self, campaign):
        wizard = self.ask(campaign.action_take_back_group()).with_env(campaign.env)
        return wizard.summary, wizard.action_confirm()["params"]["message"]

    def add_of_leipzig(self):
        """Let Katrin have an addressee and an opportunity in the campaign."""
        addressee = (
            self.env["relationship.campaign.addressee"]
            .with_user(self.katrin)
            .create({"campaign_id": self.campaign.id, "partner_id": self.stalmet.id})
        )
        core = self.campaign.utm_campaign_id
        return addressee, self.new_lead(self.katrin, campaign_id=core.id)

    def last_note(self):
        return self.campaign.message_ids.sorted("id")[-1].preview

    def test_nothing_is_linked_before_the_answer(self):
        campaign = self.as_marta()
        action = campaign.action_link_whole_group()
        self.assertEqual(action["target"], "new")
        self.assertFalse(self.campaign._get_linked_companies())
        with Form(self.ask(action).with_user(self.marta)) as form:
            self.assertIn("Nordmark Leipzig", form.summary)

    def test_companies_are_named_or_counted(self):
        summary, message = self.link_group(self.as_marta())
        self.assertEqual(
            summary,
            "These companies will see the campaign, and add members and"
            " opportunities of their own: Nordmark Leipzig, and 2 more that you do not"
            " work for. You can take this back later.",
        )
        self.assertEqual(message, "Linked companies: 3, of these not shown here: 3.")
        self.assertEqual(
            self.campaign._get_linked_companies(),
            self.other_company | self.prague | self.oslo,
        )
        self.assertEqual(self.campaign.with_user(self.katrin).title, "Poznań fair")

    def test_who_works_for_none_of_them_gets_a_number(self):
        summary, _message = self.link_group(self.campaign.with_user(self.anna))
        self.assertIn("own: companies that you do not work for: 3.", summary)

    def test_the_chatter_tells_it_without_names(self):
        self.link_group(self.as_marta())
        self.assertEqual(self.last_note(), "Companies linked: 3.")
        message = self.campaign.message_ids.sorted("id")[-1]
        self.assertEqual(message.author_id, self.marta.partner_id)
        self.take_back(self.as_marta())
        self.assertEqual(self.last_note(), "Companies no longer linked: 3.")

    def test_when_all_take_part_nothing_is_asked(self):
        self.link_group(self.as_marta())
        action = self.as_marta().action_link_whole_group()
        self.assertEqual(
            action["params"]["message"], "Every company takes part already."
        )

    def test_take_back_leaves_what_was_linked_before(self):
        self.as_marta(self.company, self.other_company)[LINKED] = self.other_company
        self.assertFalse(self.as_marta().may_take_back)
        self.link_group(self.as_marta())
        self.assertTrue(self.as_marta().may_take_back)
        summary, message = self.take_back(self.as_marta())
        self.assertEqual(
            summary,
            "These companies will no longer see the campaign: companies that you do"
            " not work for: 2.",
        )
        self.assertEqual(message, "Linked companies: 1, of these not shown here: 1.")
        self.assertEqual(self.campaign._get_linked_companies(), self.other_company)
        self.assertFalse(self.as_marta().may_take_back)

    def test_who_was_taken_off_and_linked_by_hand_stays(self):
        self.link_group(self.as_marta())
        both = self.as_marta(self.company, self.other_company)
        both[LINKED] = [Command.unlink(self.other_company.id)]
        both[LINKED] = [Command.link(self.other_company.id)]
        self.take_back(self.as_marta())
        self.assertEqual(self.campaign._get_linked_companies(), self.other_company)

    def test_what_a_company_has_stays_with_it(self):
        self.link_group(self.as_marta())
        addressee, lead = self.add_of_leipzig()
        summary, _message = self.take_back(self.as_marta())
        stays = (
            "What they have in the campaign stays with them, and they see it again once"
            " they are linked again:"
        )
        self.assertIn(f"{stays} Nordmark Leipzig (members, opportunities).", summary)
        self.assertEqual(
            self.last_note(),
            f"Companies no longer linked: 3. {stays} members, opportunities.",
        )
        self.env.invalidate_all()
        self.assertFalse(self.campaign.with_user(self.katrin).has_access("read"))
        self.assertEqual(addressee.sudo().company_id, self.other_company)
        self.assertEqual(lead.sudo().company_id, self.other_company)
        self.assertEqual(lead.sudo().campaign_id, self.campaign.utm_campaign_id)
        self.assertTrue(lead.with_user(self.katrin).has_access("write"))
        self.link_group(self.as_marta())
        self.env.invalidate_all()
        self.assertTrue(addressee.with_user(self.katrin).has_access("write"))

    def test_the_opportunities_of_a_company_taken_off_go_on(self):
        self.link_group(self.as_marta())
        lead = self.add_of_leipzig()[1]
        self.take_back(self.as_marta())
        self.env.invalidate_all()
        lead = lead.with_user(self.katrin)
        lead.write({"name": "Two packing lines", "user_id": self.katrin.id})
        self.assertEqual(lead.copy().sudo().campaign_id, lead.sudo().campaign_id)
        with Form(lead) as form:
            form.expected_revenue = 5
        # Nothing new comes to a campaign that is hidden now.
        core = self.campaign.utm_campaign_id
        with self.refused(r"'read' access to:\n- UTM Campaign", AccessError):
            self.new_lead(self.katrin, campaign_id=core.id)

    def test_the_form_says_what_stays_before_it_is_saved(self):
        both = self.as_marta(self.company, self.other_company)
        both[LINKED] = self.other_company
        self.add_of_leipzig()
        self.env.invalidate_all()
        warning = both.onchange(
            {LINKED: [Command.unlink(self.other_company.id)]},
            [LINKED],
            {LINKED: {"fields": {}}},
        )["warning"]
        self.assertEqual(warning["title"], "No longer linked")
        self.assertIn(
            "linked again: Nordmark Leipzig (members, opportunities).",
            warning["message"],
        )
        both[LINKED] = [Command.unlink(self.other_company.id)]
        self.assertIn("Companies no longer linked: 1.", self.last_note())
        self.assertFalse(self.campaign._get_linked_companies())

    def test_only_the_owner_is_asked(self):
        self.campaign.sudo()[LINKED] = self.other_company
        self.env.flush_all()
        for user in (self.katrin, self.jan):
            campaign = self.campaign.with_user(user)
            for action in ("action_link_whole_group", "action_take_back_group"):
                with self.refused(
                    r"'write' access to:\n- Campaign|to modify 'Campaign'", AccessError
                ):
                    getattr(campaign, action)()

    def test_a_dialog_does_not_go_around_the_right(self):
        self.campaign.sudo()[LINKED] = self.other_company
        self.env.flush_all()
        wizard = (
            self.env["relationship.campaign.linking"]
            .with_user(self.katrin)
            .create({"campaign_id": self.campaign.id})
        )
        with self.refused(r"'write' access to:\n- Campaign", AccessError):
            wizard.action_confirm()
