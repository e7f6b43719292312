from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestStage(RelationshipCase):
    """Stages of campaigns and of other companies are not offered on opportunities."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign_stage, cls.leipzig_stage, cls.own_stage = cls.env[
            "crm.stage"
        ].create(
            [
                {"name": "Invitations", "use_for": "campaign", "sequence": -30},
                {
                    "name": "Leipzig first",
                    "company_id": cls.other_company.id,
                    "sequence": -20,
                },
                {
                    "name": "Own first",
                    "company_id": cls.company.id,
                    "sequence": -10,
                },
            ]
        )
        cls.env["crm.stage"].flush_model()

    def _columns(self, user, **context):
        groups = (
            self.env["crm.lead"]
            .with_user(user)
            .with_context(**context)
            .web_read_group([], ["stage_id"], [])
        )["groups"]
        return self.env["crm.stage"].browse(
            group["stage_id"][0] for group in groups if group["stage_id"]
        )

    def test_the_first_stage_is_one_of_the_company(self):
        lead = self.new_lead(company_id=self.company.id)
        self.assertEqual(lead.stage_id, self.own_stage)
        lead = self.new_lead(user=self.katrin, company_id=self.other_company.id)
        self.assertEqual(lead.stage_id, self.leipzig_stage)

    def test_an_opportunity_without_company_takes_a_shared_stage(self):
        lead = self.env["crm.lead"].create(
            {"name": "Nobody's", "user_id": False, "team_id": False}
        )
        self.assertFalse(lead.company_id)
        self.assertFalse(lead.stage_id.company_id)
        self.assertEqual(lead.stage_id.use_for, "opportunity")

    def test_columns_of_the_pipeline(self):
        columns = self._columns(self.anna, read_group_expand=True)
        self.assertIn(self.own_stage, columns)
        self.assertIn(self.stages[0], columns)
        self.assertNotIn(self.campaign_stage, columns)
        self.assertNotIn(self.leipzig_stage, columns)

    def test_a_stage_of_another_company_is_hidden(self):
        own = self.env["crm.stage"].with_user(self.anna)
        self.assertNotIn(self.leipzig_stage, own.search([]))
        with self.refused(r"'read' access to:\n- CRM Stages \(", AccessError):
            self.leipzig_stage.with_user(self.anna).read(["name"])

    def test_a_stage_of_another_company_is_refused(self):
        lead = self.new_lead(company_id=self.company.id)
        with self.refused("Something that you may not see stands against this"):
            lead.sudo().stage_id = self.leipzig_stage

    def test_a_stage_of_campaigns_is_refused(self):
        lead = self.new_lead()
        with self.assertRaisesRegex(ValidationError, "choose one of the stages"):
            lead.stage_id = self.campaign_stage

    def test_the_form_offers_the_stages_of_the_company(self):
        lead = self.new_lead(company_id=self.company.id)
        form = Form(lead)
        domain = form._view["fields"]["stage_id"]["domain"]
        offered = (
            self.env["crm.stage"]
            .with_user(self.anna)
            .search(
                safe_eval(
                    domain,
                    {"company_id": self.company.id, "team_id": lead.team_id.id},
                )
            )
        )
        self.assertIn(self.own_stage, offered)
        self.assertNotIn(self.campaign_stage, offered)

    def test_another_company_brings_another_stage(self):
        lead = self.env["crm.lead"].create(
            {"name": "Moves", "user_id": False, "company_id": self.company.id}
        )
        self.assertEqual(lead.stage_id, self.own_stage)
        lead.write({"company_id": self.other_company.id, "team_id": False})
        self.assertEqual(lead.stage_id, self.leipzig_stage)

    def test_won_is_the_stage_of_the_company(self):
        won = self.env["crm.stage"].create(
            {
                "name": "Leipzig signed",
                "company_id": self.other_company.id,
                "is_won": True,
                "sequence": -5,
            }
        )
        here = self.new_lead(company_id=self.company.id)
        there = self.new_lead(user=self.katrin, company_id=self.other_company.id)
        (here | there).sudo().action_set_won()
        self.assertEqual(there.stage_id, won)
        self.assertTrue(here.stage_id.is_won)
        self.assertNotEqual(here.stage_id, won)

    def test_a_merge_chooses_a_stage_of_opportunities(self):
        other_team = self.env["crm.team"].create({"name": "Other", "company_id": False})
        self.stages[1].team_ids = self.team
        leads = self.env["crm.lead"].with_user(self.ewa)
        leads |= leads.create(
            [
                {
                    "name": f"Twice {i}",
                    "type": "opportunity",
                    "team_id": self.team.id,
                    "stage_id": self.stages[1].id,
                }
                for i in range(2)
            ]
        )
        merged = leads.merge_opportunity(team_id=other_team.id)
        self.assertEqual(merged.stage_id.use_for, "opportunity")
        self.assertNotIn("relationship_stages_for", merged.env.context)

    def test_scoring_does_not_count_by_a_stage_of_campaigns(self):
        results = {
            "stage_id": {
                str(self.stages[0].id): {"won": 8, "lost": 4},
                str(self.stages[1].id): {"won": 8, "lost": 1},
            }
        }
        self.assertEqual(
            self.env["crm.lead"]._pls_get_won_lost_total_count(results), (8, 4, 12)
        )

    def test_a_used_stage_keeps_its_use_and_company(self):
        lead = self.new_lead(company_id=self.company.id)
        with self.assertRaisesRegex(ValidationError, "another stage first"):
            lead.stage_id.sudo().use_for = "campaign"
        with self.assertRaisesRegex(ValidationError, "another stage first"):
            lead.stage_id.sudo().company_id = self.other_company

    def test_a_stage_with_campaigns_keeps_its_use_and_company(self):
        kind = self.env["relationship.campaign.type"].create({"name": "Fair"})
        campaign = (
            self.env["relationship.campaign"]
            .with_user(self.anna)
            .create(
                {
                    "title": "Fair",
                    "type_id": kind.id,
                    "stage_id": self.campaign_stage.id,
                }
            )
        )
        campaign.active = False
        stage = self.campaign_stage.with_user(self.ewa)
        for values in (
            {"use_for": "opportunity"},
            {"company_id": self.other_company.id},
        ):
            with (
                self.assertRaisesRegex(ValidationError, "Campaigns that the stage"),
                self.env.cr.savepoint(),
            ):
                # sudo: Ewa does not work for the other company.
                stage.sudo().write(values)
        stage.write({"use_for": "both", "company_id": self.company.id})
        self.assertEqual(stage.company_id, self.company)

    def test_a_team_of_another_company_is_refused(self):
        team = self.env["crm.team"].create(
            {"name": "Leipzig", "company_id": self.other_company.id}
        )
        with self.assertRaisesRegex(ValidationError, "remove the team"):
            self.own_stage.team_ids = team

    def test_the_first_stage_of_a_type_belongs_to_its_company(self):
        with self.refused("company inconsistencies"):
            self.machine_deal.stage_id = self.leipzig_stage

    def test_managers_keep_stages_and_salespeople_do_not(self):
        manager = self._new_user(
            "rm", "relationship_management.relationship_management_group_manager"
        )
        self.own_stage.with_user(manager).name = "Own, first"
        with self.refused("not allowed to modify 'CRM Stages'", AccessError):
            self.own_stage.with_user(self.anna).name = "Mine"
