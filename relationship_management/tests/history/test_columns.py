from itertools import product
from unittest.mock import patch

from odoo.tests import tagged

from ...models.history import capture
from ...models.history.columns import COLUMNS, FLAG, NUMBER, TEXT, Column
from ..common import RelationshipCase

HISTORY = "relationship.opportunity.history"
LARGE = 3_000_000_000


class ColumnsCase(RelationshipCase):
    def update(self, *columns):
        """Do what an update of an addon does that tracks further columns."""
        model = self.registry[HISTORY]
        original = model._get_columns
        patched = patch.object(
            model, "_get_columns", lambda self: (*original(self), *columns)
        )
        patched.start()
        self.addCleanup(patched.stop)
        self.env.flush_all()
        self.registry.init_models(self.env.cr, [HISTORY], {}, install=False)

    def rows_of(self, lead_id, *columns):
        """Return event and values of the rows of an opportunity, oldest first."""
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT event, {', '.join(columns)}"
            " FROM relationship_opportunity_history"
            " WHERE opportunity_id = %s ORDER BY id",
            [lead_id],
        )
        return self.env.cr.fetchall()


@tagged("post_install", "-at_install")
class TestTrackedColumn(ColumnsCase):
    def test_a_new_column_reaches_an_existing_database(self):
        lead = self.new_lead(referred="Fair")
        self.update(Column("referred", TEXT), Column("color", NUMBER))
        with self.step():
            lead.with_user(self.anna).referred = "Kranbau"
        with self.step():
            lead.with_user(self.anna).color = 7
        lead_id = lead.id
        with self.step():
            lead.with_user(self.ewa).unlink()
        self.assertEqual(
            self.rows_of(lead_id, "referred", "color"),
            [
                ("create", None, None),
                ("change", "Kranbau", 0),
                ("change", "Kranbau", 7),
                ("delete", "Kranbau", 7),
            ],
        )

    def test_a_fresh_table_begins_with_it(self):
        lead = self.new_lead(referred="Fair")
        self.env.flush_all()
        self.env.cr.execute("DROP TABLE relationship_opportunity_history")
        self.update(Column("referred", TEXT))
        self.assertEqual(self.rows_of(lead.id, "referred"), [("baseline", "Fair")])
        with self.step():
            lead.referred = "PakTech"
        self.assertEqual(self.rows_of(lead.id, "referred")[-1], ("change", "PakTech"))

    def test_changes_of_one_transaction_fold(self):
        lead = self.new_lead()
        self.update(Column("referred", TEXT))
        with self.step():
            lead.referred = "Kranbau"
            self.env.flush_all()
            lead.referred = "PakTech"
        self.assertEqual(
            self.rows_of(lead.id, "referred"), [("create", None), ("change", "PakTech")]
        )

    def test_it_is_missed_when_its_trigger_is_not_updated(self):
        """An addon whose update is still to come."""
        with patch.object(
            self.registry[HISTORY],
            "_get_columns",
            lambda self: (*COLUMNS, Column("referred", TEXT)),
        ):
            logger = "odoo.addons.relationship_management.models.history.history"
            with self.assertLogs(logger) as logs:
                self.env[HISTORY]._register_hook()
        self.assertIn("of another version. Update the addon.", "".join(logs.output))

    def test_a_column_that_opportunities_lack_stops_nobody(self):
        """An addon that is gone and did not say so."""
        lead = self.new_lead()
        self.update(Column("gone_with_its_addon", FLAG))
        with self.step():
            lead.expected_revenue = 77
        self.assertEqual(self.rows_of(lead.id, "expected_revenue")[-1], ("change", 77))

    def drop(self, model, name):
        """Do what the removal of the addon does that a field is from."""
        self.env.flush_all()
        self.env["ir.model.fields"]._get(model, name)._drop_column()

    def test_a_column_that_goes_with_its_addon_stops_nobody(self):
        lead = self.new_lead()
        self.update(Column("referred", TEXT))
        self.drop("crm.lead", "referred")
        with self.step():
            lead.expected_revenue = 77
        self.assertEqual(
            self.rows_of(lead.id, "expected_revenue", "referred")[-1],
            ("change", 77, None),
        )

    def test_a_column_of_the_history_that_goes_stops_nobody(self):
        """A field of core that an addon had let the history keep."""
        lead = self.new_lead()
        self.drop(HISTORY, "number")
        with self.step():
            lead.expected_revenue = 77
        lead_id = lead.id
        with self.step():
            lead.with_user(self.ewa).unlink()
        self.assertEqual(
            self.rows_of(lead_id, "expected_revenue")[1:],
            [("change", 77), ("delete", 77)],
        )

    def test_removing_this_addon_leaves_no_trigger(self):
        """Its fields go after its triggers."""
        lead = self.new_lead()
        self.env.flush_all()
        capture.remove_capture(self.env.cr)
        self.drop("crm.lead", "binding")
        self.env.cr.execute(
            "UPDATE crm_lead SET expected_revenue = 77 WHERE id = %s", [lead.id]
        )
        self.assertEqual(len(self.rows_of(lead.id, "event")), 1)

    def test_table_and_fields_are_alike(self):
        self.env.cr.execute(
            "SELECT attname FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
            " AND attrelid = 'relationship_opportunity_history'::regclass"
        )
        table = {name for (name,) in self.env.cr.fetchall()}
        fields = self.env[HISTORY]._fields.values()
        self.assertEqual(
            table,
            {f.name for f in fields if f.column_type and not f.compute}
            | {c.name for c in self.env[HISTORY]._get_columns()},
        )


@tagged("post_install", "-at_install")
class TestLargeNumbers(ColumnsCase):
    def test_an_earlier_table_gets_64_bits(self):
        self.env.cr.execute(
            "ALTER TABLE relationship_opportunity_history ALTER id TYPE integer;"
            " ALTER SEQUENCE relationship_opportunity_history_id_seq AS integer"
        )
        self.update()
        self.env.cr.execute(
            "SELECT format_type(a.atttypid, NULL), s.seqtypid::regtype"
            "  FROM pg_attribute a, pg_sequence s"
            " WHERE a.attrelid = 'relationship_opportunity_history'::regclass"
            "   AND s.seqrelid = 'relationship_opportunity_history_id_seq'::regclass"
            "   AND a.attname = 'id'"
        )
        self.assertEqual(self.env.cr.fetchone(), ("bigint", "bigint"))

    def test_people_read_rows_beyond_32_bits(self):
        self.env.cr.execute(
            f"CREATE SEQUENCE large START {LARGE};"
            " ALTER TABLE relationship_opportunity_history"
            " ALTER id SET DEFAULT nextval('large')"
        )
        lead = self.new_lead(expected_revenue=100)
        with self.step():
            lead.with_user(self.anna).expected_revenue = 250
        history = self.env[HISTORY].with_user(self.anna)
        rows = history.search([("opportunity_id", "=", lead.id)])
        self.assertGreater(min(rows.ids), LARGE - 1)
        self.assertEqual(history.search([("id", "in", rows.ids)]), rows)
        self.assertEqual(history.search([("id", ">=", rows[-1].id)]), rows)
        self.assertIn("100.00 → ", rows[0].summary.replace("\N{NO-BREAK SPACE}", " "))
        timeline = history.get_timeline(lead.id)
        self.assertEqual([entry["id"] for entry in timeline], rows.ids)
        self.assertEqual(timeline[0]["changes"][0]["label"], "Expected revenue")
        found = history.web_search_read([("id", "=", rows[0].id)], {"event": {}})
        self.assertEqual(found["records"], [{"id": rows[0].id, "event": "change"}])
        exported = rows.sudo().export_data([".id"])["datas"]
        self.assertEqual([int(number) for (number,) in exported], rows.ids)


@tagged("post_install", "-at_install")
class TestForecastRule(ColumnsCase):
    def test_python_and_the_database_have_one_rule(self):
        """Also for what only a statement beside Odoo leaves empty."""
        lead = self.new_lead(expected_revenue=1000)
        self.env.flush_all()
        won, no = self.stages[2], (None, False)
        cases = product(
            ("won", "lost", "pending", None), (True, *no), (True, *no), (True, *no)
        )
        for won_status, active, binding, apply_probability in cases:
            values = [won_status, active, binding, apply_probability]
            for probability in (30, 0, None):
                self.env.cr.execute(
                    "UPDATE crm_lead SET won_status = %s, active = %s, binding = %s,"
                    " apply_probability = %s, probability = %s, stage_id = %s"
                    " WHERE id = %s RETURNING relationship_forecast_weight(won_status,"
                    " active, binding, apply_probability, probability)",
                    [*values, probability, won.id, lead.id],
                )
                [weight] = self.env.cr.fetchone()
                lead.invalidate_recordset()
                said = (*values, probability)
                self.assertEqual(float(weight), lead._get_forecast_weight(), said)
                self.assertEqual(
                    self.rows_of(lead.id, "forecast_revenue")[-1][1],
                    1000 * weight,
                    said,
                )

    def test_scoring_and_installation_ask_the_same_rule(self):
        lead = self.new_lead(expected_revenue=1000, probability=50)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET binding = NULL, apply_probability = NULL"
            " WHERE id = %s",
            [lead.id],
        )
        for binding, forecast in ((None, 0), (True, 1000)):
            self.env.cr.execute(
                "UPDATE crm_lead SET binding = %s WHERE id = %s", [binding, lead.id]
            )
            lead._update_forecasts(lead.ids)
            lead.invalidate_recordset()
            self.assertEqual(lead.forecast_revenue, forecast)
            self.assertEqual(self.rows_of(lead.id, "forecast_revenue")[-1][1], forecast)
