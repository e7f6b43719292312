from contextlib import suppress
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.shared import row_trigger
from ..common import RelationshipCase

DAYS = ("infinity", "-infinity", "0001-01-01", "9999-12-31", "0044-03-15 BC")
MOMENTS = (*DAYS, "294276-12-31 23:59:59", "4713-01-01 00:00:00 BC")
NUMBERS = ("NaN", "Infinity", "-Infinity", "1e300", "-1e300", "1e-300", "0", "-1")


@tagged("post_install", "-at_install")
class TestHistoryOfValues(RelationshipCase):
    """Whatever a statement writes is recorded, at the time of its transaction."""

    def setUp(self):
        super().setUp()
        euro = self._activate_currency("EUR")
        self.rate = self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "name": (self.clock - timedelta(days=5)).date(),
                "rate": 0.25,
                "company_id": self.company.id,
            }
        )
        self.env["ir.config_parameter"].set_param(
            "relationship_management.group_currency_id", euro.id
        )
        self.lead = self.new_lead(company_id=self.company.id, expected_revenue=10)
        self.reference = self.env["relationship.reference"].create(
            {
                "lead_id": self.lead.id,
                "partner_id": self.kranbau.id,
                "type_id": self.competitor_type.id,
            }
        )
        self.tick()

    def columns(self, table):
        """Return ``{column: values to try}`` for all that computes."""
        self.env.cr.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        values = {
            "date": DAYS,
            "timestamp without time zone": MOMENTS,
            "numeric": NUMBERS,
            "double precision": NUMBERS,
        }
        return {
            name: values[kind]
            for name, kind in self.env.cr.fetchall()
            if kind in values
        }

    def history(self, lead_id=None):
        self.env.cr.execute(
            "SELECT id, changed_at, event FROM relationship_opportunity_history"
            " WHERE opportunity_id = %s ORDER BY id",
            [lead_id or self.lead.id],
        )
        return self.env.cr.fetchall()

    @mute_logger("odoo.sql_db")
    def for_each_value(self, table, function):
        """Call a function with each column and value; nothing of it stays."""
        for column, values in self.columns(table).items():
            for value in values:
                with self.subTest(table=table, column=column, value=value):
                    self.tick()
                    # What a rule of the table's own refuses never comes.
                    with suppress(CheckViolation), self.env.cr.savepoint() as savepoint:
                        function(column, value)
                        savepoint.rollback()

    def assertRecorded(self, before, lead_id=None):
        after = self.history(lead_id)
        self.assertEqual(len(after), len(before) + 1)
        self.assertEqual(after[-1][1], self.clock)

    def test_a_statement_may_write_any_value(self):
        before = self.history()

        def write(column, value):
            self.env.cr.execute(
                f"UPDATE crm_lead SET {column} = %s,"
                " lost_reason_id = coalesce(lost_reason_id, 0) + 1 WHERE id = %s",
                [value, self.lead.id],
            )
            self.assertRecorded(before)
            self.env.cr.execute("DELETE FROM crm_lead WHERE id = %s", [self.lead.id])
            self.assertEqual(self.history()[-1][2], "delete")

        self.for_each_value("crm_lead", write)

    def test_a_statement_may_insert_any_value(self):
        def insert(column, value):
            row = {
                "create_uid": 1,
                "type": "opportunity",
                "active": True,
                "name": "New",
                "company_id": self.company.id,
                column: value,
            }
            self.env.cr.execute(
                f"INSERT INTO crm_lead ({', '.join(row)})"
                f" VALUES ({', '.join(['%s'] * len(row))}) RETURNING id",
                list(row.values()),
            )
            self.assertRecorded([], lead_id=self.env.cr.fetchone()[0])

        self.for_each_value("crm_lead", insert)

    def test_rates_and_references_may_hold_any_value(self):
        before = self.history()

        for record in (self.rate, self.reference):

            def write(column, value, record=record):
                self.env.cr.execute(
                    f"UPDATE {record._table} SET {column} = %s WHERE id = %s",
                    [value, record.id],
                )
                self.env.cr.execute(
                    "UPDATE crm_lead SET probability = coalesce(probability, 0) + 1"
                    " WHERE id = %s",
                    [self.lead.id],
                )
                self.assertRecorded(before)

            self.for_each_value(record._table, write)

    def test_a_statement_may_write_any_snapshot_of_the_references(self):
        who = ('"x"', "1.5", "null", "[]", "{}", "99999999999", "true", "-1", '"2"')
        values = [f'{{"by": {value}, "path": "orm"}}' for value in who]
        values += ["1", "null", "[]", '{"at": "x"}', '{"at": "infinity"}']
        values += ['{"lines": 5}', '{"lines": [[]]}', '{"path": null}']
        before = self.history()
        for value in values:
            with self.subTest(value=value):
                self.env.cr.execute(
                    "UPDATE crm_lead SET reference_snapshot = %s WHERE id = %s",
                    [value, self.lead.id],
                )
                self.assertRecorded(before)
                before = self.history()
                self.tick()

    def test_one_transaction_makes_one_row_whatever_it_says_of_its_time(self):
        before = self.history()
        for moment in ("2020-01-01", "2048-01-01", "infinity", None):
            self.env.cr.execute(
                "UPDATE crm_lead SET write_date = %s,"
                " expected_revenue = expected_revenue + 1 WHERE id = %s",
                [moment, self.lead.id],
            )
        self.lead.invalidate_recordset()
        self.lead.with_user(self.ewa).expected_revenue = 99
        self.env.flush_all()
        self.assertRecorded(before)
        row = self.rows(self.lead)[-1]
        self.assertEqual((row.path, row.changed_by_id), ("orm", self.ewa))

    def test_a_clock_that_goes_back_leaves_the_last_state_on_the_last_row(self):
        """As a replay does, or somebody with SQL, within one transaction."""
        first, later = self.clock, self.clock + timedelta(days=400)
        for last in ("lost", "delete"):
            with self.subTest(last=last), self.env.cr.savepoint() as savepoint:
                lead = self.new_lead(company_id=self.company.id)
                self.env.flush_all()
                for clock in (later, first, None, later, first):
                    row_trigger.set_clock(self.env.cr, clock)
                    self.env.cr.execute(
                        "UPDATE crm_lead SET expected_revenue ="
                        " coalesce(expected_revenue, 0) + 1 WHERE id = %s",
                        [lead.id],
                    )
                if last == "lost":
                    lead.invalidate_recordset()
                    lead.action_set_lost()
                    self.env.flush_all()
                else:
                    self.env.cr.execute("DELETE FROM crm_lead WHERE id = %s", [lead.id])
                rows = self.history(lead.id)
                self.assertEqual(rows, sorted(rows, key=lambda row: row[1]))
                self.assertEqual(rows[-1][2], last)
                savepoint.rollback()
