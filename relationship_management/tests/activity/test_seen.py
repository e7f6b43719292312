"""Who may not see whom a task is about does not see the task."""

from odoo.exceptions import AccessError

from .activity_case import ActivityCase


class TestWhoSeesATask(ActivityCase):
    """A campaign of ours with which Leipzig is linked, and members of both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls = cls.new_type(
            "Calls",
            {
                "summary": "Call {partner}",
                "note": "<p>For {partner}</p>",
                "per": "addressee",
            },
        )
        cls.campaign = cls.new_campaign()
        # As superuser: Anna does not see the company.
        cls.campaign.sudo().relationship_linked_company_ids = cls.other_company
        cls.add_members(cls.campaign, cls.stalmet)
        cls.activity = cls.plan(campaign_id=cls.campaign.id, type_id=cls.calls.id)
        cls.task = cls.tasks(cls.activity)

    def setUp(self):
        super().setUp()
        self.forget()

    def forget(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def add_task_of_leipzig(self, **values):
        """Let somebody of both companies plan a call with a member of Leipzig."""
        theirs = self.kranbau.copy({"name": "Messebau", "city": "Leipzig"})
        members = self.env["relationship.campaign.addressee"].with_user(self.katrin)
        members.create({"campaign_id": self.campaign.id, "partner_id": theirs.id})
        context = self.in_both_companies(self.piotr)
        both = self.env["relationship.activity"].with_user(self.piotr)
        activity = both.with_context(**context).create(
            {
                "name": "All of them",
                "type_id": self.calls.id,
                "campaign_id": self.campaign.id,
                "user_id": self.piotr.id,
                **values,
            }
        )
        tasks = self.tasks(activity)
        self.forget()
        return tasks, tasks.filtered(lambda task: "Messebau" in task.summary)

    def count(self, user):
        """Tell whether figures know a next task of the partner; their names."""
        self.forget()
        rows = self.env["relationship.partner.report"].with_user(user)
        names = rows.search(
            [("partner_id", "=", self.stalmet.id), ("kind", "=", "activity")]
        ).mapped("name")
        return bool(self.stalmet.with_user(user).next_contact_date), names

    def find(self, user, domain):
        return self.campaign.with_user(user).search(
            [("id", "=", self.campaign.id), *domain]
        )

    # Members of the owner

    def test_the_next_task_of_a_campaign_names_no_member(self):
        for user, told in ((self.anna, "Call Stalmet S.A."), (self.katrin, False)):
            with self.subTest(user.login):
                self.env.invalidate_all()
                campaign = self.campaign.with_user(user)
                self.assertEqual(campaign.activity_summary, told)
                values = campaign.web_read(
                    {
                        "activity_ids": {"fields": {"summary": {}}},
                        "activity_summary": {},
                        "activity_type_icon": {},
                    }
                )
                self.assertEqual(values[0]["activity_summary"], told)
                self.assertEqual(len(values[0]["activity_ids"]), bool(told))

    def test_nobody_guesses_members_by_searching(self):
        for domain in (
            [("activity_summary", "ilike", "Stalmet")],
            [("activity_ids.summary", "ilike", "Stalmet")],
            [("activity_ids.note", "ilike", "Stalmet")],
        ):
            with self.subTest(domain):
                self.assertTrue(self.find(self.anna, domain))
                self.assertFalse(self.find(self.katrin, domain))

    def test_a_task_is_read_by_who_sees_the_member(self):
        self.assertEqual(
            self.task.with_user(self.anna).read(["summary"])[0]["summary"],
            "Call Stalmet S.A.",
        )
        self.env.invalidate_all()
        theirs = self.task.with_user(self.katrin)
        self.assertFalse(theirs.has_access("read"))
        with self.refused("doesn't have 'read' access", AccessError):
            theirs.read(["summary", "note", "feedback"])

    def test_who_does_it_sees_it(self):
        self.task.sudo().user_id = self.katrin
        self.forget()
        theirs = self.task.with_user(self.katrin)
        self.assertEqual(theirs.read(["summary"])[0]["summary"], "Call Stalmet S.A.")
        self.assertIn(theirs, theirs.search([("user_id", "=", self.katrin.id)]))

    # Members of a linked company

    def test_the_owner_sees_no_task_about_a_member_of_a_linked_company(self):
        _tasks, hidden = self.add_task_of_leipzig()
        self.assertTrue(hidden)
        ours = hidden.with_user(self.anna)
        self.assertFalse(ours.search([("id", "in", hidden.ids)]))
        self.assertFalse(ours.has_access("read"))
        domain = [("activity_ids.summary", "ilike", "Messebau")]
        self.assertFalse(self.find(self.anna, domain))
        with self.refused("doesn't have 'read' access", AccessError):
            ours.read(["summary"])
        self.assertTrue(hidden.with_user(self.piotr).read(["summary"]))

    def test_who_may_change_the_activity_ends_it_all_the_same(self):
        for button, left in (("action_done", 2), ("action_cancel", 0)):
            with self.subTest(button):
                tasks, _hidden = self.add_task_of_leipzig()
                activity = tasks.relationship_activity_id.with_user(self.anna)
                activity.text = "<p>Be brief</p>"
                getattr(activity, button)()
                self.assertFalse(tasks.exists().filtered("active"))
                self.assertEqual(len(tasks.exists()), left)
                activity.action_reopen()
                self.assertEqual(len(self.tasks(activity).filtered("active")), 2)
                activity.unlink()

    def test_whoever_completes_the_campaign_ends_it_all_the_same(self):
        for button, decision in (("complete", "close"), ("cancel", "cancel")):
            with self.subTest(decision):
                tasks, hidden = self.add_task_of_leipzig()
                campaign = self.campaign.with_user(self.anna)
                action = getattr(campaign, f"action_{button}")()
                dialogs = self.env["relationship.campaign.complete"]
                dialogs = dialogs.with_user(self.anna).with_context(**action["context"])
                dialog = dialogs.create({"decision": decision})
                self.assertFalse(dialog.task_ids & hidden.with_user(self.anna))
                self.assertTrue(dialog.task_ids & tasks.with_user(self.anna))
                number = len(self.campaign.sudo().activity_ids)
                self.assertIn(f"Open tasks: {number}", dialog.summary)
                self.forget()
                dialog.action_confirm()
                self.assertFalse(tasks.exists().filtered("active"))
                self.forget()
                self.campaign.with_user(self.anna).action_reopen()

    # Contact persons of one company at a partner of all

    def test_a_shared_partner_names_nobody_whom_one_company_alone_knows(self):
        person = self.env["res.partner"].create(
            {
                "name": "Secret buyer",
                "parent_id": self.stalmet.id,
                "company_id": self.company.id,
            }
        )
        kind = self.new_type("Talks", {"summary": "Talk with {contact}"})
        activity = self.plan(type_id=kind.id, contact_id=person.id)
        task = self.tasks(activity)
        self.forget()
        seen = self.stalmet.with_user(self.anna)
        self.assertEqual(seen.activity_summary, "Talk with Secret buyer")
        self.env.invalidate_all()
        seen = self.stalmet.with_user(self.katrin)
        self.assertFalse(seen.activity_summary)
        domain = [("activity_ids.summary", "ilike", "Secret")]
        self.assertFalse(seen.search([("id", "=", seen.id), *domain]))
        self.assertFalse(task.with_user(self.katrin).has_access("read"))
        self.assertEqual(self.count(self.anna), (True, ["Talk with Secret buyer"]))
        self.assertEqual(self.count(self.katrin), (False, []))
        task.with_user(self.anna).action_feedback(feedback="The secret buyer is ill")
        told = " ".join(
            self.stalmet.with_user(self.katrin).message_ids.mapped("preview")
        )
        self.assertIn("Call done", told)
        self.assertNotIn("ecret buyer", told)

    def test_a_shared_partner_tells_nothing_of_one_companys_activity(self):
        """Not even its text, which the task repeats; but what came of it."""
        activity = self.plan(text="<p>Offer 20 % less</p>")
        tasks = self.tasks(activity)
        self.forget()
        self.assertEqual(len(self.count(self.anna)[1]), 2)
        self.assertTrue(self.stalmet.with_user(self.anna).activity_summary)
        self.assertFalse(activity.with_user(self.katrin).has_access("read"))
        theirs = tasks.with_user(self.katrin)
        self.assertFalse(theirs.search([("note", "ilike", "20 %")]))
        self.assertFalse(any(task.has_access("read") for task in theirs))
        self.assertFalse(self.stalmet.with_user(self.katrin).activity_summary)
        self.assertEqual(self.count(self.katrin), (False, []))
        for task in tasks:
            task.with_user(self.anna).action_feedback(feedback="They come")
        told = self.stalmet.with_user(self.katrin).message_ids.mapped("body")
        self.assertRegex(told[0], "(?s)done.*They come")
        for message in told:
            self.assertNotIn("20 %", message)
            self.assertNotIn(activity.name, message)

    def test_whatever_is_planned_at_a_shared_partner_itself_all_may_know(self):
        task = self.stalmet.with_user(self.anna).activity_schedule(
            "mail.mail_activity_data_call", summary="Ask for plans"
        )
        self.forget()
        self.assertTrue(task.with_user(self.katrin).has_access("read"))
        self.assertEqual(
            self.stalmet.with_user(self.katrin).activity_summary, "Ask for plans"
        )
        task.with_user(self.anna).action_feedback(feedback="They come")
        [told, *_] = self.stalmet.with_user(self.katrin).message_ids.mapped("body")
        self.assertRegex(told, "(?s)Ask for plans.*They come")

    # Types that are hidden

    def test_the_tasks_of_a_hidden_type_tell_nothing(self):
        group = self.env["res.groups"].create({"name": "Board"})
        self.anna.group_ids |= group
        kind = self.new_type(
            "Take-over",
            {"summary": "Buy {partner}", "note": "<p>For 2 million</p>"},
            see_group_ids=group.ids,
        )
        task = self.tasks(self.plan(type_id=kind.id))
        self.forget()
        for user, is_told in ((self.anna, True), (self.piotr, False)):
            with self.subTest(user.login):
                theirs = task.with_user(user)
                found = theirs.search([("summary", "ilike", "Buy")])
                self.assertEqual(
                    (task in found, theirs.has_access("read")), (is_told,) * 2
                )
                partner = self.stalmet.with_user(user)
                self.assertEqual(bool(partner.activity_summary), is_told)
                self.forget()
        # What one may not read, one neither does nor deletes, open or done.
        for attempt in (
            lambda: task.with_user(self.piotr).action_feedback(feedback="Blind"),
            lambda: task.with_user(self.piotr).unlink(),
            lambda: task.with_user(self.piotr).write({"summary": "Mine"}),
        ):
            with self.refused("mail.activity|tasks|activities|Activity", AccessError):
                attempt()
            self.forget()
        self.assertTrue(task.active)
        # Whoever has to do it knows what.
        task.sudo().user_id = self.piotr
        self.forget()
        self.assertEqual(task.with_user(self.piotr).summary, "Buy Stalmet S.A.")
        task.with_user(self.piotr).action_feedback(feedback="They sell")
        told = " ".join(self.stalmet.with_user(self.jan).message_ids.mapped("preview"))
        self.assertNotIn("They sell", told)
        self.assertNotIn("Buy", told)
