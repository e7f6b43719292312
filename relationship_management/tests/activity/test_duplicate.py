"""A duplicate gives nobody anything to do before somebody has looked at it."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .activity_case import ActivityCase
from .test_run import RunCase


@tagged("post_install", "-at_install")
class TestDuplicate(ActivityCase):
    """Its tasks are told first, and come when it is saved, or with a button."""

    def test_it_begins_when_it_is_saved(self):
        copy = self.plan().copy()
        self.assertFalse(self.tasks(copy))
        self.assertEqual(copy.state, "planned")
        form = Form(copy)
        self.assertIn("Saving creates", form.preview)
        form.date_from = self.day(7)
        form.save()
        self.assertEqual(
            self.tasks(copy).mapped("date_deadline"), [self.day(7), self.day(9)]
        )
        self.assertFalse(copy.preview)
        self.assertFalse(copy.run_state)

    def test_it_begins_with_the_button(self):
        copies = self.plan().copy() | self.plan().copy({"name": "Second"})
        copies.action_create_tasks()
        self.assertEqual(len(self.tasks(copies)), 4)
        copies.action_create_tasks()
        self.assertEqual(len(self.tasks(copies)), 4)

    def test_the_server_begins_nothing(self):
        copy = self.plan(participant_ids=[(6, 0, self.piotr.ids)]).copy()
        self.visit.template_ids.per = "responsible"
        copy.sudo().write({"user_id": self.piotr.id, "date_from": self.day(3)})
        self.assertFalse(self.tasks(copy))
        self.assertEqual(copy.run_state, "copied")

    def test_it_lies_in_its_campaign(self):
        """Nobody is asked for days when several are duplicated in a list."""
        self.visit.duration_days = 5
        for first, last, start, end in (
            (30, 40, 30, 35),
            (-40, -30, -30, -30),
            (-3, 2, 0, 2),
        ):
            with self.subTest(first):
                campaign = self.new_campaign(
                    date_from=self.day(first), date_to=self.day(last)
                )
                values = {"date_from": self.day(first), "date_to": self.day(first)}
                copy = self.plan(campaign_id=campaign.id, **values).copy()
                self.assertEqual(copy.date_from, self.day(start))
                self.assertEqual(copy.date_to, self.day(end))
        chosen = copy.copy({"date_from": self.day(1)})
        self.assertEqual(chosen.date_from, self.day(1))

    def test_archived_it_waits(self):
        copy = self.plan().copy()
        copy.active = False
        self.assertFalse(self.tasks(copy))
        copy.active = True
        self.assertEqual(len(self.tasks(copy)), 2)

    def test_another_type(self):
        copy = self.plan().copy()
        copy.type_id = self.new_type("Other", {"summary": "Write"})
        self.assertEqual(self.tasks(copy).mapped("summary"), ["Write"])

    def test_cancelled_it_gives_nobody_anything_to_do(self):
        copy = self.plan().copy()
        copy.action_cancel()
        copy.name = "Other"
        copy.action_create_tasks()
        self.assertFalse(self.tasks(copy))
        copy.action_reopen()
        self.assertEqual(len(self.tasks(copy)), 2)

    def test_who_may_not_change_it_begins_nothing(self):
        copy = self.plan(lead_id=self.new_lead().id).copy()
        with self.refused("doesn't have 'write' access|not allowed", AccessError):
            copy.with_user(self.jan).action_create_tasks()

    # What plans them

    def wait_the_other_way(self, first, second):
        """Let the line that was entered first come last."""
        first.sequence, second.sequence = 20, 10
        first.wait_template_id = second
        self.env.flush_all()
        self.env.invalidate_all()

    def tell_waits(self, lines):
        return sorted((line.summary, line.wait_template_id.summary) for line in lines)

    def test_lines_of_a_duplicated_type_wait_as_those_of_the_first(self):
        kind = self.new_type("Chain", {"summary": "A"}, {"summary": "B"})
        self.wait_the_other_way(*kind.template_ids)
        copy = kind.with_user(self.ewa).copy()
        expected = [("A", "B"), ("B", False)]
        self.assertEqual(self.tell_waits(copy.template_ids), expected)
        self.env.invalidate_all()
        self.assertEqual(self.tell_waits(copy.template_ids), expected)
        self.assertEqual(self.tell_waits(kind.template_ids), expected)

    def test_the_plan_of_a_type_is_duplicated_as_a_plan(self):
        kind = self.new_type("Chain", {"summary": "A"}, {"summary": "B"})
        self.wait_the_other_way(*kind.template_ids)
        plan = kind.template_ids.plan_id
        copy = plan.with_user(self.ewa).copy()
        self.assertEqual(self.tell_waits(copy.template_ids), [("A", "B"), ("B", False)])
        self.assertFalse(copy.template_ids.relationship_type_id)
        self.assertEqual(len(kind.template_ids), 2)
        line = kind.template_ids[0].copy()
        self.assertEqual(line.plan_id, plan)
        self.assertEqual(line.relationship_type_id, kind)

    def test_other_lines_may_be_given_to_a_duplicate(self):
        kind = self.new_type("Chain", {"summary": "A"}, {"summary": "B"})
        self.wait_the_other_way(*kind.template_ids)
        for original in (kind, kind.template_ids.plan_id):
            copy = original.with_user(self.ewa).copy({"template_ids": []})
            self.assertFalse(copy.template_ids)


@tagged("post_install", "-at_install")
class TestDuplicateOfMany(RunCase):
    """Twenty-four people do not get a call each by a slip of the thumb."""

    def test_nothing_is_planned_in_the_background(self):
        copy = self.plan_calls().copy()
        self.run_cron()
        self.assertFalse(copy.task_count)
        copy.action_create_tasks()
        self.assertEqual(copy.run_state, "running")
        self.run_cron()
        self.assertEqual(copy.task_count, 10)


@tagged("post_install", "-at_install")
class TestSaved(ActivityCase):
    """What saving does, be it by a file, by an automation, or by leaving a form."""

    def test_the_type_it_has_already_changes_nothing(self):
        """As a file or an automation writes it."""
        activity = self.plan(user_id=self.piotr.id)
        before = self.tasks(activity).read(["user_id", "summary", "date_deadline"])
        self.visit.see_group_ids = self.env.ref("sales_team.group_sale_manager")
        activity.with_user(self.ewa).write({"type_id": self.visit.id})
        self.assertEqual(activity.user_id, self.piotr)
        after = self.tasks(activity).read(["user_id", "summary", "date_deadline"])
        self.assertEqual(after, before)

    def test_a_file_may_name_it_by_its_id(self):
        activity = self.plan()
        result = (
            self.env["relationship.activity"]
            .with_user(self.ewa)
            .load([".id", "priority"], [[str(activity.id), "1"]])
        )
        self.assertEqual(result["ids"], activity.ids, result["messages"])
        self.assertEqual(activity.priority, "1")

    def test_whoever_saves_the_form_is_told_whom_it_gave_tasks(self):
        activities = self.env["relationship.activity"].with_user(self.anna)
        values = {
            "name": "Visit",
            "type_id": self.visit.id,
            "partner_id": self.stalmet.id,
            "date_from": self.today,
        }
        for user, told in ((self.anna, 0), (self.piotr, 1)):
            with patch.object(type(self.env.user), "_bus_send") as send:
                activities.web_save({**values, "user_id": user.id}, {})
            sent = [call.args[:2] for call in send.call_args_list]
            shown = [body["message"] for kind, body in sent if "simple" in kind]
            self.assertEqual(len(shown), told)
            if told:
                self.assertIn(f"Tasks created for {self.piotr.name}: 2", shown[0])
