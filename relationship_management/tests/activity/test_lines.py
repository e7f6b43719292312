"""Lines of a type or plan: added, moved, and begun when their turn has come."""

from odoo import Command
from odoo.tests import Form, tagged

from .activity_case import ActivityCase
from .test_run import RunCase


@tagged("post_install", "-at_install")
class TestTurn(ActivityCase):
    """What waits does not begin because something else changes."""

    def open_tasks(self, activity):
        tasks = self.tasks(activity).filtered("active")
        return sorted((task.summary, task.user_id) for task in tasks)

    def test_whoever_takes_part_waits_as_well(self):
        kind = self.new_type(
            "Trip", {"summary": "Book"}, {"summary": "Pack", "per": "responsible"}
        )
        booking, packing = kind.template_ids
        packing.wait_template_id = booking
        activity = self.plan(type_id=kind.id)
        activity.with_user(self.anna).participant_ids = [Command.link(self.piotr.id)]
        self.assertEqual(self.open_tasks(activity), [("Book", self.anna)])
        self.tasks(activity).with_user(self.anna).action_feedback()
        both = [("Pack", self.anna), ("Pack", self.piotr)]
        self.assertEqual(self.open_tasks(activity), both)
        # What has begun begins for who comes later.
        activity.with_user(self.anna).participant_ids = [Command.link(self.ewa.id)]
        self.assertEqual(self.open_tasks(activity), [*both, ("Pack", self.ewa)])

    def test_who_takes_part_no_more_keeps_nobody_waiting(self):
        kind = self.new_type(
            "Trip", {"summary": "Visit", "per": "responsible"}, {"summary": "Report"}
        )
        visit, report = kind.template_ids
        report.wait_template_id = visit
        values = {"type_id": kind.id, "participant_ids": self.piotr.ids}
        for change in (
            {"participant_ids": [Command.clear()]},
            {"user_id": self.anna.id, "participant_ids": False},
        ):
            activity = self.plan(**values)
            self.tasks(activity)[0].with_user(self.anna).action_feedback()
            activity.write(change)
            self.assertEqual(self.open_tasks(activity), [("Report", self.anna)])
        report.wait_template_id = False
        report.unlink()
        activity = self.plan(**values)
        self.tasks(activity)[1].with_user(self.piotr).action_feedback()
        activity.user_id = self.piotr
        self.assertEqual(activity.state, "done")

    def test_what_was_given_up_does_not_come_back_with_people(self):
        kind = self.new_type(
            "Trip",
            {"summary": "Book"},
            {"summary": "Pay"},
            {"summary": "Visit", "per": "responsible"},
        )
        kind.template_ids[1].wait_template_id = kind.template_ids[0]
        activity = self.plan(type_id=kind.id, participant_ids=self.piotr.ids)
        self.tasks(activity, summary="Book").with_user(self.anna).action_feedback()
        self.tasks(activity, summary="Pay").with_user(self.anna).unlink()
        activity.participant_ids = False
        self.assertEqual(self.open_tasks(activity), [("Visit", self.anna)])

    def test_whoever_saves_it_is_who_planned_it(self):
        """Not who does what it waits for, nor who leads the activity."""
        fixed = {"responsible_type": "other", "responsible_id": self.piotr.id}
        kind = self.new_type(
            "Trip",
            {"summary": "Book", **fixed},
            {"summary": "Pay", "responsible_type": "saver"},
        )
        kind.template_ids[1].wait_template_id = kind.template_ids[0]
        activity = self.plan(type_id=kind.id, user_id=self.ewa.id)
        self.tasks(activity).with_user(self.piotr).action_feedback()
        self.assertEqual(self.open_tasks(activity), [("Pay", self.anna)])

    def test_another_type_may_be_done_already(self):
        activity = self.plan()
        self.tasks(activity)[0].with_user(self.anna).action_feedback()
        activity.type_id = self.new_type("Empty")
        self.assertEqual(activity.state, "done")

    def test_a_chain_for_each_begins_at_its_beginning(self):
        kind = self.new_type(
            "Trip",
            {"summary": "Book", "per": "responsible"},
            {"summary": "Pack", "per": "responsible"},
        )
        booking, packing = kind.template_ids
        packing.wait_template_id = booking
        activity = self.plan(type_id=kind.id)
        self.tasks(activity).with_user(self.anna).action_feedback()
        activity.with_user(self.anna).participant_ids = [Command.link(self.piotr.id)]
        self.assertEqual(
            self.open_tasks(activity), [("Book", self.piotr), ("Pack", self.anna)]
        )

    def new_plan(self, *names):
        """Create a plan that deals of a type take at once, each line after another."""
        plan = self.env["mail.activity.plan"].create(
            {"name": "Deal", "res_model": "crm.lead", "company_id": False}
        )
        self.machine_deal.write(
            {"activity_plan_id": plan.id, "activity_plan_mode": "create"}
        )
        line = self.env["mail.activity.plan.template"]
        for name in names:
            line = self.new_line(plan, name, line)
        return plan

    def new_line(self, plan, name, before):
        return before.create(
            {
                "plan_id": plan.id,
                "activity_type_id": self.call.id,
                "summary": name,
                "responsible_type": "record",
                "wait_template_id": before.id,
            }
        )

    def come_again(self, lead):
        lead.with_user(self.anna).opportunity_type_id = False
        lead.with_user(self.anna).opportunity_type_id = self.machine_deal
        return sorted(lead.activity_ids.mapped("summary"))

    def test_a_line_that_is_added_to_a_plan_waits_for_what_is_open(self):
        plan = self.new_plan("Call", "Offer")
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        call, offer = plan.template_ids.sorted("id")
        self.new_line(plan, "Dine", call)
        self.new_line(plan, "Order", offer)
        self.assertEqual(self.come_again(lead), ["Call"])
        lead.activity_ids.with_user(self.anna).action_feedback()
        self.env.invalidate_all()
        self.assertEqual(sorted(lead.activity_ids.mapped("summary")), ["Dine", "Offer"])
        offered = lead.activity_ids.filtered(lambda task: task.summary == "Offer")
        offered.with_user(self.anna).action_feedback()
        self.env.invalidate_all()
        self.assertEqual(sorted(lead.activity_ids.mapped("summary")), ["Dine", "Order"])

    def test_a_line_that_is_added_to_a_plan_begins_after_what_is_done(self):
        plan = self.new_plan("Call")
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        lead.activity_ids.with_user(self.anna).action_feedback()
        self.new_line(plan, "Offer", plan.template_ids)
        self.assertEqual(self.come_again(lead), ["Offer"])


@tagged("post_install", "-at_install")
class TestNobody(ActivityCase):
    """What waits for a line that finds nobody does not wait for ever."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nobody looks after Stalmet.
        nobody = {"responsible_type": "partner", "if_nobody": "skip"}
        cls.kind = cls.new_type(
            "Chain", {"summary": "A"}, {"summary": "B", **nobody}, {"summary": "C"}
        )
        cls.first, cls.second, cls.third = cls.kind.template_ids
        cls.second.wait_template_id = cls.first
        cls.third.wait_template_id = cls.second

    def open_tasks(self, activity):
        return self.tasks(activity).filtered("active").mapped("summary")

    def test_in_the_middle(self):
        activity = self.plan(type_id=self.kind.id)
        self.assertEqual(self.open_tasks(activity), ["A"])
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.assertEqual(self.open_tasks(activity), ["C"])
        self.tasks(activity)[1].with_user(self.anna).action_feedback()
        self.assertEqual(activity.state, "done")

    def test_at_the_beginning_and_in_the_preview(self):
        self.first.write({"responsible_type": "partner", "if_nobody": "skip"})
        draft = self.env["relationship.activity"].with_user(self.anna)
        draft = draft.new({"type_id": self.kind.id, "partner_id": self.stalmet.id})
        told = draft.preview
        self.assertIn("Saving creates tasks: 1", told)
        self.assertIn("A: nobody is found", told)
        self.assertIn("B: nobody is found", told)
        self.assertNotIn("Later", told)
        activity = self.plan(type_id=self.kind.id)
        self.assertEqual(self.open_tasks(activity), ["C"])

    def test_in_a_plan_of_a_deal(self):
        """Also where it is launched by hand, whose dialog says so."""
        plan = self.env["mail.activity.plan"].create(
            {"name": "Deal", "res_model": "crm.lead", "company_id": False}
        )
        line = self.first.browse()
        for summary, rule in (("A", "partner"), ("B", "record"), ("C", "record")):
            line = line.create(
                {
                    "plan_id": plan.id,
                    "activity_type_id": self.call.id,
                    "summary": summary,
                    "responsible_type": rule,
                    "if_nobody": "skip",
                    "wait_template_id": line.id,
                }
            )
        plan.template_ids.filtered(
            lambda t: t.summary == "B"
        ).responsible_type = "partner"
        self.machine_deal.write(
            {"activity_plan_id": plan.id, "activity_plan_mode": "create"}
        )
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.assertEqual(lead.activity_ids.mapped("summary"), ["C"])
        dialog = self.env["mail.activity.schedule"].with_user(self.anna)
        here = {"active_model": "crm.lead", "active_id": lead.id}
        form = Form(dialog.with_context(**here, active_ids=lead.ids))
        form.plan_id = plan
        lines = form.plan_schedule_line_ids._records
        self.assertEqual([line["line_description"] for line in lines], ["C"])
        dialog = form.save()
        dialog.action_schedule_plan()
        self.env.invalidate_all()
        self.assertEqual(lead.activity_ids.mapped("summary"), ["C", "C"])


@tagged("post_install", "-at_install")
class TestMeanwhile(RunCase):
    """What a run goes by stays as it is until the run has ended."""

    def test_a_line_is_not_added_or_moved(self):
        self.plan_calls()
        values = {
            "activity_type_id": self.call.id,
            "relationship_type_id": self.calls.id,
        }
        lines = self.env["mail.activity.plan.template"].with_user(self.ewa)
        line = self.visit.template_ids[0].with_user(self.ewa)
        changes = {
            "create": lambda: lines.create(values),
            "form": lambda: self.calls.with_user(self.ewa).write(
                {"template_ids": [Command.create({"activity_type_id": self.call.id})]}
            ),
            "move": lambda: line.write({"relationship_type_id": self.calls.id}),
            "a day": lambda: self.calls.with_user(self.ewa).write({"tasks_per_day": 5}),
        }
        for name, change in changes.items():
            with (
                self.subTest(name),
                self.refused(r"Tasks are being created for Fair \(0 %\): change"),
            ):
                change()
        self.calls.with_user(self.ewa).duration_days = 3
        self.run_cron()
        for change in changes.values():
            change()


@tagged("post_install", "-at_install")
class TestListOfType(ActivityCase):
    """The lines of a type stand in its plan, and in no other."""

    def test_a_line_goes_along_to_another_type(self):
        other = self.new_type("Other", {"summary": "Write"})
        line = self.visit.template_ids[1].with_user(self.ewa)
        line.relationship_type_id = other
        self.assertEqual(line.plan_id, other.template_ids[0].plan_id)
        self.visit.with_user(self.ewa).unlink()
        self.assertTrue(line.exists())

    def test_what_waited_for_it_waits_for_it_no_longer(self):
        other = self.new_type("Other", {"summary": "Write"})
        first, second = self.visit.template_ids
        second.wait_template_id = first
        first.with_user(self.ewa).relationship_type_id = other
        self.assertFalse(second.wait_template_id)

    def test_a_type_has_one_plan(self):
        plan = self.visit.template_ids.plan_id
        with self.refused("has its list of tasks already"):
            self.env["mail.activity.plan"].create(
                {
                    "name": "Second",
                    "res_model": "relationship.activity",
                    "relationship_type_id": self.visit.id,
                }
            )
        self.assertEqual(self.visit._get_plan(), plan)

    def test_two_who_enter_the_first_line_at_once(self):
        """The second one comes after, and finds the plan of the first one."""
        kind = self.new_type("Empty")
        self.assertTrue(self.is_written(kind, kind._get_plan))

    def test_a_line_that_is_entered_in_the_plan_is_one_of_the_type(self):
        line = self.visit.template_ids[0]
        other = line.create(
            {"plan_id": line.plan_id.id, "activity_type_id": self.call.id}
        )
        self.assertEqual(other.relationship_type_id, self.visit)
