from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form

from ..web_case import get_specification
from .campaign_case import CampaignCase

LINKED = "relationship_linked_company_ids"


class TestCampaignLinkedCompanies(CampaignCase):
    """A campaign of company A for B, C and D, looked at by somebody of B and C."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.b, cls.c, cls.d = cls.env["res.company"].create(
            [{"name": "Nordmark B"}, {"name": "Nordmark C"}, {"name": "Nordmark D"}]
        )
        cls.olga = cls._new_user(
            "olga",
            "sales_team.group_sale_salesman_all_leads,base.group_allow_export,"
            "base.group_multi_company",
            company_id=cls.b.id,
            company_ids=[Command.set((cls.b | cls.c).ids)],
        )
        cls.larger = cls.new_campaign(title="All fairs")
        cls.campaign = cls.new_campaign(
            parent_id=cls.larger.id,
            cost_ids=[Command.create({"name": "Stand", "planned_amount": 100})],
        )
        for campaign in (cls.campaign, cls.larger):
            campaign.sudo().write({LINKED: [Command.set((cls.b | cls.c | cls.d).ids)]})

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.env.invalidate_all()

    def each_choice(self):
        """Yield the campaign as Olga sees it, with each choice of companies."""
        for chosen in (self.b, self.c, self.b | self.c, self.c | self.b):
            self.env.invalidate_all()
            campaign = self.campaign.with_user(self.olga)
            yield campaign.with_context(allowed_company_ids=chosen.ids), chosen

    def test_every_view_opens(self):
        for view_type in ("form", "list", "kanban"):
            for campaign, chosen in self.each_choice():
                spec = get_specification(campaign, view_type)
                for name in (LINKED, "company_id"):
                    spec[name] = {"fields": {"display_name": {}}}
                self.env.invalidate_all()
                domain = [("id", "=", campaign.id)]
                rows = campaign.web_search_read(domain, spec)["records"]
                rows += campaign.web_read(spec)
                names = [c["display_name"] for c in rows[0][LINKED]]
                self.assertEqual(sorted(names), chosen.sorted("name").mapped("name"))
                self.assertEqual(rows[0], rows[1])
                self.assertEqual(rows[0]["company_id"]["id"], self.company.id)

    def test_only_companies_switched_on_are_read(self):
        for campaign, chosen in self.each_choice():
            self.assertTrue(campaign.has_access("read"))
            self.assertEqual(set(campaign.read([LINKED])[0][LINKED]), set(chosen.ids))
            self.assertEqual(campaign[LINKED], chosen)
            self.assertEqual(campaign.utm_campaign_id[LINKED], chosen)
            names = campaign.mapped(f"{LINKED}.name")
            self.assertEqual(sorted(names), sorted(chosen.mapped("name")))

    def test_the_export_names_no_hidden_company(self):
        for campaign, chosen in self.each_choice():
            campaign.has_access("read")
            rows = campaign.export_data(["title", f"{LINKED}/name"])["datas"]
            names = {name for row in rows for name in row[1].split(",")}
            self.assertEqual(names, set(chosen.mapped("name")))

    def test_the_export_names_the_owner(self):
        for column, value in (
            ("company_id", self.company.name),
            ("company_id/.id", str(self.company.id)),
            ("company_id/name", self.company.name),
            ("relationship_company_id", self.company.name),
            ("utm_campaign_id/title", "Poznań fair"),
            ("parent_id", "All fairs"),
            ("type_id/name", "Test fair"),
            ("user_id", self.campaign.user_id.name),
        ):
            for campaign, _chosen in self.each_choice():
                with self.subTest(column=column):
                    rows = campaign.export_data([column])["datas"]
                    self.assertEqual(rows[0][0], value)

    def test_an_export_says_of_a_hidden_campaign_what_screens_say(self):
        hidden = "a campaign that you may not see"
        self.larger.sudo().write({LINKED: [Command.clear()]})
        lead = self.env["crm.lead"].create(
            {
                "name": "Packing line",
                "company_id": self.company.id,
                "campaign_id": self.larger.utm_campaign_id.id,
            }
        )
        lead.sudo().write({"company_id": False, "user_id": self.olga.id})
        self.env.flush_all()
        self.env.invalidate_all()
        lead = lead.with_user(self.olga)
        rows = lead.export_data(["name", "campaign_id", "user_id"])["datas"]
        self.assertEqual(rows[0][:2], ["Packing line", hidden])
        for campaign, _chosen in self.each_choice():
            with self.refused(r"'read' access to:\n- Campaign \(", AccessError):
                campaign.export_data(["parent_id/goal_revenue"])
            rows = campaign.export_data(["parent_id", "cost_ids/name"])["datas"]
            self.assertEqual(rows, [[hidden, "Stand"]])

    def test_who_reads_after_a_check_reads_no_more(self):
        """Whatever the superuser has read in the same transaction."""
        for campaign, chosen in self.each_choice():
            self.assertEqual(len(campaign.sudo()[LINKED]), 3)
            self.assertEqual(len(self.campaign.sudo()._get_linked_companies()), 3)
            self.assertTrue(campaign.has_access("read"))
            self.assertTrue(campaign.cost_ids.has_access("read"))
            self.assertEqual(campaign[LINKED], chosen)

    def test_it_is_found_by_name_and_linked_company(self):
        for campaign, chosen in self.each_choice():
            found = campaign.name_search("Poznań fair")
            self.assertIn(campaign.id, [id_ for id_, _name in found])
            for company in chosen:
                domain = [(LINKED, "in", company.ids), ("id", "=", campaign.id)]
                self.assertEqual(campaign.search(domain), campaign)

    def test_groups_and_their_records_are_shown(self):
        for campaign, chosen in self.each_choice():
            groups = campaign.web_read_group(
                [("id", "=", campaign.id)],
                ["stage_id"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification={LINKED: {"fields": {"display_name": {}}}},
            )["groups"]
            [record] = [r for group in groups for r in group.get("__records", ())]
            self.assertEqual({c["id"] for c in record[LINKED]}, set(chosen.ids))

    def test_the_form_and_its_onchange(self):
        for campaign, chosen in self.each_choice():
            form = Form(campaign)
            self.assertEqual(form.title, "Poznań fair")
            self.assertEqual(set(form[LINKED].ids), set(chosen.ids))

    def test_a_campaign_of_ones_own_opens_too(self):
        own = self.new_campaign(self.olga, title="Own", user_id=self.olga.id)
        own.sudo().write({LINKED: [Command.set((self.company | self.c | self.d).ids)]})
        self.env.flush_all()
        self.env.invalidate_all()
        own = own.with_user(self.olga)
        for allowed in (self.b, self.b | self.c):
            self.env.invalidate_all()
            own = own.with_context(allowed_company_ids=allowed.ids)
            (values,) = own.web_read({LINKED: {"fields": {"display_name": {}}}})
            self.assertEqual([c["id"] for c in values[LINKED]], (allowed & self.c).ids)
            with Form(own) as form:
                form.goal = f"For {len(allowed)}"
            self.assertEqual(len(own._get_linked_companies()), 3)

    def test_a_copy_is_of_the_same_owner(self):
        self.fair_type.user_id = False
        own = self.new_campaign(self.olga, title="Own", user_id=self.olga.id)
        own.sudo().write({LINKED: [Command.set((self.c | self.d).ids)]})
        self.env.flush_all()
        self.env.invalidate_all()
        copy = own.with_user(self.olga).copy()
        self.assertEqual(copy.company_id, self.b)
        self.assertFalse(copy._get_linked_companies())
