import re
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..models import olap_export_target_compare as module
from ..warehouse import compare, errors
from .common import OlapExportCase

RATE = "odoo.addons.olap_export.models.crm_lead.CrmLead._get_group_rate"
DONE = ("compare", "done")
AMOUNTS = ("expected_revenue", "recurring_revenue", "contribution_margin")


@tagged("post_install", "-at_install")
class TestOlapExportCompare(OlapExportCase):
    """The nightly comparison, as people see it."""

    def setUp(self):
        super().setUp()
        self.connect()

    def finding(self, interrupted=False, activities=0, **values):
        found = compare.Comparison(complete=not interrupted, **values)
        return self.succeeding(
            found=found, interrupted=interrupted, activities=activities
        )

    def last_run(self):
        return self.env["olap.export.run"].search(
            [("target_id", "=", self.target.id)], limit=1, order="id desc"
        )

    def seen_by_olga(self):
        target = self.target.with_user(self.olga)
        target.invalidate_recordset()
        return target.is_failing, target.last_message or ""

    def test_it_has_a_batch_job_of_its_own(self):
        cron = self.env.ref("olap_export.ir_cron_compare")
        self.assertEqual((cron.interval_number, cron.interval_type), (1, "days"))
        self.assertTrue(cron.active)
        with self.finding(events=7) as called:
            self.run_cron("_cron_compare")
        self.assertEqual(called.call_args.kwargs["mode"], "compare")
        self.assertFalse(called.call_args.kwargs["only_if_waiting"])
        run = self.last_run().with_user(self.olga)
        self.assertEqual((run.mode, run.state), ("compare", "done"))
        self.assertEqual(
            run.message,
            "OLAP was compared with Odoo (changes: 7): nothing was missing and nothing"
            " was different.",
        )

    def test_the_run_says_what_was_found_and_mended(self):
        with self.finding(again=3, opportunities=2, groups=1, activities=4):
            self.run_cron("_cron_compare")
        failing, message = self.seen_by_olga()
        self.assertFalse(failing)
        self.assertEqual(
            message,
            "Changes that were missing in OLAP, or not as in Odoo: 3. They were sent"
            " again. Opportunities whose states were not as their changes say: 2. The"
            " states were computed anew. Opportunities whose partners were not as their"
            " changes say: 1. The partners were entered anew. Activities that were"
            " missing in OLAP, or not as in Odoo: 4. They are as in Odoo again.",
        )

    def test_whichever_run_ends_the_comparison_of_activities_says_what_it_found(self):
        with self.finding(interrupted=True):
            self.run_cron("_cron_compare")
        with self.succeeding(activities=214):
            self.run_cron()
        self.assertEqual(
            self.last_run().message,
            "Activities that were missing in OLAP, or not as in Odoo: 214. They are as"
            " in Odoo again.",
        )

    def test_what_is_set_aside_is_not_forgotten(self):
        with self.succeeding(unfit=[1, 2]):
            self.transfer()
        with self.finding():
            self.run_cron("_cron_compare")
        self.assertRegex(
            self.target.with_user(self.olga).freshness, "values do not fit: 2 "
        )

    def test_only_what_sent_all_again_counts_anew_what_is_set_aside(self):
        def count():
            target = self.target.with_user(self.olga)
            target.invalidate_recordset()
            found = re.search(r"values do not fit: (\d+) ", target.freshness)
            return int(found[1]) if found else 0

        with self.succeeding(unfit=[1, 2], sent=9):
            self.transfer()
        for error in (errors.TARGET_SILENT, errors.BUSY):
            kind = errors.TargetBusyError if error == errors.BUSY else None
            with self.breaking((kind or errors.TransferError)(error, seconds=1)):
                self.transfer(mode="full")
            self.assertEqual(count(), 2, "nothing came of it")
        with self.succeeding(unfit=[1], sent=5, interrupted=True, resent=True):
            self.transfer()
        self.assertEqual(count(), 1, "the target was older: all comes again")
        with self.succeeding(unfit=[2], sent=5):
            self.transfer()
        self.assertEqual(count(), 2)
        with self.succeeding(unfit=[2], sent=9):
            self.transfer(mode="full")
        self.assertEqual(count(), 1)

    def test_it_goes_on_until_it_is_through_and_then_waits_for_the_next_night(self):
        with self.finding(interrupted=True, again=1):
            told = self.run_cron("_cron_compare")
        self.assertEqual(told[-1][1], 1, "Odoo calls again")
        self.assertEqual(self.last_run().state, "partial")
        self.assertRegex(self.last_run().message, "sent again. The comparison goes on")
        with self.finding():
            self.assertEqual(self.run_cron("_cron_compare")[-1][1], 0)
        with self.finding() as called:
            self.run_cron("_cron_compare")
            self.assertFalse(called.called, "once a night")
            later = fields.Datetime.now() + 2 * module.A_NIGHT
            with patch.object(fields.Datetime, "now", return_value=later):
                self.run_cron("_cron_compare")
            self.assertTrue(called.called)

    def find_next_call(self):
        """Return in how many minutes the batch job is called besides its hour."""
        cron = self.env.ref("olap_export.ir_cron_compare")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        moment = max(triggers.mapped("call_at"), default=None)
        return moment and (moment - fields.Datetime.now()).total_seconds() / 60

    def run_compare(self):
        """Run the batch job where all is well; return whether the target was asked."""
        with self.finding() as called:
            self.run_cron("_cron_compare")
        return called.called

    def test_one_that_fails_is_compared_when_it_is_back(self):
        with self.breaking(errors.TransferError(errors.CONNECTION_LOST)):
            self.run_cron("_cron_compare")
        self.assertAlmostEqual(self.find_next_call(), 10, delta=1)
        self.assertFalse(self.run_compare(), "it has its time")
        with self.succeeding():
            self.transfer()
        self.assertTrue(self.run_compare())
        self.assertEqual((self.last_run().mode, self.last_run().state), DONE)
        self.assertFalse(self.run_compare(), "once a night")

    def test_one_that_is_busy_is_compared_afterwards(self):
        with self.breaking(errors.TargetBusyError(errors.BUSY)):
            self.run_cron("_cron_compare")
        self.assertEqual(self.last_run().state, "skipped")
        self.assertAlmostEqual(self.find_next_call(), 10, delta=1)
        self.assertTrue(self.run_compare())
        self.assertFalse(self.run_compare(), "once a night")

    def test_what_waits_for_somebody_to_decide_is_compared_all_the_same(self):
        error = errors.TransferError(errors.SOURCE_CONFLICT, count=2, event=41)
        with self.breaking(error):
            self.transfer()
        self.assertGreater(self.target.date_retry, fields.Datetime.now())
        with self.finding(again=2) as called:
            self.run_cron("_cron_compare")
        self.assertTrue(called.called)
        self.assertFalse(self.seen_by_olga()[0])
        self.assertFalse(self.target.date_retry)

    def test_a_transfer_says_what_it_sent_again(self):
        with self.succeeding(again=2):
            run = self.transfer()
        self.assertEqual(
            run.message,
            "Changes that were missing in OLAP, or not as in Odoo: 2. They were sent"
            " again.",
        )

    def test_what_odoo_never_had_stays_a_failure_until_it_is_settled(self):
        text = errors.SOURCE_CONFLICT
        with self.breaking(errors.TransferError(text, count=2, event=41)):
            self.run_cron("_cron_compare")
        self.target.date_retry = False
        with self.succeeding():
            self.transfer()
        failing, message = self.seen_by_olga()
        self.assertTrue(failing, "a later transfer did not look at it")
        self.assertRegex(message, "Events in the target that are not, .* in Odoo: 2 ")
        self.assertEqual(self.target.last_run_id.remedy, "repair")
        with self.succeeding(taken_back=2):
            self.transfer(mode="repair")
        self.assertFalse(self.seen_by_olga()[0])

    def test_what_was_taken_back_is_settled_though_the_rest_takes_longer(self):
        for mode in ("repair", "replace"):
            text = errors.SOURCE_CONFLICT
            with self.breaking(errors.TransferError(text, count=2, event=41)):
                self.run_cron("_cron_compare")
                self.transfer(mode="compare")
            self.assertTrue(self.seen_by_olga()[0])
            with self.succeeding(taken_back=2, interrupted=True, pending=9):
                self.transfer(mode=mode)
            self.assertFalse(self.seen_by_olga()[0])
            with self.succeeding():
                self.transfer()
            self.assertFalse(self.seen_by_olga()[0])
            dialog = self.env["olap.export.target.transfer"].with_user(self.olga)
            self.assertEqual(
                dialog.create({"target_id": self.target.id}).mode, "incremental"
            )

    def test_a_comparison_by_hand_goes_on_with_its_own_batch_job(self):
        cron = self.env.ref("olap_export.ir_cron_compare")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        with self.finding(interrupted=True):
            self.transfer(mode="compare")
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertEqual(after - before, 1)

    # -- amounts ----------------------------------------------------------------------

    def warn(self, **values):
        leads = self.env["crm.lead"].with_user(self.piotr)
        spec = {name: {} for name in (*AMOUNTS, "company_id")}
        return leads.onchange(values, list(values), spec).get("warning", {})

    def test_odoo_asks_before_it_stores_what_no_target_holds(self):
        for name in AMOUNTS:
            for amount in (10**14, -(10**14), 1e20):
                warning = self.warn(**{name: amount})
                self.assertRegex(
                    warning.get("message", ""),
                    "is 100 trillion or more, here or in the currency of the group.*"
                    "arrives there without the amount",
                )
            with patch(RATE, return_value=1):
                self.assertFalse(self.warn(**{name: 10**14 - 1}))
        lead = self.env["crm.lead"].with_user(self.piotr)
        lead = lead.create({"name": "Moon", "expected_revenue": 1e15})
        self.assertGreater(lead.expected_revenue, 9e14, "asked, not refused")

    def test_the_chatter_says_it_when_no_form_has_asked(self):
        told = "“Expected Revenue” is 100 trillion or more, here or in the currency of"
        leads = self.env["crm.lead"].with_user(self.piotr)
        lead, small = leads.create(
            [{"name": "Moon", "expected_revenue": 1e15}, {"name": "Mars"}]
        )

        def count(record):
            bodies = record.message_ids.mapped("body")
            return sum(told in body for body in bodies)

        self.assertEqual((count(lead), count(small)), (1, 0))
        lead.write({"expected_revenue": 2e15, "name": "Moon again"})
        self.assertEqual(count(lead), 1, "it was said")
        small.write({"expected_revenue": 1e14})
        self.assertEqual(count(small), 1)
        small.write({"expected_revenue": 5})
        small.write({"expected_revenue": 1e14})
        self.assertEqual(count(small), 2)

    def test_it_asks_for_the_currency_of_the_group_too(self):
        for rate, asks in ((4.3, True), (1, False), (0, False)):
            with patch(RATE, return_value=rate):
                warning = self.warn(expected_revenue=3 * 10**13)
            self.assertEqual(bool(warning), asks, rate)
        rate = self.env["crm.lead"].new({"company_id": self.env.company.id})
        self.assertGreater(rate._get_group_rate(), 0)

    def test_it_says_when_readers_had_another_file(self):
        with self.succeeding(replaced=True, idle=True):
            run = self.transfer()
        self.assertRegex(
            run.message,
            "^The published file had been changed, or replaced by another one: readers"
            " have the present one again.",
        )
