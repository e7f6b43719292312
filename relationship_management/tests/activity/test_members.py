"""Who is no longer addressed by a campaign leaves nobody anything to do."""

from odoo.tests import tagged

from ..campaign.campaign_case import TargetGroupCase
from .activity_case import ActivityCase
from .test_run import RunCase


class MembersCase(ActivityCase):
    """Calls to three members, and a report when all are called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls = cls.new_type(
            "Test calls", {"summary": "Call", "per": "addressee"}, {"summary": "Report"}
        )
        cls.calls.template_ids[1].wait_template_id = cls.calls.template_ids[0]
        cls.fair = cls.new_campaign(
            channel=False, date_to=cls.day(90), user_id=cls.anna.id
        )
        cls.people = cls.env["res.partner"].create(
            [{"name": f"Person {n}"} for n in range(3)]
        )
        cls.members = cls.add_members(cls.fair, *cls.people)

    def plan_calls(self, **values):
        return self.plan(type_id=self.calls.id, campaign_id=self.fair.id, **values)

    def of_members(self, activity):
        tasks = self.tasks(activity).filtered("active")
        return tasks.addressee_id.target_id.sorted("id").mapped("name")

    def told(self, activity):
        return " ".join(activity.message_ids.mapped(lambda m: str(m.body)))


@tagged("post_install", "-at_install")
class TestMembers(MembersCase):
    """Excluding, deleting, archiving or merging takes back what was to do."""

    def test_excluded_by_hand(self):
        activity = self.plan_calls()
        self.members[1].with_user(self.anna).action_leave_out()
        self.assertEqual(self.of_members(activity), ["Person 0", "Person 2"])
        self.assertIn(
            "not addressed any more – Excluded by hand: 1. Open tasks taken back: 1.",
            self.told(activity),
        )

    def test_included_again_they_are_called_again(self):
        activity = self.plan_calls(user_id=self.piotr.id)
        self.members[1].with_user(self.anna).action_leave_out()
        self.members[1].with_user(self.anna).action_take_in()
        self.assertEqual(len(self.of_members(activity)), 3)
        self.assertEqual(self.tasks(activity).user_id, self.piotr)
        activity.action_done()
        self.members[1].with_user(self.anna).action_leave_out()
        self.members[1].with_user(self.anna).action_take_in()
        self.assertFalse(self.of_members(activity))

    def test_whom_somebody_has_called_is_contacted(self):
        activity = self.plan_calls(user_id=self.piotr.id)
        report = self.calls.template_ids[1]
        self.assertEqual(self.calls.template_ids.mapped("is_contact"), [True, False])
        first, second, third = self.tasks(activity).with_user(self.piotr)
        self.members[1].with_user(self.anna).state = "responded"
        (first | second).action_feedback()
        self.assertEqual(
            self.members.mapped("state"), ["contacted", "responded", "open"]
        )
        self.assertEqual(self.members[0].contacted_on, self.today)
        self.assertEqual(self.members[0].write_uid, self.piotr)
        # Closed with the activity, or taken back: nobody has called.
        activity.action_done()
        self.assertFalse(third.active)
        self.assertEqual(self.members[2].state, "open")
        activity.action_reopen()
        self.tasks(activity, active=True).with_user(self.piotr).unlink()
        self.assertEqual(self.members[2].state, "open")
        self.assertFalse(report.is_contact)

    def test_a_line_says_whether_it_is_a_contact(self):
        self.calls.template_ids[0].is_contact = False
        self.tasks(self.plan_calls())[0].with_user(self.anna).action_feedback()
        self.assertEqual(self.members[0].state, "open")
        letters = self.new_type(
            "Letters",
            {"per": "addressee", "activity_type_id": self.letter.id},
            {"per": "addressee", "activity_type_id": self.letter.id},
        )
        letters.template_ids[1].is_contact = True
        activity = self.plan(type_id=letters.id, campaign_id=self.fair.id)
        for line, state in zip(
            letters.template_ids, ("open", "contacted"), strict=True
        ):
            tasks = self.tasks(activity, plan_template_id=line.id)
            tasks[1].with_user(self.anna).action_feedback()
            self.assertEqual(self.members[1].state, state)

    def test_what_somebody_changed_or_did_stays(self):
        activity = self.plan_calls()
        done, changed, _other = self.tasks(activity).with_user(self.anna)
        done.action_feedback()
        changed.summary = "Call after six"
        members = self.members.with_user(self.anna)
        # As a list that shows what is archived, too.
        members.with_context(active_test=False).action_leave_out()
        self.assertEqual(self.tasks(activity), done | changed)
        self.assertTrue(activity.has_changed_tasks)

    def test_the_last_one_who_goes_lets_the_others_begin(self):
        activity = self.plan_calls()
        tasks = self.tasks(activity).with_user(self.anna)
        tasks[:2].action_feedback()
        self.members[2].with_user(self.anna).action_leave_out()
        report = self.tasks(activity).filtered("active")
        self.assertEqual(report.summary, "Report")
        report.with_user(self.anna).action_feedback()
        self.assertEqual(activity.state, "done")

    def test_all_go_before_anybody_is_called(self):
        """Also where others wait in between, for each of them by itself."""
        call, report = self.calls.template_ids
        thank = call.copy({"summary": "Thank"})
        for after in (call, thank):
            (after - call).wait_template_id = call
            report.wait_template_id = after
            activity = self.plan_calls()
            self.members.with_user(self.anna).action_leave_out()
            self.assertEqual(self.tasks(activity).mapped("summary"), ["Report"])
            self.assertEqual(activity.state, "planned")
            self.members.with_user(self.anna).action_take_in()
            activity.action_cancel()

    def test_a_report_waits_for_all_who_are_called_before_they_are_thanked(self):
        call, report = self.calls.template_ids
        thank = call.copy({"summary": "Thank", "is_contact": False})
        thank.wait_template_id = call
        report.wait_template_id = thank
        activity = self.plan_calls()
        for number, member in enumerate(self.members, 1):
            for _call_or_thanks in range(2):
                task = self.tasks(activity, addressee_id=member.id).filtered("active")
                task.with_user(self.anna).action_feedback()
            reports = self.tasks(activity, plan_template_id=report.id)
            self.assertEqual(len(reports), int(number == len(self.members)))

    def test_nothing_that_waits_for_their_task_begins(self):
        """Neither for who is excluded nor for who is deleted as a slip."""
        call, report = self.calls.template_ids
        call.is_contact = False  # who was contacted is neither excluded nor a slip
        report.per = "addressee"
        for leave in ("action_leave_out", "unlink"):
            activity = self.plan_calls()
            call = self.tasks(activity, addressee_id=self.members[0].id)
            call.with_user(self.anna).action_feedback()
            member = self.members[0]
            getattr(member.with_user(self.anna), leave)()
            left = self.tasks(activity) - call
            self.assertEqual(left.addressee_id, self.members.exists() - member)
            self.assertEqual(
                set(left.mapped("summary")), {"Call: Person 1", "Call: Person 2"}
            )
            activity.action_cancel()

    def test_deleted(self):
        activity = self.plan_calls()
        self.members[0].with_user(self.anna).unlink()
        self.assertEqual(self.of_members(activity), ["Person 1", "Person 2"])
        self.assertEqual(len(self.tasks(activity)), 2)

    def test_archived(self):
        activity = self.plan_calls()
        self.people[0].with_user(self.anna).action_archive()
        self.assertEqual(self.of_members(activity), ["Person 1", "Person 2"])
        self.assertIn("Archived: 1", self.told(activity))

    def test_archived_contact_person(self):
        person = self.env["res.partner"].create(
            {"name": "Jan Kowal", "parent_id": self.stalmet.id}
        )
        self.members[0].with_user(self.anna).write(
            {"partner_id": self.stalmet.id, "contact_id": person.id}
        )
        activity = self.plan_calls()
        person.with_user(self.anna).active = False
        self.assertEqual(len(self.tasks(activity)), 2)

    def test_objected_before_they_were_contacted(self):
        """Noticed when they are to be contacted; what waited for that begins."""
        self.fair.channel = "email"
        self.people.write({"email": "p@x.example"})
        members = self.members.with_user(self.anna)
        activity = self.plan_calls()
        self.env["mail.blacklist"]._add("p@x.example")
        members.action_mark_contacted()
        self.assertEqual(self.tasks(activity).mapped("summary"), ["Report"])

    def test_merged(self):
        """Two members who are one now have one call between them."""
        activity = self.plan_calls()
        call = self.tasks(activity, addressee_id=self.members[0].id)
        call.with_user(self.anna).action_feedback()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(self.people[:2].ids, self.people[1], extra_checks=False)
        self.assertEqual(self.of_members(activity), ["Person 2"])
        self.assertEqual(len(self.tasks(activity)), 2)

    def test_nobody_is_contacted_by_a_merge(self):
        """Held back or left out by hand: what was open for the double is taken back."""
        for held in ("control", "hand"):
            with self.subTest(held):
                people = self.env["res.partner"].create(
                    [{"name": f"{held} {n}"} for n in range(4)]
                )
                members = self.add_members(self.fair, *people)
                activity = self.plan_calls()
                done, changed = (
                    self.tasks(activity, addressee_id=member.id).with_user(self.anna)
                    for member in members[1:3]
                )
                self.calls.template_ids[0].is_contact = False
                done.action_feedback()
                changed.summary = "Call after six"
                kept = members[3]
                values = {"state": "excluded", "exclusion": held}
                kept._write_state({**values, "is_control": held == "control"})
                wizard = self.env["base.partner.merge.automatic.wizard"].create({})
                wizard._merge(people[:1].ids + people[3:].ids, people[3], False)
                self.env.invalidate_all()
                self.assertFalse(self.tasks(activity, addressee_id=kept.id))
                self.assertEqual(kept.state, "excluded")
                wizard._merge(people[1:].ids, people[3], extra_checks=False)
                self.env.invalidate_all()
                self.assertEqual(self.tasks(activity, addressee_id=kept.id), done)
                self.assertTrue(changed.exists())
                activity.action_cancel()

    def test_a_member_who_becomes_another_is_named_so(self):
        """In open tasks that nobody has changed; the others keep their words."""
        call = self.calls.template_ids[0]
        call.write({"summary": "Call {partner}", "note": "<p>Ask {contact}</p>"})
        call.is_contact = False  # who was contacted does not become somebody else
        activity = self.plan_calls()
        done, changed, other = self.tasks(activity).with_user(self.anna)
        done.action_feedback()
        changed.summary = "Call after six"
        members = self.members.with_user(self.anna)
        for member, partner in zip(
            members, self.kranbau | self.paktech | self.stalmet, strict=True
        ):
            member.write({"partner_id": False, "contact_id": partner.id})
        self.assertEqual(done.summary, "Call Person 0")
        self.assertEqual(changed.summary, "Call after six")
        self.assertEqual(other.summary, "Call Stalmet S.A.")
        self.assertEqual(other.note, "<p>Ask Stalmet S.A.</p>")
        self.assertFalse(other.is_changed_by_hand)

    def test_a_merged_partner_is_named_so(self):
        """As a member, and where the activity itself is about it."""
        self.calls.template_ids[0].summary = "Call {partner}"
        activity = self.plan_calls()
        alone = self.plan(partner_id=self.people[0].id)
        self.assertEqual(self.tasks(alone)[1].summary, "Call Person 0")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        both = (self.people[0] | self.stalmet).ids
        wizard._merge(both, self.stalmet, extra_checks=False)
        self.assertEqual(
            self.tasks(activity).mapped("summary"),
            ["Call Stalmet S.A.", "Call Person 1", "Call Person 2"],
        )
        self.assertEqual(self.tasks(alone)[1].summary, "Call Stalmet S.A.")

    def test_a_linked_company_takes_back_what_it_does_not_see(self):
        """Its member, its decision; the task belongs to the owner's people."""
        self.fair.sudo().relationship_linked_company_ids = self.other_company
        self.anna.company_ids = self.company | self.other_company
        members = self.env["relationship.campaign.addressee"].with_user(self.katrin)
        member = members.create(
            {"campaign_id": self.fair.id, "partner_id": self.kranbau.id}
        )
        activity = self.plan_calls()
        self.assertEqual(len(self.tasks(activity)), 4)
        member.action_leave_out()
        self.assertEqual(len(self.tasks(activity)), 3)


@tagged("post_install", "-at_install")
class TestMembersOfARun(RunCase):
    """What has not appeared yet goes at once, so that numbers are right."""

    def test_what_was_still_to_appear(self):
        activity = self.plan_calls()
        self.run_cron()
        later = self.todo(activity)
        later[0].addressee_id.with_user(self.anna).action_leave_out()
        later[1].addressee_id.target_id.with_user(self.anna).action_archive()
        self.assertEqual(activity.task_count, 8)
        self.assertEqual(activity.todo_count, len(later) - 2)

    def test_who_becomes_another_before_the_task_appears(self):
        activity = self.plan_calls()
        self.run_cron()
        later = self.todo(activity)[0]
        self.kranbau.email = "k@x.example"
        member = later.addressee_id.with_user(self.anna)
        member.write({"partner_id": False, "contact_id": self.kranbau.id})
        self.assertEqual(later.summary, "Call Kranbau Wolff")
        self.assertEqual(later.note, "<p>Kranbau Wolff</p>")

    def test_who_refuses_before_the_task_appears(self):
        """It appears weeks after it was planned: what holds then is asked then."""
        activity = self.plan_calls()
        self.run_cron()
        later = self.todo(activity)
        members = later.addressee_id
        self.env["mail.blacklist"]._add(members[0].target_id.email)
        members[1].target_id.email = False
        later.write({"date_deadline": self.today})
        self.run_cron()
        self.assertFalse(self.todo(activity))
        self.assertEqual(self.tasks(activity).addressee_id, self.members - members[:2])
        self.assertEqual(
            activity.left_out_text,
            "On the blacklist: 1, No address for the channel: 1",
        )

    def test_who_refuses_last(self):
        activity = self.plan_calls()
        self.run_cron()
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.todo(activity).write({"date_deadline": self.today})
        self.people.email = False
        self.run_cron()
        self.assertEqual(activity.state, "done")


@tagged("post_install", "-at_install")
class TestTargetGroupAgain(ActivityCase, TargetGroupCase):
    """Whom a refreshed target group does not find any more has no task."""

    def test_no_longer_found(self):
        calls = self.new_type("Test calls", {"summary": "Call", "per": "addressee"})
        self.campaign.date_to = self.day(90)
        self.add_rule()
        self.freeze()
        activity = self.plan(type_id=calls.id, campaign_id=self.campaign.id)
        self.assertEqual(len(self.tasks(activity)), 10)
        self.companies[:4].category_id = False
        self.freeze(apply_leavers=True)
        self.assertEqual(len(self.tasks(activity)), 6)
        self.assertIn(
            "No longer in the target group: 4",
            " ".join(activity.message_ids.mapped(lambda m: str(m.body))),
        )
