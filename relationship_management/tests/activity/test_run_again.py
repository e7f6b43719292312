"""A run that stopped goes on, whoever lets it, and does nothing twice."""

from unittest.mock import patch

import psycopg2.errors

from odoo import Command
from odoo.tests import tagged

from ...models.activity import tasks
from .test_background import AfterCase
from .test_run import RunCase


class ReportCase(RunCase):
    """A report waits for the calls to all members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calling = cls.calls.template_ids
        cls.calls.template_ids = [
            Command.create(
                {
                    "activity_type_id": cls.call.id,
                    "summary": "Report",
                    "responsible_type": "on_demand",
                    "wait_template_id": cls.calling.id,
                }
            )
        ]

    def let_others_leave(self, activity):
        """Do what is there; who is called later is left out by nobody who tells."""
        shown = self.tasks(activity).filtered("active")
        shown.with_user(activity.user_id).action_feedback()
        self.todo(activity).write({"date_deadline": self.today})
        self.env.cr.execute(
            "UPDATE relationship_campaign_addressee"
            " SET state = 'excluded', exclusion = 'rule' WHERE id = ANY(%s)",
            [self.todo(activity).addressee_id.ids],
        )
        self.env.invalidate_all()

    def reports(self, activity):
        return self.tasks(activity, summary="Report")


@tagged("post_install", "-at_install")
class TestGoOn(ReportCase):
    """*Go on* does what has stopped, and nothing else."""

    def test_somebody_else_plans_it(self):
        activity = self.plan_calls()
        self.anna.group_ids = self.jan.group_ids
        self.run_cron()
        self.assertEqual(activity.sudo().run_state, "failed")
        activity.with_user(self.piotr).action_go_on()
        self.run_cron()
        activity = activity.sudo()
        self.assertFalse(activity.run_state)
        self.assertEqual((activity.run_error, activity.task_count), (False, 10))

    def test_what_was_planned_is_not_planned_again(self):
        self.env["mail.blacklist"]._add("p3@x.example")
        activity = self.plan_calls()
        self.run_cron()
        self.let_others_leave(activity)
        messages = activity.sudo().message_ids
        with patch.object(type(activity), "_begin_template", self.fail_to_begin):
            self.run_cron()
        self.assertEqual(activity.run_state, "failed")
        activity.with_user(self.anna).action_go_on()
        self.run_cron()
        self.assertEqual(len(self.reports(activity)), 1)
        self.assertFalse(activity.run_state)
        self.assertEqual((activity.run_done, activity.run_percent), (10, 100))
        self.assertEqual(activity.left_out_text, "On the blacklist: 1")
        told = activity.sudo().message_ids - messages
        self.assertFalse(told.filtered(lambda m: "New tasks" in (m.subject or "")))

    def fail_to_begin(self, *args):
        raise ValueError("No such day.")

    def test_a_conflict_takes_nothing_back_that_was_shown(self):
        first, second = self.plan_calls(), self.plan_calls(user_id=self.piotr.id)
        self.run_cron()
        self.tasks(first).with_user(self.anna).action_feedback()
        later = self.todo(first | second)
        later.write({"date_deadline": self.today})
        # Of the first one nothing appears any more.
        self.todo(first).write({"addressee_id": self.exclude_one().id})
        original, tries = type(first)._begin_template, []

        def begin(activity, template, tasks):
            tries.append(activity)
            if len(tries) == 1:
                raise psycopg2.errors.SerializationFailure
            return original(activity, template, tasks)

        with patch.object(type(first), "_begin_template", begin):
            self.run_cron()
        self.assertGreater(len(tries), 1)
        self.assertEqual(len(self.reports(first)), 1)
        self.assertFalse(self.todo(first | second))
        self.assertEqual(len(self.tasks(second)), 10)

    def exclude_one(self):
        """Return a member whose tasks nobody has taken back."""
        guest = self.env["res.partner"].create({"name": "Guest"})
        member = self.add_members(self.campaign, guest)
        self.env.cr.execute(
            "UPDATE relationship_campaign_addressee"
            " SET state = 'excluded', exclusion = 'rule' WHERE id = %s",
            [member.id],
        )
        self.env.invalidate_all()
        return member

    def test_whoever_does_the_last_task_at_this_moment_comes_after(self):
        activity = self.plan_calls()
        self.assertTrue(self.is_written(activity, activity.sudo()._go_on))

    def test_another_date_meanwhile(self):
        """A run that begins again has gone back: less is done than before."""
        activity = self.plan_calls()
        original, done = type(activity)._run_batch, []

        def run(record):
            done.append(record.run_done)
            result = original(record)
            if len(done) == 2:
                record.with_user(self.anna).date_from = self.day(20)
            return result

        with (
            patch.object(type(activity), "_run_batch", run),
            self.assertNoLogs("odoo.addons.base.models.ir_cron", "ERROR"),
        ):
            self.run_cron()
        self.assertEqual(done, [0, 4, 0, 4, 8])
        self.assertEqual(activity.task_count, 10)


@tagged("post_install", "-at_install")
class TestCompanies(AfterCase):
    """It is for members of the companies that were switched on when it was planned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.sudo().relationship_linked_company_ids = cls.other_company
        cls.anna.company_ids = cls.company | cls.other_company
        theirs = cls.env["res.partner"].create(
            [{"name": f"Leipzig {n}", "email": f"l{n}@x.example"} for n in range(3)]
        )
        members = cls.env["relationship.campaign.addressee"].with_user(cls.katrin)
        cls.leipzig = members.create(
            [{"campaign_id": cls.campaign.id, "partner_id": p.id} for p in theirs]
        )

    def plan_for(self, companies):
        return (
            self.env["relationship.activity"]
            .with_user(self.anna)
            .with_context(allowed_company_ids=companies.ids)
            .create({"type_id": self.calls.id, "campaign_id": self.campaign.id})
        )

    def test_in_the_background(self):
        self.calling.wait_template_id = False
        for companies, count in (
            (self.company, 10),
            (self.company | self.other_company, 13),
        ):
            activity = self.plan_for(companies)
            self.assertEqual(activity.run_total, count)
            self.run_cron()
            self.assertEqual(activity.run_done, count)
            self.assertEqual(len(self.calls_of(activity)), count)
            activity.with_user(self.anna).date_from = self.day(3)
            self.assertEqual(activity.run_total, count)
            self.run_cron()
            self.assertEqual(len(self.calls_of(activity)), count)
            activity.action_cancel()

    def test_at_once_and_later(self):
        with patch.object(tasks, "FEW", 100):
            for companies, count in (
                (self.company, 10),
                (self.company | self.other_company, 13),
            ):
                activity = self.plan_for(companies)
                self.do(activity)
                self.assertEqual(len(self.calls_of(activity)), count)
                activity.action_cancel()
                activity.with_context(allowed_company_ids=[]).action_reopen()
                self.assertEqual(len(self.calls_of(activity)), count)

    def test_a_member_of_another_company_who_is_included_again(self):
        self.calling.wait_template_id = False
        with patch.object(tasks, "FEW", 100):
            activity = self.plan_for(self.company)
        self.leipzig[0].action_leave_out()
        self.leipzig[0].action_take_in()
        self.assertEqual(len(self.calls_of(activity)), 10)


@tagged("post_install", "-at_install")
class TestCascade(ReportCase):
    """What goes with something else keeps nobody waiting for ever."""

    def test_a_colleague_who_is_deleted(self):
        self.jan.group_ids |= self.anna.group_ids
        self.calling.write({"responsible_type": "other", "responsible_id": self.jan.id})
        activity = self.plan_calls()
        self.run_cron()
        self.assertEqual(self.todo(activity).user_id, self.jan)
        self.jan.with_user(self.env.ref("base.user_admin")).unlink()
        self.env.invalidate_all()
        self.assertEqual(activity.task_count, 10)
        self.assertEqual(self.todo(activity).user_id, self.anna)
        self.assertEqual(self.tasks(activity).user_id, self.anna)

    def test_the_list_of_the_type_is_deleted(self):
        activity = self.plan_calls()
        self.run_cron()
        shown = self.tasks(activity)
        shown.with_user(self.anna).action_feedback()
        self.assertTrue(self.todo(activity))
        self.calling.plan_id.with_user(self.ewa).unlink()
        self.env.invalidate_all()
        self.assertFalse(self.todo(activity))
        self.assertEqual(activity.state, "done")

    def test_a_colleague_after_whom_nobody_comes(self):
        """Nobody sees what was left: the activity ends without it."""
        activity = self.plan_calls()
        self.run_cron()
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.jan.active = False
        self.todo(activity).user_id = self.jan
        self.jan.with_user(self.env.ref("base.user_admin")).unlink()
        self.env.invalidate_all()
        self.assertFalse(self.todo(activity))
        self.assertEqual(self.reports(activity).user_id, self.anna)


@tagged("post_install", "-at_install")
class TestReopenMany(RunCase):
    """What the background has planned, or not yet, comes back as well."""

    def test_what_the_background_had_not_begun_yet(self):
        report = {"activity_type_id": self.call.id, "summary": "Report"}
        self.calls.template_ids = [Command.create(report)]
        activity = self.plan_calls()
        self.assertEqual(activity.run_state, "running")
        activity.action_cancel()
        activity.action_reopen()
        self.run_cron()
        self.assertEqual(activity.task_count, len(self.members) + 1)

    def test_what_the_background_had_not_shown_yet(self):
        """Fewer members by then: all of them, not only those whose tasks were there."""
        for end in ("action_cancel", "action_done"):
            with self.subTest(end):
                activity = self.plan_calls()
                self.run_cron()
                self.assertTrue(self.todo(activity))
                getattr(activity, end)()
                for member in self.members[:6]:
                    member.with_user(self.anna)._write_state({"state": "excluded"})
                activity.action_reopen()
                self.assertEqual(activity.open_task_count, 4)
                for member in self.members[:6]:
                    member.with_user(self.anna)._write_state({"state": "open"})

    def test_a_campaign_that_was_completed_too_early(self):
        """What had not appeared yet is planned again, too."""
        activity = self.plan_calls()
        self.run_cron()
        self.assertTrue(self.todo(activity))
        dialog = self.env["relationship.campaign.complete"].with_user(self.anna)
        dialog.create(
            {
                "campaign_ids": [Command.set(self.campaign.ids)],
                "state": "completed",
                "decision": "close",
            }
        ).action_confirm()
        for member in self.members[:6]:
            member.with_user(self.anna)._write_state({"state": "excluded"})
        self.campaign.with_user(self.anna).action_reopen()
        self.assertEqual(activity.open_task_count, 4)

    def test_what_is_all_done_stays_open_of_many_as_well(self):
        with patch.object(tasks, "FEW", 100):
            activity = self.plan_calls()
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.assertEqual(activity.state, "done")
        activity.action_reopen()
        self.run_cron()
        self.assertEqual(activity.state, "in_progress")
