from datetime import timedelta

from odoo.tests import Form, tagged

from ..common import RelationshipCase

NEW_VALUES = {
    "binding": False,
    "apply_probability": False,
    "probability": 61.5,
    "expected_revenue": 4321.0,
    "recurring_revenue": 12.0,
    "contribution_margin": 99.0,
    "date_deadline": "2031-05-06",
}


@tagged("post_install", "-at_install")
class TestHistoryByFields(RelationshipCase):
    def test_each_tracked_field_makes_one_row(self):
        lead = self.new_lead(expected_revenue=1000, probability=50)
        for name, value in NEW_VALUES.items():
            with self.subTest(field=name):
                count = len(self.rows(lead))
                with self.step():
                    lead[name] = value
                rows = self.rows(lead)
                self.assertEqual(len(rows), count + 1)
                self.assertEqual(
                    rows[-1]._fields[name].convert_to_write(rows[-1][name], rows[-1]),
                    lead._fields[name].convert_to_write(lead[name], lead),
                )

    def test_each_tracked_relation_makes_one_row(self):
        lead = self.new_lead()
        campaign = self.env["utm.campaign"].create({"name": "Fair"})
        values = {
            "stage_id": self.stages[1],
            "user_id": self.piotr,
            "team_id": self.team,
            "partner_id": self.stalmet,
            "campaign_id": campaign,
            "opportunity_type_id": self.machine_deal,
        }
        for name, record in values.items():
            with self.subTest(field=name):
                count = len(self.rows(lead))
                with self.step():
                    lead.sudo()[name] = record
                rows = self.rows(lead)
                self.assertEqual(len(rows), count + 1)
                self.assertEqual(rows[-1][name].id, record.id)

    def test_a_write_that_changes_nothing_makes_no_row(self):
        lead = self.new_lead(expected_revenue=1000)
        with self.step():
            lead.expected_revenue = 1000
        with self.step():
            lead.description = "<p>Call them</p>"
        self.assertHappened(lead, "create")

    def test_no_row_in_which_nothing_differs(self):
        won, lost = (self.new_lead(binding=False) for _each in range(2))
        won.action_set_won()
        lost.action_set_lost()
        before = len(self.rows(won)), len(self.rows(lost))
        changes = [("active", v) for v in (True, False, True)]
        changes += [("binding", v) for v in (None, False, None)]
        for lead in (won, lost):
            for column, value in changes:
                self.tick()
                self.env.cr.execute(
                    f"UPDATE crm_lead SET {column} = %s WHERE id = %s",
                    [value, lead.id],
                )
        self.assertEqual((len(self.rows(won)), len(self.rows(lost))), before)

    def test_two_fields_in_one_write_make_one_row(self):
        lead = self.new_lead()
        with self.step():
            lead.write({"expected_revenue": 5, "probability": 12})
            lead.flush_recordset()
            lead.stage_id = self.stages[1]
        self.assertHappened(lead, "create", "change")

    def test_the_row_says_who_and_when(self):
        lead = self.new_lead()
        with self.step() as moment:
            lead.with_user(self.ewa).expected_revenue = 7
        row = self.rows(lead)[-1]
        self.assertEqual(row.changed_by_id, self.ewa)
        self.assertEqual(
            row.changed_at, moment.replace(microsecond=row.changed_at.microsecond)
        )
        self.assertEqual(row.path, "orm")

    def test_the_forecast_of_the_row_is_that_of_the_opportunity(self):
        lead = self.new_lead(expected_revenue=1000, margin_percent=30, probability=25)
        for values in (
            {"binding": False},
            {"binding": True, "apply_probability": False},
            {"expected_revenue": 333.33, "apply_probability": True},
        ):
            with self.step():
                lead.write(values)
            row = self.rows(lead)[-1]
            self.assertAlmostEqual(row.forecast_revenue, lead.forecast_revenue, 2)
            self.assertAlmostEqual(row.forecast_margin, lead.forecast_margin, 2)

    def test_the_group_rate_of_the_day_is_kept(self):
        euro = self._activate_currency("EUR")
        day = (self.clock - timedelta(days=5)).date()
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "name": day,
                "rate": 0.25,
                "company_id": self.company.id,
            }
        )
        self.env["ir.config_parameter"].set_param(
            "relationship_management.group_currency_id", euro.id
        )
        lead = self.new_lead(company_id=self.company.id)
        row = self.rows(lead)[-1]
        self.assertEqual(row.currency_id, self.company.currency_id)
        self.assertEqual(row.group_currency_id, euro)
        self.assertAlmostEqual(row.group_rate, 0.25)

    def test_a_wrong_group_currency_stops_nobody(self):
        self.env["ir.config_parameter"].set_param(
            "relationship_management.group_currency_id", "EUR"
        )
        self.assertTrue(self.rows(self.new_lead(company_id=self.company.id)))

    def test_without_a_rate_there_is_none(self):
        unknown = self._activate_currency("CHF")
        self.env["res.currency.rate"].search(
            [("currency_id", "=", unknown.id)]
        ).unlink()
        self.env["ir.config_parameter"].set_param(
            "relationship_management.group_currency_id", unknown.id
        )
        lead = self.new_lead(company_id=self.company.id)
        self.env.cr.execute(
            "SELECT group_rate FROM relationship_opportunity_history"
            " WHERE opportunity_id = %s",
            [lead.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(None,)])


@tagged("post_install", "-at_install")
class TestHistoryByPath(RelationshipCase):
    def test_form(self):
        lead = self.new_lead()
        with self.step(), Form(lead) as form:
            form.expected_revenue = 500
        self.assertHappened(lead, "create", "change")

    def test_kanban_drag_to_a_won_stage_and_back(self):
        lead = self.new_lead(stage_id=self.stages[0].id)
        with self.step():
            lead.web_save({"stage_id": self.stages[2].id}, {"stage_id": {}})
        with self.step():
            lead.web_save({"stage_id": self.stages[0].id}, {"stage_id": {}})
        self.assertHappened(lead, "create", "won", "reopen")
        self.assertEqual(self.rows(lead).mapped("status"), ["open", "won", "open"])

    def test_buttons_won_lost_and_restore(self):
        lead = self.new_lead()
        with self.step():
            lead.action_set_won_rainbowman()
        with self.step():
            lead.stage_id = self.stages[0]
        with self.step():
            lead.action_set_lost(
                lost_reason_id=self.env["crm.lost.reason"].create({"name": "Price"}).id
            )
        with self.step():
            lead.action_restore()
        self.assertHappened(lead, "create", "won", "reopen", "lost", "reopen")
        self.assertEqual(self.rows(lead)[3].lost_reason_id.name, "Price")

    def test_archive_and_restore(self):
        lead = self.new_lead(probability=30)
        with self.step():
            lead.action_archive()
        with self.step():
            lead.action_unarchive()
        self.assertHappened(lead, "create", "archive", "restore")

    def test_what_says_the_same_in_other_words_is_no_change(self):
        lead = self.new_lead(stage_id=self.stages[2].id)
        self.assertEqual(lead.won_status, "won")
        for change in ("active = false", "active = true", "binding = NULL"):
            self.tick()
            self.env.cr.execute(
                f"UPDATE crm_lead SET {change} WHERE id = %s", [lead.id]
            )
        self.assertHappened(lead, "create", "change")
        self.assertFalse(self.rows(lead)[-1].binding)
        self.tick()
        self.env.cr.execute(
            "UPDATE crm_lead SET binding = false WHERE id = %s", [lead.id]
        )
        self.assertHappened(lead, "create", "change")

    def test_a_stage_made_won(self):
        lead = self.new_lead(stage_id=self.stages[0].id, probability=30)
        with self.step():
            self.stages[0].is_won = True
        self.assertHappened(lead, "create", "won")

    def test_lead_scoring(self):
        self.env["ir.config_parameter"].set_param("crm.pls_start_date", "2000-01-01")
        won = self.new_lead(user=self.ewa, stage_id=self.stages[2].id)
        lead = self.new_lead(user=self.ewa, stage_id=self.stages[0].id)
        self.assertTrue(won.exists())
        self.tick()
        self.env.cr.execute(
            "UPDATE crm_lead SET probability = 1.5, automated_probability = 1.5"
            " WHERE id = %s",
            [lead.id],
        )
        self.env.invalidate_all()
        self.tick()
        self.env["crm.lead"]._cron_update_automated_probabilities()
        row = self.rows(lead)[-1]
        self.assertEqual(row.path, "sql")
        self.assertFalse(row.changed_by_id)
        self.assertNotEqual(row.automated_probability, 1.5)
        self.assertAlmostEqual(row.automated_probability, lead.automated_probability, 2)
        self.assertTrue(row.is_automated_probability)
        self.assertIn("robability 1.50 % → ", row.summary)

    def test_merge_of_opportunities(self):
        head = self.new_lead(user=self.ewa, stage_id=self.stages[1].id, probability=90)
        tail = self.new_lead(
            user=self.ewa,
            stage_id=self.stages[0].id,
            probability=10,
            expected_revenue=77,
        )
        tail_id = tail.id
        with self.step():
            merged = (head | tail).merge_opportunity()
        self.assertEqual(merged, head)
        self.assertHappened(tail_id, "create", "merge")
        row = self.rows(tail_id)[-1]
        self.assertEqual(row.merged_into_id.id, head.id)
        self.assertEqual(row.changed_by_id, self.ewa)
        self.assertEqual(row.expected_revenue, 77)

    def test_merge_by_automatic_assignment_deletes_later(self):
        head = self.new_lead(user=self.ewa, stage_id=self.stages[1].id, probability=90)
        tail = self.new_lead(user=self.ewa, stage_id=self.stages[0].id, probability=10)
        other = self.new_lead(user=self.ewa)
        with self.step():
            (head | tail)._merge_opportunity(auto_unlink=False)
            (tail | other).unlink()
        self.assertEqual(self.rows(tail.id)[-1].event, "merge")
        self.assertEqual(self.rows(tail.id)[-1].merged_into_id.id, head.id)
        self.assertEqual(self.rows(other.id)[-1].event, "delete")

    def test_merge_of_partners(self):
        lead = self.new_lead(partner_id=self.paktech.id)
        with self.step():
            lead.reference_ids = [
                (
                    0,
                    0,
                    {"partner_id": self.paktech.id, "type_id": self.competitor_type.id},
                )
            ]
        self.tick()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.kranbau | self.paktech).ids, self.kranbau
        )
        self.env.invalidate_all()
        row = self.rows(lead)[-1]
        self.assertEqual(lead.partner_id, self.kranbau)
        self.assertEqual(row.partner_id, self.kranbau)
        self.assertEqual(row.reference_lines[0]["partner_id"], self.kranbau.id)

    def test_deleting_a_team_a_campaign_and_a_stage(self):
        campaign = self.env["utm.campaign"].create({"name": "Fair"})
        lead = self.new_lead(
            user=self.ewa, team_id=self.team.id, campaign_id=campaign.id
        )
        for record, name in ((self.team, "team_id"), (campaign, "campaign_id")):
            with self.subTest(name), self.cr.savepoint():
                self.tick()
                record.unlink()
                row = self.rows(lead)[-1]
                self.assertFalse(row[name])
                self.assertEqual(row.path, "sql")
                self.assertFalse(row.changed_by_id)
        with self.step():
            lead.stage_id = self.stages[1]
        with self.step():
            lead.stage_id = self.stages[0]
        self.stages[1].unlink()
        texts = self.rows(lead).mapped("summary")
        self.assertIn("Proposal 2 → Qualified 1", texts[-1])

    def test_import_updates(self):
        lead = self.new_lead()
        self.env["ir.model.data"].create(
            {
                "module": "__test__",
                "name": "deal",
                "model": "crm.lead",
                "res_id": lead.id,
            }
        )
        with self.step():
            result = self.env["crm.lead"].load(
                ["id", "expected_revenue"], [["__test__.deal", "888"]]
            )
        self.assertFalse(result["messages"])
        self.assertEqual(self.rows(lead)[-1].expected_revenue, 888)

    def test_mass_edit(self):
        leads = self.new_lead() | self.new_lead()
        with self.step():
            leads.web_save_multi(
                [{"expected_revenue": 5}] * 2, {"expected_revenue": {}}
            )
        for lead in leads:
            self.assertHappened(lead, "create", "change")

    def test_company_change(self):
        lead = self.new_lead(user=self.ewa, user_id=False, team_id=False)
        with self.step():
            lead.sudo().write({"company_id": self.other_company.id})
        row = self.rows(lead)[-1]
        self.assertEqual(row.company_id, self.other_company)
        self.assertEqual(row.currency_id, self.other_company.currency_id)

    def test_lead_becomes_opportunity(self):
        lead = self.new_lead(user=self.ewa, type="lead")
        with self.step():
            lead.convert_opportunity(self.stalmet)
        self.assertEqual(self.rows(lead).mapped("lead_type"), ["lead", "opportunity"])

    def test_raw_sql_of_another_program(self):
        lead = self.new_lead()
        self.tick()
        self.env.cr.execute(
            "UPDATE crm_lead SET expected_revenue = 31 WHERE id = %s", [lead.id]
        )
        row = self.rows(lead)[-1]
        self.assertEqual((row.expected_revenue, row.path), (31, "sql"))
        self.env.cr.execute("DELETE FROM crm_lead WHERE id = %s", [lead.id])
        self.env.invalidate_all()
        row = self.rows(lead.id)[-1]
        self.assertEqual((row.event, row.path), ("delete", "sql"))

    def test_a_stored_value_fed_by_another_record(self):
        plan = self.env["crm.recurring.plan"].create(
            {"name": "Yearly", "number_of_months": 12}
        )
        lead = self.new_lead(
            user=self.ewa, recurring_revenue=120, recurring_plan=plan.id
        )
        with self.step():
            plan.sudo().number_of_months = 6
        self.assertEqual(self.rows(lead)[-1].recurring_revenue_monthly, 20)
