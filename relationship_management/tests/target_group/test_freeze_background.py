from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.target_group import freeze
from ..campaign.campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestCampaignFreezeBackground(TargetGroupCase):
    """Large groups go on in the background, batch by batch."""

    def setUp(self):
        super().setUp()
        self.patch(freeze, "DIRECT_LIMIT", 3)

    def go_on(self):
        cron = self.env.ref("relationship_management.ir_cron_campaign_freeze")
        with self.enter_registry_test_mode():
            cron.sudo().method_direct_trigger()

    def test_large_groups_go_on_in_the_background(self):
        self.add_rule()
        run = self.freeze()
        self.assertEqual((run.state, run.done, run.total), ("running", 0, 10))
        with self.assertRaisesRegex(UserError, "being frozen"):
            self.freeze()
        self.assertEqual(run.sudo()._run_batch(4), 6)
        self.assertEqual((run.done, run.progress), (4, 40))
        self.assertEqual(len(self.campaign.addressee_ids), 4)
        self.go_on()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done), ("done", 10))
        self.assertEqual(run.counts, {"new": {"": 10}})
        self.assertFalse(self.env["relationship.campaign.freeze.item"].search([]))

    def test_a_run_that_fails_says_why_and_can_go_on(self):
        self.add_rule()
        run = self.freeze()
        patched = patch.object(
            type(run), "_get_query", side_effect=ValueError("out of luck")
        )
        patched.start()
        self.go_on()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.error), ("failed", "out of luck"))
        self.assertEqual(self.campaign.freeze_error, "out of luck")
        patched.stop()
        run.with_user(self.anna).action_resume()
        self.go_on()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done, run.error), ("done", 10, False))

    def test_a_run_stops_when_its_campaign_is_cancelled(self):
        self.add_rule()
        run = self.freeze()
        run.sudo()._run_batch(4)
        self.campaign.with_user(self.anna).action_cancel()
        self.go_on()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done), ("failed", 4))
        self.assertIn("Poznań fair is over", run.error)
        self.assertEqual(len(self.campaign.addressee_ids), 4)
        with self.assertRaisesRegex(UserError, "reopen it"):
            run.with_user(self.anna).action_resume()
        self.campaign.with_user(self.anna).action_reopen()
        run.with_user(self.anna).action_resume()
        self.go_on()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.done, run.error), ("done", 10, False))

    def test_doubles_are_found_over_the_batches(self):
        self.companies[9].email = self.companies[0].email
        self.add_rule()
        run = self.freeze().sudo()
        while run._run_batch(4):
            pass
        self.assertEqual(run.counts, {"new": {"": 9, "duplicate": 1}})
