from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..activity.activity_case import ActivityCase

# In UTC; an hour later in Warsaw.
NOON = fields.Datetime.to_datetime("2031-03-03 13:00:00")


@tagged("post_install", "-at_install")
class TestDay(ActivityCase):
    """One's own tasks and meetings by when they are due, and nothing of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A Monday, at noon in Warsaw.
        cls.enterClassContext(freeze_time("2031-03-03 11:00"))
        cls.today = fields.Date.to_date("2031-03-03")
        cls.env.cr.execute("DELETE FROM mail_activity")
        cls.env.cr.execute("DELETE FROM calendar_event")
        cls.maj = cls.stalmet.child_ids.create(
            {"name": "Maj", "parent_id": cls.stalmet.id}
        )
        (cls.anna + cls.piotr).tz = "Europe/Warsaw"

    def task(self, summary, days=0, user=None, record=None, **values):
        record = self.stalmet if record is None else record
        return record.activity_schedule(
            "mail.mail_activity_data_call",
            self.day(days),
            summary,
            user_id=(user or self.anna).id,
            **values,
        )

    def meet(self, name, start, *people, hours=1, **values):
        return self.env["calendar.event"].create(
            {
                "name": name,
                "start": start,
                "stop": start + timedelta(hours=hours),
                "user_id": False,
                "partner_ids": [Command.set([p.id for p in people])],
                **values,
            }
        )

    def look(self, user=None, domain=()):
        items = self.env["relationship.day.item"].with_user(user or self.anna)
        return items.search(list(domain))

    def item(self, task, user=None):
        return self.look(user, [("task_id", "=", task.id)])

    def finish(self, task, user=None, **values):
        """Do what the button and its dialog do."""
        action = self.item(task, user).action_done()
        dialogs = self.env[action["res_model"]].with_user(user or self.anna)
        return dialogs.with_context(**action["context"]).create(values).action_done()

    def test_what_is_due_stands_in_its_group(self):
        for days in (-5, 0, 1, 5, 6):
            self.task(f"In {days}", days)
        groups = (
            self.env["relationship.day.item"]
            .with_user(self.anna)
            .formatted_read_group([], ["when"], ["__count"])
        )
        self.assertEqual(
            [(group["when"], group["__count"]) for group in groups],
            [
                ("1_overdue", 1),
                ("2_today", 1),
                ("3_tomorrow", 1),
                ("4_week", 1),
                ("5_later", 1),
            ],
        )
        self.assertEqual(self.look().mapped("days"), [-5, 0, 1, 5, 6])

    def test_the_week_ends_as_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("de_DE")
        sunday = self.task("On Sunday", 6)
        item = self.item(sunday)
        self.assertEqual(item.when, "5_later")
        self.env.invalidate_all()
        self.assertEqual(item.with_context(lang="de_DE").when, "4_week")

    def test_the_day_is_that_of_who_looks(self):
        task = self.task("Call")
        with freeze_time("2031-03-03 23:30"):
            self.env.invalidate_all()
            self.assertEqual(self.item(task).when, "1_overdue")
            self.env.invalidate_all()
            item = self.item(task).with_context(tz="America/New_York")
            self.assertEqual(item.when, "2_today")

    def test_nobody_sees_tasks_of_others(self):
        mine, his = self.task("Mine"), self.task("His", user=self.piotr)
        self.assertEqual(self.look().task_id, mine)
        self.assertEqual(self.look(self.piotr).task_id, his)
        forged = self.item(his, self.piotr).with_user(self.anna)
        self.env.invalidate_all()
        self.assertFalse(forged.read(["name"]))
        for attempt in (forged.action_open, forged.action_done):
            with self.refused("This is not in your day any more", AccessError):
                attempt()

    def test_meetings_are_ones_own(self):
        begin = NOON
        anna, piotr = self.anna.partner_id, self.piotr.partner_id
        self.meet("With me", begin, anna, self.stalmet, privacy="private")
        self.meet("Without me", begin, piotr, privacy="private")
        self.meet("Mine to lead", begin, self.stalmet, user_id=self.anna.id)
        self.meet("Over", begin - timedelta(days=1), anna)
        self.meet("Still going on", begin - timedelta(days=2), anna, hours=72)
        self.meet("In a month", begin + timedelta(days=30), anna)
        self.meet("Too far", begin + timedelta(days=31), anna)
        declined = self.meet("Declined", begin, anna)
        declined.attendee_ids.state = "declined"
        self.assertEqual(
            {item.name: item.days for item in self.look()},
            {"With me": 0, "Mine to lead": 0, "Still going on": 0, "In a month": 30},
        )
        found = self.look(domain=[("name", "=", "With me")])
        self.assertEqual(found.partner_id, self.stalmet)
        opened = found.action_open()
        self.assertEqual(opened["res_model"], "calendar.event")

    def test_a_meeting_late_in_the_evening_is_on_the_day_of_the_user(self):
        self.meet(
            "Dinner",
            fields.Datetime.to_datetime("2031-03-03 23:30:00"),
            self.anna.partner_id,
        )
        self.assertEqual(self.look().when, "3_tomorrow")

    def test_a_task_stands_for_its_meeting(self):
        meeting = self.meet("Visit", NOON, self.anna.partner_id)
        task = self.task("Visit Stalmet", calendar_event_id=meeting.id)
        item = self.look()
        self.assertEqual((item.task_id, item.start), (task, meeting.start))
        self.finish(task)
        self.assertEqual(self.look().meeting_id, meeting)

    def test_what_is_lost_is_left_out(self):
        lead = self.env["crm.lead"].create(
            {"name": "Crane", "type": "opportunity", "user_id": self.anna.id}
        )
        self.task("Call", record=lead)
        self.assertTrue(self.look())
        lead.action_set_lost()
        self.assertFalse(self.look())

    def test_a_hidden_record_is_not_named(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Secret crane",
                "type": "opportunity",
                "user_id": self.anna.id,
                "partner_id": self.stalmet.id,
            }
        )
        task = self.task("Call", record=lead)
        self.assertEqual(self.item(task).record_name, "Secret crane")
        lead.user_id = self.piotr
        self.env.invalidate_all()
        item = self.item(task)
        self.assertEqual(item.record_name, "an opportunity that you may not see")
        self.assertEqual(item.action_open()["res_model"], "mail.activity")
        self.finish(task)
        self.assertFalse(task.active)

    def test_a_hidden_partner_is_not_told(self):
        elsewhere = self.stalmet.copy(
            {
                "name": "Elbe",
                "company_id": self.other_company.id,
                "phone": "+49 341 1",
            }
        )
        task = self.task("Call", user=self.ewa, record=elsewhere)
        elsewhere.flush_recordset()
        task.sudo().user_id = self.anna
        item = self.item(task)
        self.assertEqual(item.record_name, "somebody whom you may not see")
        self.assertFalse(item.partner_id)
        self.assertFalse(item.phone)

    def test_all_companies_of_the_user_count(self):
        self.ewa.company_ids += self.other_company
        elsewhere = self.stalmet.copy(
            {"name": "Elbe", "company_id": self.other_company.id}
        )
        task = self.task("Call", user=self.ewa, record=elsewhere)
        items = self.item(task, self.ewa).with_context(
            allowed_company_ids=self.company.ids
        )
        self.assertEqual(items.record_name, "Elbe")
        self.assertEqual(items.action_open()["res_model"], "res.partner")
        self.finish(task, self.ewa)
        self.assertFalse(task.active)

    def test_whom_to_call(self):
        self.stalmet.phone = "+48 61 1"
        plain = self.task("Call")
        self.assertEqual(self.item(plain).phone, "+48 61 1")
        self.maj.phone = "+48 61 2"
        activity = self.plan(contact_id=self.maj.id)
        for task in self.tasks(activity):
            self.assertEqual(self.item(task).partner_id, self.maj)
            self.assertEqual(self.item(task).phone, "+48 61 2")

    def with_results(self):
        """Return an activity whose first task is done, and its other one."""
        follow = self.new_type("Offer", {"summary": "Write it"})
        self.visit.write(
            {
                "needs_result": True,
                "result_ids": [
                    Command.clear(),
                    Command.create({"name": "No"}),
                    Command.create(
                        {"name": "Yes", "next_type_id": follow.id, "next_days": 3}
                    ),
                ],
            }
        )
        activity = self.plan()
        first, last = self.tasks(activity)
        return activity, first, last

    def offered(self, task, user=None):
        action = self.item(task, user).action_done()
        dialogs = self.env[action["res_model"]].with_user(user or self.anna)
        return dialogs.with_context(**action["context"]).new().result_ids

    def test_the_last_task_asks_what_came_of_it(self):
        activity, first, last = self.with_results()
        self.assertFalse(self.offered(first))
        self.finish(first, note="Ready")
        self.assertEqual(first.feedback, "Ready")
        self.assertFalse(activity.result_note)
        results = self.visit.result_ids
        self.assertEqual(self.offered(last).ids, results.ids)
        proposed = self.finish(last, result_id=results[1].id, note="They want it")
        self.assertEqual(activity.state, "done")
        self.assertEqual(activity.result_id, results[1])
        self.assertEqual(activity.result_note, "They want it")
        self.assertEqual(proposed["res_model"], "relationship.activity")
        self.assertEqual(
            proposed["context"]["default_type_id"], results.next_type_id.id
        )
        self.assertEqual(proposed["context"]["default_date_from"], "2031-03-06")

    def test_no_proposal_closes_the_dialog(self):
        _activity, first, last = self.with_results()
        self.finish(first)
        done = self.finish(last, result_id=self.visit.result_ids[0].id)
        self.assertEqual(done["type"], "ir.actions.act_window_close")

    def test_a_task_that_another_waits_for_is_not_the_last(self):
        templates = self.visit.template_ids
        templates[1].wait_template_id = templates[0]
        activity, first, *_none = (*self.with_results_of_one(), None)
        self.assertFalse(self.offered(first))
        self.finish(first)
        self.assertEqual(len(self.tasks(activity)), 2)

    def with_results_of_one(self):
        self.visit.result_ids = [Command.create({"name": "Yes"})]
        activity = self.plan()
        return activity, self.tasks(activity)

    def test_a_result_of_an_earlier_task_is_refused(self):
        _activity, first, _last = self.with_results()
        with self.refused("There is more to do before"):
            self.finish(first, result_id=self.visit.result_ids[0].id)
        self.assertTrue(first.active)

    def test_who_may_not_change_the_activity_only_does_the_task(self):
        activity, first, last = self.with_results()
        self.finish(first)
        lead = self.env["crm.lead"].create(
            {"name": "Crane", "type": "opportunity", "user_id": self.piotr.id}
        )
        activity = self.plan(self.piotr, lead_id=lead.id)
        first, last = self.tasks(activity)
        first.action_feedback()
        last.sudo().user_id = self.anna
        self.assertFalse(self.offered(last))
        with self.refused("There is more to do before"):
            self.finish(last, result_id=self.visit.result_ids[0].id)
        self.finish(last, note="Called")
        self.assertEqual(activity.state, "done")
        self.assertFalse(activity.result_id or activity.result_note)

    def test_the_dialog_tells_nothing_of_a_task_of_somebody_else(self):
        lead = self.env["crm.lead"].create(
            {"name": "Crane", "type": "opportunity", "user_id": self.piotr.id}
        )
        his = self.task("Secret plan", user=self.piotr, record=lead)
        dialogs = self.env["relationship.task.done"].with_user(self.anna)
        with self.refused("due to security restrictions", AccessError):
            dialogs.create({"task_id": his.id})
        self.assertTrue(his.active)

    def test_a_task_is_put_off_to_the_next_working_day(self):
        late, later = self.task("Late", -3), self.task("On Friday", 4)
        (self.item(late) + self.item(later)).action_tomorrow()
        self.assertEqual(late.date_deadline, self.day(1))
        self.assertEqual(later.date_deadline, self.day(4))  # was planned so
        with self.refused("This is not in your day any more", AccessError):
            self.item(late).with_user(self.piotr).action_tomorrow()

    def test_what_was_put_off_by_mistake_comes_back(self):
        task = self.task("Late", 0)
        self.item(task).action_tomorrow()
        self.item(task).action_today()
        self.assertEqual(task.date_deadline, self.day(0))
        with self.refused("This is not in your day any more", AccessError):
            self.item(task).with_user(self.piotr).action_today()

    def test_a_meeting_of_a_whole_day_is_moved_by_no_tap(self):
        """It would be moved for all who take part."""
        meeting = self.meet("Fair", NOON, self.maj, allday=True, stop=NOON)
        due = self.task("Visit", 3, calendar_event_id=meeting.id)
        due.date_deadline = self.day(3)
        begins = meeting.start_date
        item = self.item(due)
        self.assertTrue(item.is_meeting)
        for action in (item.action_today, item.action_tomorrow):
            with self.refused("a meeting is moved in the calendar"):
                action()
        self.assertEqual((due.date_deadline, meeting.start_date), (self.day(3), begins))

    def test_who_moves_a_task_is_told_from_which_day(self):
        task = self.task("Ask Maj", 4)
        told = self.item(task).action_today()["params"]["message"]
        self.assertEqual(told, "Ask Maj: due on 03/03/2031 now, before on 03/07/2031.")
        told = self.item(task).action_tomorrow()["params"]["message"]
        self.assertEqual(told, "Ask Maj: due on 03/04/2031 now, before on 03/03/2031.")

    def test_a_meeting_names_the_customer_of_nothing_hidden(self):
        lead = self.env["crm.lead"].create(
            {"name": "Crane", "type": "opportunity", "partner_id": self.stalmet.id}
        )
        self.stalmet.phone = "+48 61 555 01 01"
        for user, told in ((self.jan, False), (self.anna, True)):
            lead.user_id = user if told else self.piotr
            meeting = self.meet("Mine", NOON, user.partner_id, user_id=user.id)
            model = self.env["ir.model"]._get_id("crm.lead")
            meeting.write({"res_model_id": model, "res_id": lead.id})
            self.env.invalidate_all()
            row = self.look(user, [("meeting_id", "=", meeting.id)])
            self.assertTrue(row)
            self.assertEqual(bool(row.partner_id), told)
            self.assertEqual(bool(row.phone), told)

    def test_eighty_items_cost_few_statements(self):
        for days in range(40):
            self.task(f"Call {days}", days)
            self.meet(
                f"Meet {days}",
                NOON,
                self.anna.partner_id,
                self.maj,
            )
        self.env.flush_all()
        names = ("name", "icon", "days", "start", "when", "record_name", "phone")
        spec = {name: {} for name in names}
        spec["partner_id"] = {"fields": {"display_name": {}}}
        self.look().web_read(spec)
        self.env.invalidate_all()
        with self.assertQueryCount(14):
            self.assertEqual(len(self.look().web_read(spec)), 80)
