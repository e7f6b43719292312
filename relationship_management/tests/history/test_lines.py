import json

from odoo.tests import tagged

from ..common import RelationshipCase

# What statements beside Odoo, or an earlier version, may have left in the column.
OLD_LINES = (
    *("null", "1", '"x"', "true", "{}", '{"id": 1}', "[]", "[null]", "[[]]"),
    *('[1, "x"]', "[{}]", '[{"id": "x"}]', '[{"id": 1.5}]', '[{"id": [1]}]'),
    '[{"id": 1, "partner_id": "x", "type_id": {}, "share": "much", "influence": []}]',
    '[{"id": 1, "partner_id": -5, "type_id": 1e30, "share": 1e30, "attitude": "odd"}]',
    '[{"id": 1, "partner_id": 4294967296}, {"id": 1, "partner_id": true}]',
)


@tagged("post_install", "-at_install")
class TestHistoryLines(RelationshipCase):
    """The partner references in history rows, also those of earlier versions."""

    def setUp(self):
        super().setUp()
        self.lead = self.new_lead()
        with self.step():
            self.reference = self.add_reference(self.kranbau)

    def add_reference(self, partner):
        return (
            self.env["relationship.reference"]
            .with_user(self.anna)
            .create(
                {
                    "lead_id": self.lead.id,
                    "partner_id": partner.id,
                    "type_id": self.competitor_type.id,
                }
            )
        )

    def stored(self):
        """Return the lines of the newest row as PostgreSQL has them: text or None."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT reference_lines::text FROM relationship_opportunity_history"
            " WHERE opportunity_id = %s ORDER BY id DESC LIMIT 1",
            [self.lead.id],
        )
        return self.env.cr.fetchone()[0]

    def insert_old(self, lines, **values):
        """Insert a row as an earlier version left it."""
        columns = {"event": "change", "path": "sql", "status": "open"} | values
        names = ", ".join(columns)
        self.env.cr.execute(
            "INSERT INTO relationship_opportunity_history (opportunity_id,"
            " transaction_id, changed_at, binding, apply_probability,"
            f" reference_lines, {names}) SELECT %s, 5, '2020-01-01'::timestamp"
            " + interval '1 day' * count(*), true, true, %s, "
            + ", ".join(["%s"] * len(columns))
            + " FROM relationship_opportunity_history WHERE opportunity_id = %s"
            " RETURNING id",
            [self.lead.id, lines, *columns.values(), self.lead.id],
        )
        return self.env["relationship.opportunity.history"].browse(
            self.env.cr.fetchone()[0]
        )

    def test_removing_the_last_person_leaves_nothing(self):
        with self.step():
            self.reference.with_user(self.anna).unlink()
        self.assertIsNone(self.stored())
        with self.step():
            self.lead.with_user(self.anna).expected_revenue = 7
        self.assertIsNone(self.stored())

    def test_removing_the_last_person_by_a_statement_leaves_nothing(self):
        with self.step():
            self.env.cr.execute(
                "DELETE FROM relationship_reference WHERE id = %s", [self.reference.id]
            )
        self.assertIsNone(self.stored())
        with self.step():
            self.lead.invalidate_recordset()
            self.lead.with_user(self.ewa).unlink()
        self.assertIsNone(self.stored())

    def test_without_people_a_snapshot_of_an_earlier_version_is_no_change(self):
        with self.step():
            self.reference.with_user(self.anna).unlink()
        self.env.cr.execute(
            "UPDATE crm_lead SET reference_snapshot = %s WHERE id = %s",
            [json.dumps({"path": "orm", "lines": None}), self.lead.id],
        )
        before = len(self.rows(self.lead))
        self.assertIsNone(self.stored())
        with self.step():
            self.add_reference(self.paktech).unlink()
        self.assertIsNone(self.stored())
        self.env.cr.execute(
            "UPDATE relationship_reference SET note = 'x' WHERE lead_id = %s",
            [self.lead.id],
        )
        self.assertLessEqual(len(self.rows(self.lead)), before + 1)

    def test_a_lost_snapshot_stops_nobody(self):
        with self.step():
            self.env.cr.execute(
                "UPDATE crm_lead SET reference_snapshot = NULL WHERE id = %s",
                [self.lead.id],
            )
        self.assertIsNone(self.stored())
        self.assertEqual(self.rows(self.lead)[-1].path, "sql")

    def test_screens_read_whatever_is_there(self):
        self.lead.with_user(self.anna).expected_revenue = 5
        for lines in OLD_LINES:
            self.insert_old(lines)
        history = self.env["relationship.opportunity.history"].with_user(self.anna)
        timeline = history.get_timeline(self.lead.id)
        self.assertGreater(len(timeline), len(OLD_LINES))
        rows = history.search([("opportunity_id", "=", self.lead.id)])
        self.assertTrue(any(rows.mapped("summary")))
        rows.web_read({"summary": {}, "name": {}})

    def test_screens_show_values_that_nobody_can_read_as_empty(self):
        for values in (
            {"expected_revenue": "NaN", "forecast_revenue": "Infinity"},
            {"group_rate": "NaN", "probability": "NaN"},
            {"date_deadline": "infinity"},
            {"date_deadline": "4713-01-01 BC"},
        ):
            row = self.insert_old(None, **values).with_user(self.anna)
            for name in values:
                self.assertFalse(row[name], values)
        history = self.env["relationship.opportunity.history"].with_user(self.anna)
        said = json.dumps(history.get_timeline(self.lead.id))
        self.assertNotIn("NaN", said)
        self.assertNotIn("Infinity", said)
