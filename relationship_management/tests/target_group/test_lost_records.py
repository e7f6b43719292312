from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..campaign.campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestLostRecords(TargetGroupCase):
    """Nobody is written to because what should keep them out is gone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.no_mail = cls.env["res.partner.category"].create({"name": "No mail"})
        cls.companies[:2].category_id = [Command.link(cls.no_mail.id)]
        cls.add_rule()

    def take_away(self, rule, **values):
        values = {"operation": "subtract", "sequence": 20, **values}
        return self.add_rule(rule, **values)

    def assertStopped(self, words="names a record that was deleted"):
        self.env.invalidate_all()
        with self.refused(f"Step 2 .*{words}", UserError):
            self.campaign.with_user(self.anna).action_freeze()

    def test_a_deleted_tag_stops_the_freezing(self):
        step = self.take_away([("category_id", "in", self.no_mail.ids)])
        number = str(self.no_mail.id)
        self.no_mail.unlink()
        self.assertStopped()
        self.assertIn("a record that was deleted", step.text)
        self.assertNotIn(number, step.text)

    def test_whatever_the_condition_names(self):
        third = self.companies[9]
        country = self.env["res.country"].create({"name": "Utopia", "code": "QX"})
        role_type = self.env["relationship.role.type"].create(
            {"name": "Rare", "kind": "other"}
        )
        doomed = [
            (third, [("id", "in", [third.id])]),
            (third, [("parent_id", "=", third.id)]),
            (third, [("parent_id.id", "=", third.id)]),
            (third, [("id", "child_of", third.id)]),
            (
                third,
                ["|", ("name", "=", "X"), "!", ("related_partner_id", "=", third.id)],
            ),
            (country, [("parent_id.country_id", "!=", country.id)]),
            (country, [("child_ids", "any", [("country_id", "=", country.id)])]),
            (role_type, [("role_type_ids", "in", role_type.ids)]),
            (role_type, [("role_ids", "any", [("type_id", "=", role_type.id)])]),
        ]
        steps = [self.take_away(rule) for _record, rule in doomed]
        for step in steps:
            self.assertTrue(step.text)
        third.unlink()
        country.unlink()
        role_type.unlink()
        for step in steps:
            with self.subTest(rule=step.rule):
                (self.campaign.selection_ids - step).filtered(
                    lambda s: s.operation == "subtract"
                ).sequence = 99
                self.assertStopped()
                self.assertIn("a record that was deleted", step.text)

    def test_a_name_that_nobody_has_stops_as_well(self):
        step = self.take_away([("category_id", "in", ["No mail"])])
        self.freeze()
        self.assertEqual(len(self.campaign.addressee_ids), 8)
        self.no_mail.name = "Never mail"
        self.assertStopped()
        step.rule = str([("category_id", "ilike", "No mail")])
        self.freeze()

    def test_an_archived_tag_still_takes_away(self):
        self.take_away([("category_id", "in", self.no_mail.ids)])
        self.no_mail.active = False
        self.freeze()
        self.assertEqual(len(self.campaign.addressee_ids), 8)

    def test_a_record_that_the_user_may_not_see_stops_as_well(self):
        secret = self.env["relationship.role.type"].create(
            {
                "name": "Secret",
                "kind": "other",
                "see_group_ids": self.env.ref("sales_team.group_sale_manager").ids,
                "use_group_ids": self.env.ref("sales_team.group_sale_manager").ids,
            }
        )
        step = self.env["relationship.campaign.selection"].create(
            {
                "campaign_id": self.campaign.id,
                "operation": "subtract",
                "sequence": 20,
                "rule": str([("role_type_ids", "in", secret.ids)]),
            }
        )
        self.env.invalidate_all()
        with self.refused("Step 2 .*that you may not see", AccessError):
            self.campaign.with_user(self.anna).action_freeze()
        text = step.with_user(self.anna).text
        self.assertIn("something that you may not see", text)
        self.assertNotIn(str(secret.id), text)

    def test_a_partner_is_told_by_name(self):
        firm = self.companies[3]
        step = self.take_away([("id", "in", firm.ids)])
        self.assertIn("“Firm 3”", step.text)
        self.assertNotIn(str(firm.id), step.text)

    # Merges

    def merge(self, source, destination):
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | destination).ids, destination, extra_checks=False)
        self.env.invalidate_all()

    def test_a_merge_rewrites_the_rules(self):
        source, kept, third = self.companies[:3]
        steps = {
            self.take_away(rule): told
            for rule, told in (
                (
                    [("id", "in", [source.id, third.id])],
                    [("id", "in", [kept.id, third.id])],
                ),
                ([("id", "in", [source.id, kept.id])], [("id", "in", [kept.id])]),
                ([("parent_id", "=", source.id)], [("parent_id", "=", kept.id)]),
                (
                    ["|", ("color", "=", source.id), ("child_ids.id", "=", source.id)],
                    ["|", ("color", "=", source.id), ("child_ids.id", "=", kept.id)],
                ),
                (
                    [("child_ids", "any", [("parent_id", "child_of", [source.id])])],
                    [("child_ids", "any", [("parent_id", "child_of", [kept.id])])],
                ),
            )
        }
        other = self.take_away([("color", "=", source.id), ("id", "=", third.id)])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE relationship_campaign_selection SET write_date = '2020-01-01'"
        )
        self.merge(source, kept)
        for step, told in steps.items():
            self.assertEqual(step._read_rule(), told)
            self.assertNotEqual(step.write_date.year, 2020)
        self.assertEqual(other.write_date.year, 2020)
        self.freeze()
        self.assertEqual(len(self.campaign.addressee_ids), 7)

    def test_a_merge_of_opportunities_rewrites_the_rules(self):
        first, second = self.new_lead(self.piotr), self.new_lead(self.piotr)
        step = self.take_away([("opportunity_ids", "in", (first | second).ids)])
        left = (first | second).with_user(self.piotr).merge_opportunity()
        self.env.invalidate_all()
        self.assertEqual(step._read_rule(), [("opportunity_ids", "in", left.ids)])

    def test_a_merge_is_no_change_of_the_rule_that_was_frozen(self):
        source, kept = self.companies[:2]
        step = self.take_away([("id", "in", [source.id])])
        run = self.freeze()
        words = run.rule_words
        self.merge(source, kept)
        self.assertEqual(step._read_rule(), [("id", "in", [kept.id])])
        self.assertFalse(self.campaign.is_rule_changed)
        self.assertEqual(run.rule_words, words.replace("Firm 0", "Firm 1"))

    def test_nor_is_a_merge_of_opportunities(self):
        first, second = self.new_lead(self.anna), self.new_lead(self.anna)
        self.take_away([("opportunity_ids", "in", (first | second).ids)])
        self.freeze()
        (first | second).with_user(self.piotr).merge_opportunity()
        self.env.invalidate_all()
        self.assertFalse(self.campaign.is_rule_changed)
