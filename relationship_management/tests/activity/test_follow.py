from datetime import timedelta

from odoo import Command
from odoo.tests import Form, tagged

from .activity_case import ActivityCase


@tagged("post_install", "-at_install")
class TestFollow(ActivityCase):
    """Open tasks follow their activity, unless a person has changed them."""

    def test_dates_move_open_tasks_and_leave_done_ones(self):
        activity = self.plan()
        first, second = self.tasks(activity)
        first.with_user(self.anna).action_feedback()
        activity.date_from = self.day(7)
        self.assertEqual(first.date_deadline, self.today)
        self.assertEqual(second.date_deadline, self.day(9))

    def test_an_end_that_would_come_first_moves_with_the_start(self):
        activity = self.plan(date_to=self.day(1))
        activity.date_from = self.day(7)
        self.assertEqual(activity.date_to, self.day(7))

    def test_texts_follow(self):
        activity = self.plan(text="<p>Bring the plans.</p>")
        activity.write({"name": "Expo", "text": "<p>Bring nothing.</p>"})
        first, second = self.tasks(activity)
        self.assertEqual(first.summary, "Prepare Expo")
        self.assertEqual(second.note, "<p>Bring nothing.</p>")

    def test_another_responsible_takes_the_open_tasks_over(self):
        """R-29."""
        activity = self.plan()
        first, second = self.tasks(activity)
        first.with_user(self.anna).action_feedback()
        activity.user_id = self.piotr
        self.assertEqual(first.user_id, self.anna)
        self.assertEqual(second.user_id, self.piotr)

    def test_a_changed_task_keeps_its_own_and_the_form_says_so(self):
        for values in (
            {"date_deadline": self.day(20)},
            {"summary": "Something else"},
            {"note": "<p>Mine</p>"},
            {"user_id": self.ewa.id},
        ):
            with self.subTest(values):
                activity = self.plan()
                task = self.tasks(activity)[0].with_user(self.anna)
                task.write(values)
                kept = task.read([*values])
                self.assertTrue(task.is_changed_by_hand)
                self.assertTrue(Form(activity).has_changed_tasks)
                activity.write(
                    {
                        "date_from": self.day(7),
                        "name": "Expo",
                        "text": "<p>Other</p>",
                        "user_id": self.piotr.id,
                    }
                )
                self.assertEqual(task.read([*values]), kept)
                self.assertEqual(self.tasks(activity)[1].user_id, self.piotr)

    def test_the_same_value_is_no_change(self):
        activity = self.plan()
        task = self.tasks(activity)[0].with_user(self.anna)
        task.write({"date_deadline": str(self.today), "user_id": self.anna.id})
        self.assertFalse(task.is_changed_by_hand)
        self.assertFalse(activity.has_changed_tasks)

    def test_cancelling_removes_open_tasks_and_keeps_done_ones(self):
        activity = self.plan()
        first, second = self.tasks(activity)
        first.with_user(self.anna).action_feedback()
        activity.action_cancel()
        self.assertEqual(activity.state, "cancelled")
        self.assertEqual(self.tasks(activity), first)
        self.assertFalse(second.exists())
        activity.action_reopen()
        self.assertEqual(activity.state, "in_progress")
        self.assertEqual(len(self.tasks(activity)), 2)

    def test_deleting_keeps_what_is_done(self):
        activity = self.plan()
        first, second = self.tasks(activity)
        first.with_user(self.anna).action_feedback()
        activity.unlink()
        self.assertTrue(first.exists())
        self.assertFalse(first.relationship_activity_id)
        self.assertFalse(second.exists())

    def test_another_type_gives_other_tasks(self):
        activity = self.plan()
        kind = self.new_type("Letter", {"summary": "Write"})
        number = activity.number
        activity.type_id = kind
        self.assertEqual(self.tasks(activity).mapped("summary"), ["Write"])
        self.assertEqual(activity.number, number)

    def test_a_template_that_is_deleted_leaves_its_tasks(self):
        activity = self.plan()
        self.visit.template_ids.unlink()
        self.assertEqual(len(self.tasks(activity)), 2)
        activity.date_from = self.day(3)
        self.assertEqual(self.tasks(activity)[0].date_deadline, self.today)


@tagged("post_install", "-at_install")
class TestStatus(ActivityCase):
    """The status of an activity follows from its tasks."""

    def test_planned_in_progress_done(self):
        activity = self.plan()
        self.assertEqual((activity.task_count, activity.open_task_count), (2, 2))
        for task, state in zip(
            self.tasks(activity), ("in_progress", "done"), strict=True
        ):
            task.with_user(self.anna).action_feedback()
            self.assertEqual(activity.state, state)
        self.assertEqual(activity.date_begun, self.today)
        self.assertEqual(activity.date_done, self.today)

    def test_who_does_the_last_task_need_not_be_able_to_change_the_project(self):
        activity = self.plan(partner_id=self.stalmet.id)
        tasks = self.tasks(activity)
        tasks.write({"user_id": self.jan.id})
        tasks.with_user(self.jan).action_feedback()
        self.assertEqual(activity.state, "done")

    def test_the_last_task_asks_for_the_result(self):
        self.visit.write(
            {"needs_result": True, "result_ids": [Command.create({"name": "Ordered"})]}
        )
        activity = self.plan()
        self.assertFalse(activity.asks_result)
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.assertTrue(activity.asks_result)
        activities = self.env["relationship.activity"]
        asked = [("asks_result", "=", True), ("id", "in", activity.ids)]
        self.assertEqual(activities.search(asked), activity)
        activity.result_id = self.visit.result_ids
        self.assertFalse(activity.asks_result)
        self.assertFalse(activities.search(asked))

    def test_a_result_proposes_what_comes_next(self):
        """It may be the same again: a proposal plans nothing by itself."""
        lead = self.new_lead(partner_id=self.stalmet.id)
        again, never = self.env["relationship.activity.result"].create(
            [
                {
                    "name": "Not reached",
                    "type_id": self.visit.id,
                    "next_type_id": self.visit.id,
                    "next_days": 3,
                },
                {"name": "No interest", "type_id": self.visit.id},
            ]
        )
        activity = self.plan(lead_id=lead.id)
        activity.action_done()
        activity.result_id = never
        self.assertFalse(activity.next_type_id)
        activity.result_id = again
        action = activity.action_plan_next()
        activities = self.env["relationship.activity"].with_user(self.anna)
        planned = Form(activities.with_context(**action["context"])).save()
        self.assertEqual(planned.type_id, self.visit)
        self.assertEqual(planned.lead_id, lead)
        self.assertEqual(planned.date_from, self.day(3))
        self.assertEqual(planned.user_id, self.anna)
        self.visit.active = False
        activity.invalidate_recordset()
        self.assertFalse(activity.next_type_id)
        with self.refused("cannot begin before this one is done"):
            again.next_days = -1

    def test_it_is_a_contact_with_the_partner(self):
        self.plan(type_id=self.new_type("Call").id).action_done()
        self.stalmet.invalidate_recordset()
        partner = self.stalmet.with_user(self.anna)
        self.assertEqual(partner.last_contact_date, self.today)

    def test_a_result_of_another_type_is_refused(self):
        kind = self.new_type("Letter", result_ids=[Command.create({"name": "Read"})])
        with self.refused("The result belongs to another type of activities"):
            self.plan().result_id = kind.result_ids

    def test_closing_by_hand_closes_the_tasks(self):
        activity = self.plan()
        activity.action_done()
        tasks = self.tasks(activity)
        self.assertEqual(activity.state, "done")
        self.assertEqual(set(tasks.mapped("active")), {False})
        self.assertEqual(
            set(tasks.mapped("feedback")), {"Closed with the activity Fair."}
        )

    def test_a_type_without_tasks_is_done_by_hand(self):
        activity = self.plan(type_id=self.new_type("Note").id)
        self.assertEqual(activity.state, "planned")
        activity.action_done()
        self.assertEqual(activity.state, "done")
        self.assertEqual(activity.date_done, self.today)

    def test_an_overdue_activity_is_found(self):
        late = self.plan(date_from=self.day(-5), date_to=self.day(-2))
        activities = self.env["relationship.activity"].with_user(self.anna)
        self.assertTrue(late.is_overdue)
        self.assertIn(late, activities.search([("is_overdue", "=", True)]))
        self.assertNotIn(late, activities.search([("is_overdue", "=", False)]))
        late.date_to = False
        self.assertTrue(late.is_overdue)
        self.assertIn(late, activities.search([("is_overdue", "=", True)]))
        self.assertNotIn(late, activities.search([("is_overdue", "=", False)]))

    def test_a_type_in_use_is_not_deleted(self):
        self.plan()
        with self.refused("“Test visit” is in use and cannot be deleted"):
            self.visit.with_user(self.ewa).unlink()

    def test_a_merge_of_opportunities_takes_activities_along(self):
        leads = self.new_lead(user=self.piotr) | self.new_lead(user=self.piotr)
        activity = self.plan(user=self.piotr, lead_id=leads[1].id)
        merged = leads.with_user(self.piotr)._merge_opportunity()
        self.assertEqual(activity.lead_id, merged)
        self.assertEqual(set(self.tasks(activity).mapped("res_id")), {merged.id})


@tagged("post_install", "-at_install")
class TestPeopleAndDays(ActivityCase):
    """Who does a task, and when it is due."""

    def first_task(self, template=None, **values):
        kind = self.new_type("T", {"summary": "X", **(template or {})})
        return self.tasks(self.plan(type_id=kind.id, **values))

    def next_monday(self):
        return self.today + timedelta(days=7 - self.today.weekday())

    def test_rules_find_people(self):
        self.stalmet.user_id = self.ewa
        lead = self.new_lead(user=self.piotr, partner_id=self.stalmet.id)
        for template, user in (
            ({"responsible_type": "record"}, self.piotr),
            ({"responsible_type": "partner"}, self.ewa),
            ({"responsible_type": "saver"}, self.ewa),
            (
                {"responsible_type": "other", "responsible_id": self.piotr.id},
                self.piotr,
            ),
        ):
            with self.subTest(template):
                task = self.first_task(template, user=self.ewa, lead_id=lead.id)
                self.assertEqual(task.user_id, user)

    def test_a_person_in_a_role_does_it(self):
        lead = self.new_lead(user=self.piotr)
        lead.reference_ids = [
            Command.create(
                {
                    "type_id": self.representative_type.id,
                    "partner_id": self.ewa.partner_id.id,
                }
            )
        ]
        template = {
            "responsible_type": "role",
            "reference_type_id": self.representative_type.id,
        }
        task = self.first_task(template, user=self.piotr, lead_id=lead.id)
        self.assertEqual(task.user_id, self.ewa)

    def test_the_least_loaded_of_a_team(self):
        self.team.member_ids = [Command.link(self.ewa.id)]
        self.plan()
        template = {"responsible_type": "team", "team_id": self.team.id}
        self.assertEqual(self.first_task(template).user_id, self.ewa)

    def test_who_may_not_see_it_is_passed_over(self):
        """As configured: the responsible does it, or nobody."""
        lead = self.new_lead(user=self.piotr)
        template = {"responsible_type": "other", "responsible_id": self.anna.id}
        task = self.first_task(template, user=self.piotr, lead_id=lead.id)
        self.assertEqual(task.user_id, self.piotr)
        template["if_nobody"] = "skip"
        self.assertFalse(self.first_task(template, user=self.piotr, lead_id=lead.id))

    def test_a_substitute_stands_in_on_the_day(self):
        self.piotr.write(
            {
                "absent_from": self.today,
                "absent_until": self.day(10),
                "substitute_id": self.anna.id,
            }
        )
        activity = self.plan(user_id=self.piotr.id)
        self.assertEqual(self.tasks(activity).user_id, self.anna)
        activity.date_from = self.day(11)
        self.assertEqual(self.tasks(activity).user_id, self.piotr)

    def test_who_stand_in_for_each_other_are_asked_once(self):
        away = {"absent_from": self.today, "absent_until": self.day(10)}
        self.piotr.write({**away, "substitute_id": self.anna.id})
        self.anna.write({**away, "substitute_id": self.piotr.id})
        self.assertEqual(self.tasks(self.plan()).user_id, self.anna)

    def test_an_absence_makes_sense(self):
        with self.refused("cannot be the substitute of the same person"):
            self.anna.substitute_id = self.anna
        with self.refused("absence of test_anna.* would end before it begins"):
            self.anna.write({"absent_from": self.today, "absent_until": self.day(-1)})
        self.anna.with_user(self.anna).write({"absent_from": self.today})

    def test_working_days_leave_weekends_and_holidays_out(self):
        monday = self.next_monday()
        calendar = self.company.resource_calendar_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": f"{monday + timedelta(days=8)} 00:00:00",
                "date_to": f"{monday + timedelta(days=8)} 22:59:59",
            }
        )
        for count, delay_from, day in (
            (0, "after_plan_date", 0),
            (4, "after_plan_date", 4),
            (5, "after_plan_date", 7),
            (6, "after_plan_date", 9),
            (1, "before_plan_date", -3),
        ):
            with self.subTest(count, delay_from=delay_from):
                start = self.next_monday() + timedelta(days=7)
                task = self.first_task(
                    {
                        "delay_unit": "working_days",
                        "delay_count": count,
                        "delay_from": delay_from,
                    },
                    date_from=start - timedelta(days=7),
                )
                expected = monday + timedelta(days=day)
                self.assertEqual(task.date_deadline, max(expected, self.today))

    def test_a_calendar_without_hours_means_monday_to_friday(self):
        self.company.resource_calendar_id.attendance_ids.unlink()
        friday = self.next_monday() + timedelta(days=4)
        task = self.first_task(
            {"delay_unit": "working_days", "delay_count": 1}, date_from=friday
        )
        self.assertEqual(task.date_deadline, friday + timedelta(days=3))

    def test_days_of_the_project(self):
        campaign = self.new_campaign(date_to=self.day(9))
        for base, day in (("project_start", 1), ("project_deadline", 10), ("end", 4)):
            with self.subTest(base):
                task = self.first_task(
                    {"delay_base": base, "delay_count": 1},
                    campaign_id=campaign.id,
                    date_from=self.day(2),
                    date_to=self.day(3),
                )
                self.assertEqual(task.date_deadline, self.day(day))

    def test_what_is_planned_from_today_on_is_never_late(self):
        task = self.first_task({"delay_count": 5, "delay_from": "before_plan_date"})
        self.assertEqual(task.date_deadline, self.today)
