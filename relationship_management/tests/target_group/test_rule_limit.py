from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.target_group.rule_limit import MOST_CONDITIONS, MOST_STEPS
from ..campaign.campaign_case import TargetGroupCase

COSTLY = ["|"] * 18 + [
    ("last_contact_date", "<", f"2020-01-{i + 1:02}") for i in range(19)
]
CHEAP = [("city", "=", "Poznań")]


@tagged("post_install", "-at_install")
class TestRuleLimit(TargetGroupCase):
    """No target group keeps the server busy, however its conditions are spread."""

    def save(self, *rules, campaign=None):
        """Save the steps as Anna, in one call."""
        campaign = (campaign or self.new_campaign(channel="email")).with_user(self.anna)
        campaign.write(
            {"selection_ids": [Command.create({"rule": str(r)}) for r in rules]}
        )
        return campaign

    def refuse(self, words, function, *arguments, **options):
        with self.refused(words, UserError), self.env.cr.savepoint():
            function(*arguments, **options)

    def test_forty_costly_steps_and_six_hundred_cheap_ones_are_refused(self):
        self.refuse("has 40 steps, and .* leave at most 30", self.save, *[COSTLY] * 40)
        self.refuse("has 600 steps", self.save, *[CHEAP] * 600)
        words = (
            "The steps of the target group have 57 conditions on relations, roles,"
            " consents or figures in all, .* leave at most 40 of them"
        )
        self.refuse(words, self.save, *[COSTLY] * 3)

    def test_they_are_refused_one_by_one_moved_and_changed_as_well(self):
        full = self.save(*[CHEAP] * MOST_STEPS)
        other = self.save(CHEAP)
        self.refuse("has 31 steps", self.save, CHEAP, campaign=full)
        self.refuse("has 31 steps", other.selection_ids.write, {"campaign_id": full.id})
        busy = self.save(COSTLY, COSTLY, CHEAP)
        step = busy.selection_ids[-1:]
        self.refuse("have 57 conditions", step.write, {"rule": str(COSTLY)})
        step.write({"rule": str(COSTLY[-2:][:1])})
        self.assertLessEqual(39, MOST_CONDITIONS)

    def test_what_was_saved_before_there_was_a_limit_is_not_frozen(self):
        campaign = self.save(*[CHEAP] * MOST_STEPS)
        self.env.cr.execute(
            "INSERT INTO relationship_campaign_selection (campaign_id, operation,"
            " source, rule, sequence) SELECT campaign_id, operation, source, rule, 99"
            " FROM relationship_campaign_selection WHERE campaign_id = %s",
            [campaign.id],
        )
        self.env.invalidate_all()
        self.refuse("has 60 steps", campaign.action_freeze)

    def test_a_group_as_people_make_it_is_frozen(self):
        campaign = self.save(*[CHEAP] * 5, COSTLY, COSTLY)
        self.assertEqual(len(campaign.copy().selection_ids), 7)
        campaign.action_freeze()

    def test_what_is_sent_comes_back_cut(self):
        for rule in ("x" * 3_000_000, "[('city', '=', " + "'x'," * 750_000 + ")]"):
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                self.add_rule().write({"rule": rule})
            self.assertRegex(str(caught.exception), "cannot be read|asks for something")
            self.assertLess(len(str(caught.exception)), 1000)
        step = self.add_rule([("name", "ilike", "x" * 100_000)])
        self.assertLess(len(step.text), 1000)
