import threading
from contextlib import closing, contextmanager

import psycopg2
from psycopg2 import errors

from odoo.sql_db import connection_info_for
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import test_transactions


@tagged("post_install", "-at_install")
class TestHistoryAtOnce(test_transactions.TestHistoryOfTransactions):
    """Sessions beside Odoo, which wait for each other instead of failing."""

    # Those of the class itself run there.
    test_each_transaction_has_its_row = None
    test_a_rolled_back_transaction_leaves_nothing = None
    test_two_transactions_cannot_lose_a_reference = None
    test_interleaved_writers_that_commit_out_of_order = None

    def setUp(self):
        super().setUp()
        with self.session() as env:
            self.type_id = env.ref(
                "relationship_management.relationship_reference_type_competitor"
            ).id

    @contextmanager
    def psql(self):
        _name, info = connection_info_for(self.env.cr.dbname)
        with closing(psycopg2.connect(**info)) as connection:
            with connection.cursor() as cr:
                cr.execute("SET statement_timeout = '20s'")
                yield cr
            connection.commit()

    def add(self, cr, share):
        cr.execute(
            "INSERT INTO relationship_reference (lead_id, partner_id, type_id, share)"
            " VALUES (%s, %s, %s, %s) RETURNING id",
            [self.lead_id, self.partner_id, self.type_id, share],
        )
        return cr.fetchone()[0]

    def both(self, first, second):
        """Let two sessions change references at once: the second one waits."""
        with self.psql() as one:
            first(one)
            one.execute("SELECT pg_backend_pid()")
            pid = one.fetchone()[0]
            waiting = threading.Thread(target=self.run_alone, args=(second,))
            waiting.start()
            self.addCleanup(waiting.join)
            with self.psql() as watcher:
                self.wait_until_blocked(watcher, pid)
            one.connection.commit()
            waiting.join(20)

    def run_alone(self, function):
        with self.psql() as cr:
            function(cr)

    def wait_until_blocked(self, cr, pid):
        for _try in range(200):
            cr.execute(
                "SELECT count(*), pg_sleep(0.05) FROM pg_stat_activity"
                " WHERE %s = ANY (pg_blocking_pids(pid))",
                [pid],
            )
            if cr.fetchone()[0]:
                return
            cr.connection.commit()
        self.fail("the second session waits for the first one")

    def shares(self):
        return [
            sorted(line["share"] for line in row[2] or []) for row in self.history()
        ]

    def snapshot(self):
        with self.session() as env:
            env.cr.execute(
                "SELECT reference_snapshot -> 'lines' FROM crm_lead WHERE id = %s",
                [self.lead_id],
            )
            return sorted(line["share"] for line in env.cr.fetchone()[0] or [])

    def test_two_references_added_at_once_both_stay(self):
        self.both(lambda cr: self.add(cr, 10), lambda cr: self.add(cr, 20))
        self.assertEqual(self.shares(), [[], [10], [10, 20]])
        self.assertEqual(self.snapshot(), [10, 20])

    def test_one_added_while_another_is_removed_and_a_third_one_changed(self):
        with self.psql() as cr:
            gone, changed = self.add(cr, 1), self.add(cr, 2)

        def remove(cr):
            cr.execute("DELETE FROM relationship_reference WHERE id = %s", [gone])

        def change(cr):
            cr.execute(
                "UPDATE relationship_reference SET share = 7 WHERE id = %s", [changed]
            )

        self.both(lambda cr: self.add(cr, 3), remove)
        self.assertEqual(self.shares()[-2:], [[1, 2, 3], [2, 3]])
        self.both(change, lambda cr: self.add(cr, 4))
        self.assertEqual(self.shares()[-2:], [[3, 7], [3, 4, 7]])
        self.assertEqual(self.snapshot(), [3, 4, 7])

    def new_company(self):
        """Give the opportunity a company of its own; return its other currency."""
        with self.session() as env:
            euro, dollar = env.ref("base.EUR"), env.ref("base.USD")
            company = env["res.company"].create(
                {"name": "Two currencies at once", "currency_id": euro.id}
            )
            env["crm.lead"].browse(self.lead_id).company_id = company
            self.company_id, company_partner_id = company.id, company.partner_id.id

        def delete():
            with self.psql() as cr:
                for statement, number in (
                    ("DELETE FROM crm_lead WHERE id = %s", self.lead_id),
                    ("DELETE FROM res_company WHERE id = %s", company.id),
                    ("DELETE FROM res_partner WHERE id = %s", company_partner_id),
                ):
                    cr.execute(statement, [number])

        self.addCleanup(delete)
        return dollar.id

    def money(self):
        with self.session() as env:
            env.cr.execute(
                "SELECT event, expected_revenue, currency_id"
                "  FROM relationship_opportunity_history"
                " WHERE opportunity_id = %s ORDER BY id",
                [self.lead_id],
            )
            return env.cr.fetchall()

    def test_a_currency_and_an_amount_at_once(self):
        """Whoever comes second has seen what the first one wrote, and has both."""
        dollar = self.new_company()

        def amount(cr):
            cr.execute(
                "UPDATE crm_lead SET expected_revenue = expected_revenue + 1000"
                " WHERE id = %s",
                [self.lead_id],
            )

        def currency(cr):
            cr.execute(
                "UPDATE res_company SET currency_id = %s WHERE id = %s",
                [dollar, self.company_id],
            )

        def back(cr):
            cr.execute(
                "UPDATE res_company SET currency_id = %s WHERE id = %s",
                [euro, self.company_id],
            )

        euro = self.money()[-1][2]
        self.both(amount, currency)
        self.assertEqual(self.money()[-1], ("change", 1000, dollar))
        self.both(back, amount)
        self.assertEqual(self.money()[-1], ("change", 2000, euro))

    @mute_logger("odoo.sql_db")
    def test_odoo_repeats_what_a_currency_came_between(self):
        """Odoo's transactions see one moment: the later one fails and is repeated."""
        dollar = self.new_company()
        amount = (
            "UPDATE crm_lead SET expected_revenue = expected_revenue + 5 WHERE id = %s"
        )
        amount = (amount, [self.lead_id])
        currency = "UPDATE res_company SET currency_id = %s WHERE id = %s"
        currency = (currency, [dollar, self.company_id])
        for first, second in ((amount, currency), (currency, amount)):
            with closing(self.connection.cursor()) as late:
                late.execute("SELECT 1")
                with self.psql() as cr:
                    cr.execute(*first)
                with self.assertRaises(errors.SerializationFailure):
                    late.execute(*second)

    def test_changed_and_changed_back_is_no_change(self):
        update = "UPDATE crm_lead SET {} WHERE id = %s"
        with self.psql() as cr:
            for change in (
                *("expected_revenue = 5", "expected_revenue = 0"),
                *("active = false", "active = true"),
                *("date_deadline = '2030-01-01'", "date_deadline = NULL"),
            ):
                cr.execute(update.format(change), [self.lead_id])
        self.assertEqual([row[0] for row in self.history()], ["create"])
        with self.psql() as cr:
            number = self.add(cr, 10)
            cr.execute("DELETE FROM relationship_reference WHERE id = %s", [number])
        self.assertEqual([row[0] for row in self.history()], ["create"])
        with self.session() as env:
            lead = env["crm.lead"].browse(self.lead_id)
            for revenue in (8, 0, 9):
                lead.expected_revenue = revenue
                env.flush_all()
        self.assertEqual([row[:2] for row in self.history()][1:], [("change", 9)])
        with self.session() as env:
            lead = env["crm.lead"].browse(self.lead_id)
            lead.action_set_lost()
            env.flush_all()
            lead.action_unarchive()
            lead.probability = 55
            env.flush_all()
        self.assertEqual([row[0] for row in self.history()][2:], ["change"])

    def test_times_that_a_statement_writes_make_no_second_row(self):
        with self.psql() as cr:
            for number, moment in enumerate(("2020-01-01", "2048-01-01", None), 1):
                cr.execute(
                    "UPDATE crm_lead SET write_date = %s, expected_revenue = %s"
                    " WHERE id = %s",
                    [moment, number, self.lead_id],
                )
        self.assertEqual([row[:2] for row in self.history()][1:], [("change", 3)])

    def test_created_and_deleted_whatever_its_date_of_creation(self):
        with self.psql() as cr:
            for moment in ("2020-01-01", "2048-01-01", None):
                cr.execute(
                    "INSERT INTO crm_lead (name, type, active, create_date)"
                    " VALUES ('Typo', 'opportunity', true, %s) RETURNING id",
                    [moment],
                )
                lead_id = cr.fetchone()[0]
                cr.execute("DELETE FROM crm_lead WHERE id = %s", [lead_id])
                cr.execute(
                    "SELECT event FROM relationship_opportunity_history"
                    " WHERE opportunity_id = %s",
                    [lead_id],
                )
                self.assertEqual(cr.fetchall(), [], moment)
