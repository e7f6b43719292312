"""What is to be done for each person in a role, also for those who come later."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .test_people import PeopleCase


@tagged("post_install", "-at_install")
class TestTasksOfPeople(PeopleCase):
    """One task for one person, in whichever line and whenever they are entered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.new_type(
            "Convince",
            cls.for_each(cls.speaks, "Ask {contact}"),
            cls.for_each(cls.speaks, "Thank {contact}"),
        )
        cls.ask, cls.thank = cls.kind.template_ids
        cls.thank.wait_template_id = cls.ask

    @classmethod
    def for_each(cls, role, summary, if_nobody="skip"):
        return {
            "per": "role",
            "reference_type_id": role.id,
            "summary": summary,
            "if_nobody": if_nobody,
        }

    def setUp(self):
        super().setUp()
        self.lead = self.new_lead()

    def plan_deal(self, **values):
        return self.plan(type_id=self.kind.id, lead_id=self.lead.id, **values)

    def enter_in_deal(self, partner, role=None):
        values = {"activity_id": False, "lead_id": self.lead.id}
        return self.enter(
            self.lead.browse(), partner, type_id=(role or self.speaks).id, **values
        )

    def do(self, activity):
        for task in self.tasks(activity).filtered("active"):
            task.with_user(self.anna).action_feedback()

    def open_tasks(self, activity):
        return sorted(self.tasks(activity).filtered("active").mapped("summary"))

    def test_who_is_entered_later(self):
        activity = self.plan_deal()
        self.assertFalse(self.tasks(activity))
        self.enter_in_deal(self.paktech)
        line = self.enter(activity, self.kranbau)
        both = ["Ask Kranbau Wolff", "Ask PakTech"]
        self.assertEqual(self.open_tasks(activity), both)
        line.partner_id = self.stalmet
        self.assertIn("Ask Stalmet S.A.", self.open_tasks(activity))
        self.enter(
            activity,
            self.env["res.partner"].create({"name": "Buyer"}),
            type_id=self.decides.id,
        )
        self.assertEqual(len(self.tasks(activity)), 3)

    def test_what_was_given_up_does_not_come_back(self):
        activity = self.plan_deal()
        line = self.enter_in_deal(self.paktech)
        self.tasks(activity).with_user(self.anna).unlink()
        line.date_to = self.day(9)
        self.enter_in_deal(self.kranbau)
        # Given up, it keeps nobody waiting.
        left = ["Ask Kranbau Wolff", "Thank PakTech"]
        self.assertEqual(self.open_tasks(activity), left)

    def test_where_nothing_is_under_way(self):
        over, copied = self.plan_deal(), self.plan_deal().copy()
        over.action_cancel()
        self.enter_in_deal(self.paktech)
        self.assertFalse(self.tasks(over))
        self.assertEqual(self.open_tasks(copied), [])
        copied.action_create_tasks()
        self.assertEqual(self.open_tasks(copied), ["Ask PakTech"])

    def test_entered_with_the_activity(self):
        people = [
            Command.create({"partner_id": partner.id, "type_id": self.speaks.id})
            for partner in (self.paktech, self.kranbau)
        ]
        self.enter_in_deal(self.paktech)
        activity = self.plan_deal(reference_ids=people)
        both = ["Ask Kranbau Wolff", "Ask PakTech"]
        self.assertEqual(self.open_tasks(activity), both)
        self.do(activity)
        self.assertEqual(
            self.open_tasks(activity), ["Thank Kranbau Wolff", "Thank PakTech"]
        )

    def test_one_role_after_another_one(self):
        self.thank.reference_type_id = self.decides
        self.enter_in_deal(self.paktech)
        self.enter_in_deal(self.kranbau, self.decides)
        activity = self.plan_deal()
        self.do(activity)
        self.assertEqual(self.open_tasks(activity), ["Thank Kranbau Wolff"])
        self.do(activity)
        self.assertEqual(activity.state, "done")

    def test_the_responsible_did_it_before_anybody_was_there(self):
        (self.ask | self.thank).if_nobody = "responsible"
        activity = self.plan_deal()
        task = self.tasks(activity)
        # As before people were followed.
        with patch.object(type(self.env["relationship.reference"]), "_give_tasks"):
            self.enter_in_deal(self.paktech)
        task.with_user(self.anna).action_feedback()
        self.assertEqual(self.open_tasks(activity), ["Thank PakTech"])

    def test_nobody_plays_the_role_any_more(self):
        (self.ask | self.thank).if_nobody = "responsible"
        line = self.enter_in_deal(self.paktech)
        activity = self.plan_deal()
        line.write({"date_from": self.day(-9), "date_to": self.day(-1)})
        self.do(activity)
        [thanks] = self.tasks(activity).filtered("active")
        self.assertEqual(
            (thanks.plan_template_id, thanks.task_key), (self.thank, "one")
        )

    def test_who_was_merged_has_one_task(self):
        double = self.env["res.partner"].create({"name": "Pak-Tech"})
        self.enter_in_deal(double)
        self.enter_in_deal(self.kranbau)
        activity = self.plan_deal()
        other = self.plan_deal()
        self.enter(other, self.paktech)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((double | self.paktech).ids, self.paktech, extra_checks=False)
        self.env.invalidate_all()
        for bracket in (activity, other):
            self.assertEqual(len(self.open_tasks(bracket)), 2)
            self.do(bracket)
            thanks = ["Thank Kranbau Wolff", "Thank PakTech"]
            self.assertEqual(self.open_tasks(bracket), thanks)

    def test_who_plays_the_role_when_it_is_opened_again(self):
        """Not who played it when the activity ended; but words that somebody wrote."""
        for end in ("action_cancel", "action_done"):
            with self.subTest(end):
                self.lead = self.new_lead()
                line = self.enter_in_deal(self.paktech)
                self.enter_in_deal(self.kranbau)
                activity = self.plan_deal()
                by_hand = self.tasks(activity).sorted("summary")[0].with_user(self.anna)
                self.assertEqual(by_hand.summary, "Ask Kranbau Wolff")
                by_hand.summary = "Bring the contract"
                getattr(activity, end)()
                line.unlink()
                self.enter_in_deal(self.stalmet)
                activity.action_reopen()
                self.assertEqual(
                    sorted(self.tasks(activity).mapped("summary")),
                    ["Ask Stalmet S.A.", "Bring the contract"],
                )

    def test_who_plays_it_was_merged_meanwhile(self):
        for is_done in (False, True):
            with self.subTest(is_done=is_done):
                self.lead = self.new_lead()
                one, two = self.env["res.partner"].create([{"name": n} for n in "AB"])
                self.enter_in_deal(one)
                self.enter_in_deal(two)
                activity = self.plan_deal()
                task = self.tasks(activity, summary="Ask B").with_user(self.anna)
                task.action_feedback() if is_done else task.write({"summary": "Mine"})
                activity.action_cancel()
                wizard = self.env["base.partner.merge.automatic.wizard"].create({})
                wizard._merge((one | two).ids, one, extra_checks=False)
                self.env.invalidate_all()
                activity.action_reopen()
                words = self.tasks(activity, active=True).mapped("summary")
                self.assertEqual(words, ["Thank A"] if is_done else ["Mine"])
