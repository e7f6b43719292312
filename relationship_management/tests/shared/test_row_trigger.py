from odoo.tests import TransactionCase, tagged

from ...models.activity import history
from ...models.consent import consent
from ...models.history import capture, former_name
from ...models.shared import row_trigger

TRIGGERS = (
    *(capture.TRIGGERS + former_name.TRIGGERS + consent.TRIGGERS),
    *history.TRIGGERS,
)


@tagged("post_install", "-at_install")
class TestRowTrigger(TransactionCase):
    def test_all_triggers_do_their_work(self):
        self.assertEqual(row_trigger.check(self.env.cr, TRIGGERS), [])

    def test_a_disabled_trigger_is_noticed(self):
        trigger = capture.TRIGGERS[1]
        self.env.cr.execute(f"ALTER TABLE crm_lead DISABLE TRIGGER {trigger.name}")
        self.assertIn(
            "missing or disabled", row_trigger.check(self.env.cr, [trigger])[0]
        )

    def test_a_column_that_is_gone_is_noticed(self):
        trigger = row_trigger.Trigger(
            name="nothing",
            table="crm_lead",
            function="f",
            events="UPDATE",
            columns=("gone",),
        )
        self.assertIn(
            "gone, which is gone", row_trigger.check(self.env.cr, [trigger])[-1]
        )

    def test_installing_again_touches_nothing(self):
        self.env.cr.execute("SELECT array_agg(oid ORDER BY oid) FROM pg_trigger")
        before = self.env.cr.fetchone()
        capture.install_capture(self.env.cr)
        history.install_history(self.env.cr)
        self.env.cr.execute("SELECT array_agg(oid ORDER BY oid) FROM pg_trigger")
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_after_removal_opportunities_can_be_written(self):
        """What ``uninstall_hook`` does, and installing again afterwards."""
        lead = self.env["crm.lead"].create({"name": "Stays", "type": "opportunity"})
        self.env.flush_all()
        capture.remove_capture(self.env.cr)
        former_name.remove_capture(self.env.cr)
        row_trigger.remove(self.env.cr, consent.TRIGGERS)
        history.remove_history(self.env.cr)
        self.env["relationship.item"]._remove()
        lead.expected_revenue = 5
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'relationship%'"
            " UNION SELECT proname FROM pg_proc WHERE proname LIKE 'relationship%'"
        )
        left = [name for (name,) in self.env.cr.fetchall() if "export" not in name]
        self.assertEqual(left, [])
        capture.install_capture(self.env.cr)
        capture.insert_baseline(self.env.cr)
        lead.expected_revenue = 6
        self.env.flush_all()
        self.assertEqual(
            self.env["relationship.opportunity.history"]
            .search([("opportunity_id", "=", lead.id)], limit=1)
            .expected_revenue,
            6,
        )
