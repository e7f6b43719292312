"""What becomes of tasks when what they hang at goes, ends, or changes hands."""

from odoo.exceptions import AccessError, UserError

from .activity_case import ActivityCase


class TestLifeOfTasks(ActivityCase):
    """Deleted opportunities, people who leave, opportunities that are lost."""

    words = "Whispered words"

    def plan_deal(self, user=None, **values):
        lead = self.new_lead(user, **values)
        return lead, self.plan(user, lead_id=lead.id, name="Win it")

    def do_first(self, activity, user=None):
        task = self.tasks(activity)[0]
        task.with_user(user or self.anna).action_feedback(feedback="They like it")
        return task

    def delete(self, lead):
        lead.with_user(self.ewa).unlink()
        self.env.flush_all()
        self.env.invalidate_all()

    # Deleted opportunities

    def test_what_was_done_outlives_the_opportunity(self):
        lead, activity = self.plan_deal()
        done = self.do_first(activity)
        self.delete(lead)
        self.assertEqual(self.tasks(activity), done, "what was to do is gone")
        self.assertEqual(
            (done.res_model, done.res_id, done.res_name),
            ("relationship.activity", activity.id, "Win it"),
        )
        self.assertEqual(done.feedback, "They like it")
        self.assertEqual(activity.state, "cancelled", "not all of it was done")
        self.assertIn("was deleted", activity.sudo().message_ids[0].body)

    def test_what_was_done_wholly_stays_done(self):
        lead, activity = self.plan_deal()
        activity.with_user(self.anna).action_done()
        self.delete(lead)
        self.assertEqual(activity.state, "done")
        self.assertEqual(len(self.tasks(activity)), 2)

    def test_what_was_merely_planned_is_cancelled(self):
        lead, activity = self.plan_deal()
        self.delete(lead)
        self.assertEqual(activity.state, "cancelled")
        self.assertFalse(self.tasks(activity))

    def test_it_is_shown_to_nobody_new(self):
        lead, activity = self.plan_deal()
        done = self.do_first(activity)
        sees = [self.anna, self.piotr, self.ewa]
        for deleted in (False, True):
            if deleted:
                self.delete(lead)
            for user in (*sees, self.jan, self.katrin):
                with self.subTest(user=user.login, deleted=deleted):
                    self.assertEqual(
                        activity.with_user(user).has_access("read"), user in sees
                    )
                    self.assertEqual(
                        done.with_user(user).has_access("read"), user in sees
                    )

    def test_it_is_not_begun_anew(self):
        lead, activity = self.plan_deal()
        lead.partner_id = False
        activity.partner_id = False
        self.do_first(activity)
        self.delete(lead)
        with self.refused("plan another activity where there is more to do"):
            activity.with_user(self.anna).action_reopen()

    def test_whoever_may_not_delete_the_opportunity_changes_nothing(self):
        lead, activity = self.plan_deal()
        self.do_first(activity)
        with self.refused("You are not allowed to delete", AccessError):
            lead.with_user(self.jan).unlink()
        self.assertEqual(len(self.tasks(activity)), 2)
        self.assertFalse(activity.is_left_over)

    def test_a_merge_takes_all_of_it_along(self):
        lead, activity = self.plan_deal()
        done = self.do_first(activity)
        alone = lead.activity_schedule("mail.mail_activity_data_call")
        alone.action_feedback(feedback="Reached")
        kept = self.new_lead(name="Kept", expected_revenue=9e6, probability=90)
        (kept | lead).with_user(self.ewa).merge_opportunity()
        self.env.invalidate_all()
        left = (kept | lead).exists()
        self.assertEqual(len(left), 1)
        self.assertEqual(activity.lead_id, left)
        self.assertFalse(activity.is_left_over)
        for task in (done, alone):
            self.assertEqual((task.res_model, task.res_id), ("crm.lead", left.id))

    def test_it_stays_hidden_with_the_type_of_the_opportunity(self):
        lead, activity = self.plan_deal()
        lead.sudo().opportunity_type_id = self.machine_deal.copy(
            {"see_group_ids": self.env.ref("sales_team.group_sale_manager").ids}
        )
        done = self.do_first(activity, self.ewa)
        done.sudo().user_id = self.ewa
        activity.with_user(self.ewa).message_post(body=self.words)
        for deleted in (False, True):
            if deleted:
                self.delete(lead)
            for user in (self.anna, self.piotr, self.jan, self.ewa):
                with self.subTest(user=user.login, deleted=deleted):
                    sees = user == self.ewa
                    for record in (activity, done):
                        seen = record.with_user(user).with_context(active_test=False)
                        self.assertEqual(seen.has_access("read"), sees)
                        found = seen.search([("id", "in", record.ids)])
                        self.assertEqual(bool(found), sees)
                    posts = self.env["mail.message"].with_user(user)
                    found = posts.search([("body", "ilike", self.words)])
                    self.assertEqual(bool(found), sees)

    def test_it_is_not_duplicated(self):
        """A duplicate would hang at nothing that says who may see it."""
        for name, values in (
            ("hanging at nothing", {"partner_id": False}),
            ("with a partner", {"partner_id": self.stalmet.id}),
        ):
            lead, activity = self.plan_deal()
            lead.partner_id = activity.partner_id = values["partner_id"]
            self.do_first(activity)
            self.delete(lead)
            count = activity.search_count([])
            for user in (self.anna, self.ewa):
                with (
                    self.subTest(name, user=user.login),
                    self.refused("plan another activity where there is more to do"),
                ):
                    activity.with_user(user).copy()
            self.assertEqual(activity.search_count([]), count)

    def test_a_type_that_something_was_left_of_cannot_be_deleted(self):
        kind = self.machine_deal.copy()
        lead, activity = self.plan_deal(opportunity_type_id=kind.id)
        self.do_first(activity)
        self.delete(lead)
        with self.refused("is in use", UserError):
            kind.with_user(self.ewa).unlink()

    # Deleted activities

    def test_done_tasks_of_a_deleted_activity_are_told_to_nobody_new(self):
        """Neither those of a hidden type, nor those at a partner of all companies."""
        self.katrin.company_ids |= self.other_company
        hidden = self.new_type("Hidden", {"summary": "Whisper", "note": self.words})
        for name, kind in (("hidden", hidden), ("shared", self.visit)):
            activity = self.plan(type_id=kind.id, text=self.words)
            if kind == hidden:
                hidden.see_group_ids = self.env.ref("sales_team.group_sale_manager")
            done = self.tasks(activity)[0]
            done.with_user(self.anna).action_feedback(feedback=self.words)
            activity.with_user(self.ewa).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertTrue(done.exists())
            for user in (self.anna, self.jan, self.katrin):
                with self.subTest(name, user=user.login):
                    mine = user == self.anna
                    seen = done.with_user(user).with_context(active_test=False)
                    self.assertEqual(seen.has_access("read"), mine)
                    self.assertEqual(
                        bool(seen.search([("feedback", "ilike", self.words)])), mine
                    )
                    rows = self.env["relationship.item"].with_user(user)
                    about = [
                        ("source", "=", "mail.activity"),
                        ("source_id", "=", done.id),
                    ]
                    self.assertEqual(bool(rows.search(about)), mine)
                    facts = self.env["relationship.partner.report"].with_user(user)
                    told = [
                        ("partner_id", "=", self.stalmet.id),
                        ("name", "=", done.summary),
                    ]
                    self.assertEqual(bool(facts.search(told)), mine)

    def test_those_of_an_activity_that_all_may_see_stay_where_they_are(self):
        _lead, activity = self.plan_deal()
        done = self.do_first(activity)
        activity.with_user(self.ewa).unlink()
        self.env.invalidate_all()
        self.assertTrue(done.with_user(self.piotr).has_access("read"))

    # People who leave

    def archive(self, user, by_write=False):
        user = user.with_user(self.env.ref("base.user_admin"))
        if by_write:
            user.write({"active": False})
        else:
            user.action_archive()
        self.env.invalidate_all()

    def test_the_substitute_takes_over(self):
        for by_write in (False, True):
            with self.subTest(by_write=by_write), self.cr.savepoint() as savepoint:
                self.anna.substitute_id = self.piotr
                _lead, activity = self.plan_deal()
                done = self.do_first(activity)
                self.archive(self.anna, by_write)
                to_do = self.tasks(activity) - done
                self.assertEqual(to_do.user_id, self.piotr)
                self.assertEqual(activity.user_id, self.piotr)
                self.assertEqual(done.user_id, self.anna, "who did it has done it")
                savepoint.close(rollback=True)

    def test_without_one_the_responsible_takes_over(self):
        lead = self.new_lead()
        activity = self.plan(lead_id=lead.id, participant_ids=self.piotr.ids)
        task = self.tasks(activity)[1]
        task.user_id = self.piotr
        self.archive(self.piotr)
        self.assertEqual(task.exists().user_id, self.anna)

    def test_a_substitute_who_may_not_see_it_is_passed_over(self):
        self.piotr.substitute_id = self.jan
        activity = self.plan(lead_id=self.new_lead().id)
        task = self.tasks(activity)[1]
        task.user_id = self.piotr
        self.archive(self.piotr)
        self.assertEqual(task.exists().user_id, self.anna)

    def test_a_task_without_activity_goes_to_whose_record_it_is(self):
        lead = self.new_lead()
        task = lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.piotr.id
        )
        alone = self.stalmet.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.piotr.id
        )
        self.archive(self.piotr)
        self.assertEqual(task.exists().user_id, self.anna)
        # Of nobody, whoever archives them has it, before core deletes it.
        self.assertEqual(alone.exists().user_id, self.env.ref("base.user_admin"))

    def test_each_heir_is_told_once(self):
        self.anna.substitute_id = self.piotr
        self.plan_deal()
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.archive(self.anna)
        messages = self.env["mail.message"].search(
            [("id", ">", before), ("subject", "=like", "Tasks taken over%")]
        )
        self.assertEqual(messages.notified_partner_ids, self.piotr.partner_id)
        self.assertEqual(messages.mapped("subject"), ["Tasks taken over: 2"])
        self.assertIn("Their tasks are yours now", messages.body)

    # Opportunities that are lost

    def lose(self, lead, **values):
        wizard = (
            self.env["crm.lead.lost"]
            .with_user(self.anna)
            .create({"lead_ids": lead.ids, **values})
        )
        self.assertEqual(wizard.open_task_count, 3)
        wizard.action_lost_reason_apply()
        self.env.invalidate_all()

    def get_counted(self):
        """Return how many tasks Anna's clock counts at opportunities."""
        users = self.env["res.users"].with_user(self.anna)
        users = users.with_context(allowed_company_ids=self.company.ids)
        groups = users._get_activity_groups()
        return {
            group["model"]: group["total_count"] + group["planned_count"]
            for group in groups
        }.get("crm.lead", 0)

    def test_losing_asks_what_becomes_of_open_tasks(self):
        for choice, state, to_do, done in (
            ("remove", "cancelled", 0, 0),
            ("done", "done", 0, 3),
            ("keep", "planned", 3, 0),
        ):
            with self.subTest(choice):
                lead, activity = self.plan_deal()
                lead.activity_schedule(
                    "mail.mail_activity_data_call", user_id=self.anna.id
                )
                self.lose(lead, open_tasks=choice)
                tasks = self.env["mail.activity"].with_context(active_test=False)
                tasks = tasks.search(
                    [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)]
                )
                self.assertEqual(activity.state, state)
                self.assertEqual(len(tasks.filtered("active")), to_do)
                self.assertEqual(len(tasks) - to_do, done)

    def test_losing_begins_nothing(self):
        """Neither what waited for tasks of activities, nor for those of a plan."""
        self.visit.template_ids[1].wait_template_id = self.visit.template_ids[0]
        hidden = self.new_type("Hidden", {"summary": "A"}, {"summary": "B"})
        hidden.template_ids[1].wait_template_id = hidden.template_ids[0]
        board = self.env["res.groups"].create({"name": "Board"})
        plan = self.env["mail.activity.plan"].create(
            {"name": "Deal", "res_model": "crm.lead", "company_id": False}
        )
        lines = self.env["mail.activity.plan.template"].create(
            [
                {
                    "plan_id": plan.id,
                    "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                    "responsible_type": "record",
                    "summary": summary,
                }
                for summary in ("First", "Then")
            ]
        )
        lines[1].wait_template_id = lines[0]
        self.machine_deal.write(
            {"activity_plan_id": plan.id, "activity_plan_mode": "create"}
        )
        for choice, state in (("done", "done"), ("remove", "cancelled")):
            with self.subTest(choice):
                hidden.use_group_ids = False
                lead, activity = self.plan_deal(
                    opportunity_type_id=self.machine_deal.id
                )
                other = self.plan(lead_id=lead.id, type_id=hidden.id)
                hidden.use_group_ids = board
                self.env.invalidate_all()
                self.lose(lead, open_tasks=choice)
                tasks = self.env["mail.activity"].with_context(active_test=False)
                tasks = tasks.search(
                    [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)]
                )
                self.assertFalse(tasks.filtered("active").mapped("summary"))
                self.assertEqual(len(tasks), 3 if choice == "done" else 0)
                self.assertEqual(activity.state, state)
                if choice == "done":
                    self.assertEqual(other.state, "done")
                    self.assertEqual(
                        set(tasks.mapped("feedback")),
                        {"Closed when the opportunity was lost."},
                    )

    def test_no_type_of_core_plans_a_next_task_where_all_ends(self):
        first, then = self.env["mail.activity.type"].create(
            [{"name": "First"}, {"name": "Then"}]
        )
        first.write({"chaining_type": "trigger", "triggered_next_type_id": then.id})
        self.visit.template_ids.activity_type_id = first
        lead, _activity = self.plan_deal()
        lead.activity_schedule(
            activity_type_id=first.id, user_id=self.piotr.id, summary="Alone"
        )
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.lose(lead, open_tasks="done")
        self.assertFalse(lead.activity_ids)
        assigned = [("id", ">", before), ("subject", "like", "assigned to you")]
        self.assertFalse(self.env["mail.message"].search(assigned))
        other_lead, other = self.plan_deal()
        other.with_user(self.anna).action_done()
        self.assertFalse(other_lead.activity_ids)
        _lead, third = self.plan_deal()
        self.do_first(third)
        begun = third.lead_id.sudo().activity_ids.activity_type_id
        self.assertEqual(begun, first | then, "done alone it does")

    def test_what_is_kept_leaves_the_clock_and_comes_back(self):
        before = self.get_counted()
        lead, _activity = self.plan_deal()
        lead.activity_schedule("mail.mail_activity_data_call", user_id=self.anna.id)
        self.assertEqual(self.get_counted(), before + 1)
        self.lose(lead)
        self.assertEqual(self.get_counted(), before)
        shelved = self.env["mail.activity"].with_user(self.anna)
        at_lead = [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        self.assertEqual(len(shelved.search([("is_shelved", "=", True), *at_lead])), 3)
        self.assertTrue(shelved.search(at_lead)[0].is_shelved)
        self.assertFalse(shelved.search([("is_shelved", "=", False), *at_lead]))
        lead.action_unarchive()
        self.env.invalidate_all()
        self.assertEqual(self.get_counted(), before + 1)

    def test_tasks_are_given_away_and_moved_in_bulk(self):
        _lead, activity = self.plan_deal()
        tasks = self.tasks(activity).with_user(self.anna)
        tasks.write({"user_id": self.piotr.id})
        tasks.action_reschedule_nextweek()
        self.assertEqual(tasks.user_id, self.piotr)
        self.assertEqual(len(set(tasks.mapped("date_deadline"))), 1)
        self.assertTrue(all(tasks.mapped("is_changed_by_hand")))
