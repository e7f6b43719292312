from odoo import Command
from odoo.tests import tagged

from .activity_case import ActivityCase
from .test_run import RunCase


@tagged("post_install", "-at_install")
class TestWaiting(ActivityCase):
    """What waits begins once, when nothing is left to wait for, and never too late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit.template_ids[1].wait_template_id = cls.visit.template_ids[0]

    def test_closing_by_hand_begins_nothing(self):
        activity = self.plan()
        activity.action_done()
        self.assertEqual(activity.state, "done")
        self.assertEqual(self.tasks(activity).mapped("summary"), ["Prepare Fair"])
        self.assertFalse(self.tasks(activity).active)

    def test_what_waits_for_a_task_that_is_given_up_begins(self):
        activity = self.plan()
        self.tasks(activity).with_user(self.anna).unlink()
        self.assertEqual(self.tasks(activity).summary, "Call Stalmet S.A.")
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.assertEqual(activity.state, "done")

    def test_taking_back_begins_nothing(self):
        for method in ("action_cancel", "unlink"):
            activity = self.plan()
            tasks = self.tasks(activity)
            getattr(activity, method)()
            self.assertFalse(tasks.exists())
            self.assertFalse(self.tasks(activity))

    def test_what_was_done_by_mistake_goes_on(self):
        """Reopened, it has its task again, and is not done again at once."""
        activity = self.plan()
        activity.action_done()
        activity.action_reopen()
        self.assertEqual(activity.state, "planned")
        for summary in ("Prepare Fair", "Call Stalmet S.A."):
            open_tasks = self.tasks(activity).filtered("active")
            self.assertEqual(open_tasks.summary, summary)
            open_tasks.with_user(self.anna).action_feedback()
        self.assertEqual(activity.state, "done")
        activity.action_reopen()
        self.assertEqual((activity.state, activity.date_done), ("in_progress", False))

    def test_what_has_lost_its_opportunity_is_put_somewhere_else(self):
        leads = self.env["crm.lead"].with_user(self.anna)
        lead = leads.create({"name": "Press", "type": "opportunity"})
        activity = self.plan(lead_id=lead.id)
        activity.partner_id = False
        lead.sudo().unlink()
        self.env.invalidate_all()
        self.assertFalse(self.tasks(activity))
        activity.write({"date_from": self.day(3)})
        self.assertFalse(self.tasks(activity))
        with self.refused("plan another activity where there is more to do"):
            activity.action_reopen()
        activity.partner_id = self.stalmet
        activity.action_reopen()
        self.assertEqual(self.tasks(activity).res_name, "Stalmet S.A.")

    def test_without_a_project_nobody_is_said_not_to_see_it(self):
        with self.refused("Choose what the activity belongs to"):
            self.plan(partner_id=False)


@tagged("post_install", "-at_install")
class TestTurns(ActivityCase):
    """Two who change the same activity or list at once: the second one comes after.

    Both write one row, so that PostgreSQL refuses the second transaction and Odoo
    repeats it. Without that each would see the other's task as it was before.
    """

    def test_tasks_that_are_done_or_given_up(self):
        kind = self.new_type("Trip", {"summary": "Book", "per": "responsible"})
        activity = self.plan(
            type_id=kind.id, participant_ids=[Command.set(self.piotr.ids)]
        )
        anna, piotr = self.tasks(activity)
        other = anna.copy({"user_id": self.anna.id})
        other.sudo().relationship_activity_id = activity
        other.with_user(self.anna).action_feedback()
        self.assertEqual(activity.state, "in_progress")
        self.assertTrue(
            self.is_written(activity, anna.with_user(self.anna).action_feedback)
        )
        self.assertEqual(activity.state, "in_progress")
        self.assertTrue(self.is_written(activity, piotr.with_user(self.piotr).unlink))
        self.assertEqual(activity.state, "done")

    def test_buttons(self):
        activity = self.plan()
        activity.action_cancel()
        for method in ("action_reopen", "action_done", "action_cancel"):
            with self.subTest(method):
                self.assertTrue(self.is_written(activity, getattr(activity, method)))

    def test_tasks_that_would_wait_for_each_other(self):
        first, second = self.visit.template_ids

        def wait():
            second.wait_template_id = first

        self.assertTrue(self.is_written(first.plan_id, wait))


@tagged("post_install", "-at_install")
class TestWaitingForMany(RunCase):
    """What waits for the tasks of members waits for those that are still to appear."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls.template_ids = [
            Command.create(
                {
                    "activity_type_id": cls.call.id,
                    "summary": "Report",
                    "responsible_type": "on_demand",
                    "wait_template_id": cls.calls.template_ids.id,
                }
            )
        ]

    def do_shown(self, activity):
        shown = self.tasks(activity).filtered("active")
        shown.with_user(activity.user_id).action_feedback()

    def get_reports(self, activity):
        return self.tasks(activity, summary="Report")

    def test_what_is_still_to_appear(self):
        activity = self.plan_calls()
        self.run_cron()
        self.do_shown(activity)
        self.assertTrue(self.todo(activity))
        self.assertFalse(self.get_reports(activity))
        self.todo(activity).write({"date_deadline": self.today})
        self.run_cron()
        self.assertFalse(self.get_reports(activity))
        self.do_shown(activity)
        self.assertEqual(len(self.get_reports(activity)), 1)

    def test_what_is_still_to_be_planned(self):
        activity = self.plan_calls()
        self.run_cron()
        self.todo(activity).unlink()
        activity.sudo().run_state = "failed"
        self.do_shown(activity)
        self.assertFalse(self.get_reports(activity))

    def test_the_last_ones_left_meanwhile(self):
        activity = self.plan_calls()
        self.run_cron()
        self.do_shown(activity)
        self.todo(activity).addressee_id.action_leave_out()
        self.todo(activity).write({"date_deadline": self.today})
        self.run_cron()
        self.assertEqual(len(self.get_reports(activity)), 1)
        self.do_shown(activity)
        self.assertEqual(activity.state, "done")

    def test_a_fault_in_one_stops_no_other(self):
        """What begins at last may fail: that is told there, and all else appears."""
        first, second = self.plan_calls(), self.plan_calls(user_id=self.piotr.id)
        self.run_cron()
        for activity in first, second:
            self.assertTrue(self.tasks(activity))
            self.do_shown(activity)
            self.todo(activity).write({"date_deadline": self.today})
        # As a run does that has not ended yet.
        later = self.todo(first | second).addressee_id
        self.env.cr.execute(
            "UPDATE relationship_campaign_addressee"
            " SET state = 'excluded', exclusion = 'rule' WHERE id = ANY(%s)",
            [later.ids],
        )
        self.env.invalidate_all()
        original = type(first)._begin_template

        def begin(activity, template, tasks):
            if activity.id == first.id:
                raise ValueError("No such day.")
            return original(activity, template, tasks)

        self.patch(type(first), "_begin_template", begin)
        self.run_cron()
        self.assertEqual((first.run_state, first.run_error), ("failed", "No such day."))
        self.assertEqual(len(self.get_reports(second)), 1)

    def test_another_type_takes_back_what_is_still_to_appear(self):
        activity = self.plan_calls()
        self.run_cron()
        self.assertTrue(self.todo(activity))
        activity.type_id = self.new_type("Other", {"summary": "Write"}, channel="email")
        self.assertFalse(self.todo(activity))
        self.assertEqual(self.tasks(activity).mapped("summary"), ["Write"])

    def test_what_rests_appears_when_it_goes_on(self):
        activity = self.plan_calls()
        self.run_cron()
        shown = self.tasks(activity)
        self.todo(activity).write({"date_deadline": self.today})
        self.campaign.sudo().state = "completed"
        self.run_cron()
        self.assertEqual(self.tasks(activity), shown)
        self.campaign.sudo().state = "in_progress"
        activity.active = False
        self.run_cron()
        self.assertEqual(self.tasks(activity), shown)
        activity.active = True
        self.run_cron()
        self.assertEqual(len(self.tasks(activity)), 10)

    def test_one_call_asks_only_whether_its_member_may_be_reached(self):
        """A campaign has thousands, and somebody does a task each minute."""
        report = self.calls.template_ids[1]
        report.write({"per": "addressee", "summary": "Thank {contact}"})
        activity = self.plan_calls()
        self.run_cron()
        task, other = self.tasks(activity)[:2]
        asked = []
        original = type(activity)._find_left_out

        def find(records, members):
            asked.append(members)
            return original(records, members)

        self.patch(type(activity), "_find_left_out", find)
        task.with_user(self.anna).action_feedback()
        self.assertEqual(asked, [task.addressee_id])
        thanks = self.tasks(activity, plan_template_id=report.id)
        self.assertEqual(thanks.addressee_id, task.addressee_id)
        other.with_user(self.anna).summary = "Call after six"
        other.addressee_id.action_leave_out()
        other.with_user(self.anna).action_feedback()
        self.assertEqual(self.tasks(activity, plan_template_id=report.id), thanks)

    def test_an_activity_that_is_deleted_meanwhile_stops_no_other(self):
        first, second = self.plan_calls(), self.plan_calls()
        first_id = first.id
        original = type(first)._run_batch

        def run(activity):
            activity.browse(first_id).exists().unlink()
            return original(activity)

        self.patch(type(first), "_run_batch", run)
        self.run_cron()
        self.assertFalse(second.run_state)
        self.assertEqual(second.task_count, 10)


@tagged("post_install", "-at_install")
class TestLineIsGone(ActivityCase):
    """Nobody waits for ever for a line that is deleted, or waited for no longer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls.visit.template_ids
        cls.second.wait_template_id = cls.first
        cls.third = cls.second.copy({"summary": "Write", "wait_template_id": False})
        cls.third.wait_template_id = cls.second

    def open_tasks(self, activity):
        return self.tasks(activity).filtered("active").mapped("summary")

    def test_what_waits_for_a_deleted_line_begins(self):
        activity = self.plan()
        self.first.with_user(self.ewa).unlink()
        self.assertEqual(
            self.open_tasks(activity), ["Prepare Fair", "Call Stalmet S.A."]
        )
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.assertEqual(self.open_tasks(activity), ["Write"])

    def test_it_waits_for_what_the_deleted_line_waited_for(self):
        activity = self.plan()
        self.second.with_user(self.ewa).unlink()
        self.assertEqual(self.third.wait_template_id, self.first)
        self.assertEqual(self.open_tasks(activity), ["Prepare Fair"])
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.assertEqual(self.open_tasks(activity), ["Write"])

    def test_deleted_while_it_is_to_do(self):
        activity = self.plan()
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.second.with_user(self.ewa).unlink()
        self.assertEqual(self.open_tasks(activity), ["Call Stalmet S.A.", "Write"])

    def test_two_lines_deleted_at_once(self):
        activity = self.plan()
        (self.first | self.second).with_user(self.ewa).unlink()
        self.assertEqual(self.open_tasks(activity), ["Prepare Fair", "Write"])

    def test_in_the_form_of_the_type(self):
        activity = self.plan()
        self.visit.with_user(self.ewa).write(
            {"template_ids": [Command.delete(self.first.id)]}
        )
        self.assertEqual(len(self.open_tasks(activity)), 2)

    def test_waited_for_no_longer(self):
        activity = self.plan()
        self.second.with_user(self.ewa).wait_template_id = False
        self.assertEqual(len(self.open_tasks(activity)), 2)
        closed = self.plan()
        closed.action_cancel()
        self.third.with_user(self.ewa).wait_template_id = self.first
        self.assertEqual(len(self.open_tasks(activity)), 2)
        self.assertFalse(self.open_tasks(closed))

    def test_what_was_given_up_does_not_come_back(self):
        activity = self.plan()
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.tasks(activity).filtered("active").with_user(self.anna).unlink()
        self.assertEqual(self.open_tasks(activity), ["Write"])
        first = self.first.with_user(self.ewa).with_context(active_test=False)
        first.unlink()
        self.assertEqual(self.open_tasks(activity), ["Write"])

    def test_on_an_opportunity(self):
        """Lines of plans, which types and stages use, wait in the same way."""
        plan = self.env["mail.activity.plan"].create(
            {"name": "Deal", "res_model": "crm.lead", "company_id": False}
        )
        call, offer = self.env["mail.activity.plan.template"].create(
            [
                {
                    "plan_id": plan.id,
                    "activity_type_id": self.call.id,
                    "summary": summary,
                    "responsible_type": "record",
                }
                for summary in ("Call", "Offer")
            ]
        )
        offer.wait_template_id = call
        self.machine_deal.write(
            {"activity_plan_id": plan.id, "activity_plan_mode": "create"}
        )
        lead = (
            self.env["crm.lead"]
            .with_user(self.anna)
            .create(
                {
                    "name": "Press",
                    "type": "opportunity",
                    "opportunity_type_id": self.machine_deal.id,
                }
            )
        )
        self.assertEqual(lead.activity_ids.mapped("summary"), ["Call"])
        call.unlink()
        self.env.invalidate_all()
        self.assertEqual(sorted(lead.activity_ids.mapped("summary")), ["Call", "Offer"])


@tagged("post_install", "-at_install")
class TestLineOfManyIsGone(RunCase):
    """What has not appeared yet keeps nobody waiting either."""

    def test_for_each_member(self):
        after = self.calls.template_ids.copy(
            {"summary": "Write", "wait_template_id": False}
        )
        after.wait_template_id = before = self.calls.template_ids - after
        activity = self.plan_calls()
        self.run_cron()
        self.assertEqual(activity.task_count, 10)
        shown = len(self.tasks(activity))
        before.with_user(self.ewa).unlink()
        self.run_cron()
        written = [*self.tasks(activity, plan_template_id=after.id)]
        written += self.todo(activity)
        self.assertEqual(len(written), 10)
        self.assertEqual(activity.task_count, shown + 10)
