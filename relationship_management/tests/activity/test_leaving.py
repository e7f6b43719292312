from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_run import RunCase


@tagged("post_install", "-at_install")
class TestLeaving(RunCase):
    """What somebody who is archived had to do is done by somebody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.by_piotr = cls.new_type(
            "Fixed",
            {"summary": "Count"},
            {
                "summary": "Write",
                "responsible_type": "other",
                "responsible_id": cls.piotr.id,
            },
        )

    def leave(self, user):
        user.with_user(self.env.ref("base.user_admin")).action_archive()
        self.env.invalidate_all()

    def open_of(self, activity):
        tasks = self.tasks(activity).filtered("active")
        return [(task.summary, task.user_id) for task in tasks]

    def test_the_responsible_takes_it_over(self):
        activity = self.plan(type_id=self.by_piotr.id)
        self.tasks(activity)[0].with_user(self.anna).action_feedback()
        self.leave(self.piotr)
        self.assertEqual(self.open_of(activity), [("Write", self.anna)])
        self.assertEqual(activity.state, "in_progress")
        self.assertFalse(self.tasks(activity).filtered("is_changed_by_hand"))
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.anna.partner_id.ids)], order="id desc", limit=1
        )
        self.assertIn("Their tasks are yours now (1)", told.body)

    def test_what_they_did_stays_theirs_where_a_list_shows_it(self):
        done = self.tasks(self.plan(type_id=self.by_piotr.id))[1]
        done.with_user(self.piotr).action_feedback()
        admin = self.env.ref("base.user_admin")
        shown = self.piotr.with_user(admin).with_context(active_test=False)
        shown.action_archive()
        self.assertEqual(done.user_id, self.piotr)

    def test_reopened_their_tasks_go_to_somebody_else(self):
        activity = self.plan(type_id=self.by_piotr.id)
        activity.action_done()
        self.leave(self.piotr)
        activity.action_reopen()
        self.assertEqual(
            self.open_of(activity), [("Count", self.anna), ("Write", self.anna)]
        )
        self.assertFalse(self.tasks(activity).filtered("is_changed_by_hand"))
        activity.action_done()
        self.assertEqual(self.tasks(activity).user_id, self.anna)

    def test_the_substitute_comes_first(self):
        self.piotr.substitute_id = self.jan
        activity = self.plan(type_id=self.by_piotr.id)
        self.piotr.active = False
        self.assertEqual(
            self.open_of(activity), [("Count", self.anna), ("Write", self.jan)]
        )

    def test_who_leaves_stands_in_for_nobody(self):
        """Piotr is away, and Anna, who did his calls, leaves: they are his again."""
        until = {"absent_from": self.today, "absent_until": self.day(9)}
        self.piotr.write({**until, "substitute_id": self.anna.id})
        activity = self.plan_calls(user_id=self.piotr.id)
        self.run_cron()
        before = len(self.tasks(activity)) + len(self.todo(activity))
        self.assertIn(self.anna, self.tasks(activity).user_id)
        self.leave(self.anna)
        rows = (self.tasks(activity), self.todo(activity))
        self.assertEqual(sum(map(len, rows)), before)
        for found in rows:
            self.assertNotIn(self.anna, found.user_id)

    def test_a_task_at_a_record_of_nobody_goes_to_whoever_archives(self):
        record = self.env["res.partner"].create({"name": "Nobody's"})
        task = record.activity_schedule(summary="Count", user_id=self.piotr.id)
        self.leave(self.piotr)
        self.assertEqual(task.user_id, self.env.ref("base.user_admin"))

    def test_activities_go_with_their_tasks(self):
        self.anna.substitute_id = self.piotr
        lead = self.env["crm.lead"].create(
            {"name": "Press", "type": "opportunity", "user_id": self.piotr.id}
        )
        alone, there = self.plan(), self.plan(user=self.piotr, lead_id=lead.id)
        there.user_id = self.piotr
        self.leave(self.anna)
        self.assertEqual((alone | there).sudo().user_id, self.piotr)
        self.assertEqual(
            self.open_of(alone.sudo()),
            [("Prepare Fair", self.piotr), ("Call Stalmet S.A.", self.piotr)],
        )

    def test_what_is_still_to_appear(self):
        self.calls.template_ids.write(
            {"responsible_type": "other", "responsible_id": self.piotr.id}
        )
        self.piotr.substitute_id = self.jan
        self.jan.group_ids |= self.anna.group_ids
        activity = self.plan_calls()
        self.run_cron()
        self.leave(self.piotr)
        self.assertEqual(self.tasks(activity).user_id, self.jan)
        self.assertEqual(self.todo(activity).user_id, self.jan)

    def test_core_tasks_go_to_whose_record_it_is(self):
        lead = self.env["crm.lead"].create(
            {"name": "Press", "type": "opportunity", "user_id": self.anna.id}
        )
        task = lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.piotr.id
        )
        self.leave(self.piotr)
        self.assertEqual(task.exists().user_id, self.anna)

    def test_nothing_begins_for_who_left_before_there_was_somebody(self):
        """As when the system archives: whoever does the task before takes it over."""
        before, after = self.by_piotr.template_ids
        before.write({"responsible_type": "other", "responsible_id": self.piotr.id})
        after.write({"responsible_type": "on_demand", "wait_template_id": before.id})
        activity = self.plan(type_id=self.by_piotr.id)
        self.anna.active = False
        self.assertEqual(activity.sudo().user_id, self.anna)
        self.tasks(activity).with_user(self.piotr).action_feedback()
        self.assertEqual(self.open_of(activity.sudo()), [("Write", self.piotr)])
        self.assertEqual(activity.sudo().user_id, self.piotr)

    def test_reopened_it_gives_nothing_to_who_left(self):
        activity = self.plan()
        activity.action_cancel()
        self.anna.active = False
        activity.with_user(self.ewa).action_reopen()
        self.assertEqual(self.tasks(activity).user_id, self.ewa)

    def test_a_plan_gives_nothing_to_who_left(self):
        plan = self.env["mail.activity.plan"].create(
            {"name": "Deal", "res_model": "crm.lead", "company_id": False}
        )
        values = {"plan_id": plan.id, "activity_type_id": self.call.id}
        values |= {"responsible_type": "record"}
        templates = self.env["mail.activity.plan.template"]
        call = templates.create({**values, "summary": "Call"})
        templates.create({**values, "summary": "Offer", "wait_template_id": call.id})
        self.machine_deal.write(
            {"activity_plan_id": plan.id, "activity_plan_mode": "create"}
        )
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        task = lead.activity_ids
        task.sudo().user_id = self.ewa
        self.anna.active = False
        task.with_user(self.ewa).action_feedback()
        self.env.invalidate_all()
        offer = lead.sudo().activity_ids
        self.assertEqual((offer.summary, offer.user_id), ("Offer", self.ewa))

    def test_who_may_not_archive_hands_nothing_over(self):
        activity = self.plan(type_id=self.by_piotr.id)
        before = self.open_of(activity)
        for change in ("action_archive", "write"):
            values = [{"active": False}] if change == "write" else []
            with self.refused("not allowed to modify 'User'", AccessError):
                getattr(self.piotr.with_user(self.anna), change)(*values)
        self.assertEqual(self.open_of(activity), before)
