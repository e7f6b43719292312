"""Rows of the relationship list follow what they tell of, whatever changes it."""

import random

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..activity.activity_case import ActivityCase

STEPS = 80


class ItemCase(ActivityCase):
    """Stalmet as customer, member, in an activity, with a task, and as competitor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.items = cls.env["relationship.item"]
        cls.lead = cls.new_lead(name="Two presses", partner_id=cls.stalmet.id)
        cls.fair = cls.new_campaign(date_to=cls.day(9), date_from=cls.today)
        cls.member = cls.add_members(cls.fair, cls.stalmet)
        cls.activity = cls.plan(name="Show the press", date_from=cls.day(3))
        cls.rival = cls.env["relationship.reference"].create(
            {
                "lead_id": cls.new_lead(name="Crane", partner_id=cls.kranbau.id).id,
                "partner_id": cls.stalmet.id,
                "type_id": cls.competitor_type.id,
            }
        )

    @classmethod
    def new_lead(cls, **values):
        return cls.env["crm.lead"].create(
            {"type": "opportunity", "user_id": cls.anna.id, **values}
        )

    def rows(self, records):
        """Return the rows that tell of records."""
        self.env.flush_all()
        self.items.invalidate_model()
        return self.items.search(
            [("source", "=", records._name), ("source_id", "in", records.ids)],
            order="source_id",
        )

    def told(self, record, *names):
        row = self.rows(record).ensure_one()
        values = [row[name] for name in names]
        return values[0] if len(names) == 1 else tuple(values)

    def assertInStep(self):
        """Check that the list says what its sources say."""
        self.env.flush_all()
        self.assertEqual(
            {
                model: ids
                for model, source in self.items._get_sources().items()
                if (ids := self.items._find_different(source))
            },
            {},
        )


@tagged("post_install", "-at_install")
class TestMirror(ItemCase):
    def test_everything_of_a_partner_is_there_once(self):
        task = self.tasks(self.activity)[0]
        self.env.flush_all()
        rows = self.items.search([("partner_id", "=", self.stalmet.id)])
        self.assertEqual(
            {(row.kind, row.name, row.role_id) for row in rows},
            {
                ("opportunity", "Two presses", self.env["relationship.reference.type"]),
                ("opportunity", "Crane", self.competitor_type),
                ("campaign", "Poznań fair", self.env["relationship.reference.type"]),
                ("activity", "Show the press", self.env["relationship.reference.type"]),
                *(
                    ("task", each.summary, self.env["relationship.reference.type"])
                    for each in self.tasks(self.activity)
                ),
                ("partner", "Stalmet S.A.", self.env["relationship.reference.type"]),
            },
        )
        self.assertEqual(len(rows), 5 + len(self.tasks(self.activity)))
        self.assertEqual(
            self.told(task, "user_id", "date_due", "status", "activity_type_id"),
            (self.anna, task.date_deadline, "planned", self.visit),
        )
        self.assertEqual(
            self.told(self.rival, "res_model", "res_id", "user_id"),
            ("crm.lead", self.rival.lead_id.id, self.anna),
        )
        self.assertEqual(
            self.told(self.member, "res_id", "campaign_type_id", "date_due"),
            (self.fair.id, self.fair_type, self.day(9)),
        )
        self.assertInStep()

    def test_it_follows_what_it_tells_of(self):
        self.lead.name = "Three presses"
        self.assertEqual(self.told(self.lead, "name"), "Three presses")
        self.lead.action_set_won()
        self.assertEqual(self.told(self.lead, "status", "is_open"), ("won", False))
        self.rival.lead_id.action_set_lost()
        self.assertEqual(self.told(self.rival, "status", "is_open"), ("lost", False))
        self.fair.title = "Spring fair"
        self.assertEqual(self.told(self.member, "name"), "Spring fair")
        self.member.with_user(self.anna).action_mark_contacted()
        self.assertEqual(
            self.told(self.member, "status", "date_done"), ("contacted", self.today)
        )
        task = self.tasks(self.activity)[0].with_user(self.anna)
        task.action_feedback()
        self.assertEqual(
            self.told(task, "status", "is_open", "date_done"),
            ("done", False, task.date_done),
        )
        self.assertEqual(self.told(self.activity, "status"), "in_progress")
        self.assertInStep()

    def test_letters_e_mails_and_calls_are_known_by_their_channel(self):
        self.fair.channel = "letter"
        self.activity.channel = "email"
        judge = self.env["relationship.reference"].create(
            {
                "activity_id": self.activity.id,
                "partner_id": self.kranbau.id,
                "type_id": self.competitor_type.id,
            }
        )
        call = self.stalmet.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.anna.id
        )
        own_call = self.activity.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.anna.id
        )
        mail = self.stalmet.activity_schedule(
            "mail.mail_activity_data_email", user_id=self.anna.id
        )
        task = self.activity.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.anna.id
        )
        for record, channel in (
            *((self.member, "letter"), (self.activity, "email"), (judge, "email")),
            *((task, "email"), (call, "phone"), (own_call, "phone"), (mail, "email")),
            (self.lead, False),
        ):
            self.assertEqual(self.told(record, "channel"), channel, record)
        self.fair.channel = "fax"
        self.activity.channel = "visit"
        self.env.ref("mail.mail_activity_data_call").category = "default"
        for record, channel in (
            *((self.member, "fax"), (self.activity, "visit"), (judge, "visit")),
            *((task, "visit"), (call, False), (own_call, "visit"), (mail, "email")),
        ):
            self.assertEqual(self.told(record, "channel"), channel, record)
        self.assertInStep()

    def test_a_company_that_a_person_joins_finds_its_rows(self):
        person = self.env["res.partner"].create({"name": "Maria"})
        lead = self.new_lead(name="Spare parts", partner_id=person.id)
        self.assertEqual(self.told(lead, "commercial_partner_id"), person)
        person.parent_id = self.stalmet
        self.assertEqual(self.told(lead, "commercial_partner_id"), self.stalmet)
        action = self.stalmet.with_user(self.ewa).action_view_items()
        found = self.items.with_user(self.ewa).search(action["domain"])
        self.assertIn("Spare parts", found.mapped("name"))
        self.assertInStep()

    def test_a_task_of_another_model_has_the_partner_of_its_record(self):
        task = self.stalmet.activity_schedule(
            "mail.mail_activity_data_todo", summary="Ask", user_id=self.jan.id
        )
        self.assertEqual(self.told(task, "partner_id"), self.stalmet)
        of_lead = self.lead.activity_schedule(
            "mail.mail_activity_data_todo", summary="Ask", user_id=self.anna.id
        )
        self.assertEqual(
            self.told(of_lead, "partner_id", "lead_id"), (self.stalmet, self.lead)
        )
        self.lead.partner_id = self.paktech
        self.assertEqual(self.told(of_lead, "partner_id"), self.paktech)
        self.assertInStep()

    def test_a_task_that_somebody_plans_at_an_activity_has_its_type_and_project(self):
        activity = self.plan(
            name="Show the crane", partner_id=False, lead_id=self.lead.id
        )
        task = activity.activity_schedule(
            "mail.mail_activity_data_todo", summary="Ask", user_id=self.jan.id
        )
        self.assertEqual(
            self.told(task, "activity_type_id", "lead_id"),
            (activity.type_id, self.lead),
        )
        other = self.env["relationship.activity.type"].create({"name": "Other visit"})
        activity.type_id = other
        self.assertEqual(self.told(task, "activity_type_id"), other)
        self.assertInStep()

    def test_plain_sql_is_followed_too(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET name = 'By SQL' WHERE id = %s", [self.lead.id]
        )
        self.assertEqual(self.told(self.lead, "name"), "By SQL")
        self.env.cr.execute(
            "DELETE FROM relationship_reference WHERE id = %s", [self.rival.id]
        )
        self.assertFalse(self.rows(self.rival))
        self.assertInStep()

    def test_days_that_python_cannot_read_are_left_out(self):
        """PostgreSQL has more of them: nobody's list stops at one."""
        for column, day in (
            ("date_deadline", "4713-01-01 BC"),
            ("date_deadline", "5874897-01-01"),
            ("create_date", "294276-01-01"),
            ("date_closed", "-infinity"),
        ):
            with self.subTest(column=column, day=day):
                self.env.cr.execute(
                    f"UPDATE crm_lead SET {column} = %s WHERE id = %s",
                    [day, self.lead.id],
                )
                self.assertFalse(self.told(self.lead, "date_due"))
                self.env.cr.execute(
                    "UPDATE crm_lead SET date_deadline = NULL, date_closed = NULL,"
                    " create_date = now() WHERE id = %s",
                    [self.lead.id],
                )
        self.env.invalidate_all()
        self.assertInStep()

    def test_what_is_deleted_or_merged_goes(self):
        other = self.new_lead(name="Double", partner_id=self.stalmet.id)
        (self.lead | other).merge_opportunity()
        self.assertEqual(len(self.rows(self.lead | other)), 1)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        both = (self.stalmet | self.paktech).ids
        wizard._merge(both, self.paktech, extra_checks=False)
        self.assertEqual(self.told(self.activity, "partner_id"), self.paktech)
        self.assertFalse(
            self.items.search([("partner_id", "not in", self.all_partners())])
        )
        self.assertInStep()

    def all_partners(self):
        partners = self.env["res.partner"].with_context(active_test=False)
        return [False, *partners.search([]).ids]

    def test_nothing_that_is_not_told_is_written(self):
        row = self.rows(self.lead)
        for name, is_told in (("description", False), ("name", True)):
            written = self.is_written(row, lambda n=name: self.lead.write({n: "Big"}))
            self.assertEqual(written, is_told)

    def test_a_night_finds_and_repairs_what_no_trigger_saw(self):
        self.env.flush_all()
        self.assertEqual(self.items._compare(), {})
        self.env.cr.execute("SET LOCAL session_replication_role = replica")
        self.env.cr.execute(
            "UPDATE crm_lead SET name = 'Unseen' WHERE id = %s", [self.lead.id]
        )
        self.env.cr.execute(
            "DELETE FROM relationship_reference WHERE id = %s", [self.rival.id]
        )
        self.env.cr.execute(
            "DELETE FROM relationship_item WHERE source = 'relationship.activity'"
            " AND source_id = %s",
            [self.activity.id],
        )
        self.env.cr.execute(
            "INSERT INTO relationship_item (source, source_id, kind)"
            " VALUES ('sale.something', 1, 'order')"
        )
        self.env.cr.execute("SET LOCAL session_replication_role = origin")
        cron = self.env.ref("relationship_management.ir_cron_item_compare")
        with (
            self.assertLogs("odoo.addons.relationship_management", "WARNING"),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.told(self.lead, "name"), "Unseen")
        self.assertFalse(self.rows(self.rival))
        self.assertEqual(self.told(self.activity, "name"), "Show the press")
        self.assertFalse(self.items.search([("source", "=", "sale.something")]))
        self.assertEqual(self.items._compare(), {})

    def test_whatever_people_do_it_stays_in_step(self):
        for seed in (1, 2):
            with self.subTest(seed=seed):
                self._play(random.Random(seed))  # noqa: S311 (no secret)

    def _play(self, dice):
        partners = [self.stalmet, self.kranbau, self.paktech]
        steps = (
            lambda lead: lead.write({"partner_id": dice.choice(partners).id}),
            lambda lead: lead.write({"name": f"Deal {dice.random()}"}),
            lambda lead: lead.write({"date_deadline": self.day(dice.randrange(-9, 9))}),
            lambda lead: lead.write({"stage_id": dice.choice(self.stages).id}),
            lambda lead: lead.write({"active": dice.choice([True, False])}),
            lambda lead: lead.write(
                {
                    "reference_ids": [
                        Command.create(
                            {
                                "partner_id": dice.choice(partners).id,
                                "type_id": self.competitor_type.id,
                            }
                        )
                    ]
                }
            ),
            lambda lead: lead.reference_ids[:1].unlink(),
            lambda lead: self.plan(lead_id=lead.id),
            lambda lead: lead.bracket_ids[:1].with_user(self.anna).action_done(),
            lambda lead: lead.activity_ids[:1].action_feedback(),
            lambda lead: self.env["relationship.reference"].create(
                {
                    "activity_id": lead.bracket_ids[:1].id,
                    "partner_id": dice.choice(partners).id,
                    "type_id": self.competitor_type.id,
                }
            ),
            lambda lead: (lead | dice.choice(self.leads())).merge_opportunity(),
            lambda lead: lead.copy(),
            lambda lead: lead.unlink() if len(self.leads()) > 3 else None,
        )
        refused = 0
        for _step in range(STEPS):
            lead = dice.choice(self.leads())
            try:
                with self.cr.savepoint(), mute_logger("odoo.sql_db"):
                    dice.choice(steps)(lead)
                    self.env.flush_all()
            except Exception as refusal:  # noqa: BLE001 (counted)
                refused += 1
                self.env.invalidate_all()
                self.assertNotIn("relationship_item", str(refusal))
        self.assertLess(refused, STEPS / 2)
        self.assertInStep()

    def test_people_of_an_activity_leave_an_opportunity_with_it(self):
        """A row that points to what is gone would stop the whole page."""
        for leave in (
            lambda lead: lead.unlink(),
            lambda lead: (lead | self.lead).merge_opportunity(),
        ):
            lead = self.new_lead(name="Goes", partner_id=self.kranbau.id)
            person = self.env["relationship.reference"].create(
                {
                    "activity_id": self.plan(lead_id=lead.id).id,
                    "partner_id": self.stalmet.id,
                    "type_id": self.competitor_type.id,
                }
            )
            self.assertEqual(self.told(person, "lead_id"), lead)
            leave(lead)
            row = self.rows(person)
            self.assertFalse(row.lead_id - row.lead_id.exists())
            shown = {"lead_id": {"fields": {"display_name": {}}}}
            row.with_user(self.ewa).web_read(shown)
            self.assertInStep()

    def test_what_is_done_for_a_whole_campaign_says_for_which(self):
        row = self.rows(self.plan(campaign_id=self.fair.id)).with_user(self.anna)
        self.assertEqual(row.display_name, "Fair · Poznań fair")
        row = self.rows(self.plan()).with_user(self.anna)
        self.assertEqual(row.display_name, "Fair")

    def test_a_campaign_that_takes_in_what_marketing_had(self):
        utm = self.env["utm.campaign"].create({"title": "Old letters"})
        self.lead.campaign_id = utm
        self.assertFalse(self.told(self.lead, "campaign_id"))
        ours = self.env["relationship.campaign"].create(
            {"utm_campaign_id": utm.id, "type_id": self.fair.type_id.id}
        )
        self.assertEqual(self.told(self.lead, "campaign_id"), ours)

    def leads(self):
        found = self.env["crm.lead"].with_context(active_test=False)
        partners = self.stalmet | self.kranbau | self.paktech
        return found.search([("partner_id", "in", partners.ids)])
