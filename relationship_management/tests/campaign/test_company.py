import re

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

    def test_who_is_shut_out_is_named_to_those_who_may_know(self):
        """A subsidiary that took part below an owner who gives the campaign away."""
        branch = self.env["res.company"].create(
            {"name": "Nordmark Gdańsk", "parent_id": self.company.id}
        )
        self.env["crm.lead"].create(
            {
                "name": "Packing line",
                "campaign_id": self.campaign.utm_campaign_id.id,
                "company_id": branch.id,
                "user_id": False,
                "team_id": False,
            }
        )
        told = {
            self.marta: "campaign Poznań fair: companies that you may not see: 1.",
            self.env.ref("base.user_root"): "Nordmark Gdańsk (opportunities)",
        }
        both = (self.company | self.other_company).ids
        for user, words in told.items():
            campaign = self.campaign.with_user(user)
            campaign = campaign.with_context(allowed_company_ids=both)
            with self.subTest(user.login), self.refused(re.escape(words)) as caught:
                campaign.write(
                    {
                        "company_id": self.other_company.id,
                        "user_id": self.marta.id,
                        "relationship_linked_company_ids": self.company.ids,
                    }
                )
        self.assertNotIn("companies that you", str(caught.exception))
