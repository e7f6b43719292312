"""Activities change hands: in a merge, when somebody leaves, by who is responsible."""

from odoo import Command
from odoo.tests import Form, tagged

from .activity_case import ActivityCase
from .test_run import RunCase


class HandsCase(ActivityCase):
    """Deals that Anna sees only as long as they are hers; Piotr and Ewa see all."""

    def archive(self, user, by=None):
        by = by or self.env.ref("base.user_admin")
        user.with_user(by).action_archive()
        self.env.invalidate_all()

    def get_open(self, activity):
        tasks = self.tasks(activity.sudo()).filtered("active")
        return [(task.summary, task.user_id) for task in tasks]

    def fixed(self, user, summary="Check"):
        """Return the line of a task that is always for the same colleague."""
        return {
            "summary": summary,
            "responsible_type": "other",
            "responsible_id": user.id,
        }


@tagged("post_install", "-at_install")
class TestMergedDeals(HandsCase):
    """A merge moves what there is; nobody chooses anybody in it."""

    def merge(self, lead, by=None, **values):
        values = {"expected_revenue": 9e6, "probability": 90, **values}
        kept = self.new_lead(self.piotr, name="Kept", **values)
        leads = (kept | lead).with_user(by or self.piotr)
        merged = leads.merge_opportunity()
        self.env.invalidate_all()
        self.assertEqual(merged, kept)
        return merged.sudo()

    def test_of_who_does_not_see_the_one_that_is_kept(self):
        """What was done stays theirs, what is still to do goes to who sees it."""
        lead = self.new_lead()
        done, to_do = self.plan(lead_id=lead.id), self.plan(lead_id=lead.id)
        done.action_done()
        kept = self.merge(lead)
        self.assertEqual((done | to_do).sudo().lead_id, kept)
        self.assertEqual(done.sudo().user_id, self.anna)
        self.assertEqual(self.tasks(done.sudo()).user_id, self.anna)
        self.assertEqual(to_do.sudo().user_id, self.piotr)
        self.assertEqual(self.tasks(to_do.sudo()).user_id, self.piotr)

    def test_of_participants_who_do_not_see_it(self):
        lead = self.new_lead(self.piotr)
        activity = self.plan(user=self.piotr, lead_id=lead.id)
        activity.participant_ids = self.ewa
        self.ewa.group_ids -= self.env.ref("sales_team.group_sale_manager")
        self.ewa.group_ids -= self.env.ref("sales_team.group_sale_salesman_all_leads")
        kept = self.merge(lead)
        self.assertEqual(activity.lead_id, kept)
        self.assertEqual(activity.user_id, self.piotr)

    def test_of_who_works_here_no_more(self):
        for leaving in ("user_id", "participant_ids"):
            with self.subTest(leaving):
                colleague = self._new_user(
                    f"leaving_{leaving}", "sales_team.group_sale_salesman_all_leads"
                )
                lead = self.new_lead(colleague)
                activity = self.plan(user=self.piotr, lead_id=lead.id)
                activity[leaving] = colleague
                activity.action_done()
                self.archive(colleague)
                kept = self.merge(lead, self.ewa)
                self.assertEqual(activity.lead_id, kept)

    def test_the_stage_in_which_it_was_planned_stays(self):
        lead = self.new_lead(stage_id=self.stages[0].id)
        activity = self.plan(lead_id=lead.id)
        alone = lead.activity_schedule("mail.mail_activity_data_call")
        activity.action_done()
        kept = self.merge(lead, stage_id=self.stages[1].id)
        self.assertEqual(kept.stage_id, self.stages[1])
        self.assertEqual(activity.sudo().stage_id, self.stages[0])
        tasks = self.tasks(activity.sudo()) | alone.sudo()
        self.assertEqual(tasks.mapped("res_id"), [kept.id] * 3)
        self.assertEqual(tasks.crm_stage_id, self.stages[0])

    def test_a_form_follows_the_opportunity_that_is_chosen(self):
        first, second = (self.new_lead(stage_id=s.id) for s in self.stages[:2])
        draft = self.env["relationship.activity"].new({"lead_id": first.id})
        self.assertEqual(draft.stage_id, self.stages[0])
        draft.lead_id = second
        self.assertEqual(draft.stage_id, self.stages[1])


@tagged("post_install", "-at_install")
class TestWhoLostSight(HandsCase):
    """Who does not see the deal any more hinders nobody."""

    def plan_deal(self, *templates, **values):
        """Plan something on a deal of Anna that changes hands afterwards."""
        kind = self.new_type("Deal", *templates)
        self.lead = self.new_lead()
        return self.plan(type_id=kind.id, lead_id=self.lead.id, **values)

    def test_a_participant_hinders_no_change(self):
        activity = self.plan_deal({"summary": "X"}, participant_ids=self.piotr.ids)
        activity = activity.with_user(self.ewa)
        activity.write({"user_id": self.piotr.id, "participant_ids": self.anna.ids})
        self.lead.user_id = self.piotr
        activity.user_id = self.ewa
        activity.participant_ids |= self.piotr
        activity.type_id = self.new_type("Other")
        self.assertEqual(activity.participant_ids, self.anna | self.piotr)

    def test_but_nobody_who_sees_nothing_is_added(self):
        activity = self.plan(user=self.piotr, lead_id=self.new_lead(self.piotr).id)
        for values in (
            {"participant_ids": self.anna.ids},
            {"user_id": self.anna.id},
        ):
            with self.refused("may not see Packing line"):
                activity.write(values)
        activity = self.plan(lead_id=self.new_lead().id)
        activity.participant_ids = self.piotr
        board = self.env["res.groups"].create({"name": "Board"})
        board.user_ids = self.anna
        kind = self.new_type("Board", see_group_ids=board.ids, use_group_ids=board.ids)
        with self.refused("piotr.* may not see activities of the type Board"):
            activity.type_id = kind

    def test_archived_colleagues_are_not_chosen(self):
        activity = self.plan()
        self.piotr.active = False
        with self.refused("does not work here any more: choose somebody else"):
            activity.user_id = self.piotr
        portal = self.env["res.users"].create(
            {
                "name": "Customer",
                "login": "test_customer",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        with self.refused("does not work here: choose a colleague"):
            activity.user_id = portal

    def test_a_participant_hinders_nobody_from_leaving(self):
        activity = self.plan_deal({"summary": "X"}, participant_ids=self.piotr.ids)
        activity.with_user(self.ewa).write(
            {"user_id": self.piotr.id, "participant_ids": self.anna.ids}
        )
        self.lead.user_id = self.ewa
        self.archive(self.piotr)
        self.assertEqual(activity.sudo().user_id, self.ewa)

    def test_nobody_is_proposed_who_could_not_be_chosen(self):
        activity = self.plan_deal({"summary": "X"}, participant_ids=self.piotr.ids)
        kind = activity.sudo().type_id
        kind.result_ids = [Command.create({"name": "Again", "next_type_id": kind.id})]
        activity.with_user(self.ewa).write(
            {"user_id": self.piotr.id, "participant_ids": (self.anna | self.ewa).ids}
        )
        activity.action_done()
        activity.result_id = kind.result_ids
        self.lead.user_id = self.ewa
        self.archive(self.piotr)
        activity = activity.with_user(self.ewa)
        self.assertEqual(activity.user_id, self.piotr)
        copied = activity.copy()
        self.assertEqual(copied.user_id, self.ewa)
        self.assertEqual(copied.participant_ids, self.ewa)
        context = activity.action_plan_next()["context"]
        planned = Form(activity.browse().with_context(**context)).save()
        self.assertEqual(planned.user_id, self.ewa)

    def test_what_waits_goes_to_whose_deal_it_is_now(self):
        activity = self.plan_deal({"summary": "A"}, {"summary": "B"})
        first, second = activity.sudo().type_id.template_ids
        second.wait_template_id = first
        activity = self.plan(type_id=activity.type_id.id, lead_id=self.lead.id)
        self.lead.user_id = self.piotr
        self.tasks(activity).with_user(self.anna).action_feedback()
        self.assertEqual(self.get_open(activity), [("B", self.piotr)])
        self.assertEqual(activity.sudo().user_id, self.piotr)
        self.assertEqual(activity.sudo().state, "in_progress")

    def test_what_nobody_sees_stops_and_says_so(self):
        kind = self.new_type("Deal", {"summary": "A"}, {"summary": "B"})
        kind.template_ids[1].wait_template_id = kind.template_ids[0]
        activity = self.plan(type_id=kind.id)
        self.stalmet.company_id = self.company
        activity.invalidate_recordset()
        board = self.env["res.groups"].create({"name": "Board"})
        kind.write({"see_group_ids": board.ids, "use_group_ids": board.ids})
        self.env.invalidate_all()
        self.tasks(activity).with_user(self.anna).action_feedback()
        activity = activity.sudo()
        self.assertFalse(self.get_open(activity))
        self.assertEqual(
            (activity.state, activity.run_state), ("in_progress", "failed")
        )
        self.assertIn("choose somebody else", activity.run_error)
        board.user_ids = self.anna
        self.env.invalidate_all()
        activity.with_user(self.anna).action_go_on()
        cron = self.env.ref("relationship_management.ir_cron_activity_tasks")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.get_open(activity), [("B", self.anna)])


@tagged("post_install", "-at_install")
class TestAnotherResponsible(HandsCase):
    """Only what is the responsible's goes to another one."""

    def plan_deal(self, *templates, **values):
        kind = self.new_type("Deal", *templates)
        lead = self.new_lead(self.piotr)
        self.piotr.partner_id.user_id = self.piotr
        return self.plan(user=self.piotr, type_id=kind.id, lead_id=lead.id, **values)

    def test_what_the_type_gives_to_somebody_stays(self):
        self.stalmet.user_id = self.piotr
        team = self.env["crm.team"].create(
            {"name": "One", "company_id": False, "member_ids": [(4, self.piotr.id)]}
        )
        activity = self.plan_deal(
            self.fixed(self.piotr),
            {"summary": "Partner", "responsible_type": "partner"},
            {"summary": "Team", "responsible_type": "team", "team_id": team.id},
            {"summary": "Record", "responsible_type": "record"},
            {"summary": "Mine"},
            partner_id=self.stalmet.id,
        )
        activity.lead_id.partner_id = self.stalmet
        self.assertEqual(self.tasks(activity).user_id, self.piotr)
        activity.user_id = self.ewa
        self.assertEqual(
            self.get_open(activity),
            [
                *(
                    (name, self.piotr)
                    for name in ("Check", "Partner", "Team", "Record")
                ),
                ("Mine", self.ewa),
            ],
        )

    def test_what_fell_to_the_responsible_goes_along(self):
        activity = self.plan_deal(self.fixed(self.jan))
        self.assertEqual(self.get_open(activity), [("Check", self.piotr)])
        activity.user_id = self.ewa
        self.assertEqual(self.get_open(activity), [("Check", self.ewa)])

    def test_what_is_somebodys_own_stays_also_with_another_role(self):
        activity = self.plan_deal({"summary": "Visit", "per": "responsible"})
        activity.write({"user_id": self.ewa.id, "participant_ids": self.piotr.ids})
        self.assertEqual(
            self.get_open(activity), [("Visit", self.piotr), ("Visit", self.ewa)]
        )

    def test_a_fixed_person_who_was_away_gets_it_back_on_another_day(self):
        self.piotr.write(
            {
                "substitute_id": self.ewa.id,
                "absent_from": self.day(0),
                "absent_until": self.day(1),
            }
        )
        activity = self.plan_deal(self.fixed(self.piotr))
        self.assertEqual(self.get_open(activity), [("Check", self.ewa)])
        activity.date_from = self.day(7)
        self.assertEqual(self.get_open(activity), [("Check", self.piotr)])

    def test_what_was_inherited_stays_and_follows(self):
        activity = self.plan_deal(
            {"summary": "Visit", "per": "responsible"},
            user_id=self.ewa.id,
            participant_ids=self.piotr.ids,
        )
        self.archive(self.piotr)
        self.assertEqual(self.get_open(activity), [("Visit", self.ewa)] * 2)
        activity = activity.with_user(self.ewa)
        self.env.ref("base.user_admin").company_ids |= self.company
        activity.participant_ids = [Command.link(self.env.ref("base.user_admin").id)]
        self.assertIn(f"user:{self.piotr.id}", self.tasks(activity).mapped("task_key"))
        self.assertEqual(len(self.tasks(activity)), 3)
        days = set(self.tasks(activity).mapped("date_deadline"))
        activity.date_from = self.day(30)
        self.assertFalse(days & set(self.tasks(activity).mapped("date_deadline")))


@tagged("post_install", "-at_install")
class TestWhoArchives(HandsCase):
    """Who may archive colleagues needs no rights to what these have to do."""

    def test_without_rights_to_sales(self):
        support = self._new_user("it", "base.group_erp_manager")
        # Core asks for rights to the team of who is in one.
        self.team.member_ids -= self.anna
        kind = self.new_type(
            "Deal",
            {"summary": "Visit", "per": "responsible"},
            {"summary": "{responsible} calls"},
        )
        self.anna.substitute_id = self.piotr
        activity = self.plan(type_id=kind.id, lead_id=self.new_lead().id)
        self.archive(self.anna, support)
        self.assertEqual(activity.sudo().user_id, self.piotr)
        self.assertEqual(
            sorted(self.get_open(activity)),
            sorted([("Visit", self.piotr), (f"{self.piotr.name} calls", self.piotr)]),
        )

    def test_a_linked_company_takes_over_tasks_but_leads_nothing(self):
        campaign = self.new_campaign(user_id=self.ewa.id)
        campaign.sudo().relationship_linked_company_ids = self.other_company
        self.anna.substitute_id = self.katrin
        activity = self.plan(campaign_id=campaign.id, partner_id=self.stalmet.id)
        activity.user_id = self.anna
        self.assertTrue(activity.with_user(self.katrin).has_access("read"))
        self.archive(self.anna)
        self.assertEqual(activity.sudo().user_id, self.ewa)
        self.assertEqual(self.tasks(activity.sudo()).user_id, self.katrin)

    def test_who_does_the_task_before_needs_none_either(self):
        kind = self.new_type(
            "Deal",
            self.fixed(self.piotr, "A"),
            {"summary": "{responsible} calls"},
            {"summary": "B"},
        )
        kind.template_ids[2].wait_template_id = kind.template_ids[0]
        lead = self.new_lead(self.ewa)
        activity = self.plan(user=self.ewa, type_id=kind.id, lead_id=lead.id)
        task = self.tasks(activity)[0]
        task.user_id = self.jan
        self.env.cr.execute(
            "UPDATE res_users SET active = FALSE WHERE id = %s", [self.ewa.id]
        )
        self.env.invalidate_all()
        lead.user_id = self.piotr
        task.with_user(self.jan).action_feedback()
        self.assertEqual(activity.sudo().user_id, self.piotr)
        self.assertIn(("B", self.piotr), self.get_open(activity))


@tagged("post_install", "-at_install")
class TestWhoArchivesPlanners(RunCase):
    """Nor to the campaigns whose members these call."""

    def test_many_tasks_are_planned_anew_for_the_heir(self):
        support = self._new_user("it", "base.group_erp_manager")
        self.team.member_ids -= self.anna
        self.anna.substitute_id = self.piotr
        activity = self.plan_calls()
        self.run_cron()
        self.anna.with_user(support).action_archive()
        self.env.invalidate_all()
        self.run_cron()
        activity = activity.sudo()
        self.assertEqual((activity.run_state, activity.run_error), (False, False))
        self.assertEqual(activity.task_count, 10)
        people = self.tasks(activity).user_id | self.todo(activity).user_id
        self.assertEqual(people, self.piotr)
