from datetime import timedelta

from odoo.tests import tagged

from ..campaign.campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestControlRefresh(TargetGroupCase):
    """A refresh brings the control group up to its share, in numbers that add up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_rule()

    def held(self):
        return self.campaign.addressee_ids.filtered("is_control")

    def open_dialog(self):
        action = self.campaign.with_user(self.anna).action_freeze()
        wizards = self.env[action["res_model"]].with_user(self.anna)
        return wizards.browse(action["res_id"])

    def test_who_joins_again_is_drawn_as_well(self):
        self.freeze()
        self.companies.category_id = False
        late = self.new_partners(1, "Late")
        self.freeze(apply_leavers=True)
        self.assertEqual(len(self.campaign.addressee_ids), 11)
        self.companies.category_id = self.tag
        self.campaign.control_percent = 50
        wizard = self.open_dialog()
        self.assertIn(
            "11 found: 5 members, 6 held back as control group, 0 excluded",
            wizard.preview,
        )
        self.freeze()
        self.assertEqual(len(self.held()), 6)
        self.assertFalse(self.addressee(late).is_control)

    def test_a_raised_share_draws_from_whom_nobody_turned_to(self):
        self.freeze()
        asked = self.addressee(self.companies[0]) | self.addressee(self.companies[1])
        asked.with_user(self.anna).action_mark_contacted()
        self.campaign.control_percent = 50
        wizard = self.open_dialog()
        self.assertEqual(
            wizard.preview,
            "10 found: 5 members, 5 held back as control group, 0 excluded\n"
            "New: 0, already in the list: 10\n"
            "Held back of those who are in the list: 5",
        )
        run = self.freeze()
        self.assertEqual(len(self.held()), 5)
        self.assertFalse(self.held() & asked)
        self.assertEqual(run.reached, 5)
        self.assertIn("New: 0, already in the list: 10", run.summary)
        self.assertIn("Held back of those who are in the list: 5", run.summary)
        self.freeze()
        self.assertEqual(len(self.held()), 5)

    def test_the_numbers_of_the_dialog_add_up(self):
        self.campaign.control_percent = 20
        self.freeze()
        late = self.new_partners(5, "Late")
        late[0].active = False
        self.companies[:2].category_id = False
        held = 1 + len(self.held().partner_id & self.companies[2:])
        wizard = self.open_dialog()
        self.assertEqual(wizard.joiner_count, 5)
        self.assertEqual(
            wizard.preview,
            f"13 found: {12 - held} members, {held} held back as control group,"
            " 1 excluded\nNew: 5, already in the list: 8\nExcluded:\n– Archived: 1",
        )
        wizard.apply_leavers = True
        gone = f"No longer in the target group: {wizard.leaver_count}"
        self.assertIn(gone, wizard.preview)
        wizard.joiner_ids[0].chosen = False
        self.assertIn("Of these not taken in, as chosen: 1", wizard.preview)
        wizard.apply_joiners = False
        self.assertIn(f"8 found: {9 - held} members", wizard.preview)

    def test_the_control_group_leaves_with_the_others_before_the_first_contact(self):
        self.campaign.control_percent = 50
        self.freeze()
        lost = self.held()[:2]
        lost.partner_id.category_id = False
        self.freeze(apply_leavers=True)
        self.assertEqual(set(lost.mapped("exclusion")), {"rule"})
        self.assertFalse(any(lost.mapped("is_control")))
        self.assertEqual(len(self.held()), 4)
        self.campaign.addressee_ids.filtered(lambda a: a.state == "open")[0].with_user(
            self.anna
        ).action_mark_contacted()
        kept = self.held()
        kept.partner_id.category_id = False
        self.freeze(apply_leavers=True)
        self.assertTrue(all(kept.mapped("is_control")))

    # Comparison

    def figures(self, user=None, **options):
        self.env.flush_all()
        self.env.invalidate_all()
        campaign = self.campaign.with_user(user or self.anna)
        return {f["key"]: f for f in campaign.get_figures(**options)["figures"]}

    def opened(self, key, user=None):
        campaign = self.campaign.with_user(user or self.anna)
        action = campaign.action_open_figure(key)
        records = self.env[action["res_model"]].with_user(user or self.anna)
        return records.with_context(active_test=False).search(action["domain"])

    def test_the_control_group_is_compared_with_the_others(self):
        self.campaign.control_percent = 50
        old = self.new_lead(partner_id=self.companies[0].id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            [self.env.cr.now() - timedelta(days=9), old.id],
        )
        self.freeze()
        by_hand = self.env["res.partner"].create({"name": "H", "email": "h@x.example"})
        self.campaign.with_user(self.anna)._assign(by_hand.ids)
        held = self.held()
        turned_to = self.campaign.addressee_ids.filtered(
            lambda a: a.state == "open" and a.origin == "rule"
        )
        self.new_lead(partner_id=held[0].partner_id.id)
        contact = self.env["res.partner"].create(
            {"name": "C", "parent_id": turned_to[0].partner_id.id}
        )
        self.new_lead(partner_id=contact.id)
        self.new_lead(self.piotr, partner_id=turned_to[1].partner_id.id)
        self.new_lead(partner_id=by_hand.id)
        yes = self.env.ref("relationship_management.relationship_campaign_response_yes")
        turned_to[2].with_user(self.anna).response_id = yes
        held[1].with_user(self.anna).response_id = yes
        for user, with_opportunity in ((self.anna, 1), (self.piotr, 2)):
            figures = self.figures(user)
            self.assertEqual(figures["control"]["value"], "5")
            for key, value, records in (
                ("control", 5, held),
                ("turned_to_answers", 1, turned_to[2]),
                ("control_answers", 1, held[1]),
                (
                    *("turned_to_opportunities", with_opportunity),
                    turned_to[:with_opportunity],
                ),
                ("control_opportunities", 1, held[0]),
            ):
                with self.subTest(key=key, user=user.name):
                    self.assertEqual(self.opened(key, user), records)
                    if key != "control":
                        figure = figures[key]
                        self.assertEqual(
                            (figure["value"], figure["goal"]), (str(value), "5")
                        )
                        self.assertEqual(figure["percent"], 100 * value / 5)

    def test_without_a_control_group_there_is_no_comparison(self):
        self.freeze()
        self.assertNotIn("control", self.figures())
        self.assertNotIn("control_opportunities", self.figures(header=True))

    def test_who_has_no_business_with_opportunities_sees_none(self):
        self.campaign.control_percent = 50
        self.freeze()
        figures = self.figures(self.jan)
        self.assertIn("control_answers", figures)
        self.assertNotIn("control_opportunities", figures)
