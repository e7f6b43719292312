from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_rules import RuleCase


@tagged("post_install", "-at_install")
class TestRelateTo(RuleCase):
    """Many partners are related to one at once."""

    def open(self, partners):
        wizards = self.env["relationship.relation.create"].with_user(self.jan)
        return Form(
            wizards.with_context(active_model="res.partner", active_ids=partners.ids)
        )

    def test_what_breaks_a_rule_is_shown_and_left_out(self):
        self.relate(self.nowak, self.purchasing, self.stalmet)
        form = self.open(self.nowak | self.rek | self.huta | self.stalmet)
        form.direction_id = self.direction("is purchasing manager of")
        form.other_partner_id = self.stalmet
        self.assertEqual(form.summary, "Relations that will be entered: 1 of 4.")
        self.assertIn("already there", form.problems)
        self.assertIn("Huta is a company", form.problems)
        self.assertIn("cannot be related to itself", form.problems)
        action = form.save().action_create()
        self.assertEqual(
            action["params"]["message"], "Relations entered: 1. Partners left out: 3."
        )
        self.assertIn(
            self.stalmet,
            self.partners.search([("related_partner_id", "=", self.rek.id)]),
        )

    def test_two_of_one_list_may_exclude_each_other(self):
        form = self.open(self.nowak | self.rek)
        form.direction_id = self.direction("is tax adviser of")
        form.other_partner_id = self.stalmet
        with self.assertRaisesRegex(
            UserError, "only one at a time.*Choose one of them"
        ):
            form.save().action_create()

    def test_who_follows_an_ended_one_is_told_the_first_day(self):
        former = self.relate(self.maj, self.tax_adviser, self.stalmet)
        former.date_to = "2025-12-31"
        form = self.open(self.nowak)
        form.direction_id = self.direction("is tax adviser of")
        form.other_partner_id = self.stalmet
        form.date_from = "2025-12-31"
        self.assertIn("Choose a first day after 12/31/2025.", form.problems)

    def test_the_words_may_be_those_of_the_other_end(self):
        form = self.open(self.stalmet | self.huta)
        form.direction_id = self.direction("has tax adviser")
        form.other_partner_id = self.maj
        form.save().action_create()
        relations = self.env["relationship.relation"].search(
            [("left_partner_id", "=", self.maj.id)]
        )
        self.assertEqual(relations.right_partner_id, self.stalmet | self.huta)

    def test_a_thousand_partners_take_as_many_queries_as_ten(self):
        counts = []
        for number in (10, 1000):
            partners = self.partners.create(
                [{"name": f"P{number}-{i}", "is_company": True} for i in range(number)]
            )
            wizard = (
                self.env["relationship.relation.create"]
                .with_user(self.jan)
                .create(
                    {
                        "partner_ids": partners.ids,
                        "direction_id": self.direction("has tax adviser").id,
                        "other_partner_id": self.maj.id,
                    }
                )
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            wizard.action_create()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        # Odoo reads a thousand records at a time, and writes so many, too.
        self.assertLessEqual(counts[1], counts[0] + 6, counts)
