from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..campaign.campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestCampaignTargetGroup(TargetGroupCase):
    """Whom the steps of a rule find, and how they read."""

    def test_our_own_criteria(self):
        self.companies[0]._give_role("customer")
        self.companies[1].consent_ids = [
            Command.create({"channel": "letter", "action": "given"})
        ]
        for rule, found in (
            ([("role_type_ids.kind", "=", "customer")], self.companies[0]),
            ([("consent_letter", "=", "given")], self.companies[1]),
            ([("related_partner_id", "in", self.stalmet.ids)], None),
        ):
            campaign = self.new_campaign(channel="email")
            self.add_rule([("category_id", "in", self.tag.ids), *rule], campaign)
            self.freeze(campaign)
            self.assertEqual(
                campaign.addressee_ids.partner_id, found or self.env["res.partner"]
            )

    def test_set_operations(self):
        other = self.new_campaign(channel="email")
        self.add_rule(campaign=other)
        self.freeze(other)
        addressees = other.addressee_ids
        addressees[:4].action_mark_contacted()
        yes = self.env.ref("relationship_management.relationship_campaign_response_yes")
        addressees[:2].write({"response_id": yes.id})
        one_to_seven = [("id", "in", self.companies[1:8].ids)]
        for operation, part, count in (
            ("subtract", "contacted", 4),
            ("intersect", "contacted", 3),
            ("intersect", "positive", 1),
            ("intersect", "silent", 2),
            ("subtract", "responded", 6),
            ("add", "all", 10),
            ("intersect", "opportunity", 0),
            ("intersect", "control", 0),
        ):
            with self.subTest(operation=operation, part=part):
                campaign = self.new_campaign(channel="email")
                self.add_rule(one_to_seven, campaign)
                step = self.add_rule(
                    campaign=campaign,
                    operation=operation,
                    source="campaign",
                    other_campaign_id=other.id,
                    part=part,
                    sequence=20,
                )
                self.assertIn("Poznań fair", step.text)
                self.freeze(campaign)
                self.assertEqual(len(campaign.addressee_ids), count)

    def test_a_step_reads_well_before_the_campaign_is_saved(self):
        with Form(self.env["relationship.campaign"].with_user(self.anna)) as form:
            form.title = "Visits"
            form.type_id = self.fair_type
            with form.selection_ids.new() as step:
                step.operation = "intersect"
                step.source = "campaign"
                step.other_campaign_id = self.campaign
                self.assertIn("“Poznań fair”", step.text)

    def test_lost_opportunities_came_of_a_campaign_too(self):
        self.add_rule()
        self.freeze()
        self.new_lead(
            self.anna,
            addressee_id=self.addressee(self.companies[0]).id,
            campaign_id=self.campaign.utm_campaign_id.id,
        ).action_set_lost()
        campaign = self.new_campaign(channel="email")
        self.add_rule(
            campaign=campaign,
            source="campaign",
            other_campaign_id=self.campaign.id,
            part="opportunity",
        )
        self.freeze(campaign)
        self.assertEqual(campaign.addressee_ids.target_id, self.companies[0])

    def test_a_rule_never_finds_technical_partners(self):
        public = new_test_user(self.env, "shop_visitor", groups="base.group_public")
        person = new_test_user(self.env, "eva_portal", groups="base.group_portal")
        shared = new_test_user(self.env, "shared_public", groups="base.group_public")
        shared.partner_id = person.partner_id
        root = self.env.ref("base.user_root")
        technical = (public | root | self.env.ref("base.public_user")).partner_id
        partners = technical | person.partner_id
        partners.email = "who@example.com"
        self.add_rule([("id", "in", partners.ids)])
        run = self.freeze()
        self.assertEqual(run.total, 1)
        self.assertEqual(run.counts, {"new": {"": 1}})
        self.assertTrue(self.addressee(person.partner_id))

    def test_without_a_condition_the_step_counts_everybody(self):
        step = self.add_rule([])
        everybody = step.everybody_count
        self.assertGreaterEqual(everybody, 10)
        self.new_partners(3, "More")
        step.invalidate_recordset(["everybody_count"])
        self.assertEqual(step.everybody_count, everybody + 3)
        step.rule = "[('city', '=', 'Poznań')]"
        self.assertEqual(step.everybody_count, 0)

    def test_nothing_found(self):
        self.add_rule([("name", "=", "Nobody at all")])
        self.assertFalse(self.freeze().counts)

    def test_broken_rules_are_refused_in_a_sentence(self):
        for rule, sentence in (
            ("[('name', '=',", "cannot be read"),
            ("[('user_id', '=', uid)]", "cannot be read"),
            ("__import__('os')", "cannot be read"),
            ("[('no_such_field', '=', 1)]", "do not have"),
            ("[('create_date', '>', 'the day after')]", "do not have"),
            ("[('id', '=', 1), 'x']", "cannot be read"),
        ):
            with (
                self.subTest(rule=rule),
                self.assertRaisesRegex(ValidationError, sentence),
                self.env.cr.savepoint(),
            ):
                self.env["relationship.campaign.selection"].create(
                    {"campaign_id": self.campaign.id, "rule": rule}
                )

    def test_without_a_rule_there_is_nothing_to_freeze(self):
        with self.assertRaisesRegex(UserError, "no rule yet"):
            self.campaign.action_freeze()
        self.add_rule(operation="subtract")
        with self.assertRaisesRegex(UserError, "begin with"):
            self.campaign.action_freeze()

    def test_rules_in_words(self):
        step = self.add_rule(
            ["|", ("city", "ilike", "Poznań"), ("is_company", "=", True)]
        )
        self.assertEqual(
            step.text, "Add: (City contains “Poznań” or Is a Company: yes)"
        )
        roles = self.env["relationship.role.type"].create({"name": "Dealer"})
        for rule, words in (
            ([("role_type_ids", "in", roles.ids)], "Roles: “Dealer”"),
            ([("id", "in", self.companies[:2].ids)], "Partner: “Firm 0” or “Firm 1”"),
            ([("city", "!=", "Poznań")], "City: not “Poznań”"),
            ([("category_id", "not in", self.tag.ids)], f"Tags: not “{self.tag.name}”"),
        ):
            step.rule = str(rule)
            self.assertEqual(step.text, f"Add: {words}")
        step.rule = "[]"
        self.assertEqual(step.text, "Add: everybody, without any condition")

    def test_a_rule_of_two_thousand_alternatives_opens(self):
        towns = [("city", "=ilike", f"Town {i}") for i in range(2000)]
        step = self.add_rule(["|"] * 1999 + towns)
        with Form(self.campaign.with_user(self.anna)) as form:
            self.assertTrue(form.title)
        text = step.with_user(self.anna).text
        self.assertRegex(text, r"“Town 19” or further conditions: 1980\)$")

    def test_a_rule_that_is_nested_too_deeply_is_refused_in_words(self):
        rule = [("city", "=", "x")]
        for i in range(3000):
            rule = ["&" if i % 2 else "|", ("name", "=", str(i)), *rule]
        steps = self.env["relationship.campaign.selection"].with_user(self.anna)
        for text in (str(rule), "-" * 100_000 + "1"):
            with self.assertRaises(ValidationError) as caught:
                steps.create({"campaign_id": self.campaign.id, "rule": text})
            self.assertRegex(str(caught.exception), "cannot be read|asks for something")
