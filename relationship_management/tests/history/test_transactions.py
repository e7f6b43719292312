from contextlib import closing

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestHistoryOfTransactions(TransactionCase):
    """Real transactions that commit, on connections of their own."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        with self.session() as env:
            self.lead_id = (
                env["crm.lead"]
                .create({"name": "Two at once", "type": "opportunity"})
                .id
            )
            self.partner_id = env["res.partner"].create({"name": "Rival"}).id
        self.addCleanup(self._delete)

    def session(self):
        return Session(self.connection)

    def _delete(self):
        with self.session() as env:
            env["crm.lead"].browse(self.lead_id).exists().unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def history(self):
        with self.session() as env:
            env.cr.execute(
                "SELECT event, expected_revenue, reference_lines, transaction_id"
                "  FROM relationship_opportunity_history"
                " WHERE opportunity_id = %s ORDER BY id",
                [self.lead_id],
            )
            return env.cr.fetchall()

    def test_each_transaction_has_its_row(self):
        for revenue in (10, 20, 30):
            with self.session() as env:
                env["crm.lead"].browse(self.lead_id).expected_revenue = revenue
        rows = self.history()
        self.assertEqual([row[1] for row in rows], [0, 10, 20, 30])
        self.assertEqual(len({row[3] for row in rows}), 4)

    def test_a_rolled_back_transaction_leaves_nothing(self):
        with self.assertRaises(ZeroDivisionError), self.session() as env:
            env["crm.lead"].browse(self.lead_id).expected_revenue = 99
            env.flush_all()
            raise ZeroDivisionError
        self.assertEqual([row[1] for row in self.history()], [0])

    @mute_logger("odoo.sql_db")
    def test_two_transactions_cannot_lose_a_reference(self):
        """The second one fails as a concurrent update, which Odoo repeats."""
        with (
            closing(self.connection.cursor()) as first,
            closing(self.connection.cursor()) as second,
        ):
            self._add_competitor(second, flush=False)
            self._add_competitor(first)
            first.commit()
            with self.assertRaises(errors.SerializationFailure):
                self._add_competitor(second)
            second.rollback()
            self._add_competitor(second, is_another=True)
            second.commit()
        self.assertEqual([len(row[2] or []) for row in self.history()], [0, 1, 2])

    def _add_competitor(self, cr, flush=True, is_another=False):
        env = api.Environment(cr, SUPERUSER_ID, {})
        if not flush:
            # The snapshot of the transaction begins with its first statement.
            env["crm.lead"].browse(self.lead_id).mapped("reference_ids")
            return
        partner_id = env.company.partner_id.id if is_another else self.partner_id
        env["relationship.reference"].create(
            {
                "lead_id": self.lead_id,
                "partner_id": partner_id,
                "type_id": env.ref(
                    "relationship_management.relationship_reference_type_competitor"
                ).id,
            }
        )
        env.flush_all()

    def test_interleaved_writers_that_commit_out_of_order(self):
        """Every committed change stands in the history once, a rolled back one not."""
        with self.session() as env:
            lead_ids = (
                env["crm.lead"]
                .create(
                    [{"name": f"Deal {i}", "type": "opportunity"} for i in range(4)]
                )
                .ids
            )
        for revenue in range(1, 4):
            sessions = [(self.session(), lead_id) for lead_id in lead_ids]
            for session, lead_id in sessions:
                env = session.__enter__()
                env["crm.lead"].browse(lead_id).expected_revenue = revenue
                env.flush_all()
            for session, lead_id in reversed(sessions):
                lost = lead_id == lead_ids[0] and revenue == 2
                session.__exit__(ZeroDivisionError if lost else None, None, None)
        with self.session() as env:
            env.cr.execute(
                "SELECT opportunity_id, array_agg(expected_revenue::int ORDER BY id)"
                "  FROM relationship_opportunity_history"
                " WHERE opportunity_id IN %s GROUP BY 1",
                [tuple(lead_ids)],
            )
            found = dict(env.cr.fetchall())
            env["crm.lead"].browse(lead_ids).unlink()
        expected = {key: [0, 1, 2, 3] for key in lead_ids} | {lead_ids[0]: [0, 1, 3]}
        self.assertEqual(found, expected)


class Session:
    """An environment in a transaction of its own; commits when all went well."""

    def __init__(self, connection):
        self.cr = connection.cursor()

    def __enter__(self):
        return api.Environment(self.cr, SUPERUSER_ID, {"tracking_disable": True})

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                api.Environment(self.cr, SUPERUSER_ID, {}).flush_all()
                self.cr.commit()  # pylint: disable=invalid-commit
            else:
                self.cr.rollback()
        finally:
            self.cr.close()
