from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..campaign.campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestCampaignFreeze(TargetGroupCase):
    """What a run enters: companies and persons, once, and some held back."""

    def test_freezing_twice_makes_no_doubles(self):
        self.add_rule()
        run = self.freeze()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.user_id, self.anna)
        self.assertEqual(run.company_id, self.company)
        self.assertIn("Fair 2026", run.rule_words)
        self.assertEqual(run.counts, {"new": {"": 10}})
        self.assertEqual(self.campaign.addressee_ids.mapped("state"), ["open"] * 10)
        self.assertEqual(self.campaign.addressee_ids.user_id, self.piotr)
        again = self.freeze()
        self.assertEqual(again.counts, {"known": {"": 10}})
        self.assertEqual(len(self.campaign.addressee_ids), 10)

    def test_the_rule_of_a_run_is_told_in_the_words_of_whoever_reads_it(self):
        roles = self.env["relationship.role.type"]
        secret = roles.create({"name": "Takeover target"})
        other = self.new_campaign(title="Board")
        run = self.freeze_as_ewa([("role_ids.type_id", "in", secret.ids)], other)
        secret.see_group_ids = self.env.ref("base.group_system")
        other.sudo().type_id = self.fair_type.copy(
            {"see_group_ids": secret.see_group_ids.ids}
        )
        self.env.flush_all()
        for user, told in ((self.ewa, True), (self.anna, False)):
            self.env.invalidate_all()
            words = run.with_user(user).rule_words
            self.assertEqual("Takeover target" in words, told, words)
            self.assertEqual("Board" in words, told, words)
            self.assertEqual("that you may not see" in words, not told, words)
        with self.refused("rule_text", AccessError):
            run.with_user(self.anna).read(["rule_text"])

    def freeze_as_ewa(self, rule, other):
        self.add_rule().with_user(self.ewa)
        self.add_rule(rule, sequence=20)
        self.add_rule(sequence=30, source="campaign", other_campaign_id=other.id)
        return self.freeze(user=self.ewa)

    def test_persons_and_their_companies_are_one_addressee(self):
        company = self.companies[0]
        first, second = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": company.id, "email": f"{name}@example.com"}
                for name in ("Jan", "Ola")
            ]
        )
        address = self.env["res.partner"].create(
            {"name": "Warehouse", "parent_id": company.id, "type": "delivery"}
        )
        (second | address).category_id = self.tag
        alone = self.env["res.partner"].create(
            {"name": "Maj", "email": "m@example.com", "category_id": self.tag.ids}
        )
        self.add_rule()
        self.freeze()
        self.assertEqual(self.addressee(company).contact_id, second)
        self.assertFalse(self.addressee(first))
        self.assertFalse(self.addressee(alone).partner_id)

    def test_persons_as_they_are(self):
        person = self.env["res.partner"].create(
            {
                "name": "Jan",
                "parent_id": self.companies[0].id,
                "email": "jan@example.com",
                "category_id": self.tag.ids,
            }
        )
        self.campaign.addressing = "person"
        self.add_rule()
        self.freeze()
        self.assertFalse(self.addressee(self.companies[0]).contact_id)
        self.assertFalse(self.addressee(person).partner_id)

    def test_what_a_person_decided_stays(self):
        self.add_rule()
        self.freeze()
        self.addressee(self.companies[0]).action_leave_out()
        self.addressee(self.companies[1]).action_mark_contacted()
        self.companies[1].email = False
        self.companies[2].email = False
        self.freeze()
        self.assertEqual(self.addressee(self.companies[0]).exclusion, "hand")
        self.assertEqual(self.addressee(self.companies[1]).state, "contacted")
        self.assertEqual(self.addressee(self.companies[2]).exclusion, "no_address")
        self.companies[2].email = "back@example.com"
        self.freeze()
        self.assertEqual(self.addressee(self.companies[2]).state, "open")

    def test_who_may_not_change_the_campaign_does_not_freeze(self):
        self.add_rule()
        for user in (self.jan, self.katrin):
            with self.refused(
                r"'write' access to:\n- Campaign|to modify 'Campaign'",
                AccessError,
            ):
                self.campaign.with_user(user).action_freeze()
        self.campaign.action_cancel()
        with self.assertRaisesRegex(UserError, "reopen it"):
            self.freeze()

    def test_an_archived_campaign_is_not_frozen(self):
        self.add_rule()
        self.campaign.active = False
        with self.assertRaisesRegex(UserError, "restore it"):
            self.freeze()

    def test_the_control_group_is_held_back_reproducibly(self):
        self.new_partners(90, "Customer")
        self.campaign.control_percent = 20
        self.add_rule()
        action = self.campaign.with_user(self.anna).action_freeze()
        preview = self.env[action["res_model"]].browse(action["res_id"]).preview
        self.assertIn(
            "100 found: 80 members, 20 held back as control group, 0 excluded", preview
        )
        run = self.freeze()
        held = self.campaign.addressee_ids.filtered("is_control")
        self.assertEqual(len(held), 20)
        self.assertEqual(set(held.mapped("exclusion")), {"control"})
        self.assertIn("20 held back as control group", run.summary)
        twin = self.new_campaign(channel="email", control_percent=20)
        twin.control_seed = self.campaign.control_seed
        self.add_rule(campaign=twin)
        self.freeze(twin)
        self.assertEqual(
            twin.addressee_ids.filtered("is_control").target_id, held.target_id
        )
        self.new_partners(100, "Late")
        self.freeze()
        self.assertEqual(len(self.campaign.addressee_ids.filtered("is_control")), 40)
        self.assertTrue(all(held.mapped("is_control")))

    def test_the_form_shows_the_addressees_that_were_chosen(self):
        self.companies[0].active = False
        self.add_rule()
        self.freeze()
        campaign = self.campaign.with_user(self.anna)
        self.assertEqual(len(campaign.shown_addressee_ids), 9)
        chosen = campaign.with_context(relationship_addressees="excluded")
        self.assertEqual(chosen.shown_addressee_ids.partner_id, self.companies[0])
        action = chosen.action_view_addressees()
        self.assertTrue(action["context"]["search_default_filter_excluded"])
        nonsense = campaign.with_context(relationship_addressees="nonsense")
        self.assertEqual(nonsense.addressee_tab, "reached")

    def test_the_form_costs_the_same_for_any_number(self):
        self.add_rule()
        self.freeze()
        campaign = self.campaign.with_user(self.anna)
        specification = {
            "addressee_tab": {},
            "last_freeze_id": {"fields": {"display_name": {}}},
            "freeze_summary": {},
            "shown_addressee_ids": {
                "fields": {
                    "partner_id": {"fields": {"display_name": {}}},
                    "contact_id": {"fields": {"display_name": {}}},
                    "state": {},
                }
            },
        }

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            campaign.web_read(specification)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        self.new_partners(150, "More")
        self.freeze()
        self.assertLessEqual(count(), few)
