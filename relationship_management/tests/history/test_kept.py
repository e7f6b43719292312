from psycopg2 import errors

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import RelationshipCase


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

    def test_its_dates_are_kept_and_told(self):
        with self.step():
            self.reference.with_user(self.anna).date_to = "2026-12-31"
        row = self.rows(self.lead)[-1]
        self.assertEqual(row.reference_lines[0]["date_to"], "2026-12-31")
        self.assertNotIn("date_from", row.reference_lines[0])
        self.assertIn(
            "Wolff (30 %) → Kranbau Wolff (30 %, until 12/31/2026)", row.summary
        )

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
                with self.refused("written by the database"):
                    rows.write({"expected_revenue": 1})
                with self.refused("written by the database"):
                    rows.unlink()
                with self.refused("written by the database"):
                    rows.create({"event": "won"})

    def test_nobody_changes_it_through_sql_after_its_transaction(self):
        table, row = "relationship_opportunity_history", self.rows(self.new_lead())
        where = f"WHERE id = {row.id}"
        # Only as long as it is a row of this transaction.
        self.env.cr.execute(f"UPDATE {table} SET transaction_id = 1 {where}")
        for statement in (f"UPDATE {table} SET name = 'x'", f"DELETE FROM {table}"):
            with (
                self.subTest(statement=statement),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(errors.RestrictViolation, "are never changed"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(f"{statement} {where}")

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

    def test_who_goes_on_from_what_was_found_finds_the_same(self):
        lead = self.new_lead()
        domain = [("opportunity_id", "=", lead.id)]
        self.tick()
        lead.with_user(self.ewa).unlink()
        found = (
            self.env["relationship.opportunity.history"]
            .with_user(self.piotr)
            .search(domain)
        )
        self.assertTrue(found)
        self.assertEqual(found.search(domain), found)

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
        fields = history.fields_get(attributes=["type"])
        names = [name for name, told in fields.items() if told["type"] == "many2one"]
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
