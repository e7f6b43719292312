from odoo.exceptions import ValidationError

from .campaign_case import CampaignCase


class TestRelationshipCampaignCompany(CampaignCase):
    """Linked companies that are not switched on, or hidden, are counted, not lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls.env["res.company"].create({"name": "Nordmark Praha"})
        cls.marta = cls._new_user(
            "marta",
            "sales_team.group_sale_salesman_all_leads",
            company_ids=[(6, 0, (cls.company | cls.other_company).ids)],
        )
        cls.campaign = cls.new_campaign()
        cls.campaign.utm_campaign_id.sudo().relationship_linked_company_ids = (
            cls.other_company | cls.third
        )

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.env.invalidate_all()

    def as_marta(self, *companies):
        """Return the campaign for Marta, who has switched these companies on."""
        return self.campaign.with_user(self.marta).with_context(
            allowed_company_ids=[company.id for company in companies]
        )

    def read_page(self, campaign):
        """Return what the page *Companies* shows: names, and the number of others."""
        specification = {
            "relationship_linked_company_ids": {"fields": {"display_name": {}}},
            "hidden_company_count": {},
        }
        (values,) = campaign.web_read(specification)
        shown = values["relationship_linked_company_ids"]
        return {c["display_name"] for c in shown}, values["hidden_company_count"]

    def test_what_is_not_switched_on_is_counted(self):
        one = self.as_marta(self.company)
        self.assertEqual(self.read_page(one), (set(), 2))
        both = self.as_marta(self.company, self.other_company)
        self.env.invalidate_all()
        self.assertEqual(self.read_page(both), ({"Nordmark Leipzig"}, 1))

    def test_the_whole_group_is_told_in_numbers(self):
        one = self.as_marta(self.company)
        self.assertEqual(self.read_page(one)[1], 2)
        action = one.action_link_whole_group()
        linked = self.env["res.company"].search_count([]) - 1
        self.assertEqual(
            action["params"]["message"],
            f"Linked companies: {linked}, of these not shown here: {linked}.",
        )

    def test_a_check_shows_no_hidden_company(self):
        one = self.as_marta(self.company)
        specification = {
            "title": {},
            "relationship_linked_company_ids": {"fields": {"display_name": {}}},
        }
        (values,) = one.web_save({"user_id": self.piotr.id}, specification)
        self.assertFalse(values["relationship_linked_company_ids"])

    def test_hidden_companies_stay_linked_when_others_are_taken_off(self):
        self.new_lead(
            self.katrin,
            campaign_id=self.campaign.utm_campaign_id.id,
            company_id=self.other_company.id,
        )
        self.env.invalidate_all()
        ours = (self.company | self.third).ids
        self.piotr.company_ids |= self.third
        piotr = self.campaign.with_user(self.piotr)
        piotr = piotr.with_context(allowed_company_ids=ours)
        self.assertEqual(self.read_page(piotr), ({"Nordmark Praha"}, 1))
        piotr.relationship_linked_company_ids = False
        self.env.invalidate_all()
        self.assertEqual(self.read_page(piotr), (set(), 1))
        self.env.invalidate_all()
        both = self.as_marta(self.company, self.other_company)
        with self.assertRaisesRegex(ValidationError, "other companies in the campaign"):
            both.relationship_linked_company_ids = False

    def test_who_is_shut_out_is_named_to_those_who_may_know(self):
        campaign = self.campaign.utm_campaign_id
        for company in (self.other_company, self.third):
            self.env["crm.lead"].create(
                {
                    "name": "Packing line",
                    "campaign_id": campaign.id,
                    "company_id": company.id,
                    "user_id": False,
                    "team_id": False,
                }
            )
        told = {
            self.piotr: "campaign Poznań fair: companies that you may not see: 2.",
            self.marta: "Nordmark Leipzig (opportunities); companies that you may not"
            " see: 1.",
            self.env.ref("base.user_root"): "Nordmark Praha (opportunities)",
        }
        for user, words in told.items():
            with (
                self.subTest(user.login),
                self.assertRaises(ValidationError) as caught,
                self.env.cr.savepoint(),
            ):
                core = campaign.with_user(user).sudo()
                core.relationship_linked_company_ids = False
            self.assertIn(words, str(caught.exception))
        self.assertNotIn("companies that you", str(caught.exception))
