from odoo.tests import tagged

from odoo.addons.relationship_management.models.shared import row_trigger

from ..models import history_queue
from ..warehouse import compare
from .common import OlapExportCase

TARGET = "odoo.addons.olap_export.models.olap_export_target"


@tagged("post_install", "-at_install")
class TestHistoryQueue(OlapExportCase):
    """Which changes wait for which target."""

    def queued(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT q.target_id, h.event FROM olap_export_queue q"
            " JOIN relationship_opportunity_history h ON h.id = q.history_id"
            " ORDER BY q.target_id, h.id"
        )
        return self.env.cr.fetchall()

    def make_opportunity(self):
        self.env.flush_all()
        self.env["crm.lead"].with_user(self.piotr).create({"name": "Packaging line"})

    def setUp(self):
        super().setUp()
        self.env.cr.execute("DELETE FROM olap_export_queue")

    def test_nothing_waits_for_a_target_without_tables(self):
        self.make_opportunity()
        self.assertEqual(self.queued(), [])

    def test_a_change_waits_once_for_each_connected_target(self):
        self.connect()
        second = self.target.copy({"code": "SECOND"})
        second.state = "connected"
        off = self.target.copy({"code": "THIRD", "active": False})
        off.state = "connected"
        self.make_opportunity()
        self.assertEqual(
            self.queued(), [(self.target.id, "create"), (second.id, "create")]
        )

    def test_an_earlier_queue_gets_64_bits(self):
        self.connect()
        self.make_opportunity()
        queued = self.queued()
        self.env.cr.execute("ALTER TABLE olap_export_queue ALTER history_id TYPE int")
        history_queue.install_queue(self.env.cr)
        self.assertEqual(self.queued(), queued)
        self.env.cr.execute(
            "CREATE SEQUENCE large START 3000000000;"
            " ALTER TABLE relationship_opportunity_history"
            " ALTER id SET DEFAULT nextval('large')"
        )
        self.make_opportunity()
        self.assertEqual(self.queued(), queued * 2)

    def test_a_new_target_gets_everything(self):
        pending = self.target.pending_count
        self.env.cr.execute(
            "SELECT (SELECT count(*) FROM relationship_opportunity_history)"
            " + (SELECT count(*) FROM relationship_activity)"
        )
        self.assertEqual(pending, self.env.cr.fetchone()[0])

    def test_a_target_that_was_away_gets_everything_again(self):
        """Switched off or not connected, by whatever writes it."""
        self.connect()
        target = self.target.with_user(self.adam)
        for away, back in (
            ({"active": False}, {"active": True}),
            ({"state": "draft"}, {"state": "connected"}),
            (
                {"state": "draft", "active": False},
                {"state": "connected", "active": True},
            ),
            ({"host": "elsewhere.invalid"}, {"state": "connected"}),
        ):
            with self.subTest(away=away):
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE olap_export_position SET queue_all = false"
                    " WHERE target_id = %s",
                    [self.target.id],
                )
                target.write(away)
                self.make_opportunity()
                self.assertFalse(self.is_everything_queued())
                target.write(back)
                self.assertTrue(self.is_everything_queued())

    def is_everything_queued(self):
        self.env.cr.execute(
            "SELECT queue_all FROM olap_export_position WHERE target_id = %s",
            [self.target.id],
        )
        return self.env.cr.fetchone()[0]

    def test_a_deleted_target_leaves_nothing(self):
        self.connect()
        self.make_opportunity()
        self.target.unlink()
        self.assertEqual(self.queued(), [])

    def test_the_trigger_is_in_place(self):
        self.assertFalse(row_trigger.check(self.env.cr, history_queue.TRIGGERS))

    def test_a_trigger_that_somebody_switched_off_is_told(self):
        """By the log when Odoo starts, and by the run that finds what it missed."""
        self.connect()
        with self.assertNoLogs(TARGET, "ERROR"):
            self.env["olap.export.target"]._register_hook()
        told = "is missing or switched off in Odoo's database"
        missed = {
            "olap_export_queue_insert": {"found": compare.Comparison(again=4)},
            "olap_export_mail_activity_update": {"activities": 1},
        }
        for found in missed.values():
            with self.succeeding(**found):
                self.assertNotIn(told, self.transfer(mode="compare").message)
        for name, found in missed.items():
            [table] = [t.table for t in history_queue.TRIGGERS if t.name == name]
            self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
            with self.assertLogs(TARGET, "ERROR") as log:
                self.env["olap.export.target"]._register_hook()
            self.assertRegex(log.output[0], f"{name} is missing or disabled")
            with self.succeeding(**found):
                self.assertIn(told, self.transfer(mode="compare").message)
            self.env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")

    def test_uninstall_leaves_nothing_in_the_way_of_users(self):
        self.connect()
        history_queue.remove_queue(self.env.cr)
        self.env["crm.lead"].create({"name": "After"})
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT to_regclass('olap_export_queue'),"
            " to_regproc('olap_export_queue_capture'),"
            " to_regclass('olap_export_activity_queue'),"
            " to_regproc('olap_export_activity_capture')"
        )
        self.assertEqual(self.env.cr.fetchone(), (None,) * 4)
        # Odoo deletes a target of data files after the hook has dropped the tables.
        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            self.target.unlink()
