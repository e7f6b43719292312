from datetime import date, datetime, timedelta
from itertools import pairwise

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..story.clock import MovedClock, commits_held_back
from ..story.deal import WORKING_DAYS, add_working_days, tenth_of_may, to_working_day
from ..story.deals import DEALS, OPPORTUNITIES
from ..story.player import MODULE

LAST = f"{MODULE}.opportunity_stalmet_line"
SAME_COLUMNS = (
    "number",
    "name",
    "stage_id",
    "opportunity_type_id",
    "user_id",
    "team_id",
    "company_id",
    "campaign_id",
    "partner_id",
    "lost_reason_id",
    "binding",
    "apply_probability",
    "probability",
    "expected_revenue",
    "contribution_margin",
    "forecast_revenue",
    "date_deadline",
)


@tagged("post_install", "-at_install")
class TestDemoStory(TransactionCase):
    """The structure of the story."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.env["crm.lead"].concat(
            *(
                cls.env.ref(f"{MODULE}.opportunity_{deal.code}")
                for deal in OPPORTUNITIES
            )
        )
        companies = cls.env.ref(f"{MODULE}.company_nordmark_pl") | cls.env.ref(
            f"{MODULE}.company_nordmark_de"
        )
        cls.rows = cls.env["relationship.opportunity.history"].search(
            [("company_id", "in", companies.ids)], order="id"
        )
        story = cls.rows.filtered(lambda row: row.event == "create")
        cls.histories = {
            opportunity: cls.rows.filtered(
                lambda row, opportunity=opportunity: row.opportunity_id == opportunity
            )
            for opportunity in story.opportunity_id
        }

    def test_forty_opportunities(self):
        self.assertEqual(len(self.leads), 40)
        self.assertLessEqual(self.leads, self.rows.opportunity_id)

    def test_eighteen_months(self):
        lead_rows = self.rows.filtered(lambda row: row.opportunity_id in self.leads)
        months = (datetime.now() - min(lead_rows.mapped("changed_at"))).days / 30.44  # noqa: DTZ005 naive UTC as in Odoo
        self.assertGreaterEqual(months, 17)
        self.assertLessEqual(months, 18.1)

    def test_every_kind_of_event(self):
        events = {event for event, _label in self.rows._fields["event"].selection}
        self.assertEqual(set(self.rows.mapped("event")), events - {"baseline"})

    def test_time_runs_forward(self):
        for rows in self.histories.values():
            with self.subTest(opportunity=rows[0].name):
                times = rows.mapped("changed_at")
                self.assertEqual(times, sorted(times))
                self.assertLess(times[-1], datetime.now() + timedelta(minutes=1))  # noqa: DTZ005 naive UTC as in Odoo

    def test_a_named_person_makes_each_change_in_the_working_hours(self):
        people = self.env["res.users"].concat(
            *(
                self.env.ref(f"{MODULE}.user_{login}")
                for login in ("anna", "piotr", "katrin", "marta", "ewa")
            )
        )
        for row in self.rows.filtered(lambda row: row.path == "orm"):
            self.assertIn(row.changed_by_id, people)
            local = fields.Datetime.context_timestamp(
                row.with_context(tz=row.changed_by_id.tz), row.changed_at
            )
            self.assertIn(local.weekday(), WORKING_DAYS)
            self.assertIn(local.hour, range(8, 17))

    def test_piotr_always_says_eighty_percent_and_wins_half(self):
        piotr = self.env.ref(f"{MODULE}.user_piotr")
        said = self.rows.filtered(
            lambda row: row.changed_by_id == piotr and row.status == "open"
        )
        self.assertEqual(set(said.mapped("probability")), {80})
        statuses = self.leads.filtered(lambda lead: lead.user_id == piotr).mapped(
            "won_status"
        )
        self.assertEqual(statuses.count("won"), statuses.count("lost"))

    def test_katrin_moves_her_closing_dates(self):
        katrin = self.env.ref(f"{MODULE}.user_katrin")
        for lead in self.leads.filtered(lambda lead: lead.user_id == katrin):
            closings = self.histories[lead].mapped("date_deadline")
            self.assertGreater(closings[-1], closings[0], lead.name)
            self.assertGreater(len(set(closings)), 1, lead.name)

    def test_one_big_deal_is_lost_day_by_day(self):
        lead = self.env.ref(LAST)
        self.assertEqual(lead.won_status, "lost")
        rows = self.histories[lead]
        kranbau = self.env.ref(f"{MODULE}.partner_kranbau")
        shares = [
            line["share"]
            for row in rows
            for line in row.reference_lines
            if line["partner_id"] == kranbau.id
        ]
        self.assertEqual(shares[-1], max(shares))
        days = [row.changed_at.date() for row in rows[-10:]]
        self.assertTrue(all((b - a).days in (1, 3) for a, b in pairwise(days)))

    def test_one_consultant_has_a_say_in_three_deals_and_belongs_to_none(self):
        marta = self.env.ref(f"{MODULE}.user_marta")
        maj = self.env.ref(f"{MODULE}.partner_maj").with_user(marta)
        action = maj.action_view_opportunity()
        leads = self.env["crm.lead"].with_user(marta)
        leads = leads.with_context(**action["context"]).search(action["domain"])
        self.assertEqual(maj.opportunity_count, 3)
        self.assertEqual(leads.mapped("partner_roles"), ["Consultant"] * 3)
        self.assertFalse(maj.parent_id)

    def test_the_buying_centre_of_the_big_deal(self):
        lead = self.env.ref(f"{MODULE}.opportunity_stalmet_line")
        people = {line.partner_id.name: line for line in lead.reference_ids}
        self.assertEqual(people["Tomasz Rek"].kind, "decision_maker")
        self.assertEqual(people["Tomasz Rek"].attitude, "against")
        self.assertTrue(people["Zofia Maj"].influence)
        sentences = [found["sentence"] for found in lead.people_relations]
        self.assertIn("Anna Nowak reports to Tomasz Rek", " ".join(sentences))

    def test_the_last_row_is_the_present(self):
        for lead in self.leads:
            row = self.histories[lead][-1]
            for name in SAME_COLUMNS:
                with self.subTest(opportunity=lead.name, column=name):
                    if isinstance(lead[name], float):
                        self.assertAlmostEqual(row[name], lead[name], 2)
                    else:
                        self.assertEqual(row[name], lead[name])

    def test_the_messages_have_the_times_of_the_story(self):
        for lead in self.leads:
            self.assertEqual(
                min(lead.message_ids.mapped("date")), lead.create_date, lead.name
            )

    def test_nobody_gets_a_mail(self):
        self.assertFalse(
            self.env["mail.mail"].search(
                [("model", "=", "crm.lead"), ("res_id", "in", self.leads.ids)]
            )
        )

    def test_the_story_is_played_once(self):
        before = len(self.rows)
        self.env["relationship.demo.story"]._play_opportunities()
        self.env.flush_all()
        self.assertEqual(
            self.env["relationship.opportunity.history"].search_count(
                [("company_id", "in", self.rows.company_id.ids)]
            ),
            before,
        )


@tagged("post_install", "-at_install")
class TestMovedClock(TransactionCase):
    then = datetime(2024, 2, 29, 22, 30)  # noqa: DTZ001 naive UTC as in Odoo

    def test_odoo_tells_the_moved_time(self):
        with MovedClock(self.env) as clock:
            clock.move_to(self.then)
            tokyo = self.env["res.users"].with_context(tz="Asia/Tokyo")
            self.assertEqual(self.env.cr.now(), self.then)
            self.assertEqual(fields.Datetime.now(), self.then)
            self.assertEqual(fields.Date.today(), self.then.date())
            self.assertEqual(fields.Date.context_today(tokyo), date(2024, 3, 1))
            message = self.env["mail.message"].create({"body": "Good evening"})
            self.assertEqual(message.date, self.then)
            self.assertEqual(message.create_date, self.then)

    def test_an_exception_restores_the_clock(self):
        true_now = self.env.cr.now()
        with self.assertRaises(ZeroDivisionError), MovedClock(self.env) as clock:
            clock.move_to(self.then)
            raise ZeroDivisionError
        self.assertEqual(self.env.cr.now(), true_now)
        for told in (fields.Datetime.now(), self.env["mail.message"].create({}).date):
            self.assertGreater(told, self.then + timedelta(days=365))
        self.assertGreater(fields.Date.today(), self.then.date())

    def test_commits_come_back(self):
        commit = self.env.cr.commit
        with self.assertRaises(ZeroDivisionError), commits_held_back(self.env.cr):
            self.env.cr.commit()  # pylint: disable=invalid-commit
            raise ZeroDivisionError
        self.assertEqual(self.env.cr.commit, commit)


@tagged("post_install", "-at_install")
class TestStoryDates(TransactionCase):
    def test_whatever_the_day_the_story_ends_before_today(self):
        for days in range(0, 400, 3):
            today = date(2026, 1, 1) + timedelta(days=days)
            for deal in DEALS:
                moments = [moment for moment, _step in deal.schedule(today)]
                with self.subTest(today=today, deal=deal.code):
                    self.assertEqual(moments, sorted(set(moments)))
                    self.assertLess(moments[-1].date(), today)
                    self.assertLess((today - moments[0].date()).days, 548)

    def test_working_days(self):
        friday = date(2026, 5, 8)
        self.assertEqual(add_working_days(friday, 1), date(2026, 5, 11))
        self.assertEqual(add_working_days(friday, 6), date(2026, 5, 18))
        self.assertEqual(to_working_day(date(2026, 5, 9)), date(2026, 5, 11))
        self.assertEqual(tenth_of_may(friday), date(2025, 5, 10))
        self.assertEqual(tenth_of_may(friday, following=True), date(2026, 5, 10))
