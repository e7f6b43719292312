from odoo.tests import TransactionCase, tagged

from ..story.player import MODULE, PRODUCT


@tagged("post_install", "-at_install")
class TestDemoCampaigns(TransactionCase):
    """The campaigns of the story have happened, by what the buttons do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fair = cls.env.ref(f"{MODULE}.relationship_campaign_fair")

    def count(self, campaign, *domain):
        return self.env["relationship.campaign.addressee"].search_count(
            [("campaign_id", "=", campaign.id), *domain]
        )

    def ref(self, name):
        return self.env.ref(name if "." in name else f"{MODULE}.{name}")

    def test_the_fair_was_visited(self):
        self.assertEqual(self.fair.state, "completed")
        self.assertGreater(self.count(self.fair), 150)
        visits = [("response_id.kind", "=", "positive")]
        self.assertEqual(self.count(self.fair, *visits), 42)
        self.assertFalse(self.count(self.fair, ("state", "=", "open")))
        for reason, number in (("duplicate", 3), ("no_address", 4), ("no_consent", 2)):
            found = self.count(self.fair, ("exclusion", "=", reason))
            self.assertEqual(found, number, reason)

    def test_both_companies_take_part(self):
        companies = self.fair.addressee_ids.company_id
        expected = self.ref("company_nordmark_pl") | self.ref("company_nordmark_de")
        self.assertEqual(companies, expected)

    def test_the_fair_has_people(self):
        people = {
            line.type_id.name: line.partner_id.name for line in self.fair.reference_ids
        }
        self.assertEqual(
            people,
            {
                "Organiser": "Hale Targowe Nad Wartą",
                "Speaker": "Zofia Maj",
                "Competitor": "PakTech",
            },
        )

    def test_its_opportunities_come_from_visitors(self):
        leads = self.fair.with_context(active_test=False).addressee_ids.lead_ids
        self.assertGreaterEqual(len(leads), 8)
        self.assertEqual(set(leads.addressee_id.mapped("response_kind")), {"positive"})

    def test_the_stages_have_their_days(self):
        days = self.fair.duration_tracking
        closing = str(self.ref(f"{PRODUCT}.stage_campaign_closing").id)
        self.assertGreater(days[closing], 100 * 24 * 3600)

    def test_spare_parts_hold_a_control_group_back(self):
        campaign = self.ref("relationship_campaign_spare_parts")
        self.assertEqual(campaign.state, "in_progress")
        for domain in ([("is_control", "=", True)], [("state", "=", "open")]):
            self.assertTrue(self.count(campaign, *domain))
        fair = self.fair.with_context(active_test=False)
        self.assertFalse(
            fair.addressee_ids.filtered("lead_ids").target_id
            & campaign.addressee_ids.target_id
        )

    def test_the_recall_waits_for_its_freezing(self):
        recall = self.ref("relationship_campaign_recall")
        self.assertTrue(recall.selection_ids)
        self.assertFalse(recall.addressee_ids)

    def test_the_fair_was_invited_to_called_for_and_visited(self):
        tasks = self.env["mail.activity"].with_context(active_test=False)
        calls = self.ref("activity_spare_parts_calls")
        for name, number in (("invitation", 1), ("calls", 3), ("visits", 4)):
            activity = self.ref(f"activity_fair_{name}")
            self.assertEqual(activity.state, "done", name)
            mine = [("relationship_activity_id", "=", activity.id)]
            self.assertEqual(tasks.search_count(mine), number, name)
            self.assertLess(activity.date_done, calls.date_from, name)
        self.assertFalse(self.ref("activity_fair_visits").asks_result)

    def test_anna_stands_in_for_piotr(self):
        """His calls of the days of his absence are hers; one newcomer has none."""
        anna, piotr = self.ref("user_anna"), self.ref("user_piotr")
        calls = self.ref("activity_spare_parts_calls")
        self.assertEqual(calls.user_id, piotr)
        tasks = self.env["mail.activity"].search(
            [("relationship_activity_id", "=", calls.id)]
        )
        early = tasks.filtered(lambda t: t.date_deadline <= piotr.absent_until)
        self.assertTrue(early)
        self.assertEqual(early.user_id, anna)
        late = calls.campaign_id.addressee_ids.filtered(
            lambda member: member.target_id == self.ref("partner_kujawy")
        )
        self.assertEqual((late.state, late.create_uid.login), ("open", "anna"))
        self.assertNotIn(late, tasks.addressee_id)
        self.assertIn("have no task yet: 1.", calls.with_user(anna).joined_text)
