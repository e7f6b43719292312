"""Who was not told about a meeting is not told when its task goes, or it is copied."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .meeting_case import TEN, SecretMeetingCase

WEEKLY = {
    "recurrency": True,
    "rrule_type": "weekly",
    "end_type": "count",
    "count": 3,
    "event_tz": "UTC",
    "mon": True,
}
NOWHERE = dict.fromkeys(("opportunity_id", "res_model_id", "res_id"), False)


class LeftCase(SecretMeetingCase):
    """Meetings of Ewa's that know nothing but a task, as *Reschedule* leaves them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = {"summary": "Call {partner}"}, {"summary": "Write"}
        groups = [Command.set(cls.secret.see_group_ids.ids)]
        cls.quiet = cls.new_type("Test quiet", *lines, see_group_ids=groups)

    def setUp(self):
        super().setUp()
        deal = self.new_lead(self.ewa, user_id=self.ewa.id)
        self.open_deal = deal.with_env(self.env)

    def reschedule(self, task, **values):
        event = self.new_meeting(
            self.open_deal, **{**NOWHERE, "name": "Crane for two million", **values}
        )
        task.sudo().calendar_event_id = event
        self.env.flush_all()
        return event

    def schedule(self, record):
        """Plan a task of core's at a record."""
        task = record.with_user(self.ewa).activity_schedule(
            "mail.mail_activity_data_meeting", user_id=self.ewa.id
        )
        return task.with_env(self.env)

    def plan_quiet(self, **values):
        """Return an activity that only the board may see, at an open opportunity."""
        values = {"lead_id": self.open_deal.id, "user_id": self.ewa.id, **values}
        return self.plan(self.ewa, name="Quiet", type_id=self.quiet.id, **values)

    def assertTold(self, events, *, jan=False):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(events)
        for event in events:
            for user, is_told in ((self.jan, jan), (self.ewa, True)):
                seen = self.see(user, event)
                self.assertEqual(seen.name == "Busy", not is_told, user.login)
                found = seen.search([("name", "=", event.sudo().name)])
                self.assertEqual(event in found, is_told)


@tagged("post_install", "-at_install")
class TestMeetingsOfTasks(LeftCase):
    """A task that alone hides a meeting goes."""

    def test_a_deleted_task_tells_nobody(self):
        campaign = self.new_campaign(self.ewa, user_id=self.ewa.id)
        campaign.sudo().type_id.see_group_ids = self.secret.see_group_ids
        for record in (self.new_deal(), campaign, self.activity):
            with self.subTest(record._name):
                task = self.schedule(record)
                event = self.reschedule(task)
                self.assertTold(event)
                task.with_user(self.ewa).unlink()
                self.assertTold(event)
                # It is told to those who see the record, as before.
                self.assertEqual(
                    (event.res_model, event.res_id), (record._name, record.id)
                )
                self.assertFalse(event.privacy)

    def test_nor_does_the_record_that_goes_then(self):
        deal = self.new_deal()
        task = self.schedule(deal)
        event = self.reschedule(task)
        task.unlink()
        deal.with_user(self.ewa).unlink()
        self.assertTold(event)

    def test_what_was_told_to_all_still_is(self):
        for record in (self.open_deal, self.stalmet):
            task = self.schedule(record)
            event = self.reschedule(task)
            task.with_user(self.ewa).unlink()
            self.assertTold(event, jan=True)
            self.assertFalse(event.privacy or event.res_id)

    def test_what_another_task_hides_stays_there(self):
        activity = self.plan_quiet()
        first, second = self.tasks(activity)
        event = self.reschedule(first)
        second.calendar_event_id = event
        first.unlink()
        self.assertTold(event)
        self.assertFalse(event.res_id)
        second.unlink()
        self.assertTold(event)
        self.assertEqual(event.res_id, activity.id)

    def test_what_was_masked_for_who_deletes_the_task_stays(self):
        """Whoever does a task may delete it, and need not be told of the meeting."""
        place = {"res_id": self.activity.id}
        place["res_model_id"] = self.env["ir.model"]._get_id(self.activity._name)
        task = self.schedule(self.new_deal())
        task.user_id = self.piotr
        event = self.reschedule(task, activity_ids=[Command.clear()], **place)
        self.assertEqual(
            self.see(self.piotr, event).read(["res_model"])[0]["res_model"], False
        )
        task.with_user(self.piotr).unlink()
        # It hangs at a hidden place already, and at one at a time.
        self.assertEqual((event.res_id, event.privacy), (self.activity.id, "private"))
        self.assertTold(event)

    def test_what_was_masked_for_one_is_kept_from_the_next(self):
        event = self.new_meeting(self.activity, opportunity_id=False)
        self.see(self.jan, event).read(["name", "res_model", "res_id"])
        self.assertFalse(event.sudo(False).with_user(self.piotr).is_told)

    def test_what_two_hide_is_private_then(self):
        activity = self.plan_quiet()
        deal = self.new_deal()
        task, other = self.tasks(activity)[0], self.schedule(deal)
        event = self.reschedule(task)
        other.calendar_event_id = event
        (task | other).unlink()
        self.assertTold(event)
        self.assertEqual(event.privacy, "private")

    def test_a_task_that_goes_to_another_meeting_tells_nobody(self):
        task = self.tasks(self.plan_quiet())[0]
        event = self.reschedule(task)
        later = self.reschedule(task, name="Later")
        self.assertTold(event | later)
        task.calendar_event_id = False
        self.assertTold(event | later)

    def test_a_task_that_is_moved_tells_nobody(self):
        """Whoever has it may move it to where others see it, and need not come."""
        mine = self.new_lead(self.piotr, user_id=self.piotr.id)
        for record in (self.new_deal(), self.activity):
            task = self.schedule(record)
            task.user_id = self.piotr
            event = self.reschedule(task)
            moving = task.with_user(self.piotr)
            self.assertEqual(self.see(self.piotr, event).name, "Busy")
            model = self.env["ir.model"]._get_id("crm.lead")
            moving.write({"res_model_id": model, "res_id": mine.id})
            self.assertEqual(task.res_id, mine.id)
            self.assertEqual(self.see(self.piotr, event).name, "Busy")
            self.assertTold(event)

    def test_nor_does_whoever_did_it_and_is_deleted(self):
        colleague = new_test_user(
            self.env, "gone_soon", groups="sales_team.group_sale_salesman_all_leads"
        )
        task = self.schedule(self.new_deal())
        event = self.reschedule(task)
        task.user_id = colleague
        task.with_user(colleague).action_done()
        colleague.sudo().unlink()
        self.assertFalse(task.exists())
        self.assertTold(event)

    def test_an_activity_that_ends_tells_nobody(self):
        ways = {
            "cancelled": lambda a: a.action_cancel(),
            "cancelled and reopened": lambda a: (a.action_cancel(), a.action_reopen()),
            "deleted": lambda a: a.unlink(),
            "with its opportunity": lambda a: a.lead_id.unlink(),
        }
        for name, end in ways.items():
            for is_done in (False, True):
                with self.subTest(name, is_done=is_done):
                    activity = self.plan_quiet(lead_id=self.new_lead(self.ewa).id)
                    task = self.tasks(activity)[0]
                    # One of them hangs where its activity does.
                    lead = {"opportunity_id": activity.lead_id.id}
                    place = {
                        **lead,
                        "res_id": activity.lead_id.id,
                        "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                        "activity_ids": [Command.clear()],
                    }
                    event = self.reschedule(task)
                    there = self.reschedule(self.tasks(activity)[1], **place)
                    self.assertTold(event | there)
                    if is_done:
                        task.with_user(self.ewa).action_feedback(feedback="Done")
                    end(activity.with_user(self.ewa))
                    self.assertTold(event | there)

    def test_a_merge_tells_nobody(self):
        deals = self.open_deal | self.new_lead(self.ewa, user_id=self.ewa.id)
        deals = deals.with_env(self.env)
        events = self.env["calendar.event"]
        for deal in deals:
            activity = self.plan_quiet(lead_id=deal.id)
            event = self.reschedule(self.tasks(activity)[0], opportunity_id=deal.id)
            activity.with_user(self.ewa).action_cancel()
            events |= event
        self.assertTold(events)
        merged = deals.with_user(self.ewa).merge_opportunity()
        self.assertTold(events)
        self.assertEqual(events.opportunity_id.ids, merged.ids)


@tagged("post_install", "-at_install")
class TestCopiedMeetings(LeftCase):
    """Copies and occurrences are told to those who are told the meeting."""

    def get_busy(self):
        """Return meetings that are busy for Jan, by what a copy does not take over."""
        met = self.show(
            self.ewa,
            type_id=self.secret.id,
            user_id=self.ewa.id,
            lead_id=self.open_deal.id,
        )
        return {
            "activity": self.event(met),
            "task of an activity": self.reschedule(self.tasks(self.plan_quiet())[0]),
            "task": self.reschedule(self.schedule(self.new_deal())),
        }

    def test_a_copy_tells_nobody(self):
        for name, event in self.get_busy().items():
            with self.subTest(name):
                self.assertTold(event)
                copy = event.with_user(self.ewa).copy().with_env(self.env)
                self.assertTold(copy)
                self.assertFalse(copy.relationship_activity_id or copy.privacy)
                self.assertTold(copy.with_user(self.ewa).copy().with_env(self.env))

    def test_nor_do_occurrences(self):
        for name, event in self.get_busy().items():
            with self.subTest(name):
                event.with_user(self.ewa).write(dict(WEEKLY))
                every = event.recurrence_id.calendar_event_ids.with_env(self.env)
                self.assertEqual(len(every), 3)
                self.assertTold(every)

    def test_nor_after_the_activity_is_gone(self):
        event = self.get_busy()["activity"]
        activity = event.relationship_activity_id
        event.with_user(self.ewa).write(dict(WEEKLY))
        rest = event.recurrence_id.calendar_event_ids.with_env(self.env) - event
        rest |= rest[0].with_user(self.ewa).copy().with_env(self.env)
        activity.with_user(self.ewa).unlink()
        self.assertTold(rest.exists())
        self.assertEqual(len(rest.exists()), 3)

    def test_nor_do_the_chatter_and_the_tasks_of_the_opportunity(self):
        event = self.get_busy()["activity"]
        before, tasks = self.open_deal.message_ids, self.open_deal.activity_ids
        event.with_user(self.ewa).copy()
        event.with_user(self.ewa).write(dict(WEEKLY))
        self.assertEqual(self.open_deal.message_ids, before)
        self.assertEqual(self.open_deal.activity_ids, tasks)
        self.assertFalse(event.relationship_activity_id.activity_ids)

    def test_who_sees_nothing_else_of_it_makes_no_more_of_it(self):
        for name, event in self.get_busy().items():
            event.sudo().partner_ids |= self.jan.partner_id
            theirs = self.see(self.jan, event)
            for copy in (
                lambda event: event.copy(),
                lambda event: event.write(dict(WEEKLY)),
            ):
                with (
                    self.subTest(name),
                    self.refused("^Only its organizer may duplicate", AccessError),
                ):
                    copy(theirs)

    def test_who_organizes_it_does_so_for_those_who_come(self):
        for name, event in self.get_busy().items():
            with self.subTest(name):
                event.sudo().user_id = self.jan
                theirs = self.see(self.jan, event)
                theirs.write(dict(WEEKLY))
                copies = event.recurrence_id.calendar_event_ids.with_env(self.env)
                copies = copies - event | theirs.copy().with_env(self.env)
                self.assertEqual(len(copies), 3)
                for copy in copies:
                    self.assertEqual(copy.privacy, "private")
                    self.assertFalse(copy.res_id or copy.opportunity_id)
                    self.assertEqual(self.see(self.jan, copy).name, event.name)
                    self.assertEqual(self.see(self.piotr, copy).name, "Busy")

    def test_what_is_told_to_all_is_copied_so(self):
        event = self.new_meeting(self.open_deal, name="Open")
        copy = event.with_user(self.ewa).copy().with_env(self.env)
        self.assertTold(copy, jan=True)
        self.assertEqual(copy.res_id, self.open_deal.id)
        self.assertFalse(copy.privacy)
        self.assertEqual(copy.start, TEN)
