"""What becomes of activities when they, or what they belong to, are over."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .activity_case import ActivityCase

CALL = "mail.mail_activity_data_call"


@tagged("post_install", "-at_install")
class TestReopen(ActivityCase):
    """*Done* and *Cancel activity* can be taken back."""

    def test_what_done_closed_is_open_again(self):
        activity = self.plan()
        first, _second = self.tasks(activity)
        first.with_user(self.anna).action_feedback()
        activity.action_done()
        self.assertEqual((activity.state, activity.open_task_count), ("done", 0))
        activity.action_reopen()
        self.assertEqual((activity.state, activity.open_task_count), ("in_progress", 1))
        self.assertFalse(first.active)
        self.assertFalse(activity.date_done)
        again = self.tasks(activity, active=True)
        self.assertEqual(again.plan_template_id, self.visit.template_ids[1])
        again.with_user(self.anna).action_feedback()
        self.assertEqual(activity.state, "done")

    def test_what_people_did_stays_done_and_the_activity_opens(self):
        activity = self.plan()
        self.tasks(activity).with_user(self.anna).action_feedback()
        activity.action_reopen()
        self.assertEqual((activity.state, activity.open_task_count), ("in_progress", 0))
        activity.action_done()
        self.assertEqual(activity.state, "done")

    def test_what_was_taken_back_comes_again(self):
        activity = self.plan()
        activity.action_cancel()
        activity.action_reopen()
        self.assertEqual((activity.state, activity.open_task_count), ("planned", 2))

    def test_what_was_taken_back_comes_again_as_it_was(self):
        """With the days and words that somebody gave, and nothing beside it."""
        calls = self.new_type(
            "Calls", {"summary": "Call {partner}", "per": "addressee"}
        )
        fair = self.new_campaign()
        fair.with_user(self.anna).action_start()
        self.add_members(fair, self.stalmet)
        activity = self.plan(type_id=calls.id, campaign_id=fair.id)
        task = self.tasks(activity)
        changed = {"summary": "Call the owner", "date_deadline": self.day(20)}
        task.with_user(self.anna).write(changed)
        for end in (
            activity.action_cancel,
            lambda: self.complete(fair, "cancel"),
        ):
            self.add_members(fair, self.stalmet.copy({"name": "Joined meanwhile"}))
            end()
            self.assertFalse(self.tasks(activity))
            (activity if fair.state == "in_progress" else fair).action_reopen()
            again = self.tasks(activity)
            self.assertEqual(len(again), 1)
            self.assertEqual(
                (again.summary, again.date_deadline, again.is_changed_by_hand),
                ("Call the owner", self.day(20), True),
            )
        self.assertNotIn("cancelled_tasks", activity.fields_get())

    def test_what_nobody_has_changed_follows_what_changed_meanwhile(self):
        """As in an activity that is open: days, people and type; words stay."""
        other_type = self.new_type("Other", {"summary": "Anew"})
        for end in ("action_cancel", "action_done"):
            with self.subTest(end):
                activity = self.plan()
                self.tasks(activity)[0].with_user(self.anna).summary = "Mine"
                getattr(activity, end)()
                activity.write({"date_from": self.day(7), "date_to": self.day(14)})
                activity.user_id = self.ewa
                activity.action_reopen()
                mine, other = self.tasks(activity).sorted("date_deadline")
                self.assertEqual(
                    (mine.summary, mine.is_changed_by_hand, mine.user_id),
                    ("Mine", True, self.anna),
                )
                self.assertEqual(mine.date_deadline, self.today)
                self.assertGreaterEqual(other.date_deadline, self.day(7))
                self.assertEqual(other.user_id, self.ewa)
                getattr(activity, end)()
                activity.type_id = other_type
                activity.action_reopen()
                words = self.tasks(activity, active=True).mapped("summary")
                self.assertEqual(sorted(words), ["Anew", "Mine"])

    def complete(self, campaign, decision):
        values = {"campaign_ids": campaign.ids, "state": "completed"}
        dialogs = self.env["relationship.campaign.complete"].with_user(self.anna)
        dialogs.create({**values, "decision": decision}).action_confirm()

    def test_done_begins_nothing_that_waits(self):
        first, second = self.visit.template_ids
        second.wait_template_id = first
        activity = self.plan()
        activity.action_done()
        self.assertEqual((activity.state, activity.open_task_count), ("done", 0))
        self.assertEqual(len(self.tasks(activity)), 1)
        activity.action_reopen()
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.assertEqual(len(self.tasks(activity)), 2)


@tagged("post_install", "-at_install")
class TestHidden(ActivityCase):
    """Whoever has a task does it, whether they may see its activity or not."""

    def test_who_may_not_see_the_type_any_more(self):
        first, second = self.visit.template_ids
        second.wait_template_id = first
        activity = self.plan()
        task = self.tasks(activity)
        task.user_id = self.jan
        self.visit.see_group_ids = self.env.ref("sales_team.group_sale_manager")
        self.assertFalse(activity.with_user(self.jan).has_access("read"))
        task.with_user(self.jan).action_done()
        self.assertFalse(task.active)
        # Nobody is there for what waited: it stays open, and says so.
        self.assertEqual(activity.sudo().state, "in_progress")
        self.assertIn("choose somebody else", activity.sudo().run_error)


@tagged("post_install", "-at_install")
class TestProjectEnds(ActivityCase):
    """Activities end with the campaign or opportunity that they belong to."""

    def end(self, campaign, state, decision, **context):
        dialog = self.env["relationship.campaign.complete"].with_user(self.anna)
        dialog = dialog.with_context(**context).create(
            {
                "campaign_ids": [Command.set(campaign.ids)],
                "state": state,
                "decision": decision,
            }
        )
        dialog.action_confirm()

    def test_a_campaign_asks_what_becomes_of_its_activities(self):
        for decision, state, number in (
            ("keep", "planned", 2),
            ("close", "done", 2),
            ("cancel", "cancelled", 0),
        ):
            with self.subTest(decision):
                campaign = self.new_campaign()
                activity = self.plan(campaign_id=campaign.id)
                self.end(campaign, "completed", decision)
                self.assertEqual(activity.state, state)
                self.assertEqual(len(self.tasks(activity)), number)

    def test_what_ended_with_a_campaign_comes_back_with_it(self):
        for decision in ("close", "cancel"):
            with self.subTest(decision):
                campaign = self.new_campaign()
                activity, over = (self.plan(campaign_id=campaign.id) for _ in "12")
                over.action_cancel()
                hidden = self.plan(campaign_id=campaign.id, user_id=self.ewa.id)
                hidden.sudo().type_id = self.new_type("Secret", {"summary": "Talk"})
                self.end(campaign, "completed", decision)
                hidden.sudo().type_id.see_group_ids = self.env.ref(
                    "sales_team.group_sale_manager"
                )
                self.assertFalse(hidden.with_user(self.anna).has_access("read"))
                campaign.with_user(self.anna).action_reopen()
                self.assertEqual(
                    (activity.state, over.state, hidden.sudo().state),
                    ("planned", "cancelled", "planned"),
                )
                self.assertEqual(activity.open_task_count, 2)
                # Ended by hand now: that it ended with the campaign once is forgotten.
                activity.action_cancel()
                self.end(campaign, "completed", "keep")
                campaign.with_user(self.anna).action_reopen()
                self.assertEqual(activity.state, "cancelled")

    def test_what_ended_with_a_lost_opportunity_comes_back_with_it(self):
        for decision, state in (("done", "done"), ("remove", "cancelled")):
            with self.subTest(decision):
                lead = self.env["crm.lead"].create(
                    {"name": "Deal", "user_id": self.anna.id, "type": "opportunity"}
                )
                lead = lead.with_user(self.anna)
                activity, over = self.plan(lead_id=lead.id), self.plan(lead_id=lead.id)
                over.action_done()
                dialog = self.env["crm.lead.lost"].with_user(self.anna)
                dialog.create(
                    {"lead_ids": [Command.set(lead.ids)], "open_tasks": decision}
                ).action_lost_reason_apply()
                self.assertEqual(activity.state, state)
                lead.action_restore()
                self.assertEqual((activity.state, over.state), ("planned", "done"))
                self.assertEqual(activity.open_task_count, 2)

    def test_what_is_done_stays_where_a_list_shows_it(self):
        """Lists of all campaigns or deals hand their context to the dialogs."""
        for decision in ("close", "cancel"):
            with self.subTest(decision):
                campaign = self.new_campaign()
                done, _to_do = self.tasks(self.plan(campaign_id=campaign.id))
                done.with_user(self.anna).action_feedback(feedback="Ready")
                self.end(campaign, "completed", decision, active_test=False)
                self.assertEqual(done.exists().feedback, "Ready")
                self.assertFalse(done.is_closed_with_activity)
        dialog = self.env["crm.lead.lost"].with_user(self.anna)
        for decision in ("done", "remove"):
            with self.subTest(decision):
                lead = self.new_lead()
                done = lead.activity_schedule(act_type_xmlid=CALL)
                done.action_feedback(feedback="Agreed")
                lost = dialog.with_context(active_test=False).create(
                    {"lead_ids": [Command.set(lead.ids)], "open_tasks": decision}
                )
                self.assertEqual(lost.open_task_count, 0)
                lost.action_lost_reason_apply()
                self.assertEqual(done.exists().feedback, "Agreed")

    def test_tasks_of_no_activity_come_back_as_well(self):
        """However the opportunity comes back; what people did stays done."""
        campaign = self.new_campaign()
        task, done = (campaign.activity_schedule(act_type_xmlid=CALL) for _ in "12")
        done.action_feedback()
        self.end(campaign, "completed", "close")
        self.assertFalse(task.active)
        campaign.with_user(self.anna).action_reopen()
        self.assertEqual((task.active, done.active), (True, False))
        for back in (
            {"active": True},
            {"stage_id": self.stages[2].id},
            None,
        ):
            with self.subTest(back):
                lead = self.new_lead()
                task = lead.activity_schedule(act_type_xmlid=CALL)
                activity = self.plan(lead_id=lead.id)
                dialog = self.env["crm.lead.lost"].with_user(self.anna)
                dialog.create(
                    {"lead_ids": [Command.set(lead.ids)], "open_tasks": "done"}
                ).action_lost_reason_apply()
                self.assertEqual((task.active, activity.state), (False, "done"))
                lead.write(back) if back else lead.action_restore()
                self.assertEqual((task.active, activity.state), (True, "planned"))

    def test_what_waits_in_a_plan_does_not_begin_with_the_end(self):
        plan = self.env["mail.activity.plan"].create(
            {"name": "Fair", "res_model": "relationship.campaign", "company_id": False}
        )
        line = self.env["mail.activity.plan.template"]
        for summary in ("Order", "Build up"):
            line = line.create(
                {
                    "plan_id": plan.id,
                    "activity_type_id": self.call.id,
                    "summary": summary,
                    "responsible_type": "record",
                    "wait_template_id": line.id,
                }
            )
        self.fair_type.write(
            {"activity_plan_id": plan.id, "activity_plan_mode": "create"}
        )
        for decision in ("close", "cancel"):
            with self.subTest(decision):
                campaign = self.new_campaign()
                self.assertEqual(campaign.activity_ids.mapped("summary"), ["Order"])
                self.end(campaign, "completed", decision)
                self.env.invalidate_all()
                self.assertFalse(campaign.activity_ids)

    def test_its_figure_opens_what_belongs_to_a_project(self):
        campaign, lead = (
            self.new_campaign(),
            self.env["crm.lead"].create(
                {"name": "Deal", "user_id": self.anna.id, "type": "opportunity"}
            ),
        )
        for project, field in ((campaign, "campaign_id"), (lead, "lead_id")):
            mine = self.plan(**{field: project.id}) | self.plan(**{field: project.id})
            of_anna = project.with_user(self.anna)
            self.assertEqual(of_anna.bracket_count, 2)
            action = of_anna.action_view_activities()
            found = mine.with_context(**action["context"]).search(action["domain"])
            self.assertEqual(found, mine.sorted())
            new = Form(mine.browse().with_context(**action["context"]))
            self.assertEqual(new[field], project)

    def test_nobody_says_by_hand_that_it_ended_with_its_project(self):
        activity = self.plan()
        with self.assertRaisesRegex(UserError, "Ended with its project"):
            activity.is_ended_with_project = True

    def test_what_is_still_to_appear_is_asked_for_and_stopped(self):
        for decision, number in (("keep", 1), ("close", 0), ("cancel", 0)):
            with self.subTest(decision):
                campaign = self.new_campaign()
                kind = self.new_type("Empty")
                activity = self.plan(campaign_id=campaign.id, type_id=kind.id)
                self.add_members(campaign, self.stalmet)
                todo = self.env["relationship.activity.todo"].create(
                    {
                        "activity_id": activity.id,
                        "template_id": self.visit.template_ids[0].id,
                        "task_key": "member:1",
                        "user_id": self.anna.id,
                        "date_deadline": self.day(20),
                    }
                )
                action = campaign.with_user(self.anna).action_cancel()
                self.assertEqual(action["name"], "Cancel the campaign")
                self.end(campaign, "cancelled", decision)
                self.assertEqual(len(todo.exists()), number)

    def test_a_deleted_opportunity_leaves_nothing_planned(self):
        lead = self.env["crm.lead"].create({"name": "Deal", "user_id": self.anna.id})
        lead.type = "opportunity"
        activity, done = self.plan(lead_id=lead.id), self.plan(lead_id=lead.id)
        done.action_done()
        lead.with_user(self.ewa).unlink()
        self.assertEqual((activity.state, done.state), ("cancelled", "done"))


@tagged("post_install", "-at_install")
class TestRecordIsGone(ActivityCase):
    """A record may go past the ORM, with another one that it hangs on."""

    def test_its_task_is_done_by_going(self):
        lead = self.new_lead()
        gone, kept = (
            record.activity_schedule(act_type_xmlid=CALL, user_id=self.anna.id)
            for record in (lead, self.stalmet)
        )
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_lead WHERE id = %s", [lead.id])
        self.env.invalidate_all()
        (gone | kept).with_user(self.anna).action_feedback()
        self.assertFalse(gone.exists())
        self.assertFalse(kept.active)


@tagged("post_install", "-at_install")
class TestOfPartner(ActivityCase):
    """A partner shows what is planned and done with it, and plans more."""

    def test_a_partner_lists_its_activities(self):
        person = self.env["res.partner"].create(
            {"name": "Nowak", "parent_id": self.stalmet.id}
        )
        ours = self.plan() | self.plan(partner_id=person.id)
        other = self.plan(partner_id=self.kranbau.id)
        action = self.stalmet.with_user(self.anna).action_view_activities()
        found = self.env["relationship.activity"].search(action["domain"])
        self.assertEqual(found & (ours | other), ours)
        activities = self.env["relationship.activity"].with_user(self.anna)
        form = Form(activities.with_context(**action["context"]))
        self.assertEqual(form.partner_id, self.stalmet)
        arch = (
            self.env["res.partner"]
            .with_user(self.anna)
            .get_view(self.env.ref("base.view_partner_form").id, "form")["arch"]
        )
        self.assertIn('name="action_view_activities"', arch)
