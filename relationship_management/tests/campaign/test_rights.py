from contextlib import contextmanager

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestCampaignRights(TargetGroupCase):
    """Costs, steps and runs of a campaign are as safe as the campaign itself."""

    def link_other_company(self):
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        self.env.flush_all()

    def new_hidden_campaign(self):
        """Return a campaign of a type that Jan and Piotr may not even see."""
        group = self.env["res.groups"].create({"name": "Confidential"})
        self.anna.group_ids += group
        secret = self.fair_type.copy(
            {"see_group_ids": group.ids, "user_id": self.anna.id}
        )
        return self.new_campaign(title="Secret fair", type_id=secret.id)

    def test_a_campaign_is_duplicated_with_its_rule_and_costs(self):
        self.add_rule()
        self.campaign.cost_ids = [(0, 0, {"name": "Stand", "planned_amount": 500})]
        copy = self.campaign.with_user(self.anna).copy()
        self.assertEqual(copy.selection_ids.rule, self.campaign.selection_ids.rule)
        self.assertEqual(copy.planned_cost, 500)
        self.assertEqual(copy.company_id, self.company)

    def test_a_rule_and_costs_may_come_with_a_new_campaign(self):
        campaign = self.new_campaign(
            selection_ids=[(0, 0, {"rule": "[]"})],
            cost_ids=[(0, 0, {"name": "Stand", "planned_amount": 20})],
        )
        self.assertEqual(campaign.selection_ids.rule, "[]")
        self.assertEqual(campaign.planned_cost, 20)

    def test_linked_companies_look_on_at_costs_and_steps(self):
        self.link_other_company()
        step = self.add_rule()
        cost = self.env["relationship.campaign.cost"].create(
            {"campaign_id": self.campaign.id, "name": "Stand"}
        )
        for record in (step, cost):
            theirs = record.with_user(self.katrin)
            values = {"campaign_id": self.campaign.id, "name": "Ours"}
            values = {k: v for k, v in values.items() if k in record._fields}
            with self.subTest(record._name):
                self.assertEqual(theirs.campaign_id.title, "Poznań fair")
                with self.refused(r"'create' access to:\n- .* \(", AccessError):
                    theirs.create(values)
                with self.refused(r"'write' access to:\n- .* \(", AccessError):
                    theirs.write(values)
                with self.refused(r"'unlink' access to:\n- .* \(", AccessError):
                    theirs.unlink()

    def test_who_does_not_see_the_campaign_sees_no_costs_and_steps(self):
        step = self.add_rule()
        cost = self.env["relationship.campaign.cost"].create(
            {"campaign_id": self.campaign.id, "name": "Stand"}
        )
        for record in (step, cost):
            with self.subTest(record._name):
                self.assertFalse(record.with_user(self.katrin).has_access("read"))
                self.assertTrue(record.with_user(self.piotr).has_access("read"))
        self.fair_type.see_group_ids = self.env["res.groups"].create({"name": "Fairs"})
        for record in (step, cost):
            with self.subTest(record._name):
                self.assertFalse(record.with_user(self.piotr).has_access("read"))

    def test_the_dialog_of_a_refresh_belongs_to_one_person(self):
        self.add_rule()
        action = self.campaign.with_user(self.anna).action_freeze()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(wizard.with_user(self.anna).has_access("write"))
        for operation in ("read", "write"):
            self.assertFalse(wizard.with_user(self.piotr).has_access(operation))

    def test_who_may_not_use_the_type_changes_no_costs_and_steps(self):
        step = self.add_rule()
        cost = self.env["relationship.campaign.cost"].create(
            {"campaign_id": self.campaign.id, "name": "Stand"}
        )
        self.fair_type.use_group_ids = self.env["res.groups"].create({"name": "Fairs"})
        for record in (step, cost):
            with self.subTest(record._name):
                for operation in ("write", "unlink"):
                    self.assertFalse(record.with_user(self.piotr).has_access(operation))
                with self.refused("records of the type Test fair: ", AccessError):
                    record.with_user(self.piotr).copy()

    def test_a_linked_company_stages_no_run(self):
        self.link_other_company()
        self.add_rule()
        with self.refused(r"'write' access to:\n- Campaign \(", AccessError):
            self.campaign.with_user(self.katrin)._stage_rule()
        self.assertTrue(self.campaign.with_user(self.anna)._stage_rule())

    def test_runs_are_seen_by_their_company_and_with_the_type(self):
        self.link_other_company()
        self.add_rule()
        run = self.freeze()
        for user, may_read in ((self.piotr, True), (self.katrin, False)):
            self.assertEqual(run.with_user(user).has_access("read"), may_read)
        self.fair_type.see_group_ids = self.env["res.groups"].create({"name": "Fairs"})
        self.assertFalse(run.with_user(self.piotr).has_access("read"))

    # A linked company that goes

    @contextmanager
    def refused(self, sentence, exception=UserError):
        """As in a request of its own: without what the superuser has read."""
        with super().refused(sentence, exception) as caught:
            self.env.invalidate_all()
            yield caught

    def test_what_a_company_has_inside_stays_when_it_is_unlinked(self):
        self.link_other_company()
        linked = self.campaign.sudo()
        self.piotr.company_ids |= self.other_company
        campaign = self.campaign.with_user(self.piotr).with_context(
            allowed_company_ids=self.piotr.company_ids.ids
        )
        theirs = (
            self.env["relationship.campaign.addressee"]
            .with_user(self.katrin)
            .create({"campaign_id": self.campaign.id, "partner_id": self.stalmet.id})
        )
        part = self.new_campaign(self.katrin, title="Leipzig", user_id=self.katrin.id)
        part.sudo().parent_id = self.campaign
        part.active = False
        for change in (
            lambda: campaign.write({"relationship_linked_company_ids": [(5,)]}),
            # Beside the campaign, as a program may do it.
            lambda: linked.utm_campaign_id.write(
                {"relationship_linked_company_ids": [(5,)]}
            ),
        ):
            self.env.flush_all()
            self.env.invalidate_all()
            change()
            self.env.invalidate_all()
            self.assertFalse(linked.relationship_linked_company_ids)
            note = self.campaign.message_ids.sorted("id")[-1].preview
            self.assertIn("Companies no longer linked: 1. What they have", note)
            self.assertIn("again: members, parts.", note)
            self.assertEqual(theirs.sudo().company_id, self.other_company)
            self.assertEqual(part.sudo().parent_id, self.campaign)
            part.with_user(self.katrin).title = "Leipzig fair"
            self.link_other_company()

    # A step that names a campaign which is hidden

    def test_the_form_opens_although_a_step_names_a_hidden_campaign(self):
        hidden = self.new_hidden_campaign()
        self.add_rule()
        self.add_rule(
            operation="subtract", source="campaign", other_campaign_id=hidden.id
        )
        shown = {"selection_ids": {"fields": {"text": {}}}}
        for user, name in (
            (self.anna, "Remove: “Secret fair”"),
            (self.piotr, "Remove: “a campaign that you may not see”"),
        ):
            self.env.invalidate_all()
            (values,) = self.campaign.with_user(user).web_read(shown)
            with self.subTest(user.login):
                self.assertIn(name, values["selection_ids"][1]["text"])

    def test_nothing_that_names_a_hidden_campaign_tells_its_title(self):
        hidden = self.new_hidden_campaign()
        step = self.add_rule(
            operation="subtract", source="campaign", other_campaign_id=hidden.id
        )
        part = self.new_campaign(title="Part", parent_id=hidden.id)
        self.env.flush_all()
        for user, name in (
            (self.anna, "Secret fair"),
            (self.piotr, "a campaign that you may not see"),
            (self.anna, "Secret fair"),
        ):
            for record, field in ((step, "other_campaign_id"), (part, "parent_id")):
                theirs = record.with_user(user)
                self.env.invalidate_all()
                with self.subTest(user=user.login, field=field):
                    (values,) = theirs.read([field])
                    self.assertEqual(values[field], (hidden.id, name))
                    shown = {field: {"fields": {"display_name": {}}}}
                    (values,) = theirs.web_read(shown)
                    self.assertEqual(values[field]["display_name"], name)
                    (group,) = theirs.formatted_read_group(
                        [("id", "=", record.id)], [field], ["__count"]
                    )
                    self.assertEqual(group[field], (hidden.id, name))

    def test_a_hidden_campaign_is_not_taken_for_an_empty_one(self):
        hidden = self.new_hidden_campaign()
        self.add_rule()
        self.add_rule(
            operation="subtract", source="campaign", other_campaign_id=hidden.id
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(AccessError, "Step 2 of the target group"):
            self.campaign.with_user(self.piotr).action_freeze()
        self.assertEqual(self.freeze().counts, {"new": {"": 10}})
