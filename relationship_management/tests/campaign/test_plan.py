from odoo.tests import tagged

from .campaign_case import CampaignCase


@tagged("post_install", "-at_install")
class TestCampaignPlan(CampaignCase):
    """Stages and types of campaigns plan activities as those of opportunities do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.last = cls.env["crm.stage"].create(
            [
                {"name": "Test letters", "use_for": "campaign", "sequence": -2},
                {"name": "Test calls", "use_for": "both", "sequence": -1},
            ]
        )
        cls.plan = cls._new_plan("Order the paper")

    @classmethod
    def _new_plan(cls, summary):
        return cls.env["mail.activity.plan"].create(
            {
                "name": summary,
                "res_model": "relationship.campaign",
                "company_id": False,
                "template_ids": [
                    (
                        0,
                        0,
                        {
                            "activity_type_id": cls.env.ref(
                                "mail.mail_activity_data_todo"
                            ).id,
                            "summary": summary,
                            "responsible_type": "record",
                        },
                    )
                ],
            }
        )

    def test_a_stage_proposes_once_to_the_responsible(self):
        self.first.campaign_plan_id = self.plan
        campaign = self.new_campaign(stage_id=self.first.id)
        self.assertIn("Order the paper", campaign.planned_message)
        campaign.action_create_planned()
        campaign.stage_id = self.last
        campaign.stage_id = self.first
        campaign.action_create_planned()
        self.assertEqual(campaign.activity_ids.user_id, self.piotr)
        self.assertEqual(campaign.activity_ids.crm_stage_id, self.first)
        self.assertFalse(campaign.planned_message)

    def test_a_type_creates_at_once(self):
        self.fair_type.write(
            {"activity_plan_id": self.plan.id, "activity_plan_mode": "create"}
        )
        campaign = self.new_campaign()
        self.assertEqual(campaign.activity_ids.summary, "Order the paper")

    def test_a_shared_stage_keeps_both_plans_apart(self):
        self.last.campaign_plan_id = self.plan
        lead = self.new_lead(stage_id=self.last.id)
        self.assertFalse(lead.planned_message)
        self.assertTrue(self.new_campaign(stage_id=self.last.id).planned_message)

    def test_a_campaign_that_is_over_plans_nothing(self):
        self.first.campaign_plan_id = self.plan
        campaign = self.new_campaign(stage_id=self.first.id)
        campaign.action_cancel()
        self.assertFalse(campaign.planned_message)
