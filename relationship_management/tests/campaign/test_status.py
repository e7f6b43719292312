from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from .campaign_case import CampaignCase


class TestRelationshipCampaignStatus(CampaignCase):
    """The status changes by buttons; open tasks are asked about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.new_campaign()
        cls.campaign.action_start()

    def plan(self, days=5, **values):
        return self.campaign.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.get_today() + timedelta(days=days),
            user_id=self.piotr.id,
            **values,
        )

    def ask(self, button="action_complete", **values):
        """Press a button that opens the dialog, and answer it as Anna."""
        action = getattr(self.campaign, button)()
        self.assertEqual(action["res_model"], "relationship.campaign.complete")
        wizards = self.env[action["res_model"]].with_user(self.anna)
        return wizards.with_context(**action["context"]).create(values)

    def notes(self):
        self.campaign.invalidate_recordset(["message_ids"])
        return " ".join(self.campaign.message_ids.mapped("body"))

    def test_without_tasks_nothing_is_asked(self):
        self.assertFalse(self.campaign.action_complete())
        self.assertEqual(self.campaign.state, "completed")

    def test_nothing_but_the_buttons_changes_it(self):
        task = self.plan()
        for state in ("completed", "cancelled", "entered"):
            for context in ({}, {"relationship_by_button": True}):
                with (
                    self.subTest(state, context=context),
                    self.assertRaisesRegex(UserError, "changes by its buttons"),
                ):
                    self.campaign.with_context(**context).write({"state": state})
        self.campaign.write({"state": "in_progress", "goal": "Fifty visitors"})
        self.assertEqual(self.campaign.state, "in_progress")
        self.assertTrue(task.exists())

    def test_a_new_one_is_open(self):
        campaigns = self.campaign.browse()
        values = {"title": "Old fair", "type_id": self.fair_type.id}
        ways = {
            "created": lambda state: campaigns.create({**values, "state": state}),
            "by default": lambda state: campaigns.with_context(
                default_state=state
            ).create(dict(values)),
            "duplicated": lambda state: self.campaign.copy({"state": state}),
            "imported": lambda state: campaigns.with_context(import_file=True).create(
                {**values, "state": state}
            ),
        }
        for way, begin in ways.items():
            for state in ("completed", "cancelled"):
                with (
                    self.subTest(way, state=state),
                    self.assertRaisesRegex(UserError, "is a draft or in progress"),
                    self.env.cr.savepoint(),
                ):
                    begin(state)
            self.assertEqual(begin("in_progress").state, "in_progress")

    def test_what_the_system_enters_may_be_over(self):
        old = self.campaign.sudo().copy({"state": "completed"})
        self.assertEqual(old.state, "completed")

    def test_the_dialog_counts_open_and_overdue_tasks(self):
        self.plan()
        self.plan(days=-3)
        wizard = self.ask()
        self.assertEqual(wizard.summary, "Open tasks: 2, of these overdue: 1.")
        self.assertEqual(len(wizard.task_ids), 2)
        self.assertEqual(self.campaign.state, "in_progress")

    def test_tasks_may_stay_open(self):
        task = self.plan()
        self.ask(decision="keep").action_confirm()
        self.assertEqual(self.campaign.state, "completed")
        self.assertTrue(task.active)

    def test_tasks_are_closed_with_one_remark(self):
        tasks = self.plan(summary="Call") | self.plan(summary="Visit")
        self.ask(decision="close", remark="The fair is over").action_confirm()
        self.assertFalse(self.campaign.activity_ids)
        self.assertEqual(tasks.exists().mapped("feedback"), ["The fair is over"] * 2)
        self.assertEqual(self.notes().count("The fair is over"), 2)

    def test_closing_plans_no_next_task(self):
        todo = self.env.ref("mail.mail_activity_data_todo")
        call = todo.copy(
            {"chaining_type": "trigger", "triggered_next_type_id": todo.id}
        )
        self.plan().activity_type_id = call
        self.ask(decision="close").action_confirm()
        self.campaign.invalidate_recordset()
        self.assertFalse(self.campaign.activity_ids)

    def test_tasks_are_cancelled_and_the_chatter_says_so(self):
        task = self.plan()
        self.ask("action_cancel", decision="cancel", remark="No stand").action_confirm()
        self.assertFalse(task.exists())
        self.assertEqual(self.campaign.state, "cancelled")
        self.assertIn("Open tasks cancelled: 1. No stand", self.notes())

    def test_a_reopened_campaign_is_completed_again(self):
        self.campaign.action_cancel()
        self.campaign.action_reopen()
        self.assertEqual(self.campaign.state, "in_progress")
        with self.assertRaisesRegex(UserError, "In progress"):
            self.campaign.action_reopen()

    def test_a_dialog_left_open_does_not_complete_it_twice(self):
        self.plan()
        wizard = self.ask(decision="keep")
        wizard.copy().action_confirm()
        with self.assertRaisesRegex(UserError, "“Completed”: reload the page"):
            wizard.action_confirm()

    def test_several_campaigns_are_completed_at_once(self):
        other = self.new_campaign()
        self.plan()
        both = self.campaign | other
        action = both.action_complete()
        wizards = self.env["relationship.campaign.complete"].with_user(self.anna)
        wizards.with_context(**action["context"]).create({}).action_confirm()
        self.assertEqual(both.mapped("state"), ["completed", "completed"])

    def test_who_may_not_change_it_has_no_buttons(self):
        self.assertTrue(self.campaign.may_change)
        self.assertTrue(self.campaign.new({"title": "New"}).may_change)
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        self.env.flush_all()
        for user in (self.jan, self.katrin):
            theirs = self.campaign.with_user(user)
            self.assertFalse(theirs.may_change)
            for button in ("action_complete", "action_cancel"):
                with (
                    self.subTest(user=user.login),
                    self.refused(
                        r"'write' access to:\n- Campaign|to modify 'Campaign'",
                        AccessError,
                    ),
                ):
                    getattr(theirs, button)()

    def test_who_may_not_change_it_finds_nothing_to_change_in_the_form(self):
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        self.env["relationship.campaign.selection"].with_user(self.anna).create(
            {"campaign_id": self.campaign.id, "rule": "[]"}
        )
        self.env.invalidate_all()
        for user, may_change in ((self.anna, True), (self.katrin, False)):
            form = Form(self.campaign.with_user(user))
            tree = form._view["tree"]
            open_to = {
                name
                for name in form._view["fields"]
                if not form._get_modifier(name, "readonly")
                and not form._get_modifier(name, "invisible")
            }
            # The tab chooses what is shown; the status is shown as a badge only.
            open_to -= {"addressee_tab", "state"}
            self.assertEqual(bool(open_to), may_change, open_to)
            values = {
                "id": self.campaign.id,
                "may_change": form.may_change,
                "freeze_state": False,
                "selection_ids": form.selection_ids.ids,
            }
            for is_frozen in (True, False):
                shown = [
                    button
                    for button in tree.xpath("//button[@name='action_freeze']")
                    if not safe_eval(
                        button.get("invisible"), {**values, "is_frozen": is_frozen}
                    )
                ]
                self.assertEqual(len(shown), int(may_change))

    def test_who_may_not_change_it_has_no_dialog_either(self):
        task = self.plan()
        wizards = self.env["relationship.campaign.complete"].with_user(self.jan)
        wizard = wizards.create(
            {
                "campaign_ids": self.campaign.ids,
                "state": "completed",
                "decision": "cancel",
            }
        )
        with self.refused("not allowed to modify 'Campaign'", AccessError):
            wizard.action_confirm()
        self.assertTrue(task.exists())

    def test_changes_of_status_and_stage_are_dated(self):
        campaign = self.new_campaign().with_context(tracking_disable=False)
        self.flush_tracking()
        campaign.action_start()
        self.flush_tracking()
        messages = self.env["mail.message"].search(
            [("model", "=", campaign._name), ("res_id", "=", campaign.id)]
        )
        values = messages.tracking_value_ids
        status = values.filtered(lambda v: v.field_id.name == "state")
        self.assertEqual(status.new_value_char, "In progress")
        self.assertEqual(status.mail_message_id.author_id, self.anna.partner_id)

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
