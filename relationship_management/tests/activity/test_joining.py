"""Who joins a campaign after an activity was planned gets its tasks, too."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.activity import joining, tasks
from ..campaign.campaign_case import TargetGroupCase
from .activity_case import ActivityCase
from .test_members import MembersCase
from .test_run import RunCase


class JoiningCase(MembersCase):
    def join(self, number, **values):
        people = self.env["res.partner"].create(
            [{"name": f"Late {n}", **values} for n in range(number)]
        )
        return self.add_members(self.fair, *people)

    def said(self, activity):
        self.env.invalidate_all()
        return activity.joined_text


@tagged("post_install", "-at_install")
class TestJoining(JoiningCase):
    """The activity says how many have no task, and creates them by a button."""

    def test_the_button_creates_what_is_lacking_once(self):
        activity = self.plan_calls(user_id=self.piotr.id)
        self.assertFalse(self.said(activity))
        self.join(2)
        self.assertEqual(
            self.said(activity), "Members who joined since and have no task yet: 2."
        )
        activity.action_plan_joined()
        self.assertFalse(self.said(activity))
        self.assertEqual(self.of_members(activity)[3:], ["Late 0", "Late 1"])
        self.assertEqual(self.tasks(activity).user_id, self.piotr)
        activity.action_plan_joined()
        self.assertEqual(len(self.tasks(activity)), 5)

    def test_an_activity_that_was_there_before_all_members(self):
        empty = self.new_campaign(channel=False, date_to=self.day(90))
        activity = self.plan(type_id=self.calls.id, campaign_id=empty.id)
        self.assertFalse(self.tasks(activity))
        self.add_members(empty, self.stalmet)
        activity.action_plan_joined()
        self.assertEqual(self.of_members(activity), ["Stalmet S.A."])

    def test_who_may_not_be_reached_is_not_counted(self):
        self.calls.channel = "email"
        self.people.write({"email": "p@x.example"})
        activity = self.plan_calls()
        self.join(1)
        refusing, late = self.join(2, email="late@x.example")
        self.env["mail.blacklist"]._add("late@x.example")
        self.assertFalse(self.said(activity))
        activity.action_plan_joined()
        self.assertEqual(len(self.tasks(activity)), 3)
        self.env["mail.blacklist"]._remove("late@x.example")
        late.with_user(self.anna).action_leave_out()
        self.assertIn(": 1.", self.said(activity))
        activity.action_plan_joined()
        self.assertIn(refusing, self.tasks(activity).addressee_id)
        self.assertEqual(len(self.tasks(activity)), 4)

    def test_what_is_over_or_has_not_begun_asks_for_nothing(self):
        for end in ("action_done", "action_cancel", "action_archive"):
            activity = self.plan_calls()
            number = len(self.tasks(activity))
            getattr(activity, end)()
            self.join(1)
            self.assertFalse(self.said(activity))
            activity.action_plan_joined()
            self.assertLessEqual(len(self.tasks(activity)), number)
        copied = self.plan_calls().copy()
        self.assertFalse(self.said(copied))
        activity = self.plan_calls()
        self.join(1)
        # What ended without its activities, as before there were any.
        self.fair.sudo().state = "cancelled"
        self.assertFalse(self.said(activity))
        number = len(self.tasks(activity))
        activity.action_plan_joined()
        self.assertEqual(len(self.tasks(activity)), number)

    def test_a_line_that_waits_begins_for_them_when_it_has_begun(self):
        call, thank = self.calls.template_ids
        thank.write({"per": "addressee", "summary": "Thank"})
        activity = self.plan_calls()
        self.join(1)
        activity.action_plan_joined()
        self.assertEqual(len(self.tasks(activity)), 4)
        late = self.tasks(activity)[3]
        late.with_user(self.anna).action_feedback()
        self.assertEqual(self.tasks(activity)[4].addressee_id, late.addressee_id)
        self.assertFalse(self.said(activity))
        # And one that waits for what is done once for all.
        call.per = "one"
        activity = self.plan_calls()
        self.join(1)
        self.assertFalse(self.said(activity))
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.assertEqual(len(self.tasks(activity)), 6)
        self.join(1)
        self.assertIn(": 1.", self.said(activity))
        activity.action_plan_joined()
        self.assertEqual(len(self.tasks(activity)), 7)

    def test_only_who_may_change_it_is_told_and_asked(self):
        activity = self.plan_calls()
        self.fair.sudo().relationship_linked_company_ids = self.other_company
        self.join(1)
        theirs = activity.with_user(self.katrin)
        self.assertFalse(self.said(theirs))
        with self.refused(r"'write' access to:\n- Activity", AccessError):
            theirs.action_plan_joined()

    def test_members_of_a_linked_company(self):
        """Only who sees them is told, and gives people to do for them."""
        alone = self.plan_calls()
        self.fair.sudo().relationship_linked_company_ids = self.other_company
        self.anna.company_ids = self.company | self.other_company
        together = self.plan_calls()
        self.env["relationship.campaign.addressee"].with_user(self.katrin).create(
            {"campaign_id": self.fair.id, "partner_id": self.kranbau.id}
        )
        self.assertFalse(self.said(alone))
        seeing_ours = together.with_context(allowed_company_ids=self.company.ids)
        self.assertFalse(self.said(seeing_ours))
        self.assertIn(": 1.", self.said(together))
        seeing_ours.action_plan_joined()
        self.assertEqual(len(self.tasks(together)), 3)
        together.action_plan_joined()
        alone.action_plan_joined()
        self.assertEqual(len(self.tasks(together)), 4)
        self.assertEqual(len(self.tasks(alone)), 3)

    def test_of_very_many_it_says_at_least(self):
        activity = self.plan_calls()
        self.join(3)
        with patch.object(joining, "JUDGED", 2):
            self.assertIn(": 2 or more.", self.said(activity))
        activity.action_plan_joined()
        self.assertEqual(len(self.tasks(activity)), 6)


@tagged("post_install", "-at_install")
class TestJoiningByItself(JoiningCase):
    """A type that is also for members who join later asks nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls.includes_joining = True

    def test_added_by_hand_and_by_an_import(self):
        activity = self.plan_calls(user_id=self.piotr.id)
        other = self.plan_calls()
        other.action_cancel()
        self.join(1)
        self.assertEqual(len(self.tasks(activity)), 4)
        self.assertEqual(self.tasks(activity).user_id, self.piotr)
        self.assertFalse(self.tasks(other))
        result = (
            self.env["relationship.campaign.addressee"]
            .with_user(self.anna)
            .load(
                ["campaign_id/.id", "partner_id/.id"],
                [
                    [str(self.fair.id), str(partner.id)]
                    for partner in self.kranbau | self.paktech
                ],
            )
        )
        self.assertFalse(result["messages"])
        self.assertEqual(len(self.tasks(activity)), 6)
        self.assertFalse(self.said(activity))

    def test_who_is_excluded_at_once_or_by_now_has_none(self):
        self.calls.channel = "email"
        activity = self.plan_calls()
        self.join(1)
        self.assertFalse(self.tasks(activity))
        members = self.join(2, email="late@x.example")
        self.assertEqual(len(self.tasks(activity)), 2)
        members[0].with_user(self.anna).action_leave_out()
        self.assertEqual(len(self.tasks(activity)), 1)
        members[0].with_user(self.anna).action_take_in()
        self.assertEqual(len(self.tasks(activity)), 2)

    def test_what_was_deleted_by_hand_stays_so(self):
        activity = self.plan_calls()
        self.tasks(activity)[0].with_user(self.anna).unlink()
        self.join(1)
        self.assertEqual(self.of_members(activity), ["Person 1", "Person 2", "Late 0"])

    def test_a_fault_hinders_nobody_from_adding_members(self):
        activity = self.plan_calls()
        kind = type(activity)
        with (
            patch.object(kind, "_prepare_missing", side_effect=ValueError("No room.")),
            self.assertLogs("odoo.addons.relationship_management", "WARNING"),
        ):
            members = self.join(1)
        self.assertEqual(members.state, "open")
        self.assertEqual(activity.run_error, "No room.")
        activity.action_go_on()
        self.assertTrue(activity.run_state)

    def test_a_linked_company_adds_whom_the_responsible_does_not_see(self):
        self.fair.sudo().relationship_linked_company_ids = self.other_company
        activity = self.plan_calls()
        self.env["relationship.campaign.addressee"].with_user(self.katrin).create(
            {"campaign_id": self.fair.id, "partner_id": self.kranbau.id}
        )
        self.assertEqual(len(self.tasks(activity)), 3)

    def test_many_cost_as_many_searches_as_a_few(self):
        self.plan_calls()
        counts = []
        with patch.object(tasks, "FEW", 1000):
            for number in (2, 5, 40):  # the first ones learn what is remembered
                self.env.flush_all()
                before = self.env.cr.sql_log_count
                self.join(number)
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
        _first, few, many = counts
        self.assertLess(many - few, 15, f"{few} statements for 5, {many} for 40")


@tagged("post_install", "-at_install")
class TestManyJoin(RunCase):
    """Tasks of many who join are created in the background, of these alone."""

    def join(self, number):
        people = self.env["res.partner"].create(
            [{"name": f"Late {n}", "email": f"l{n}@x.example"} for n in range(number)]
        )
        return self.add_members(self.campaign, *people)

    def test_the_button(self):
        activity = self.plan_calls()
        self.run_cron()
        self.tasks(activity)[0].with_user(self.anna).unlink()
        self.assertIn(": 1.", activity.joined_text)
        members = self.join(6)
        self.env.invalidate_all()
        activity.action_plan_joined()
        self.assertEqual(activity.run_state, "running")
        self.assertFalse(activity.joined_text)
        self.run_cron()
        self.assertEqual(activity.task_count, 16)
        self.assertFalse(activity.joined_text)
        self.assertLessEqual(
            members,
            self.tasks(activity).addressee_id | self.todo(activity).addressee_id,
        )

    def test_who_is_left_out_is_counted_once(self):
        self.env["mail.blacklist"]._add("p3@x.example")
        self.people[4:6].email = False
        activity = self.plan_calls()
        self.run_cron()
        counted = dict(activity.left_out)
        self.assertEqual(sum(counted.values()), 3)
        self.tasks(activity)[0].with_user(self.anna).unlink()
        self.join(7)[-1].target_id.email = False
        self.env.invalidate_all()
        activity.action_plan_joined()
        self.run_cron()
        self.assertEqual(sum(activity.left_out.values()), 4)

    def test_by_itself(self):
        self.calls.includes_joining = True
        activity = self.plan_calls()
        self.run_cron()
        gone = self.tasks(activity)[0]
        gone.with_user(self.anna).unlink()
        self.join(6)
        self.assertEqual((activity.run_state, activity.run_total), ("running", 6))
        self.run_cron()
        self.assertFalse(activity.run_state)
        self.assertEqual(activity.task_count, 15)
        self.join(2)
        self.assertFalse(activity.run_state)
        self.assertEqual(activity.task_count, 17)

    def test_while_it_is_being_created(self):
        """The run under way comes to who joins behind it, and to nobody twice."""
        self.calls.includes_joining = True
        activity = self.plan_calls()
        self.join(2)
        self.assertFalse(self.tasks(activity))
        self.run_cron()
        self.assertEqual(activity.task_count, 12)
        self.assertEqual(activity.run_done, 12)


@tagged("post_install", "-at_install")
class TestFreezeAgain(ActivityCase, TargetGroupCase):
    """Whom a target group finds later is called, too."""

    def test_frozen_and_refreshed(self):
        calls = self.new_type(
            "Test calls",
            {"summary": "Call", "per": "addressee"},
            includes_joining=True,
        )
        quiet = calls.copy({"includes_joining": False})
        self.campaign.date_to = self.day(90)
        self.add_rule()
        here = {"campaign_id": self.campaign.id}
        activity = self.plan(type_id=calls.id, **here)
        silent = self.plan(type_id=quiet.id, **here)
        self.freeze()
        self.assertEqual(len(self.tasks(activity)), 10)
        self.new_partners(2, "New")
        self.companies[:3].category_id = False
        self.freeze(apply_leavers=True)
        self.assertEqual(len(self.tasks(activity)), 9)
        self.companies[:3].category_id = self.tag
        self.freeze()
        self.assertEqual(len(self.tasks(activity)), 12)
        self.assertFalse(self.tasks(silent))
        self.assertIn(": 12.", silent.joined_text)
