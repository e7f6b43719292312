"""What comes back with an activity that is opened again, and what does not."""

from odoo import Command
from odoo.tests import tagged

from .test_run import RunCase


@tagged("post_install", "-at_install")
class TestReopenLater(RunCase):
    """What has changed while an activity was cancelled, or done, counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letters = cls.new_type(
            "Test letters",
            {"summary": "Write to {contact}", "per": "addressee"},
            channel="email",
        )
        cls.few = cls.new_campaign(
            channel=False, date_to=cls.day(90), user_id=cls.anna.id
        )
        cls.guests = cls.add_members(cls.few, *cls.people[:4])

    def plan_letters(self):
        return self.plan(type_id=self.letters.id, campaign_id=self.few.id)

    def open_for(self, activity):
        tasks = self.tasks(activity, active=True)
        return tasks.addressee_id.sorted("id")

    def test_what_somebody_has_taken_up_and_done_by_hand_stays_done(self):
        activity = self.plan_letters()
        activity.action_done()
        [by_hand] = self.tasks(activity, addressee_id=self.guests[1].id)
        by_hand.with_user(self.anna).action_unarchive()
        by_hand.with_user(self.anna).action_feedback("Called all the same")
        activity.action_reopen()
        self.assertTrue(by_hand.exists())
        self.assertEqual(
            (by_hand.active, by_hand.feedback), (False, "Called all the same")
        )
        self.assertEqual(self.open_for(activity), self.guests - self.guests[1])
        self.assertEqual(len(self.tasks(activity)), len(self.guests))

    def test_a_task_with_a_file_is_open_again(self):
        """Core moves a file of a task to the message that tells it is done."""
        activity = self.plan_letters()
        task = self.tasks(activity)[1]
        here = {"res_model": "mail.activity", "res_id": task.id}
        self.env["ir.attachment"].create({"name": "Map", **here})
        activity.action_done()
        activity.action_reopen()
        self.assertTrue(task.exists().active)
        self.assertEqual(self.open_for(activity), self.guests)

    def test_nobody_is_called_who_may_not_be_called_any_more(self):
        for end in ("action_cancel", "action_done"):
            with self.subTest(end):
                names = ("objects", "archived", "excluded", "deleted", "stays")
                people = self.env["res.partner"].create(
                    [{"name": n, "email": f"{n}-{end}@x.example"} for n in names]
                )
                fair = self.new_campaign(channel=False, date_to=self.day(90))
                guests = self.add_members(fair, *people)
                activity = self.plan(type_id=self.letters.id, campaign_id=fair.id)
                self.assertEqual(self.open_for(activity), guests)
                getattr(activity, end)()
                objects, archived, excluded, deleted, stays = guests
                self.env["mail.blacklist"]._add(objects.target_id.email)
                archived.target_id.action_archive()
                excluded.with_user(self.anna).action_leave_out()
                deleted.unlink()
                activity.action_reopen()
                self.assertEqual(self.open_for(activity), stays)
                # Who is included again gets it back.
                excluded.with_user(self.anna).action_take_in()
                self.assertEqual(self.open_for(activity), excluded | stays)

    def test_a_member_is_named_as_it_is_called_now(self):
        for number, end in enumerate(("action_cancel", "action_done")):
            with self.subTest(end):
                activity = self.plan_letters()
                by_hand = self.tasks(activity, addressee_id=self.guests[1].id)
                by_hand.with_user(self.anna).summary = "Write on paper"
                getattr(activity, end)()
                self.guests[0].with_user(self.anna).write(
                    {"partner_id": False, "contact_id": self.people[8 + number].id}
                )
                activity.action_reopen()
                self.assertEqual(
                    self.tasks(activity).sorted("task_key").mapped("summary"),
                    [
                        f"Write to Person {8 + number}",
                        "Write on paper",
                        "Write to Person 2",
                        "Write to Person 3",
                    ],
                )

    def test_members_who_were_merged_have_one_task_and_all_words(self):
        for end in ("action_cancel", "action_done"):
            for is_done in (False, True):
                with self.subTest(end, is_done=is_done):
                    people = self.env["res.partner"].create(
                        [{"name": n, "email": f"{n}@x.example"} for n in "abc"]
                    )
                    fair = self.new_campaign(channel=False, date_to=self.day(90))
                    self.add_members(fair, *people)
                    activity = self.plan(type_id=self.letters.id, campaign_id=fair.id)
                    _first, second, _third = self.tasks(activity).with_user(self.anna)
                    if is_done:
                        second.action_feedback()
                    else:
                        second.summary = "Only Tuesdays"
                    getattr(activity, end)()
                    wizard = self.env["base.partner.merge.automatic.wizard"].create({})
                    wizard._merge(people[:2].ids, people[0], extra_checks=False)
                    self.env.invalidate_all()
                    activity.action_reopen()
                    open_ones = self.tasks(activity, active=True)
                    words = open_ones.mapped("summary")
                    self.assertEqual("Only Tuesdays" in words, not is_done)
                    self.assertEqual(
                        len(open_ones.addressee_id), 1 if is_done else 2, words
                    )
                    keys = self.tasks(activity).filtered("task_key").mapped("task_key")
                    self.assertEqual(len(keys), len(set(keys)))

    def test_who_joined_is_called_where_the_type_says_so(self):
        for includes in (False, True):
            for end in ("action_cancel", "action_done"):
                with self.subTest(end, includes=includes):
                    self.letters.includes_joining = includes
                    fair = self.new_campaign(channel=False, date_to=self.day(90))
                    before = self.add_members(fair, self.people[0])
                    activity = self.plan(type_id=self.letters.id, campaign_id=fair.id)
                    getattr(activity, end)()
                    late = self.add_members(fair, self.people[1])
                    activity.action_reopen()
                    called = before | late if includes else before
                    self.assertEqual(self.open_for(activity), called)

    def test_words_outlive_whoever_has_left_or_sees_it_no_more(self):
        group = self.env.ref("sales_team.group_sale_manager")
        for end in ("action_cancel", "action_done"):
            for leave in ("hide", "archive", "delete"):
                with self.subTest(end, leave=leave):
                    self.letters.see_group_ids = False
                    user = self._new_user(
                        f"{end}_{leave}", "sales_team.group_sale_salesman_all_leads"
                    )
                    lead = self.new_lead()
                    kind = self.new_type(f"{end} {leave}", {"summary": "Prepare"})
                    activity = self.plan(
                        self.ewa, type_id=kind.id, lead_id=lead.id, user_id=user.id
                    )
                    task = self.tasks(activity).with_user(user)
                    task.write({"summary": "Ring the boss", "note": "<p>Tuesdays</p>"})
                    getattr(activity, end)()
                    activity.user_id = self.ewa
                    if leave == "hide":
                        kind.see_group_ids = group
                    elif leave == "archive" or end == "action_done":
                        user.action_archive()
                    else:
                        user.unlink()
                    activity.action_reopen()
                    again = self.tasks(activity)
                    self.assertEqual(
                        (again.user_id, again.summary, again.note, again.active),
                        (self.ewa, "Ring the boss", "<p>Tuesdays</p>", True),
                    )

    def test_whoever_gets_tasks_that_were_closed_is_told_once(self):
        """By nobody who may not see them: an author reads what a message says."""
        activity = self.plan(user_id=self.piotr.id)
        for task in self.tasks(activity).with_user(self.piotr):
            task.summary = "Buy them up"
        activity.action_done()
        self.piotr.action_archive()
        messages = self.env["mail.message"]
        before = messages.search([], limit=1, order="id DESC").id
        activity.with_user(self.ewa).action_reopen()
        self.assertEqual(self.tasks(activity).user_id, self.ewa)
        told = messages.search([("id", ">", before), ("body", "like", "Buy them up")])
        self.assertFalse(told)

    def test_what_was_merged_meanwhile(self):
        """Its opportunity or its partner: the tasks hang where the activity is."""
        leads = [self.new_lead(name=name) for name in ("One", "Two")]
        gone, kept = self.env["res.partner"].create([{"name": n} for n in "AB"])
        deal = self.plan(lead_id=leads[1].id)
        talk = self.plan(partner_id=gone.id)
        for activity in (deal, talk):
            self.tasks(activity)[0].with_user(self.anna).summary = "Mine"
            activity.action_cancel()
        head = (leads[0] | leads[1]).with_user(self.ewa).merge_opportunity()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((gone | kept).ids, kept, extra_checks=False)
        self.env.invalidate_all()
        (deal | talk).action_reopen()
        for activity, record in ((deal, head), (talk, kept)):
            tasks = self.tasks(activity)
            self.assertEqual(set(tasks.mapped("res_id")), {record.id})
            self.assertEqual(set(tasks.mapped("res_model")), {record._name})
            self.assertIn("Mine", tasks.mapped("summary"))
        self.assertIn("Call B", self.tasks(talk).mapped("summary"))

    def test_a_lost_opportunity_that_was_merged_comes_back(self):
        leads = self.new_lead(name="One") | self.new_lead(name="Two")
        activity = self.plan(lead_id=leads[1].id)
        lost = self.env["crm.lead.lost"].with_user(self.anna)
        lost.create(
            {"lead_ids": [Command.set(leads.ids)], "open_tasks": "remove"}
        ).action_lost_reason_apply()
        head = leads.with_user(self.ewa).merge_opportunity()
        head.action_unarchive()
        self.assertEqual(activity.state, "planned")
        self.assertEqual(set(self.tasks(activity).mapped("res_id")), {head.id})

    def test_its_opportunity_was_deleted(self):
        """What is left of it is gone on with at the partner."""
        lead = self.new_lead(partner_id=self.kranbau.id)
        activity = self.plan(lead_id=lead.id)
        lead.with_user(self.ewa).unlink()
        self.assertEqual(activity.state, "cancelled")
        activity.with_user(self.ewa).action_reopen()
        self.assertEqual(self.tasks(activity).mapped("res_id"), [self.kranbau.id] * 2)

    def test_whoever_excludes_or_archives_at_this_moment_comes_second(self):
        for end in ("action_cancel", "action_done"):
            with self.subTest(end):
                activity = self.plan_letters()
                getattr(activity, end)()
                activity.invalidate_recordset()
                for record in (self.few, self.anna):
                    self.assertTrue(self.is_written(record, activity.action_reopen))
                    getattr(activity, end)()

    def test_what_nobody_may_do_stays_ended_with_its_project(self):
        """Until somebody reopens it who may; nothing of it is lost."""
        kind = self.new_type("Secret", {"summary": "Talk"}, {"summary": "Ask"})
        activity = self.plan(type_id=kind.id, campaign_id=self.few.id)
        dialog = self.env["relationship.campaign.complete"].with_user(self.anna)
        dialog.create(
            {
                "campaign_ids": [Command.set(self.few.ids)],
                "state": "completed",
                "decision": "cancel",
            }
        ).action_confirm()
        kind.see_group_ids = self.env.ref("sales_team.group_sale_manager")
        self.few.with_user(self.anna).action_reopen()
        self.assertEqual(activity.sudo().state, "cancelled")
        activity.with_user(self.ewa).action_reopen()
        self.assertEqual(activity.sudo().state, "planned")
        tasks = self.tasks(activity)
        self.assertEqual(tasks.mapped("summary"), ["Talk", "Ask"])
        self.assertEqual(tasks.user_id, self.ewa)

    def test_members_of_another_company_are_called_again(self):
        """Whoever reopens it, if it was planned for them."""
        both = self.company | self.other_company
        self.ewa.write({"company_ids": [Command.set(both.ids)]})
        self.few.sudo().relationship_linked_company_ids = self.other_company
        other = self.env["relationship.campaign.addressee"].with_user(self.katrin)
        other = other.create(
            {"campaign_id": self.few.id, "partner_id": self.people[5].id}
        )
        self.assertEqual(other.company_id, self.other_company)
        everybody = other.sudo() | self.guests
        ewa = self.env(user=self.ewa, context={"allowed_company_ids": both.ids})
        for end in ("action_cancel", "action_done"):
            with self.subTest(end):
                activity = self.plan_letters().with_env(ewa)
                activity = activity.copy({"user_id": self.ewa.id})
                activity.action_create_tasks()
                called = self.open_for(activity)
                self.assertEqual(called.sudo(), everybody.sorted("id"))
                getattr(activity, end)()
                as_anna = activity.with_user(self.anna).with_context(
                    allowed_company_ids=self.company.ids
                )
                as_anna.action_reopen()
                self.assertEqual(self.open_for(activity).sudo(), called.sudo())
                # Anna has nothing to do with members whom she may not see.
                getattr(activity, end)()
                as_anna.user_id = self.anna
                as_anna.action_reopen()
                self.assertEqual(self.open_for(activity).sudo(), self.guests)

    def test_whoever_is_called_first_after_it_had_nobody(self):
        fair = self.new_campaign(channel=False, date_to=self.day(90))
        for end in ("action_cancel", "action_done"):
            with self.subTest(end):
                activity = self.plan(type_id=self.letters.id, campaign_id=fair.id)
                getattr(activity, end)()
                self.add_members(fair, self.env["res.partner"].create({"name": end}))
                activity.action_reopen()
                self.assertFalse(self.open_for(activity))

    def test_who_is_included_again_had_joined_before(self):
        """And whoever had joined, but had no task, has none now."""
        for end in ("action_cancel", "action_done"):
            with self.subTest(end):
                fair = self.new_campaign(channel=False, date_to=self.day(90))
                members = self.add_members(fair, *self.people[:3])
                activity = self.plan(type_id=self.letters.id, campaign_id=fair.id)
                self.add_members(fair, self.people[3])
                members[2].with_user(self.anna).action_leave_out()
                getattr(activity, end)()
                members[2].with_user(self.anna).action_take_in()
                activity.action_reopen()
                self.assertEqual(self.open_for(activity), members)

    def test_a_task_of_nobody_stays_one(self):
        for end in ("action_cancel", "action_done"):
            with self.subTest(end):
                activity = self.plan()
                task = self.tasks(activity)[0].with_user(self.anna)
                task.write({"summary": "Whoever has time", "user_id": False})
                getattr(activity, end)()
                activity.action_reopen()
                again = self.tasks(activity, summary="Whoever has time")
                self.assertTrue(again.active)
                self.assertFalse(again.user_id)

    def test_an_archived_activity_is_gone_on_with_as_a_whole(self):
        for end in ("action_cancel", "action_done"):
            with self.subTest(end):
                activity = self.plan()
                self.tasks(activity)[0].with_user(self.anna).summary = "Mine"
                getattr(activity, end)()
                activity.action_archive()
                activity.action_reopen()
                self.assertTrue(activity.active)
                words = self.tasks(activity, active=True).mapped("summary")
                self.assertEqual(sorted(words), ["Call Stalmet S.A.", "Mine"])

    def test_files_of_a_task_outlive_it(self):
        """Linked, or only pasted into its note."""
        for is_linked in (True, False):
            with self.subTest(is_linked=is_linked):
                activity = self.plan()
                task = self.tasks(activity)[0].with_user(self.anna)
                here = {"res_model": task._name, "res_id": task.id}
                file = self.env["ir.attachment"].create({"name": "plan", **here})
                if is_linked:
                    task.attachment_ids = file
                activity.action_cancel()
                self.assertTrue(file.exists())
                activity.action_reopen()
                again = self.tasks(activity)
                again = again.filtered(lambda t, f=file: t.id == f.res_id)
                self.assertTrue(again.active)
                self.assertEqual(again.attachment_ids, file if is_linked else file[:0])

    def test_who_joined_is_not_called_by_what_waits(self):
        first = {"summary": "Prepare"}
        later = {"summary": "Call {contact}", "per": "addressee"}
        kind = self.new_type("After", first, later, channel="email")
        kind.template_ids[1].wait_template_id = kind.template_ids[0]
        for end in ("action_cancel", "action_done"):
            with self.subTest(end):
                fair = self.new_campaign(channel=False, date_to=self.day(90))
                before = self.add_members(fair, *self.people[:2])
                activity = self.plan(type_id=kind.id, campaign_id=fair.id)
                self.tasks(activity).with_user(self.anna).action_feedback()
                self.assertEqual(self.open_for(activity), before)
                self.add_members(fair, self.people[2])
                getattr(activity, end)()
                activity.action_reopen()
                self.assertEqual(self.open_for(activity), before)

    def test_who_could_not_be_called_for_a_while_had_joined_before(self):
        fair = self.new_campaign(channel=False, date_to=self.day(90))
        members = self.add_members(fair, *self.people[:2])
        activity = self.plan(type_id=self.letters.id, campaign_id=fair.id)
        for is_listed in (True, False):
            activity.action_cancel()
            blacklist = self.env["mail.blacklist"]
            change = blacklist._add if is_listed else blacklist._remove
            change(self.people[1].email)
            activity.action_reopen()
            self.assertEqual(
                self.open_for(activity), members[0] if is_listed else members
            )

    def test_what_an_earlier_version_has_remembered(self):
        activity = self.plan()
        activity.action_cancel()
        activity.sudo().cancelled_tasks = [{"summary": "Prepare", "task_key": ""}]
        activity.action_reopen()
        self.assertEqual(activity.open_task_count, 2)
