from datetime import timedelta

from psycopg2 import errors

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import RelationshipCase

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


@tagged("post_install", "-at_install")
class TestHistoryOfReferences(RelationshipCase):
    def setUp(self):
        super().setUp()
        self.lead = self.new_lead()
        with self.step():
            self.reference = (
                self.env["relationship.reference"]
                .with_user(self.anna)
                .create(
                    {
                        "lead_id": self.lead.id,
                        "partner_id": self.kranbau.id,
                        "type_id": self.competitor_type.id,
                        "share": 30,
                    }
                )
            )

    def test_added(self):
        self.assertHappened(self.lead, "create", "change")
        row = self.rows(self.lead)[-1]
        self.assertEqual(row.changed_by_id, self.anna)
        [line] = row.reference_lines
        self.assertEqual(line["partner_id"], self.kranbau.id)
        self.assertEqual(line["kind"], "competitor")
        self.assertEqual(line["share"], 30)

    def test_changed(self):
        with self.step() as moment:
            self.reference.with_user(self.anna).share = 45
        row = self.rows(self.lead)[-1]
        self.assertEqual(row.reference_lines[0]["share"], 45)
        self.assertEqual(row.changed_at.minute, moment.minute)

    def test_replaced_in_one_save(self):
        with self.step():
            self.lead.write(
                {
                    "reference_ids": [
                        (2, self.reference.id),
                        (
                            0,
                            0,
                            {
                                "partner_id": self.paktech.id,
                                "type_id": self.competitor_type.id,
                            },
                        ),
                    ]
                }
            )
        self.assertHappened(self.lead, "create", "change", "change")
        [line] = self.rows(self.lead)[-1].reference_lines
        self.assertEqual(line["partner_id"], self.paktech.id)

    def test_removed_by_somebody(self):
        with self.step():
            self.reference.with_user(self.ewa).unlink()
        row = self.rows(self.lead)[-1]
        self.assertFalse(row.reference_lines)
        self.assertEqual(row.changed_by_id, self.ewa)
        self.assertEqual(row.path, "orm")

    def test_a_changed_attitude_is_told(self):
        with self.step():
            self.reference.attitude = "against"
        self.assertIn(
            "Kranbau Wolff (30 %) → Kranbau Wolff (30 %, Against us)",
            self.rows(self.lead)[-1].summary,
        )

    def test_a_note_on_the_line_is_no_event(self):
        with self.step():
            self.reference.note = "met at the fair"
        self.assertHappened(self.lead, "create", "change")

    def test_a_deleted_opportunity_still_knows_its_people(self):
        with self.step():
            self.lead.with_user(self.ewa).unlink()
        row = self.rows(self.lead.id)[-1]
        self.assertEqual(row.event, "delete")
        self.assertEqual(row.reference_lines[0]["partner_id"], self.kranbau.id)

    def test_moved_to_another_opportunity(self):
        other = self.new_lead()
        with self.step():
            self.reference.lead_id = other
        self.assertFalse(self.rows(self.lead)[-1].reference_lines)
        self.assertTrue(self.rows(other)[-1].reference_lines)


@tagged("post_install", "-at_install")
class TestHistoryIsKept(RelationshipCase):
    def test_deletion_leaves_the_last_values(self):
        lead = self.new_lead(expected_revenue=1234)
        lead_id = lead.id
        with self.step():
            lead.with_user(self.ewa).unlink()
        row = self.rows(lead_id)[-1]
        self.assertEqual(row.event, "delete")
        self.assertEqual(row.changed_by_id, self.ewa)
        self.assertEqual(row.expected_revenue, 1234)
        self.assertEqual(row.name, "Packing line")

    def test_created_and_deleted_in_one_transaction_leaves_nothing(self):
        lead = self.env["crm.lead"].create({"name": "Typo", "type": "opportunity"})
        self.env.flush_all()
        lead_id = lead.id
        lead.expected_revenue = 3
        lead.unlink()
        self.assertFalse(self.rows(lead_id))

    def test_a_savepoint_takes_its_part_along(self):
        lead = self.new_lead(expected_revenue=1)
        self.tick()
        with self.assertRaises(ZeroDivisionError), self.cr.savepoint():
            lead.expected_revenue = 2
            self.env.flush_all()
            raise ZeroDivisionError
        lead.invalidate_recordset()
        self.assertHappened(lead, "create")
        self.tick()
        lead.expected_revenue = 3
        self.env.flush_all()
        with self.assertRaises(ZeroDivisionError), self.cr.savepoint():
            lead.expected_revenue = 4
            self.env.flush_all()
            raise ZeroDivisionError
        lead.invalidate_recordset()
        self.assertEqual(self.rows(lead)[-1].expected_revenue, 3)

    def test_nobody_changes_the_history_through_odoo(self):
        lead = self.new_lead()
        for user in (self.anna, self.ewa, self.env.ref("base.user_admin")):
            rows = self.rows(lead).with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    rows.write({"expected_revenue": 1})
                with self.assertRaises(UserError):
                    rows.unlink()
                with self.assertRaises(UserError):
                    rows.create({"event": "won"})

    def test_nobody_changes_it_through_sql_after_its_transaction(self):
        with self.registry.cursor() as other:
            other.execute("SELECT max(id) FROM relationship_opportunity_history")
            [row_id] = other.fetchone()
            if row_id is None:
                self.skipTest("No committed history in this database.")
            for statement in ("UPDATE {} SET name = 'x'", "DELETE FROM {}"):
                with (
                    self.subTest(statement=statement),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(errors.RestrictViolation),
                    other.savepoint(),
                ):
                    other.execute(
                        statement.format("relationship_opportunity_history")
                        + " WHERE id = %s",
                        [row_id],
                    )

    def test_a_salesperson_reads_the_history_of_own_opportunities(self):
        own, foreign = self.new_lead(), self.new_lead(user=self.piotr)
        history = self.env["relationship.opportunity.history"].with_user(self.anna)
        found = history.search([("opportunity_id", "in", (own | foreign).ids)])
        self.assertEqual(found.opportunity_id, own)
        self.assertFalse(history.get_timeline(foreign.id))

    def test_a_deleted_opportunity_is_left_to_those_who_see_all(self):
        lead = self.new_lead(user_id=False)
        lead_id = lead.id
        self.tick()
        lead.with_user(self.ewa).unlink()
        domain = [("opportunity_id", "=", lead_id)]
        history = self.env["relationship.opportunity.history"]
        self.assertFalse(history.with_user(self.anna).search(domain))
        self.assertTrue(history.with_user(self.piotr).search(domain))

    def test_another_company_reads_nothing(self):
        lead = self.new_lead(company_id=self.company.id)
        found = (
            self.env["relationship.opportunity.history"]
            .with_user(self.katrin)
            .search([("opportunity_id", "=", lead.id)])
        )
        self.assertFalse(found)

    def test_the_web_client_shows_rows_whose_records_are_gone(self):
        campaign = self.env["utm.campaign"].create({"name": "Fair"})
        lead = self.new_lead(
            user=self.ewa,
            team_id=self.team.id,
            campaign_id=campaign.id,
            stage_id=self.stages[1].id,
            partner_id=self.paktech.id,
        )
        with self.step():
            lead.stage_id = self.stages[0]
        with self.step():
            lead.unlink()
        for record in (self.stages[1], self.team, campaign, self.paktech):
            record.unlink()
        history = self.env["relationship.opportunity.history"].with_user(self.ewa)
        names = [
            name for name, field in history._fields.items() if field.type == "many2one"
        ]
        domain = [("name", "=", "Packing line"), ("partner_id", "=", self.paktech.id)]
        self.env.invalidate_all()
        result = history.web_search_read(
            domain, {name: {"fields": {"display_name": {}}} for name in names}
        )
        self.assertEqual(result["length"], 3)
        self.assertFalse(result["records"][-1]["stage_id"])
        for name in names:
            groups = history.web_read_group(domain, [name], ["__count"])["groups"]
            self.assertEqual(sum(group["__count"] for group in groups), 3)
        history.sudo().search(domain).export_data(["name", "stage_id/name"])

    def test_former_names_are_shown(self):
        lead = self.new_lead(stage_id=self.stages[0].id)
        with self.step():
            lead.stage_id = self.stages[1]
        self.stages[0].name = "Renamed"
        self.env.flush_all()
        self.assertIn("Qualified 1 → Proposal 2", self.rows(lead)[-1].summary)


@tagged("post_install", "-at_install")
class TestTimeline(RelationshipCase):
    def test_the_timeline_reads_like_a_story(self):
        lead = self.new_lead(
            opportunity_type_id=self.machine_deal.id, expected_revenue=24000
        )
        with self.step():
            lead.with_user(self.ewa).write(
                {"stage_id": self.stages[0].id, "probability": 50}
            )
        with self.step():
            lead.reference_ids = [
                (
                    0,
                    0,
                    {
                        "partner_id": self.kranbau.id,
                        "type_id": self.competitor_type.id,
                        "share": 30,
                    },
                )
            ]
        with self.step():
            lead.action_set_lost()
        timeline = (
            self.env["relationship.opportunity.history"]
            .with_user(self.anna)
            .get_timeline(lead.id)
        )
        self.assertEqual(
            [entry["event"] for entry in timeline],
            ["lost", "change", "change", "create"],
        )
        self.assertEqual(timeline[2]["who"], self.ewa.name)
        texts = [change["text"] for change in timeline[2]["changes"]]
        self.assertIn("Stage Proposal 2 → Qualified 1", texts)
        self.assertIn("Probability 40 % → 50 %", texts)
        self.assertIn(
            "Competitor: Kranbau Wolff (30 %)",
            [change["text"] for change in timeline[1]["changes"]],
        )
        self.assertEqual(timeline[2]["forecast"], 12000)

    def test_the_number_of_queries_does_not_grow_with_the_history(self):
        lead = self.new_lead()
        history = self.env["relationship.opportunity.history"].with_user(self.anna)
        counts = []
        for steps in (3, 20):
            for i in range(steps):
                with self.step():
                    lead.write(
                        {
                            "expected_revenue": i + steps * 100,
                            "stage_id": self.stages[i % 2].id,
                        }
                    )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            history.get_timeline(lead.id)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
