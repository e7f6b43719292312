from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .activity_case import ActivityCase


@tagged("post_install", "-at_install")
class TestGeneration(ActivityCase):
    """Saving an activity creates its tasks, each of them once (R-08, R-30, R-31)."""

    def test_saving_creates_the_tasks_of_the_type_at_once(self):
        lead = self.new_lead(partner_id=self.stalmet.id)
        activity = self.plan(lead_id=lead.id)
        tasks = self.tasks(activity)
        self.assertEqual(tasks.mapped("summary"), ["Prepare Fair", "Call Stalmet S.A."])
        self.assertEqual(tasks.user_id, self.anna)
        self.assertEqual(
            {(task.res_model, task.res_id) for task in tasks}, {("crm.lead", lead.id)}
        )
        self.assertEqual(lead.with_user(self.anna).activity_ids, tasks)
        self.assertEqual(activity.partner_id, self.stalmet)
        self.assertEqual(activity.stage_id, lead.stage_id)
        self.assertTrue(activity.number.startswith("TV-"))

    def test_tasks_appear_in_the_list_of_whom_they_are_for(self):
        """R-08."""
        self.plan(user_id=self.piotr.id)
        groups = self.env["res.users"].with_user(self.piotr)._get_activity_groups()
        found = {group["model"]: group["total_count"] for group in groups}
        self.assertEqual(found.get("res.partner"), 1)

    def test_a_form_creates_the_same(self):
        form = Form(
            self.env["relationship.activity"]
            .with_user(self.anna)
            .with_context(default_partner_id=self.stalmet.id)
        )
        form.type_id = self.visit
        self.assertEqual(form.name, "Test visit")
        self.assertEqual(form.user_id, self.anna)
        activity = form.save()
        self.assertEqual(len(self.tasks(activity)), 2)

    def test_a_form_says_what_it_creates_for_who_takes_part(self):
        kind = self.new_type(
            "Test talk",
            {"summary": "Prepare"},
            {"summary": "Come", "per": "responsible"},
        )
        form = Form(
            self.env["relationship.activity"]
            .with_user(self.anna)
            .with_context(default_partner_id=self.stalmet.id)
        )
        form.type_id = kind
        self.assertIn("tasks: 2,", form.preview)
        form.participant_ids.add(self.piotr)
        self.assertIn("tasks: 3,", form.preview)
        form.user_id = self.ewa
        self.assertIn("tasks: 3,", form.preview)
        self.assertEqual(len(self.tasks(form.save())), 3)

    def test_an_import_of_a_hundred_creates_all_tasks(self):
        self.kranbau.name = "Wolff & Sons"
        rows = [
            [f"Visit {n}", "Test visit", "Wolff & Sons", str(self.today)]
            for n in range(100)
        ]
        found = (
            self.env["relationship.activity"]
            .with_user(self.anna)
            .load(["name", "type_id", "partner_id", "date_from"], rows)
        )
        self.assertFalse(found["messages"][:1])
        activities = self.env["relationship.activity"].browse(found["ids"])
        self.assertEqual(len(self.tasks(activities)), 200)

    def test_saving_twice_makes_no_second_set(self):
        activity = self.plan()
        first = self.tasks(activity)
        activity.write({"name": "Fair", "date_from": self.today})
        activity._create_tasks()
        self.assertEqual(self.tasks(activity), first)

    def test_what_somebody_deleted_does_not_come_back_by_saving(self):
        activity = self.plan()
        self.tasks(activity)[0].with_user(self.anna).unlink()
        activity.name = "Another fair"
        self.assertEqual(len(self.tasks(activity)), 1)

    def test_two_workers_at_once_make_no_double(self):
        """The index refuses what nobody has seen yet."""
        activity = self.plan()
        task = self.tasks(activity)[0]
        with self.assertRaisesRegex(Exception, "task_unique"), self.cr.savepoint():
            self.env.cr.execute(
                """INSERT INTO mail_activity (res_model_id, res_model, res_id,
                    date_deadline, relationship_activity_id, plan_template_id, task_key)
                SELECT res_model_id, res_model, res_id, date_deadline,
                    relationship_activity_id, plan_template_id, task_key
                FROM mail_activity WHERE id = %s""",
                [task.id],
            )

    def test_a_failing_task_takes_the_activity_back(self):
        before = self.env["relationship.activity"].search_count([])

        def fail(records, vals_list):
            raise ZeroDivisionError

        self.patch(type(self.env["mail.activity"]), "create", fail)
        with self.assertRaises(ZeroDivisionError), self.cr.savepoint():
            self.plan()
        self.assertEqual(self.env["relationship.activity"].search_count([]), before)

    def test_one_for_each_who_takes_part(self):
        kind = self.new_type("Trip", {"summary": "Book", "per": "responsible"})
        activity = self.plan(
            type_id=kind.id, participant_ids=[Command.set(self.piotr.ids)]
        )
        self.assertEqual(self.tasks(activity).user_id, self.anna | self.piotr)
        activity.participant_ids = [Command.set(self.ewa.ids)]
        self.assertEqual(self.tasks(activity).user_id, self.anna | self.ewa)

    def test_one_for_each_member_of_the_campaign(self):
        """R-26: a campaign of three members, one of them excluded."""
        kind = self.new_type("Calls", {"summary": "Call", "per": "addressee"})
        campaign = self.new_campaign(channel=False)
        people = self.kranbau | self.paktech | self.stalmet
        members = self.add_members(campaign, *people)
        members[2].action_leave_out()
        activity = self.plan(type_id=kind.id, campaign_id=campaign.id)
        tasks = self.tasks(activity)
        self.assertEqual(
            tasks.mapped("summary"), ["Call: Kranbau Wolff", "Call: PakTech"]
        )
        self.assertEqual(tasks.addressee_id, members[:2])
        self.assertEqual({task.res_id for task in tasks}, {campaign.id})

    def test_members_the_channel_may_not_reach_get_no_task(self):
        """The one judge decides, for the channel of the activity."""
        kind = self.new_type(
            "Mails", {"summary": "Write", "per": "addressee"}, channel="email"
        )
        campaign = self.new_campaign(channel=False)
        self.kranbau.email = "wolff@example.com"
        self.paktech.email = "pak@example.com"
        self.add_members(campaign, self.kranbau, self.paktech, self.stalmet)
        self.env["mail.blacklist"]._add("pak@example.com")
        activity = self.plan(type_id=kind.id, campaign_id=campaign.id)
        self.assertEqual(
            self.tasks(activity).mapped("summary"), ["Write: Kranbau Wolff"]
        )

    def test_one_for_each_person_in_a_role(self):
        kind = self.new_type(
            "Convince",
            {
                "summary": "Convince {contact}",
                "per": "role",
                "reference_type_id": self.competitor_type.id,
            },
        )
        lead = self.new_lead()
        lead.reference_ids = [
            Command.create({"type_id": kind_.id, "partner_id": partner.id})
            for kind_, partner in (
                (self.competitor_type, self.kranbau),
                (self.competitor_type, self.paktech),
                (self.representative_type, self.stalmet),
            )
        ]
        activity = self.plan(type_id=kind.id, lead_id=lead.id)
        self.assertEqual(len(self.tasks(activity)), 2)

    def test_a_role_that_nobody_plays(self):
        values = {"per": "role", "reference_type_id": self.competitor_type.id}
        lead = self.new_lead()
        for if_nobody, number in (("responsible", 1), ("skip", 0)):
            with self.subTest(if_nobody):
                kind = self.new_type(
                    f"T {if_nobody}", {"summary": "X", "if_nobody": if_nobody, **values}
                )
                activity = self.plan(type_id=kind.id, lead_id=lead.id)
                self.assertEqual(len(self.tasks(activity)), number)

    def test_what_waits_comes_when_the_other_is_done(self):
        kind = self.new_type("Steps", {"summary": "First"}, {"summary": "Second"})
        first, second = kind.template_ids
        second.wait_template_id = first
        activity = self.plan(type_id=kind.id)
        [task] = self.tasks(activity)
        self.assertEqual(task.summary, "First")
        task.with_user(self.anna).action_feedback()
        self.assertEqual(self.tasks(activity).mapped("summary"), ["First", "Second"])
        self.assertEqual(activity.state, "in_progress")
        self.tasks(activity)[1].with_user(self.anna).action_feedback()
        self.assertEqual(activity.state, "done")

    def test_what_waits_comes_for_each_member_by_itself(self):
        kind = self.new_type(
            "Steps",
            {"summary": "Write", "per": "addressee"},
            {"summary": "Call", "per": "addressee"},
        )
        kind.template_ids[1].wait_template_id = kind.template_ids[0]
        campaign = self.new_campaign(channel=False)
        self.add_members(campaign, self.kranbau, self.paktech)
        activity = self.plan(type_id=kind.id, campaign_id=campaign.id)
        self.tasks(activity)[0].with_user(self.anna).action_feedback()
        self.assertEqual(
            self.tasks(activity).mapped("summary"),
            ["Write: Kranbau Wolff", "Write: PakTech", "Call: Kranbau Wolff"],
        )

    def test_tasks_that_would_wait_for_each_other_are_refused(self):
        first, second = self.visit.template_ids
        second.wait_template_id = first
        with self.refused("Prepare .* would wait for itself", ValidationError):
            first.wait_template_id = second

    def test_a_placeholder_that_does_not_exist_is_refused(self):
        for name in ("summary", "note"):
            with (
                self.subTest(name),
                self.refused(r"\{customer\} is no placeholder: use", ValidationError),
            ):
                self.visit.template_ids[0][name] = "Call {customer}"

    def test_placeholders_in_a_note_carry_no_markup(self):
        self.visit.template_ids[0].note = "<p>For {partner}</p>"
        self.stalmet.name = "<b>Bold</b> & Sons"
        activity = self.plan()
        self.assertEqual(
            self.tasks(activity)[0].note,
            "<p>For &lt;b&gt;Bold&lt;/b&gt; &amp; Sons</p>",
        )

    def test_changing_the_type_leaves_older_activities_alone(self):
        """R-31."""
        activity = self.plan()
        self.visit.template_ids[0].summary = "Something else"
        self.assertEqual(self.tasks(activity)[0].summary, "Prepare Fair")
        self.assertEqual(self.tasks(self.plan())[0].summary, "Something else")

    def test_an_archived_type_is_not_chosen_but_read(self):
        """R-31."""
        activity = self.plan()
        self.visit.active = False
        types = self.env["relationship.activity.type"].with_user(self.anna)
        self.assertNotIn(self.visit, types.search([]))
        self.assertEqual(activity.with_user(self.anna).type_id.name, "Test visit")

    def test_each_person_gets_one_message(self):
        activity = self.plan(user_id=self.piotr.id)
        messages = self.env["mail.message"].search(
            [("model", "=", "relationship.activity"), ("res_id", "=", activity.id)]
        )
        told = messages.filtered(lambda m: self.piotr.partner_id in m.partner_ids)
        self.assertEqual(len(told), 1)
        self.assertIn("You have new tasks (2)", told.body)

    def test_nobody_forges_which_activity_a_task_belongs_to(self):
        activity = self.plan()
        lead = self.new_lead()
        tasks = self.env["mail.activity"].with_user(self.anna)
        tasks = tasks.with_context(default_relationship_activity_id=activity.id)
        task = tasks.create(
            {
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": lead.id,
                "relationship_activity_id": activity.id,
                "task_key": "user:1",
            }
        )
        task.write({"relationship_activity_id": activity.id})
        self.assertFalse(task.relationship_activity_id)
        self.assertFalse(task.task_key)


@tagged("post_install", "-at_install")
class TestPlanning(ActivityCase):
    """Who may plan what for whom (R-29)."""

    def test_the_responsible_is_found_by_type_then_project_then_planner(self):
        kind = self.new_type("Ewa's", user_id=self.ewa.id)
        lead = self.new_lead(user=self.piotr)
        self.assertEqual(self.plan(type_id=kind.id).user_id, self.ewa)
        self.assertEqual(self.plan(user=self.ewa, lead_id=lead.id).user_id, self.piotr)
        self.assertEqual(self.plan(user=self.piotr).user_id, self.piotr)

    def test_who_may_not_change_the_project_plans_nothing_there(self):
        campaign = self.new_campaign()
        with self.refused("may not change Poznań fair, and so not plan", AccessError):
            self.plan(user=self.jan, campaign_id=campaign.id)
        activity = self.plan(campaign_id=campaign.id)
        for change in (
            lambda record: record.write({"name": "Mine"}),
            lambda record: record.action_cancel(),
            lambda record: record.action_done(),
            lambda record: record.unlink(),
        ):
            with self.refused("may not change Poznań fair, and so", AccessError):
                change(activity.with_user(self.jan))

    def test_a_foreign_opportunity_is_not_planned_on(self):
        lead = self.new_lead(user=self.piotr)
        with self.refused("access", AccessError):
            self.plan(lead_id=lead.id)
        activity = self.plan(user=self.piotr, lead_id=lead.id)
        self.assertFalse(activity.with_user(self.anna).has_access("read"))
        self.assertFalse(activity.with_user(self.jan).has_access("read"))

    def test_a_responsible_who_may_not_see_the_record_is_refused(self):
        lead = self.new_lead(user=self.piotr)
        before = self.env["mail.activity"].search_count([])
        with self.refused("test_anna.* may not see Packing line: choose somebody"):
            self.plan(user=self.ewa, lead_id=lead.id, user_id=self.anna.id)
        self.assertEqual(self.env["mail.activity"].search_count([]), before)

    def test_a_responsible_who_may_not_see_the_type_is_refused(self):
        group = self.env["res.groups"].create({"name": "Confidential"})
        self.ewa.group_ids += group
        self.visit.see_group_ids = group
        with self.refused("test_anna.* may not see activities of the type Test visit"):
            self.plan(user=self.ewa, user_id=self.anna.id)

    def test_who_may_not_use_the_type_does_not_plan_it(self):
        group = self.env["res.groups"].create({"name": "Confidential"})
        self.visit.write(
            {"use_group_ids": group, "see_group_ids": self.env.ref("base.group_user")}
        )
        with self.refused(
            "records of the type Test visit: choose another", AccessError
        ):
            self.plan()

    def test_what_an_activity_belongs_to(self):
        campaign, lead = self.new_campaign(), self.new_lead()
        with self.refused("campaign or to an opportunity: choose one", ValidationError):
            self.plan(campaign_id=campaign.id, lead_id=lead.id)
        with self.refused("Choose what the activity belongs to", ValidationError):
            self.plan(partner_id=False)
        activity = self.plan(campaign_id=campaign.id)
        with self.refused("belongs to Poznań fair, as its tasks do", UserError):
            activity.lead_id = lead

    def test_dates_outside_of_the_campaign(self):
        campaign = self.new_campaign(date_to=self.day(5))
        for days in ({"date_from": self.day(6)}, {"date_from": self.day(-1)}):
            with self.refused("outside of the campaign Poznań fair", ValidationError):
                self.plan(campaign_id=campaign.id, **days)
        with self.refused("outside of the campaign Poznań fair", ValidationError):
            self.plan(campaign_id=campaign.id, date_to=self.day(9))

    def test_dates_the_wrong_way_round(self):
        with self.refused("would end before it starts", ValidationError):
            self.plan(date_from=self.day(3), date_to=self.day(2))
        activity = self.plan()
        with self.refused("done before it began", ValidationError):
            activity.write({"date_begun": self.today, "date_done": self.day(-1)})

    def test_it_cannot_be_said_that_it_is_done(self):
        activity = self.plan(state="done")
        with self.refused("Company, Status of an activity cannot be changed by hand"):
            activity.write({"state": "done", "company_id": self.other_company.id})
        self.assertEqual(activity.state, "planned")
        self.assertEqual(activity.company_id, self.company)
