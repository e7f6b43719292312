from datetime import date

from psycopg2.extras import RealDictCursor

from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.relationship_management.models.shared import row_trigger

from ..warehouse.activity.source import Piece
from ..warehouse.source import Source
from .common import OlapExportCase


@tagged("post_install", "-at_install")
class TestActivityQueue(OlapExportCase):
    """Which activities wait, and what is told of them, whoever changes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jan = new_test_user(
            cls.env, "test_jan", groups="sales_team.group_sale_salesman_all_leads"
        )
        cls.partner = cls.env["res.partner"].create({"name": "Stalmet"})
        cls.kind = cls.env["relationship.activity.type"].create(
            {
                "name": "Test visit",
                "channel": "visit",
                "result_ids": [Command.create({"name": "Wants an offer"})],
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": cls.env.ref(
                                "mail.mail_activity_data_todo"
                            ).id,
                            "summary": summary,
                            "responsible_type": "on_demand",
                        }
                    )
                    for summary in ("Prepare", "Go there")
                ],
            }
        )

    def setUp(self):
        super().setUp()
        self.connect()
        self.forget()

    def forget(self):
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM olap_export_activity_queue")

    def plan(self, **values):
        activities = self.env["relationship.activity"].with_user(self.jan)
        return activities.create(
            {
                "name": "First visit",
                "type_id": self.kind.id,
                "partner_id": self.partner.id,
                "date_from": "2026-05-04",
                "date_to": "2026-05-06",
                **values,
            }
        )

    def new_lead(self):
        values = {"name": "Line", "type": "opportunity", "user_id": self.jan.id}
        return self.env["crm.lead"].create(values)

    def assertWaits(self, *activities):
        """Check that exactly these wait, and forget that."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT DISTINCT target_id, activity_id FROM olap_export_activity_queue"
            " ORDER BY 2"
        )
        numbers = sorted(getattr(a, "id", a) for a in activities)
        expected = [(self.target.id, number) for number in numbers]
        self.assertEqual(self.env.cr.fetchall(), expected)
        self.forget()

    def told(self, number):
        """Return the row that a target would get."""
        self.env.flush_all()
        source = Source(None, self.target.id)
        source.values = {
            "source_key": 1,
            "offset": "0::bigint",
            "time_zone": "'UTC'",
            "time_zones": "(0, 'UTC')",
            "name_type": "varchar",
        }
        with self.env.cr._cnx.cursor(cursor_factory=RealDictCursor) as cr:
            cr.execute(source.activity_select(Piece([number])))
            return cr.fetchone()

    def test_from_planning_to_deletion(self):
        row_trigger.set_clock(self.env.cr, self.env.cr.now().replace(microsecond=1))
        self.addCleanup(row_trigger.set_clock, self.env.cr)
        activity = self.plan()
        self.assertWaits(activity)
        told = self.told(activity.id)
        self.assertEqual(
            {name: told[name] for name in ("status", "task_count", "channel")},
            {"status": "planned", "task_count": 2, "channel": "visit"},
        )
        self.assertEqual(told["planned_to_date_key"], 20260506)
        self.assertEqual(told["employee_key"], activity.user_id.id)
        task = activity.task_ids[0]
        task.note = "Bring the catalogue"
        self.assertWaits()
        task.with_user(self.jan).action_feedback()
        self.assertWaits(activity)
        activity.with_user(self.jan).action_done()
        activity.with_user(self.jan).write(
            {
                "date_begun": date(2026, 5, 10),
                "date_done": date(2026, 5, 11),
                "result_id": self.kind.result_ids.id,
            }
        )
        self.assertWaits(activity)
        told = self.told(activity.id)
        self.assertEqual(
            (told["status"], told["done_date_key"], told["days_late"]),
            ("done", 20260511, 5),
        )
        # The other one was closed with the activity: nobody has done it.
        self.assertEqual((told["task_count"], told["done_task_count"]), (2, 1))
        self.assertEqual(told["activity_result_key"], self.kind.result_ids.id)
        first_done = told["first_done_at"]
        self.assertTrue(first_done)
        activity.with_user(self.jan).action_reopen()
        self.assertWaits(activity)
        told = self.told(activity.id)
        self.assertEqual((told["status"], told["reopen_count"]), ("in_progress", 1))
        self.assertEqual(
            (told["done_date_key"], told["done_at"], told["first_done_at"]),
            (-1, None, first_done),
        )
        activity.with_user(self.jan).action_cancel()
        self.assertWaits(activity)
        self.assertGreater(self.told(activity.id)["cancelled_date_key"], 20000101)
        number = activity.id
        self.env.cr.execute(
            "UPDATE relationship_activity SET create_date = '2026-05-01'"
        )
        self.forget()
        activity.with_user(self.ewa).unlink()
        self.assertWaits(number)
        told = self.told(number)
        self.assertEqual((told["status"], told["is_deleted"]), ("cancelled", True))
        self.assertEqual(told["activity_type_key"], self.kind.id)

    def test_plain_sql_and_merges(self):
        leads = self.new_lead() | self.new_lead()
        activity = self.plan(lead_id=leads[1].id)
        other = self.env["res.partner"].create({"name": "Stalmet again"})
        alone = self.plan(partner_id=other.id)
        self.forget()
        self.env.cr.execute(
            "UPDATE relationship_activity SET channel = 'phone' WHERE id = %s",
            [activity.id],
        )
        self.assertWaits(activity)
        self.env.cr.execute(
            "DELETE FROM mail_activity WHERE relationship_activity_id = %s",
            [activity.id],
        )
        self.assertWaits(activity)
        self.assertEqual(self.told(activity.id)["task_count"], 0)
        self.env.invalidate_all()
        kept = leads.merge_opportunity()
        self.assertEqual(kept, leads[0])
        self.assertWaits(activity)
        self.assertEqual(self.told(activity.id)["opportunity_key"], kept.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | other).ids, self.partner)
        self.assertWaits(alone)
        self.assertEqual(self.told(alone.id)["partner_key"], self.partner.id)

    def test_a_deleted_opportunity_leaves_its_activities(self):
        lead = self.new_lead()
        activity = self.plan(lead_id=lead.id)
        self.forget()
        lead.unlink()
        self.assertWaits(activity)
        self.assertEqual(self.told(activity.id)["opportunity_key"], -1)

    def test_nothing_waits_without_a_target(self):
        self.target.state = "draft"
        self.env.flush_all()
        self.plan().with_user(self.jan).action_done()
        self.assertWaits()

    def test_a_deleted_target_leaves_nothing(self):
        self.plan()
        self.env.flush_all()
        self.target.unlink()
        self.env.cr.execute("SELECT count(*) FROM olap_export_activity_queue")
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_waiting_activities_are_told(self):
        self.env.cr.execute(
            "UPDATE olap_export_position SET queue_all = false WHERE target_id = %s",
            [self.target.id],
        )
        self.env.cr.execute("DELETE FROM olap_export_queue")
        self.plan().with_user(self.jan).action_done()
        self.plan()
        self.env.flush_all()
        self.target.invalidate_recordset()
        self.assertEqual(self.target.pending_count, 2)
        self.assertIn("2 changes are waiting.", self.target.freshness)
