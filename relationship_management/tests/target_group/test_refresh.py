from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..campaign.campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestCampaignRefresh(TargetGroupCase):
    """The dialog of joiners and leavers, which its person alone applies, and once."""

    def test_refresh_shows_joiners_and_leavers_and_does_what_is_chosen(self):
        self.add_rule()
        self.freeze()
        by_hand = self.env["res.partner"].create({"name": "Hand", "email": "h@x.pl"})
        self.env["relationship.campaign.addressee"].with_user(self.anna).create(
            {"campaign_id": self.campaign.id, "partner_id": by_hand.id}
        )
        joiners = self.new_partners(2, "Joiner")
        leavers = self.companies[:3]
        leavers.category_id = False
        self.addressee(leavers[2]).action_mark_contacted()
        action = self.campaign.with_user(self.anna).action_freeze()
        wizard = self.env[action["res_model"]].with_user(self.anna)
        wizard = wizard.browse(action["res_id"])
        self.assertEqual(wizard.joiner_ids.partner_id, joiners)
        self.assertEqual(wizard.leaver_ids.partner_id, leavers[:2])
        wizard.joiner_ids[0].chosen = False
        wizard.leaver_ids[0].chosen = False
        wizard.apply_leavers = True
        wizard.action_apply()
        self.assertFalse(self.addressee(joiners[0]))
        self.assertEqual(self.addressee(joiners[1]).state, "open")
        self.assertEqual(self.addressee(leavers[0]).state, "open")
        self.assertEqual(self.addressee(leavers[1]).exclusion, "rule")
        self.assertEqual(self.addressee(leavers[2]).state, "contacted")
        self.assertEqual(self.addressee(by_hand).state, "open")
        leavers.category_id = self.tag
        self.freeze()
        self.assertEqual(self.addressee(leavers[1]).state, "open")

    def test_who_was_taken_in_again_by_hand_stays_whatever_the_rule_finds(self):
        self.add_rule()
        self.freeze()
        self.companies[0].category_id = False
        run = self.freeze(apply_leavers=True)
        self.assertIn("No longer in the target group: 1", run.summary)
        note = self.campaign.message_ids[0]
        self.assertIn("In the campaign: 9 members, 1 excluded", note.body)
        self.assertEqual(note.author_id, self.anna.partner_id)
        lost = self.addressee(self.companies[0])
        self.assertEqual(lost.exclusion, "rule")
        lost.with_user(self.anna).action_take_in()
        self.assertEqual((lost.state, lost.origin), ("open", "hand"))
        self.freeze(apply_leavers=True)
        self.assertEqual(lost.state, "open")

    def test_leavers_alone_leave_a_run_and_nobody_joins(self):
        self.add_rule()
        self.freeze()
        self.companies[0].category_id = False
        joiner = self.new_partners(1, "Joiner")
        run = self.freeze(apply_leavers=True, apply_joiners=False)
        self.assertEqual(run.state, "done")
        self.assertFalse(self.addressee(joiner))
        self.assertEqual(self.addressee(self.companies[0]).exclusion, "rule")

    def test_a_dialog_takes_no_run_of_another_campaign(self):
        self.add_rule()
        run = self.campaign.with_user(self.anna)._stage_rule()
        mine = self.new_campaign(title="Mine").with_user(self.anna)
        wizards = self.env["relationship.campaign.refresh"].with_user(self.anna)
        with self.assertRaisesRegex(ValidationError, "on the campaign again"):
            wizards.create({"campaign_id": mine.id, "freeze_id": run.id})
        wizard = wizards.create({"campaign_id": self.campaign.id, "freeze_id": run.id})
        with self.assertRaisesRegex(ValidationError, "on the campaign again"):
            wizard.campaign_id = mine

    def test_a_dialog_takes_no_run_of_a_colleague(self):
        self.add_rule()
        run = self.campaign.with_user(self.anna)._stage_rule()
        wizards = self.env["relationship.campaign.refresh"].with_user(self.piotr)
        values = {"campaign_id": self.campaign.id, "freeze_id": run.id}
        with self.assertRaisesRegex(ValidationError, "on the campaign again"):
            wizards.create(values)
        run.sudo()._start()
        with self.assertRaisesRegex(ValidationError, "on the campaign again"):
            wizards.with_user(self.anna).create(values)

    def test_a_dialog_and_its_lines_are_seen_by_one_person(self):
        self.add_rule()
        action = self.campaign.with_user(self.anna).action_freeze()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        lines = wizard.line_ids
        self.assertEqual(len(lines.with_user(self.anna).search([])), 10)
        self.assertEqual(lines.create_uid, self.anna)
        for user in (self.piotr, self.katrin, self.ewa):
            theirs = lines.with_user(user)
            self.assertFalse(theirs.search([("id", "in", lines.ids)]))
            with self.refused(
                r"'read' access to:\n- Change of a target group \(", AccessError
            ):
                theirs.read(["partner_id"])
            with self.refused(
                r"'write' access to:\n- Change of a target group \(", AccessError
            ):
                theirs.write({"chosen": False})
            with self.refused(
                r"'read' access to:\n- Freeze or refresh the target group \(",
                AccessError,
            ):
                theirs.create({"refresh_id": wizard.id, "kind": "leave"})

    def test_a_dialog_is_applied_once(self):
        self.add_rule()
        action = self.campaign.with_user(self.anna).action_freeze()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.anna)
        wizard.action_apply()
        with self.assertRaisesRegex(UserError, "applied already"):
            wizard.action_apply()

    def test_leavers_stay_by_default(self):
        self.add_rule()
        self.freeze()
        self.companies.category_id = False
        self.freeze()
        self.assertEqual(self.campaign.addressee_ids.mapped("state"), ["open"] * 10)
