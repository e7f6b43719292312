"""Tasks for members are shared out among days, also when the activity changes."""

from collections import Counter

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .activity_case import ActivityCase


@tagged("post_install", "-at_install")
class TestShare(ActivityCase):
    """Nobody gets more tasks for one day than the type says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls = cls.new_type(
            "Test calls", {"summary": "Call", "per": "addressee"}, tasks_per_day=2
        )
        cls.campaign = cls.new_campaign(
            channel=False, date_to=cls.day(90), user_id=cls.anna.id
        )
        people = cls.env["res.partner"].create(
            [{"name": f"Person {n}"} for n in range(5)]
        )
        cls.add_members(cls.campaign, *people)

    def plan_calls(self):
        return self.plan(type_id=self.calls.id, campaign_id=self.campaign.id)

    def shared(self, activity):
        """Return how many tasks each person has on a day, most of them first."""
        tasks = self.tasks(activity)
        days = Counter((task.user_id, task.date_deadline) for task in tasks)
        return sorted(days.values(), reverse=True)

    def test_another_day_shares_them_out_anew(self):
        activity = self.plan_calls()
        self.assertEqual(self.shared(activity), [2, 2, 1])
        activity.date_from = self.day(30)
        self.assertEqual(self.shared(activity), [2, 2, 1])
        self.assertGreaterEqual(
            min(self.tasks(activity).mapped("date_deadline")), self.day(30)
        )

    def test_the_day_before_finds_the_own_room(self):
        """What moves leaves the room that it had."""
        activity = self.plan_calls()
        days = self.tasks(activity).mapped("date_deadline")
        activity.date_from = self.day(30)
        activity.date_from = self.today
        self.assertEqual(self.tasks(activity).mapped("date_deadline"), days)

    def test_another_responsible_gets_no_more(self):
        theirs = self.plan_calls()
        theirs.user_id = self.piotr
        activity = self.plan_calls()
        activity.user_id = self.piotr
        both = theirs | activity
        self.assertEqual(self.tasks(both).user_id, self.piotr)
        self.assertEqual(self.shared(both), [2, 2, 2, 2, 2])

    def test_a_task_changed_by_hand_stays_and_takes_room(self):
        activity = self.plan_calls()
        task = self.tasks(activity)[4].with_user(self.anna)
        task.date_deadline = self.day(30)
        activity.date_from = self.day(30)
        self.assertEqual(task.date_deadline, self.day(30))
        self.assertEqual(max(self.shared(activity)), 2)

    def test_two_lines_for_members_share_the_days(self):
        template = {"summary": "Write", "per": "addressee", "delay_count": 1}
        kind = self.new_type(
            "Both", {"summary": "Call", "per": "addressee"}, template, tasks_per_day=2
        )
        activity = self.plan(type_id=kind.id, campaign_id=self.campaign.id)
        self.assertEqual(self.shared(activity), [2, 2, 2, 2, 2])
        activity.date_from = self.day(30)
        self.assertEqual(self.shared(activity), [2, 2, 2, 2, 2])


@tagged("post_install", "-at_install")
class TestTypeMakesSense(ActivityCase):
    """What a type says leads to a day, and to words."""

    def test_nobody_plans_that_far_ahead(self):
        result = self.env["relationship.activity.result"].create(
            {"name": "Ordered", "type_id": self.visit.id}
        )
        template = self.visit.template_ids[0]
        line = self.env["mail.activity.plan"].create(
            {
                "name": "Plan",
                "res_model": "crm.lead",
                "template_ids": [(0, 0, {"summary": "Call"})],
            }
        )
        for record, name in (
            (self.visit, "duration_days"),
            (template, "delay_count"),
            (line.template_ids, "delay_count"),
            (result, "next_days"),
        ):
            for unit in ("days", "working_days", "weeks", "months"):
                template.delay_unit = unit
                record[name] = 3650
                self.plan()
                with (
                    self.subTest(f"{record._name} {name} {unit}"),
                    self.refused("enter a smaller number", ValidationError),
                ):
                    record[name] = 2 * 10**9
        template.delay_from = "before_plan_date"
        with self.refused("enter a smaller number", ValidationError):
            template.delay_count = -3651

    def test_no_task_ends_in_nothing_where_there_is_no_partner(self):
        self.visit.template_ids[0].summary = "Agree on a day with {contact}"
        campaign = self.new_campaign(title="Expo")
        activity = self.plan(campaign_id=campaign.id)
        self.assertEqual(
            self.tasks(activity).mapped("summary"),
            ["Agree on a day with Expo", "Call Expo"],
        )

    def test_a_list_of_activities_opens_their_form(self):
        """Not a dialog in which nothing can be entered."""
        for model, view in (
            ("crm.lead", "crm.crm_lead_view_form"),
            ("relationship.campaign", None),
        ):
            view_id = view and self.env.ref(view).id
            arch = self.env[model].get_view(view_id, "form")["arch"]
            self.assertRegex(
                arch, r'name="bracket_ids"[^>]*widget="relationship_opened_records"'
            )
