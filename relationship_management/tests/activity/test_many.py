"""Of a large campaign nobody reads everything for one thing."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ...models.activity import tasks
from .activity_case import ActivityCase
from .test_run import RunCase


@tagged("post_install", "-at_install")
class TestMany(RunCase):
    """Ten members stand for a hundred thousand: what counts is what is read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls.tasks_per_day = 100
        cls.calling = cls.calls.template_ids

    @contextmanager
    def reading(self):
        """Collect the ids of tasks of which everything is read, not only keys."""
        found = []
        model = type(self.env["mail.activity"])
        original = model._fetch_query

        def fetch(records, query, fields):
            rows = original(records, query, fields)
            if {"note", "summary"} & {field.name for field in fields}:
                found.extend(rows.ids)
            return rows

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(model, "_fetch_query", fetch):
            yield found

    def plan_all(self):
        activity = self.plan_calls()
        self.run_cron()
        self.assertEqual(len(self.tasks(activity)), 10)
        return activity.with_user(self.anna)

    def test_the_form(self):
        activity = self.plan_all()
        with self.reading() as found:
            self.assertFalse(activity.has_changed_tasks)
        self.assertFalse(found)
        task = self.tasks(activity)[4].with_user(self.anna)
        task.summary = "Call after six"
        self.env.invalidate_all()
        self.assertTrue(activity.has_changed_tasks)
        task.action_feedback()
        self.env.invalidate_all()
        self.assertFalse(activity.has_changed_tasks)

    def test_a_task_that_is_done(self):
        self.calls.template_ids = [
            Command.create(
                {
                    "activity_type_id": self.call.id,
                    "summary": name,
                    "per": per,
                    "responsible_type": "on_demand",
                    "wait_template_id": self.calling.id,
                }
            )
            for name, per in (("Report", "one"), ("Thank {contact}", "addressee"))
        ]
        activity = self.plan_all()
        task = self.tasks(activity)[4].with_user(self.anna)
        with self.reading() as found:
            task.action_feedback()
        self.assertEqual(len(self.tasks(activity)), 11)
        self.assertLessEqual(set(found), {task.id, *self.tasks(activity)[10:].ids})

    def test_who_is_excluded(self):
        self.test_a_task_that_is_done()
        activity = self.env["relationship.activity"].search([], order="id desc")[:1]
        self.tasks(activity)[:4].with_user(self.anna).action_feedback()
        member = self.tasks(activity)[7].addressee_id.with_user(self.anna)
        with self.reading() as found:
            member.action_leave_out()
        # Its own task, and one of those that are done.
        self.assertLessEqual(len(set(found)), 2)

    def test_another_name(self):
        """Only members whose tasks are open, and have appeared, are asked about."""
        activity = self.plan_all()
        self.tasks(activity)[:4].with_user(self.anna).action_feedback()
        others = self.env["res.partner"].create(
            [{"name": f"Guest {n}", "email": f"g{n}@x.example"} for n in range(6)]
        )
        self.add_members(self.campaign, *others)
        asked = []
        original = type(activity)._find_left_out

        def find(records, members):
            asked.extend(members.ids)
            return original(records, members)

        with (
            patch.object(type(activity), "_find_left_out", find),
            self.reading() as found,
        ):
            activity.text = "<p>Ask for the fair.</p>"
            activity.date_from = self.day(3)
        shown = self.tasks(activity).filtered("active")
        self.assertEqual(set(asked), set(shown.addressee_id.ids))
        self.assertLessEqual(set(found), set(shown.ids))
        self.assertEqual(min(shown.mapped("date_deadline")), self.day(3))

    def test_done_at_once(self):
        """One message for all, not one for each."""
        for count, few in ((1, 5), (10, 100)):
            activity = self.plan_all()
            told = self.campaign.message_ids
            with patch.object(tasks, "FEW", few):
                activity.action_done()
            self.assertEqual(len(self.campaign.message_ids - told), count)
            closed = self.tasks(activity)
            self.assertFalse(closed.filtered("active"))
            self.assertEqual(
                set(closed.mapped("feedback")), {"Closed with the activity Fair."}
            )
            if count == 1:
                self.assertIn(
                    "Open tasks that were closed: 10. Closed with the activity Fair.",
                    self.campaign.message_ids[0].body,
                )
            activity.action_reopen()
            self.run_cron()
            self.assertEqual(activity.open_task_count, 10)
            activity.action_cancel()


@tagged("post_install", "-at_install")
class TestManyActivities(ActivityCase):
    """An import of many activities makes as many searches as one of a few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Without numbers, each of which is drawn for itself.
        cls.letters = cls.new_type("Test letters", {"summary": "Write"}, {})
        cls.people = cls.env["res.partner"].create(
            [{"name": f"Person {n}"} for n in range(40)]
        )

    def count_queries(self, project, records):
        """Plan an activity for each record; return the statements for few and many."""
        counts = []
        for number in (10, 10, 40):  # the first ones learn what is remembered
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            activities = (
                self.env["relationship.activity"]
                .with_user(self.anna)
                .create(
                    [
                        {"type_id": self.letters.id, project: record.id}
                        for record in records[:number]
                    ]
                )
            )
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self.tasks(activities)), 2 * number)
        return counts[1:]

    def assert_bounded(self, project, records):
        few, many = self.count_queries(project, records)
        self.assertLess(many - few, 10, f"{few} statements for 10, {many} for 40")

    def test_with_partners(self):
        self.assert_bounded("partner_id", self.people)

    def test_on_opportunities(self):
        leads = self.env["crm.lead"].with_user(self.anna)
        values = {"type": "opportunity", "user_id": self.anna.id}
        leads = leads.create([{"name": f"Deal {n}", **values} for n in range(40)])
        self.assert_bounded("lead_id", leads)

    def test_on_campaigns(self):
        campaigns = self.env["relationship.campaign"].with_user(self.anna)
        values = {"type_id": self.fair_type.id, "date_to": self.day(90)}
        campaigns = campaigns.create(
            [{"title": f"Fair {n}", **values} for n in range(40)]
        )
        self.assert_bounded("campaign_id", campaigns)

    def test_each_gets_only_what_it_lacks(self):
        """What is created again for several looks for the tasks of each of them."""
        self.letters.template_ids.per = "responsible"
        activities = self.env["relationship.activity"].with_user(self.anna)
        two = activities.create(
            [
                {"type_id": self.letters.id, "partner_id": person.id}
                for person in self.people[:2]
            ]
        )
        self.tasks(two[0])[0].unlink()
        two._create_tasks()
        self.assertEqual([len(self.tasks(one)) for one in two], [2, 2])
