from odoo.tests import Form, tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestContributionMargin(RelationshipCase):
    def test_the_amount_follows_the_percentage(self):
        lead = self.new_lead(expected_revenue=1000, margin_percent=25)
        self.assertEqual(lead.contribution_margin, 250)
        lead.margin_percent = 30
        self.assertEqual(lead.contribution_margin, 300)

    def test_the_percentage_follows_the_amount(self):
        lead = self.new_lead(expected_revenue=1000, contribution_margin=250)
        self.assertEqual(lead.margin_percent, 25)
        lead.contribution_margin = 100
        self.assertEqual(lead.margin_percent, 10)

    def test_the_amount_follows_the_revenue(self):
        lead = self.new_lead(expected_revenue=1000, contribution_margin=250)
        lead.expected_revenue = 2000
        self.assertEqual(lead.contribution_margin, 500)

    def test_an_amount_typed_before_the_revenue_stays(self):
        lead = self.new_lead(contribution_margin=250)
        lead.expected_revenue = 1000
        self.assertEqual(lead.contribution_margin, 250)
        self.assertEqual(lead.margin_percent, 25)

    def test_0_percent_means_no_margin(self):
        lead = self.new_lead(expected_revenue=1000, margin_percent=30)
        lead.margin_percent = 0
        self.env.flush_all()
        self.assertEqual((lead.margin_percent, lead.contribution_margin), (0, 0))
        form = Form(self.new_lead(expected_revenue=1000, margin_percent=30))
        form.margin_percent = 0
        self.assertEqual(form.contribution_margin, 0)
        self.assertEqual(form.save().contribution_margin, 0)

    def test_form_keeps_an_amount_typed_before_the_revenue(self):
        form = Form(self.env["crm.lead"].with_user(self.anna))
        form.name = "Packing line"
        form.contribution_margin = 250
        form.expected_revenue = 1000
        self.assertEqual(form.margin_percent, 25)
        self.assertEqual(form.save().contribution_margin, 250)

    def test_a_typed_percentage_is_not_changed_by_rounding(self):
        lead = self.new_lead(
            expected_revenue=100.01, margin_percent=33, contribution_margin=33.00
        )
        self.assertEqual(lead.margin_percent, 33)
        self.assertEqual(lead.contribution_margin, 33)

    def test_an_explicit_amount_beats_the_percentage_of_the_type(self):
        lead = self.new_lead(
            opportunity_type_id=self.machine_deal.id,
            expected_revenue=1000,
            contribution_margin=500,
        )
        self.assertEqual(lead.contribution_margin, 500)
        self.assertEqual(lead.margin_percent, 50)

    def test_form_keeps_amount_and_percentage_together(self):
        form = Form(self.env["crm.lead"].with_user(self.anna))
        form.name = "Packing line"
        form.expected_revenue = 1000
        form.contribution_margin = 150
        self.assertEqual(form.margin_percent, 15)
        form.margin_percent = 40
        self.assertEqual(form.contribution_margin, 400)
        form.expected_revenue = 500
        self.assertEqual(form.contribution_margin, 200)
        self.assertEqual(form.save().contribution_margin, 200)

    def test_form_warns_of_a_negative_margin(self):
        lead = self.new_lead(expected_revenue=100)
        lead.contribution_margin = -5
        warning = lead._onchange_contribution_margin()
        self.assertIn("negative", warning["warning"]["message"])
        lead.contribution_margin = 500
        warning = lead._onchange_contribution_margin()
        self.assertIn("larger", warning["warning"]["message"])

    def test_form_warns_of_a_negative_revenue(self):
        for margin in (-200, 20, 0):
            lead = self.new_lead(expected_revenue=-1000)
            self.assertIn(
                "The expected revenue is negative",
                lead._onchange_expected_revenue()["warning"]["message"],
            )
            lead.contribution_margin = margin
            self.assertIn(
                "The expected revenue is negative",
                lead._onchange_contribution_margin()["warning"]["message"],
            )


@tagged("post_install", "-at_install")
class TestForecast(RelationshipCase):
    def test_the_four_combinations_of_the_switches(self):
        expected = {
            (True, True): (500, 100),
            (True, False): (1000, 200),
            (False, True): (0, 0),
            (False, False): (0, 0),
        }
        for (binding, apply_probability), forecast in expected.items():
            with self.subTest(binding=binding, apply_probability=apply_probability):
                lead = self.new_lead(
                    expected_revenue=1000,
                    margin_percent=20,
                    probability=50,
                    binding=binding,
                    apply_probability=apply_probability,
                )
                self.assertEqual(
                    (lead.forecast_revenue, lead.forecast_margin), forecast
                )

    def test_won_counts_in_full_and_lost_not_at_all(self):
        lead = self.new_lead(
            expected_revenue=1000, margin_percent=20, probability=50, binding=False
        )
        lead.action_set_won()
        self.assertEqual((lead.forecast_revenue, lead.forecast_margin), (1000, 200))
        lead.stage_id = self.stages[0]
        lead.action_set_lost()
        self.assertEqual((lead.forecast_revenue, lead.forecast_margin), (0, 0))

    def test_archived_does_not_count(self):
        lead = self.new_lead(expected_revenue=1000, probability=50)
        lead.action_archive()
        self.assertEqual(lead.forecast_revenue, 0)

    def test_the_forecast_by_salesperson_and_month_adds_up(self):
        for revenue in (1000, 500):
            self.new_lead(
                expected_revenue=revenue, probability=50, date_deadline="2031-03-15"
            )
        self.new_lead(
            user=self.piotr,
            expected_revenue=800,
            probability=25,
            date_deadline="2031-03-20",
        )
        groups = self.env["crm.lead"]._read_group(
            [
                ("date_deadline", ">=", "2031-03-01"),
                ("date_deadline", "<", "2031-04-01"),
            ],
            ["user_id", "date_deadline:month"],
            ["forecast_revenue:sum"],
        )
        self.assertEqual(
            {(user, amount) for user, _month, amount in groups},
            {(self.anna, 750), (self.piotr, 200)},
        )

    def test_the_explanation_says_how(self):
        lead = self.new_lead(expected_revenue=1000, probability=50)
        self.assertRegex(lead.forecast_explanation, r"^Forecast .*500.* × 50 %$")
        lead.binding = False
        self.assertIn("not binding", lead.forecast_explanation)

    def test_lead_scoring_brings_the_forecast_along(self):
        self.env["ir.config_parameter"].set_param("crm.pls_start_date", "2000-01-01")
        lead = self.new_lead(expected_revenue=1000)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET probability = 77, automated_probability = 77"
            " WHERE id = %s",
            [lead.id],
        )
        self.env.invalidate_all()
        self.env["crm.lead"]._update_automated_probabilities()
        lead.invalidate_recordset()
        self.assertAlmostEqual(
            lead.forecast_revenue, 1000 * lead.probability / 100, places=2
        )
        self.assertAlmostEqual(
            self.rows(lead)[-1].forecast_revenue, lead.forecast_revenue, places=2
        )


@tagged("post_install", "-at_install")
class TestMerge(RelationshipCase):
    def test_merging_keeps_the_people_of_both_once(self):
        leads = self.env["crm.lead"]
        for _i in range(2):
            leads |= self.new_lead(
                user=self.ewa,
                reference_ids=[
                    (
                        0,
                        0,
                        {
                            "partner_id": self.kranbau.id,
                            "type_id": self.competitor_type.id,
                        },
                    )
                ],
            )
        leads[1].reference_ids = [
            (0, 0, {"partner_id": self.paktech.id, "type_id": self.competitor_type.id})
        ]
        merged = leads.merge_opportunity()
        self.assertEqual(
            sorted(merged.reference_ids.partner_id.mapped("name")),
            ["Kranbau Wolff", "PakTech"],
        )
        self.assertEqual(len(merged.reference_ids), 2)

    def test_merging_deals_with_full_shares(self):
        leads = self.env["crm.lead"]
        for partner, share in ((self.kranbau, 100), (self.paktech, 60)):
            leads |= self.new_lead(
                user=self.ewa,
                reference_ids=[
                    (
                        0,
                        0,
                        {
                            "partner_id": partner.id,
                            "type_id": self.representative_type.id,
                            "share": share,
                        },
                    )
                ],
            )
        merged = leads.merge_opportunity()
        self.assertEqual(len(merged.reference_ids), 2)
        self.assertIn(sum(merged.reference_ids.mapped("share")), (100, 60))
        self.assertTrue(any(merged.reference_ids.mapped("note")))

    def test_merging_keeps_a_number(self):
        leads = self.new_lead(user=self.ewa) | self.new_lead(
            user=self.ewa, opportunity_type_id=self.machine_deal.id
        )
        merged = leads.merge_opportunity()
        self.assertEqual(merged.opportunity_type_id, self.machine_deal)
        self.assertTrue(merged.number)


@tagged("post_install", "-at_install")
class TestQueries(RelationshipCase):
    def test_the_history_costs_no_statement(self):
        """Odoo sends the same statements with and without the triggers."""
        leads = self.env["crm.lead"].create(
            [{"name": f"Deal {i}", "type": "opportunity"} for i in range(10)]
        )
        self.env.flush_all()
        counts = []
        for enable in ("DISABLE", "ENABLE"):
            self.env.cr.execute(f"ALTER TABLE crm_lead {enable} TRIGGER USER")
            self.env.invalidate_all()
            leads.mapped("expected_revenue")
            before = self.env.cr.sql_log_count
            leads.write({"expected_revenue": len(counts) + 10})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
