from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ...models.activity import run_batch, tasks
from .activity_case import ActivityCase


class RunCase(ActivityCase):
    """A campaign with more members than are handled at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(tasks, "FEW", 5))
        cls.startClassPatcher(patch.object(run_batch, "SIZE", 4))
        cls.calls = cls.new_type(
            "Test calls",
            {
                "summary": "Call {contact}",
                "note": "<p>{partner}</p>",
                "per": "addressee",
            },
            channel="email",
            tasks_per_day=1,
        )
        cls.campaign = cls.new_campaign(
            channel=False, date_to=cls.day(90), user_id=cls.anna.id
        )
        cls.people = cls.env["res.partner"].create(
            [{"name": f"Person {n}", "email": f"p{n}@x.example"} for n in range(10)]
        )
        cls.members = cls.add_members(cls.campaign, *cls.people)

    def plan_calls(self, **values):
        return self.plan(type_id=self.calls.id, campaign_id=self.campaign.id, **values)

    def run_cron(self):
        cron = self.env.ref("relationship_management.ir_cron_activity_tasks")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def todo(self, activity):
        return self.env["relationship.activity.todo"].search(
            [("activity_id", "in", activity.ids)]
        )


@tagged("post_install", "-at_install")
class TestRun(RunCase):
    """Tasks for many members are made in the background, and appear when near."""

    def test_saving_only_starts_it(self):
        activity = self.plan_calls()
        self.assertEqual(activity.run_state, "running")
        self.assertEqual(activity.run_total, 10)
        self.assertFalse(self.tasks(activity))

    def test_each_member_gets_one_task(self):
        activity = self.plan_calls()
        self.run_cron()
        self.assertFalse(activity.run_state)
        self.assertEqual(activity.run_done, 10)
        shown, later = self.tasks(activity), self.todo(activity)
        keys = [*shown.mapped("task_key"), *later.mapped("task_key")]
        self.assertEqual(sorted(keys), sorted(f"member:{m.id}" for m in self.members))
        first = shown.filtered(lambda task: task.addressee_id == self.members[0])
        self.assertEqual(first.summary, "Call Person 0")
        self.assertEqual(first.note, "<p>Person 0</p>")
        self.assertEqual(first.res_name, "Poznań fair")
        self.assertEqual((activity.task_count, activity.todo_count), (10, len(later)))

    def test_what_another_worker_is_at_is_left_to_it(self):
        activity = self.plan_calls()
        nothing = type(activity).browse
        with patch.object(
            type(activity), "try_lock_for_update", lambda self, **_how: nothing(self)
        ):
            self.run_cron()
        self.assertEqual((activity.run_state, activity.run_done), ("running", 0))
        self.run_cron()
        self.assertEqual((activity.run_state, activity.run_done), (False, 10))

    def test_nobody_gets_more_for_one_day_than_the_type_says(self):
        activity = self.plan_calls()
        self.run_cron()
        days = [
            *self.tasks(activity).mapped("date_deadline"),
            *self.todo(activity).mapped("date_deadline"),
        ]
        self.assertEqual({days.count(day) for day in days}, {1})
        # Another activity finds these days full.
        other = self.plan_calls()
        self.run_cron()
        theirs = [
            *self.tasks(other).mapped("date_deadline"),
            *self.todo(other).mapped("date_deadline"),
        ]
        self.assertFalse(set(theirs) & set(days))

    def test_only_what_is_near_appears(self):
        activity = self.plan_calls()
        self.run_cron()
        last = max(self.tasks(activity).mapped("date_deadline"))
        self.assertLessEqual(last, self.day(run_batch.DAYS_AHEAD))
        self.assertTrue(self.todo(activity))

    def test_who_leaves_while_it_is_planned_gets_no_task(self):
        """The batch that judges does not see it: tasks appear in a later one."""
        activity = self.plan_calls()
        activity.sudo()._run_batch()
        self.assertFalse(self.tasks(activity))
        self.assertEqual(len(self.todo(activity)), 4)
        self.members[0].action_leave_out()
        self.people[1].action_archive()
        self.env["mail.blacklist"]._add("p2@x.example")
        self.todo(activity).write({"date_deadline": self.today})
        self.run_cron()
        shown = self.tasks(activity).addressee_id
        self.assertIn(self.members[3], shown)
        self.assertFalse(shown & self.members[:3])

    def test_what_is_overdue_stays_in_the_counter(self):
        """A user with ten overdue tasks who is given thousands still sees ten."""
        model = self.env["ir.model"]._get_id("res.partner")
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": model,
                    "res_id": person.id,
                    "user_id": self.anna.id,
                    "date_deadline": self.day(-3),
                }
                for person in self.people
            ]
        )
        self.env["ir.config_parameter"].set_param("mail.activity.systray.limit", 20)
        self.plan_calls()
        self.run_cron()
        groups = self.env["res.users"].with_user(self.anna)._get_activity_groups()
        self.assertEqual(sum(group["overdue_count"] for group in groups), 10)

    def test_a_second_run_makes_no_double(self):
        activity = self.plan_calls()
        self.run_cron()
        before = self.tasks(activity)
        activity.sudo()._start_run(self.calls.template_ids)
        self.run_cron()
        self.assertEqual(self.tasks(activity), before)
        self.assertEqual(activity.task_count, 10)

    def test_it_goes_on_where_it_stopped(self):
        activity = self.plan_calls()
        batches = []
        original = run_batch.RelationshipActivity._plan_members

        def fail_once(records, owner, members):
            batches.append(members)
            if len(batches) == 2:
                raise ValueError("The network is gone.")
            return original(records, owner, members)

        with patch.object(run_batch.RelationshipActivity, "_plan_members", fail_once):
            self.run_cron()
            self.assertEqual(activity.run_state, "failed")
            self.assertEqual(activity.run_error, "The network is gone.")
            self.assertEqual(activity.run_done, 4)
            activity.with_user(self.anna).action_go_on()
            self.run_cron()
        self.assertEqual(activity.task_count, 10)
        self.assertFalse(activity.run_error)

    def test_whom_the_channel_may_not_reach_is_counted_with_the_reason(self):
        self.env["mail.blacklist"]._add("p3@x.example")
        self.people[4].email = False
        activity = self.plan_calls()
        self.run_cron()
        self.assertEqual(activity.task_count, 8)
        self.assertEqual(
            activity.left_out_text, "On the blacklist: 1, No address for the channel: 1"
        )

    def test_each_person_is_told_once(self):
        activity = self.plan_calls(user_id=self.piotr.id)
        self.run_cron()
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "relationship.activity"),
                ("res_id", "=", activity.id),
                ("partner_ids", "in", self.piotr.partner_id.ids),
            ]
        )
        self.assertEqual(len(messages), 1)
        self.assertIn("You have tasks of Fair (10), due from", messages.body)

    def test_cancelling_stops_it(self):
        activity = self.plan_calls()
        activity.action_cancel()
        self.run_cron()
        self.assertFalse(activity.task_count)
        activity = self.plan_calls()
        self.run_cron()
        activity.action_cancel()
        self.assertFalse(activity.task_count)

    def test_another_date_plans_anew_what_has_not_appeared(self):
        activity = self.plan_calls()
        self.run_cron()
        activity.date_from = self.day(20)
        self.run_cron()
        self.assertEqual(activity.task_count, 10)
        self.assertGreaterEqual(
            min(self.todo(activity).mapped("date_deadline")), self.day(20)
        )

    def test_a_member_who_leaves_meanwhile_gets_no_task(self):
        activity = self.plan_calls()
        self.run_cron()
        later = self.todo(activity)
        later[0].addressee_id.action_leave_out()
        later[1].addressee_id.sudo().unlink()
        later.exists().write({"date_deadline": self.today})
        self.run_cron()
        self.assertEqual(activity.task_count, 8)

    def test_the_tasks_of_who_left_go_to_the_responsible(self):
        calls = self.calls.copy()
        calls.template_ids.write(
            {"responsible_type": "other", "responsible_id": self.piotr.id}
        )
        activity = self.plan(type_id=calls.id, campaign_id=self.campaign.id)
        self.run_cron()
        self.piotr.active = False
        self.todo(activity).write({"date_deadline": self.today})
        shown = self.tasks(activity)
        self.run_cron()
        self.assertEqual((self.tasks(activity) - shown).user_id, self.anna)

    def test_a_template_stays_as_it_is_meanwhile(self):
        self.plan_calls()
        template = self.calls.template_ids
        for change in (lambda: template.write({"summary": "X"}), template.unlink):
            with self.refused(r"Tasks are being created for Fair \(0 %\): change"):
                change()
        self.run_cron()
        template.summary = "X"

    def test_who_may_not_change_the_campaign_any_more_stops_it(self):
        activity = self.plan_calls(user_id=self.piotr.id).sudo()
        self.anna.group_ids = self.jan.group_ids
        self.run_cron()
        self.assertEqual(activity.run_state, "failed")
        self.assertIn("may not change the campaign any more", activity.run_error)

    def test_a_type_lets_somebody_do_something(self):
        for number in (0, -1, 1000):
            with self.refused("Enter how many tasks somebody gets", UserError):
                self.calls.tasks_per_day = number

    def test_it_is_in_progress_until_the_last_one(self):
        activity = self.plan_calls()
        self.run_cron()
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.assertEqual(activity.state, "in_progress")


@tagged("post_install", "-at_install")
class TestPreview(RunCase):
    """The form says what saving will do before it is done."""

    def preview(self, kind, **values):
        activities = self.env["relationship.activity"].with_user(self.anna)
        form = Form(activities.with_context(default_campaign_id=self.campaign.id))
        form.type_id = kind
        for name, value in values.items():
            form[name] = value
        return form

    def test_how_many_for_whom_and_whom_it_leaves_out(self):
        self.env["mail.blacklist"]._add("p3@x.example")
        said = self.preview(self.calls).preview
        self.assertIn("Saving creates tasks: 9, for people: 1 (test_anna", said)
        self.assertIn("at most 1 a day for each person.", said)
        self.assertIn("Left out: 1 – On the blacklist: 1.", said)

    def test_who_is_absent_and_who_stands_in(self):
        self.piotr.write(
            {
                "absent_from": self.today,
                "absent_until": self.day(2),
                "substitute_id": self.anna.id,
            }
        )
        said = self.preview(self.calls, user_id=self.piotr).preview
        self.assertRegex(said, "test_piotr.* is absent until .*: test_anna.* stands in")
        self.assertIn("for people: 2", said)

    def test_a_rule_that_finds_nobody(self):
        kind = self.new_type(
            "T",
            {"summary": "Ask", "responsible_type": "partner", "if_nobody": "skip"},
        )
        self.assertIn("Ask: nobody is found", self.preview(kind).preview)

    def test_nothing_is_said_before_it_is_known_where(self):
        form = Form(self.env["relationship.activity"].with_user(self.anna))
        form.type_id = self.visit
        self.assertFalse(form.preview)
        form.partner_id = self.stalmet
        self.assertIn("Saving creates tasks: 2,", form.preview)

    def test_it_does_what_it_says_and_is_gone_then(self):
        form = self.preview(self.visit, participant_ids=self.piotr)
        self.assertIn("Saving creates tasks: 2,", form.preview)
        activity = form.save()
        self.assertEqual(len(self.tasks(activity)), 2)
        self.assertFalse(activity.preview)

    def test_waiting_and_empty_types(self):
        self.visit.template_ids[1].wait_template_id = self.visit.template_ids[0]
        self.assertIn(
            "Later, when others are done: Call {partner}.",
            self.preview(self.visit).preview,
        )
        self.assertIn("has no tasks", self.preview(self.new_type("Empty")).preview)
