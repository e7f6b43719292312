from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .activity_case import ActivityCase

# What the server keeps of the creation of tasks, and what a client might say.
KEPT = {
    "run_state": "running",
    "run_user_id": 1,
    "run_total": 1,
    "run_done": 1,
    "run_member_id": 1,
    "run_error": "<b>x</b>",
    "left_out": [1, 2],
}


@tagged("post_install", "-at_install")
class TestSecretsOfActivities(ActivityCase):
    """Who may plan gets no more rights by it; others see what they may."""

    def link_campaign(self):
        campaign = self.new_campaign()
        # As superuser: Anna does not see the company.
        campaign.sudo().relationship_linked_company_ids = self.other_company
        return campaign

    def get_chatter(self, campaign):
        """Return what Katrin, whose company is linked, reads there."""
        messages = self.env["mail.message"].with_user(self.katrin)
        domain = [("model", "=", campaign._name), ("res_id", "=", campaign.id)]
        found = messages.search(domain, order="id")
        return " ".join(found.mapped("preview")), found.sudo().attachment_ids

    # The run

    def test_nobody_says_with_whose_rights_tasks_are_created(self):
        activity = self.plan(campaign_id=self.new_campaign().id)
        for name, value in KEPT.items():
            with self.refused("cannot be changed by hand", UserError):
                activity.write({name: value})
        self.assertFalse(activity.run_state)

    def test_a_new_activity_has_no_run_of_a_client(self):
        activity = self.plan(campaign_id=self.new_campaign().id, **KEPT)
        self.assertFalse(activity.run_state or activity.run_user_id)
        self.assertFalse(activity.run_error or activity.left_out)

    def test_who_excludes_a_member_reads_nothing_of_what_is_hidden(self):
        """Core lets everybody read what they are the author of."""
        calls = self.new_type("Calls", {"summary": "Call", "per": "addressee"})
        campaign = self.new_campaign()
        member = self.add_members(campaign, self.stalmet, self.kranbau)[0]
        notes = []
        for group in (False, "sales_team.group_sale_manager"):
            activity = self.plan(type_id=calls.id, campaign_id=campaign.id)
            calls.see_group_ids = self.env.ref(group) if group else False
            member.with_user(self.anna)._write_state({"state": "excluded"})
            of_activity = [("model", "=", activity._name), ("res_id", "=", activity.id)]
            told = [*of_activity, ("body", "like", "taken back")]
            messages = self.env["mail.message"]
            self.assertEqual(messages.search_count(told), 1)
            notes.append(messages.with_user(self.anna).search_count(told))
            member.with_user(self.anna)._write_state({"state": "open"})
        self.assertEqual(notes, [1, 0])

    # What linked companies read

    def test_a_linked_company_sees_no_partner_of_the_owner_alone(self):
        campaign = self.link_campaign()
        shared = self.plan(campaign_id=campaign.id, partner_id=self.stalmet.id)
        self.assertTrue(shared.with_user(self.katrin).has_access("read"))
        ours = self.kranbau.copy({"company_id": self.company.id})
        person = self.kranbau.copy({"parent_id": ours.id})
        for name, values in {
            "partner": {"partner_id": ours.id},
            "contact": {"partner_id": ours.id, "contact_id": person.id},
        }.items():
            with self.subTest(name):
                activity = self.plan(campaign_id=campaign.id, **values)
                self.assertTrue(activity.has_access("read"))
                self.assertFalse(activity.with_user(self.katrin).has_access("read"))

    def test_a_merge_tells_no_company_what_was_done_for_anothers_member(self):
        """Whether the member is taken over, or another one stands for both."""
        calls = self.new_type("Calls", {"summary": "Call", "per": "addressee"})
        self.ewa.company_ids |= self.other_company
        for both_done in (True, False):
            campaign = self.new_campaign(channel=False)
            # As superuser: Anna does not see the company.
            campaign.sudo().relationship_linked_company_ids = self.other_company
            ours, theirs = (self.kranbau.copy({"name": n}) for n in ("Ours", "Theirs"))
            mine = self.add_members(campaign, ours)
            members = self.env["relationship.campaign.addressee"]
            other = members.with_user(self.katrin).create(
                {"campaign_id": campaign.id, "partner_id": theirs.id}
            )
            self.assertEqual(other.sudo().company_id, self.other_company)
            # Whoever works for both plans for the members of both.
            both = (self.company | self.other_company).ids
            activity = (
                self.env["relationship.activity"]
                .with_user(self.ewa)
                .with_context(allowed_company_ids=both)
                .create({"name": "C", "campaign_id": campaign.id, "type_id": calls.id})
            )
            tasks = self.tasks(activity)
            done = tasks.filtered(lambda task, who=other: task.addressee_id == who)
            done.user_id = self.katrin
            done.with_user(self.katrin).action_feedback(feedback="Two million")
            if both_done:
                (tasks - done).with_user(self.anna).action_feedback()
            else:
                (tasks - done).unlink()
                mine.sudo().state = "responded"
            with self.subTest(both_done=both_done):
                for merged in (False, True):
                    if merged:
                        wizards = self.env["base.partner.merge.automatic.wizard"]
                        wizards._merge([ours.id, theirs.id], ours, extra_checks=False)
                    self.env.flush_all()
                    self.env.invalidate_all()
                    self.assertTrue(done.exists())
                    self.assertFalse(done.with_user(self.anna).has_access("read"))
                    self.assertTrue(done.with_user(self.katrin).has_access("read"))

    def test_the_chatter_names_no_member_to_a_linked_company(self):
        campaign = self.link_campaign()
        self.add_members(campaign, self.stalmet)
        calls = self.new_type("Calls", {"summary": "Call", "per": "addressee"})
        task = self.tasks(self.plan(campaign_id=campaign.id, type_id=calls.id))
        file = self.env["ir.attachment"].create(
            {"name": "offer", "res_model": task._name, "res_id": task.id}
        )
        task.with_user(self.anna).action_feedback(feedback="They are bankrupt")
        told, files = self.get_chatter(campaign)
        self.assertIn("Call done", told)
        self.assertNotIn("Stalmet", told)
        self.assertNotIn("bankrupt", told)
        self.assertFalse(files)
        self.assertEqual((file.res_model, file.res_id), (task._name, task.id))
        self.assertEqual(task.feedback, "They are bankrupt")

    def test_the_chatter_names_no_partner_of_the_owner_to_a_linked_company(self):
        campaign = self.link_campaign()
        ours = self.kranbau.copy({"name": "Ours", "company_id": self.company.id})
        activity = self.plan(campaign_id=campaign.id, partner_id=ours.id)
        self.tasks(activity).with_user(self.anna).action_feedback(feedback="Secret")
        self.assertNotRegex(self.get_chatter(campaign)[0], "Ours|Secret")

    def test_where_nobody_is_linked_the_chatter_tells_all(self):
        campaign = self.new_campaign()
        self.add_members(campaign, self.stalmet)
        calls = self.new_type("Calls", {"summary": "Call", "per": "addressee"})
        task = self.tasks(self.plan(campaign_id=campaign.id, type_id=calls.id))
        task.with_user(self.anna).action_feedback(feedback="They come")
        self.assertRegex(campaign.message_ids[0].preview, "Stalmet.*They come")

    # What belongs to types of another company

    def test_task_templates_are_those_of_the_company_of_their_type(self):
        self.ewa.company_ids = self.company
        ours = self.new_type("Ours", {}, company_id=self.company.id)
        theirs = self.new_type("Theirs", {}, company_id=self.other_company.id)
        template, hidden = ours.template_ids, theirs.template_ids
        for record in (hidden, hidden.plan_id):
            seen = record.with_user(self.ewa)
            self.assertFalse(seen.has_access("read"))
            for change in (lambda r: r.write({"active": True}), lambda r: r.unlink()):
                with self.refused("access", AccessError):
                    change(seen)
        for name, parent in {
            "plan_id": hidden.plan_id,
            "relationship_type_id": theirs,
            "wait_template_id": hidden,
        }.items():
            with self.subTest(name), self.refused("access", AccessError):
                template.with_user(self.ewa).write({name: parent.id})
