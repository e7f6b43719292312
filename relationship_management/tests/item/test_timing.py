"""How late a row is, by the day of whoever looks."""

from odoo.tests import freeze_time, tagged

from .test_mirror import ItemCase


@tagged("post_install", "-at_install")
class TestItemTiming(ItemCase):
    def timing(self, record, user=None):
        row = self.rows(record).with_user(user or self.anna)
        found = row.search([("timing", "=", row.timing), ("id", "=", row.id)])
        self.assertEqual(found, row)
        ((group, count),) = row._read_group(
            [("id", "=", row.id)], ["timing"], ["__count"]
        )
        self.assertEqual((group, count), (row.timing, 1))
        return row.timing, row.days

    def test_symbols(self):
        for days, expected in (
            (-2, ("1_overdue", -2)),
            (0, ("2_today", 0)),
            (5, ("3_planned", 5)),
        ):
            self.lead.date_deadline = self.day(days)
            self.assertEqual(self.timing(self.lead), expected)
        self.lead.date_deadline = False
        self.assertEqual(self.timing(self.lead), ("4_no_date", 0))
        self.lead.action_set_lost()
        self.assertEqual(self.timing(self.lead), ("7_over", 0))

    def test_a_partner_is_nothing_that_has_a_time(self):
        self.assertEqual(self.timing(self.stalmet), ("8_partner", 0))
        self.assertFalse(self.told(self.stalmet, "status"))
        self.stalmet.active = False
        self.assertEqual(self.told(self.stalmet, "status"), "archived")

    def test_a_colleague_is_no_partner_of_projects(self):
        colleague = self.jan.partner_id
        reference = self.env["relationship.reference"].create(
            {
                "lead_id": self.lead.id,
                "partner_id": colleague.id,
                "type_id": self.representative_type.id,
            }
        )
        self.assertFalse(self.rows(colleague))
        self.assertTrue(self.rows(reference))
        self.jan.partner_id = self.env["res.partner"].create({"name": "Jan Nowy"})
        self.assertTrue(self.rows(colleague))
        self.assertInStep()

    def test_what_was_done_late(self):
        first, second = self.tasks(self.activity).with_user(self.anna)
        first.date_deadline = self.day(-3)
        first.action_feedback()
        second.date_deadline = self.day(1)
        second.action_feedback()
        days = (first.date_done - first.date_deadline).days
        self.assertEqual(self.timing(first), ("6_done_late", days))
        self.assertIn(days, (2, 3))  # core counts days of Greenwich
        self.assertEqual(self.timing(second), ("5_done", 0))

    def test_midnight_is_where_the_user_is(self):
        self.lead.date_deadline = "2026-06-15"
        self.anna.tz, self.piotr.tz = "Europe/Warsaw", "America/New_York"
        with freeze_time("2026-06-14 23:30:00"):
            anna = self.items.with_user(self.anna).with_context(tz="Europe/Warsaw")
            piotr = self.items.with_user(self.piotr).with_context(tz="America/New_York")
            row = self.rows(self.lead)
            self.assertEqual(anna.browse(row.id).timing, "2_today")
            self.assertEqual(piotr.browse(row.id).timing, "3_planned")
            today = [("timing", "=", "2_today"), ("id", "=", row.id)]
            self.assertEqual(len(anna.search(today)), 1)
            self.assertEqual(len(piotr.search(today)), 0)

    def test_the_day_on_which_it_was_won_is_where_the_user_is(self):
        self.lead.date_deadline = "2026-06-14"
        with freeze_time("2026-06-15 01:00:00"):
            self.lead.action_set_won()
        row = self.rows(self.lead)
        for zone, timing, day in (
            ("America/New_York", "5_done", "2026-06-14"),
            ("Europe/Warsaw", "6_done_late", "2026-06-15"),
        ):
            there = self.items.with_user(self.piotr).with_context(tz=zone)
            seen = there.browse(row.id)
            self.assertEqual((seen.timing, str(seen.done_on)), (timing, day))
            for each in ("5_done", "6_done_late"):
                found = there.search([("timing", "=", each), ("id", "=", row.id)])
                self.assertEqual(bool(found), each == timing)

    def test_a_task_without_words_is_called_as_its_kind_in_ones_language(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        call = self.env.ref("mail.mail_activity_data_call")
        call.with_context(lang="pl_PL").name = "Zadzwoń"
        task = self.lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.anna.id
        )
        task.summary = False
        row = self.rows(task).with_user(self.anna)
        self.assertEqual(row.display_name, call.name)
        self.assertEqual(row.with_context(lang="pl_PL").display_name, "Zadzwoń")
        call.name = "Ring up"
        self.assertEqual(self.told(task, "name"), "Ring up")
