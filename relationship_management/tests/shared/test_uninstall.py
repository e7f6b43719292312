from unittest.mock import patch

from odoo.tests import tagged

from ... import hooks
from ..campaign.campaign_case import CampaignCase


@tagged("post_install", "-at_install")
class TestUninstall(CampaignCase):
    """Nothing of ours is left in the tables of core; all is rolled back here."""

    def uninstall(self):
        self.env.flush_all()
        # The triggers have tests of their own, and so has what comes after the hook.
        with (
            patch.object(hooks.capture, "remove_capture"),
            patch.object(hooks.former_name, "remove_capture"),
            patch.object(hooks.history, "remove_history"),
            patch.object(hooks.row_trigger, "remove"),
        ):
            hooks.uninstall_hook(self.env)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_no_stage_of_campaigns_is_left(self):
        stages = self.env["crm.stage"].create(
            [
                {"name": "Briefing", "use_for": "campaign"},
                {"name": "For both", "use_for": "both"},
                {"name": "With a lead", "use_for": "both"},
            ]
        )
        campaign = self.new_campaign(stage_id=stages[0].id)
        self.new_campaign(stage_id=stages[1].id)
        lead = self.new_lead(stage_id=stages[2].id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_stage SET use_for = 'campaign' WHERE id = %s", [stages[2].id]
        )
        before = self.env["crm.lead"].search_count([])
        self.uninstall()
        left = self.env["crm.stage"].search([("use_for", "=", "campaign")])
        self.assertEqual(left, stages[2])
        self.assertEqual(stages.exists(), stages[1:])
        self.assertEqual(lead.stage_id, stages[2])
        self.assertEqual(self.env["crm.lead"].search_count([]), before)
        self.assertTrue(campaign.utm_campaign_id.exists())

    def test_no_number_range_is_left(self):
        self.machine_deal.numbers_per_company = True
        self.new_lead(self.katrin, opportunity_type_id=self.machine_deal.id)
        self.new_campaign()
        deal = self.machine_deal.with_company(self.other_company)
        ranges = deal.number_sequence_id | deal.company_sequence_id
        ranges |= self.fair_type.number_sequence_id
        self.assertEqual(len(ranges), 3)
        theirs = self.env["ir.sequence"].create({"name": "Orders", "code": "my.orders"})
        self.fair_type.copy({"code": False}).number_sequence_id = theirs
        self.uninstall()
        self.assertFalse(ranges.exists())
        self.assertTrue(theirs.exists())
        self.env.cr.execute(
            "SELECT 1 FROM pg_class WHERE relkind = 'S' AND relname = ANY(%s)",
            [[f"ir_sequence_{id_:03}" for id_ in ranges.ids]],
        )
        self.assertFalse(self.env.cr.fetchall())

    def test_no_setting_is_left(self):
        settings = self.env["ir.config_parameter"]
        settings.set_param("relationship_management.group_currency_id", 1)
        settings.set_param("relationship_managementx.other", 1)
        self.uninstall()
        left = settings.search([("key", "=like", "relationship%")]).mapped("key")
        self.assertIn("relationship_managementx.other", left)
        self.assertFalse([k for k in left if k.startswith("relationship_management.")])

    def test_the_list_of_stages_says_what_each_is_for(self):
        view = self.env.ref("crm.crm_stage_tree")
        arch = self.env["crm.stage"].with_user(self.ewa).get_view(view.id)["arch"]
        self.assertIn('name="use_for"', arch)
