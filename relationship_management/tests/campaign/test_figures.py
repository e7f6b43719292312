import math
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .campaign_case import CampaignCase


@tagged("post_install", "-at_install")
class TestCampaignFigures(CampaignCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.new_campaign(
            user_id=cls.anna.id, goal_revenue=400, goal_opportunities=4
        )
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"Customer {n}", "city": "Poznań"} for n in range(3)]
        )
        cls.addressees = (
            cls.env["relationship.campaign.addressee"]
            .with_user(cls.anna)
            .create(
                [
                    {"campaign_id": cls.campaign.id, "partner_id": partner.id}
                    for partner in cls.customers
                ]
            )
        )

    def figures(self, user=None, **options):
        found = self.campaign.with_user(user or self.anna).get_figures(**options)
        return {figure["key"]: figure for figure in found["figures"]}, found["notes"]

    def two_opportunities(self):
        values = {"campaign_id": self.campaign.utm_campaign_id.id}
        won = self.new_lead(expected_revenue=100, contribution_margin=30, **values)
        lost = self.new_lead(expected_revenue=70, **values)
        won.action_set_won()
        lost.action_set_lost()
        self.env.flush_all()
        return won, lost

    def test_three_addressees_two_opportunities_one_won(self):
        self.two_opportunities()
        self.assertEqual(self.campaign.addressee_count, 3)
        self.assertEqual(self.campaign.opportunity_count, 2)
        self.assertEqual(self.campaign.won_count, 1)
        self.assertEqual(self.campaign.won_revenue, 100)
        self.assertEqual(self.campaign.won_margin, 30)
        self.assertEqual(self.campaign.goal_percent, 25)

    def test_amounts_that_are_no_numbers_stop_no_figures(self):
        """PostgreSQL stores them; no figure and no percentage is one."""
        self.two_opportunities()
        cost = self.env["relationship.campaign.cost"].create(
            {"campaign_id": self.campaign.id, "name": "Stand", "actual_amount": 5}
        )
        self.env.flush_all()
        for table, column, record in (
            ("crm_lead", "expected_revenue", self.campaign.utm_campaign_id),
            ("crm_lead", "contribution_margin", self.campaign.utm_campaign_id),
            ("relationship_campaign", "goal_revenue", self.campaign),
            ("relationship_campaign_cost", "actual_amount", cost),
        ):
            key = "campaign_id" if table == "crm_lead" else "id"
            for amount in ("NaN", "Infinity"):
                with self.subTest(column=column, amount=amount):
                    self.env.cr.execute(
                        f"UPDATE {table} SET {column} = %s WHERE {key} = %s",
                        [amount, record.id],
                    )
                    self.env.invalidate_all()
                    text = str(self.figures(with_parts=True)[0])
                    self.assertNotRegex(text, r"(?i)\bnan\b|\binf")
                    for name in ("won_revenue", "won_margin", "goal_percent"):
                        self.assertTrue(math.isfinite(self.campaign[name]), name)

    def test_every_figure_opens_what_it_counts(self):
        self.two_opportunities()
        self.addressees[0].write({"state": "contacted"})
        answer = self.env.ref(
            "relationship_management.relationship_campaign_response_yes"
        )
        self.addressees[1].write({"state": "responded", "response_id": answer.id})
        figures, _notes = self.figures()
        expected = {
            "addressees": 3,
            "contacted": 2,
            "responded": 1,
            "positive": 1,
            "excluded": 0,
            "opportunities": 2,
            "won": 1,
        }
        for key, number in expected.items():
            with self.subTest(figure=key):
                self.assertEqual(figures[key]["value"], str(number))
                action = self.campaign.with_user(self.anna).action_open_figure(key)
                records = self.env[action["res_model"]].with_user(self.anna)
                records = records.with_context(**action["context"])
                self.assertEqual(records.search_count(action["domain"]), number)

    def test_opening_a_figure_counts_nothing(self):
        mine = self.campaign.with_user(self.anna)
        mine.action_open_figure("revenue")
        with (
            patch.object(type(mine), "_add_up", side_effect=AssertionError),
            patch.object(type(mine), "_get_figures", side_effect=AssertionError),
            self.assertQueryCount(0),
        ):
            for key in ("addressees", "revenue", "cost", "return"):
                self.assertTrue(mine.action_open_figure(key)["domain"])

    def test_an_unknown_figure_is_refused(self):
        with self.assertRaisesRegex(UserError, "no such figure"):
            self.campaign.action_open_figure("nonsense")

    def test_the_return_compares_margin_and_costs(self):
        self.two_opportunities()
        self.campaign.cost_ids = [
            (0, 0, {"name": "Stand", "planned_amount": 30, "actual_amount": 20})
        ]
        figures, _notes = self.figures()
        self.assertEqual(figures["return"]["value"], "50 %")
        self.assertEqual(figures["cost"]["percent"], 67)

    def test_figures_are_those_of_who_looks(self):
        self.two_opportunities()
        others, _notes = self.figures(self.piotr)
        self.assertEqual(others["opportunities"]["value"], "2")
        self.campaign.utm_campaign_id.sudo().relationship_linked_company_ids = (
            self.other_company
        )
        theirs, _notes = self.figures(self.katrin)
        self.assertEqual(theirs["addressees"]["value"], "0")
        self.assertEqual(theirs["opportunities"]["value"], "0")
        without_sales, _notes = self.figures(self.jan)
        self.assertNotIn("opportunities", without_sales)

    def test_no_share_of_what_one_sees_only_in_part(self):
        self.two_opportunities()
        self.campaign.cost_ids = [(0, 0, {"name": "Stand", "actual_amount": 20})]
        self.campaign.goal_responses = 2
        won = self.new_lead(
            user=self.piotr,
            user_id=self.piotr.id,
            expected_revenue=300,
            contribution_margin=50,
            campaign_id=self.campaign.utm_campaign_id.id,
        )
        won.action_set_won()
        self.env.flush_all()
        figures, notes = self.figures(self.piotr)
        self.assertEqual(figures["return"]["value"], "300 %")
        self.assertEqual(figures["revenue"]["percent"], 100)
        self.assertFalse(notes)
        # Anna sees her own opportunities only, and all addressees.
        for options in ({}, {"with_parts": True}):
            figures, notes = self.figures(**options)
            self.assertEqual(figures["opportunities"]["value"], "2")
            self.assertEqual(figures["return"]["value"], "–")
            self.assertIs(figures["revenue"]["percent"], False)
            self.assertIs(figures["opportunities"]["percent"], False)
            self.assertTrue(figures["revenue"]["goal"])
            self.assertEqual(figures["responded"]["percent"], 0)
            self.assertIn("Opportunities not counted", notes[-1])
        mine = self.campaign.with_user(self.anna)
        self.assertEqual(mine.goal_percent, 0)
        self.assertEqual(self.campaign.with_user(self.piotr).goal_percent, 100)

    def test_a_linked_company_learns_how_much_is_hidden(self):
        self.two_opportunities()
        self.campaign.goal_responses = 2
        self.campaign.utm_campaign_id.sudo().relationship_linked_company_ids = (
            self.other_company
        )
        figures, notes = self.figures(self.katrin)
        self.assertIs(figures["responded"]["percent"], False)
        self.assertEqual(len(notes), 2)
        self.assertIn("is not switched on: 3.", notes[0])
        self.assertIn("is not switched on: 2.", notes[1])
        # Who has no business with opportunities is not told of them.
        _figures, notes = self.figures(self.jan)
        self.assertFalse(notes)

    def test_a_hidden_campaign_tells_nothing(self):
        with self.refused(r"'read' access to:\n- Campaign \(", AccessError):
            self.campaign.with_user(self.katrin).get_figures()
        with self.refused(r"'read' access to:\n- Campaign \(", AccessError):
            self.campaign.with_user(self.katrin).action_open_figure("won")

    def test_totals_count_the_parts_of_any_depth(self):
        self.two_opportunities()
        part = self.new_campaign(parent_id=self.campaign.id, user_id=self.anna.id)
        deeper = self.new_campaign(
            parent_id=part.id, user_id=self.anna.id, goal_revenue=600
        )
        won = self.new_lead(expected_revenue=900, campaign_id=deeper.utm_campaign_id.id)
        won.action_set_won()
        self.env.flush_all()
        figures, notes = self.figures(with_parts=True)
        self.assertEqual(figures["opportunities"]["value"], "3")
        # The goal of the whole, 400, holds those of its parts.
        self.assertEqual(figures["revenue"]["percent"], 250)
        self.assertIn("Campaigns counted: 3", notes[0])
        own, _notes = self.figures()
        self.assertEqual(own["opportunities"]["value"], "2")

    def test_goals_of_parts_are_counted_once(self):
        goals = ("goal_revenue", "goal_opportunities", "goal_responses")
        self.campaign.write(dict.fromkeys(goals, 0))
        parts = [
            self.new_campaign(
                parent_id=self.campaign.id,
                user_id=self.anna.id,
                **dict.fromkeys(goals, goal),
            )
            for goal in (10, 20)
        ]
        self.new_campaign(
            parent_id=parts[0].id, user_id=self.anna.id, **dict.fromkeys(goals, 7)
        )

        def told():
            figures, _notes = self.figures(with_parts=True)
            return [
                "".join(c for c in figures[name]["goal"] if c.isdigit())
                for name in ("revenue", "opportunities", "responded")
            ]

        self.assertEqual(told(), ["30", "30", "30"])
        self.campaign.write(dict.fromkeys(goals, 50))
        self.assertEqual(told(), ["50", "50", "50"])

    def test_hidden_parts_are_said(self):
        part = self.new_campaign(parent_id=self.campaign.id, user_id=self.anna.id)
        secret = self.fair_type.copy({"name": "Secret", "code": "SEC"})
        part.sudo().type_id = secret
        secret.see_group_ids = self.env.ref("base.group_erp_manager")
        _figures, notes = self.figures(with_parts=True)
        self.assertIn("Parts not counted, since you may not see them", notes[1])
        self.assertTrue(notes[1].endswith(": 1."))
        self.assertFalse(self.campaign.with_user(self.anna).has_parts)
        self.new_campaign(parent_id=self.campaign.id, user_id=self.anna.id)
        self.campaign.invalidate_recordset(["has_parts"])
        self.assertTrue(self.campaign.with_user(self.anna).has_parts)

    def test_a_missing_rate_is_said_and_never_one(self):
        currency = self.env["res.currency"].create(
            {"name": "XTS", "symbol": "x", "rounding": 0.01}
        )
        self.two_opportunities()
        self.campaign.cost_ids.unlink()
        self.campaign.write({"currency_id": currency.id, "goal_revenue": 100})
        _figures, notes = self.figures()
        self.assertEqual(self.campaign.won_revenue, 0)
        self.assertEqual(self.campaign.without_rate_count, 1)
        # Nor is there a return on what is known in part.
        cost = {"name": "Stand", "actual_amount": 20}
        self.campaign.cost_ids = [(0, 0, cost)]
        figures, _notes = self.figures()
        self.assertEqual(figures["return"]["value"], "–")
        self.campaign.cost_ids.unlink()
        self.assertIn("no exchange rate to XTS", notes[0])
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 4, "name": "2020-01-01"}
        )
        self.campaign.invalidate_recordset()
        self.assertEqual(self.campaign.won_revenue, 400)

    def test_the_kanban_costs_the_same_for_few_and_for_many(self):
        for number in range(60):
            self.new_campaign(title=f"No. {number}")
        campaigns = self.campaign.with_user(self.anna).browse()
        names = ("title", "number", "contacted_percent", "addressee_count", "state")
        specification = {
            **{name: {} for name in (*names, "date_to", "activity_ids")},
            "tag_ids": {"fields": {"display_name": {}, "color": {}}},
            "user_id": {"fields": {"display_name": {}}},
        }

        def count(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = campaigns.web_search_read([], specification, limit=limit)
            self.assertEqual(len(found["records"]), limit)
            return self.env.cr.sql_log_count - before

        count(5)
        # One more: the search counts what is beyond its limit.
        self.assertLessEqual(count(60), count(5) + 1)

    def test_figures_cost_the_same_for_one_and_for_many(self):
        many = self.campaign.browse(self.campaign.ids)
        for number in range(20):
            many |= self.new_campaign(title=f"No. {number}")
        self.env.flush_all()
        many = many.with_user(self.anna)
        many.mapped("addressee_count")
        for campaigns in (many[:1], many):
            self.env.invalidate_all()
            campaigns.mapped("title")
            with self.assertQueryCount(3):
                campaigns.mapped("won_revenue")
