from odoo import Command
from odoo.tests import new_test_user

from .campaign_case import CampaignCase

HIDDEN = "a campaign that you may not see"


class TestRelationshipCampaignName(CampaignCase):
    """Who sees an opportunity, but not its campaign, does not learn its name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env["res.groups"].create({"name": "Confidential"})
        cls.anna.group_ids += group
        secret = cls.fair_type.copy(
            {"see_group_ids": [Command.set(group.ids)], "user_id": cls.anna.id}
        )
        cls.secret = cls.new_campaign(title="Secret fair", type_id=secret.id)
        cls.fair = cls.new_campaign()
        cls.plain = cls.env["utm.campaign"].create(
            [{"title": f"Newsletter {n}"} for n in range(3)]
        )
        cores = [cls.secret.utm_campaign_id, cls.fair.utm_campaign_id, cls.plain[0]]
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": "Packing line",
                    "campaign_id": core.id,
                    "user_id": False,
                    "team_id": cls.team.id,
                }
                for core in cores
            ]
        )

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.env.invalidate_all()

    def read_names(self, user, **context):
        leads = self.leads.with_user(user).with_context(**context)
        rows = leads.web_read({"campaign_id": {"fields": {"display_name": {}}}})
        return [row["campaign_id"]["display_name"] for row in rows]

    def group_names(self, user):
        groups = (
            self.env["crm.lead"]
            .with_user(user)
            .formatted_read_group([("id", "in", self.leads.ids)], ["campaign_id"])
        )
        return {group["campaign_id"][1] for group in groups}

    def test_behind_an_opportunity(self):
        names = ["Poznań fair", "Newsletter 0"]
        self.assertEqual(self.read_names(self.piotr), [HIDDEN, *names])
        self.assertEqual(self.read_names(self.anna), ["Secret fair", *names])
        read = self.leads.with_user(self.piotr).read(["campaign_id"])
        self.assertEqual(read[0]["campaign_id"][1], HIDDEN)

    def test_as_title_of_a_group(self):
        names = {"Poznań fair", "Newsletter 0"}
        self.assertEqual(self.group_names(self.piotr), {HIDDEN, *names})
        self.assertEqual(self.group_names(self.anna), {"Secret fair", *names})

    def test_of_another_company(self):
        self.leads.write({"company_id": False})
        self.piotr.company_ids |= self.other_company
        self.env.flush_all()
        self.env.invalidate_all()
        theirs = {"allowed_company_ids": self.other_company.ids}
        self.assertEqual(
            self.read_names(self.piotr, **theirs), [HIDDEN, HIDDEN, "Newsletter 0"]
        )
        both = {"allowed_company_ids": (self.company | self.other_company).ids}
        self.assertEqual(self.read_names(self.piotr, **both)[1], "Poznań fair")

    def test_what_the_system_does_knows_every_name(self):
        cores = self.leads.campaign_id
        names = {"Secret fair", "Poznań fair", "Newsletter 0"}
        self.assertEqual(set(cores.sudo().mapped("display_name")), names)
        self.assertEqual(cores.sudo()[0].title, "Secret fair")
        visitor = self.env.ref("base.public_user")
        client = new_test_user(self.env, "client_x", groups="base.group_portal")
        for user in (visitor, client):
            theirs = cores.with_user(user).sudo()
            self.assertEqual(
                theirs.mapped("display_name"), [HIDDEN, HIDDEN, "Newsletter 0"]
            )
            self.assertEqual(theirs[0].title, "Secret fair")

    def test_plain_campaigns_cost_no_statement(self):
        cores = self.plain.with_user(self.piotr).sudo()
        cores.mapped("display_name")
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            cores.mapped("display_name")
        mixed = (self.plain | self.fair.utm_campaign_id).with_env(cores.env)
        mixed.mapped("display_name")
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            mixed.mapped("display_name")

    def test_in_the_timeline_of_an_opportunity(self):
        lead = self.new_lead(user_id=False, team_id=self.team.id)
        with self.step():
            lead.campaign_id = self.secret.utm_campaign_id
        with self.step():
            self.secret.title = "Renamed fair"
        rows = self.rows(lead)
        self.assertIn("Secret fair", rows.with_user(self.anna)[-1].summary)
        told = rows.with_user(self.piotr)[-1].summary
        self.assertIn(HIDDEN, told)
        self.assertNotIn("fair", told)
