"""The relationship list says what a person finds who opens every source."""

import random
from collections import Counter

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..hooks import LOGINS
from .list_oracle import ListOracle, Row

SEED = 20261130
STEPS = 60
LOOK_EVERY = 20


@tagged("post_install", "-at_install")
class TestList(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.env["res.users"].search([("login", "in", LOGINS)])
        cls.chance = random.Random(SEED)  # noqa: S311 (repeatable)

    def get_told(self, user):
        """Return what the list tells the user, in the words of the oracle."""
        rows = self.env["relationship.item"].with_user(user).search([]).sudo()
        told = {}
        for row in rows.with_context(active_test=False):
            types = (
                *(row.campaign_type_id, row.opportunity_type_id),
                *(row.activity_type_id, row.task_type_id),
            )
            is_campaign = row.kind == "campaign"
            told[row.source, row.source_id] = Row(
                row.source,
                row.source_id,
                row.kind,
                row.res_model,
                row.res_id,
                frozenset(row.name.split(" / ") if is_campaign else [row.name]),
                row.number or False,
                *(row.partner_id.id, row.contact_id.id, row.commercial_partner_id.id),
                *(row.role_id.id, row.campaign_id.id, row.lead_id.id),
                frozenset((each._name, each.id) for each in types if each),
                row.status,
                *(row.stage_id.id, row.user_id.id, row.company_id.id),
                *(row.date_from, row.date_due, row.date_done, row.is_open),
            )
        return told

    def compare(self):
        """Check the list of each person; return how many rows were compared."""
        oracle = ListOracle(self.env)
        compared = 0
        for user in self.users:
            expected, told = oracle.get_rows(user), self.get_told(user)
            wrong = [
                (
                    key,
                    {
                        n: (e, t)
                        for n, e, t in zip(Row._fields, *pair, strict=True)
                        if e != t
                    },
                )
                for key, pair in (
                    (key, (expected[key], told[key])) for key in expected.keys() & told
                )
                if pair[0] != pair[1]
            ]
            self.assertEqual(
                {
                    "missing": sorted(expected.keys() - told),
                    "invented": sorted(told.keys() - expected),
                    "wrong": wrong,
                },
                {"missing": [], "invented": [], "wrong": []},
                f"{user.login}, seed {SEED}",
            )
            self.assertTrue(expected)
            compared += len(expected)
        return compared

    def test_it_says_to_everybody_what_the_story_holds(self):
        self.assertGreater(self.compare(), 1000)

    def test_the_oracle_notices_what_the_list_misses(self):
        self.env.cr.execute(
            "ALTER TABLE crm_lead DISABLE TRIGGER relationship_item_update"
        )
        self.pick_lead().name = "Unseen"
        with self.assertRaisesRegex(AssertionError, "Unseen"):
            self.compare()

    def test_it_still_does_after_whatever_people_do(self):
        done = Counter()
        steps = [name for name in dir(self) if name.startswith("step_")]
        with mute_logger("odoo.addons.base.partner_merge", "odoo.models.unlink"):
            for number in range(1, STEPS + 1):
                name = self.chance.choice(steps)
                try:
                    with self.env.cr.savepoint():
                        getattr(self, name)()
                        self.env.flush_all()
                except UserError:
                    self.env.invalidate_all()
                    done["refused"] += 1
                else:
                    done[name] += 1
                if number % LOOK_EVERY == 0:
                    with self.subTest(steps=number, done=dict(done)):
                        self.compare()
        self.assertLess(done["refused"], STEPS // 2, done)

    # What people, and others, do

    def pick(self, model, domain=(), user="ewa"):
        user = self.users.filtered(lambda each: each.login == user)
        records = self.env[model].with_user(user)
        records = records.with_context(allowed_company_ids=user.company_ids.ids)
        return self.pick_of(records.search(list(domain)))

    def pick_of(self, records):
        if not records:
            nothing = "There is none."
            raise UserError(nothing)
        return self.chance.choice(records)

    def pick_day(self):
        return fields.Date.add(fields.Date.today(), days=self.chance.randint(-60, 60))

    def pick_lead(self):
        return self.pick("crm.lead", [("type", "=", "opportunity")])

    def step_change_an_opportunity(self):
        self.pick_lead().write(
            {
                "name": f"Deal {self.chance.random()}",
                "date_deadline": self.pick_day(),
                "partner_id": self.pick("res.partner").id,
            }
        )

    def step_win(self):
        self.pick_lead().action_set_won()

    def step_lose(self):
        self.pick_lead().action_set_lost()

    def step_archive_and_restore(self):
        lead = self.pick_lead()
        lead.action_archive()
        if self.chance.random() < 0.5:
            lead.action_unarchive()

    def step_restore(self):
        self.pick("crm.lead", [("active", "=", False)]).action_unarchive()

    def step_delete_an_opportunity(self):
        self.pick_lead().unlink()

    def step_merge_opportunities(self):
        (self.pick_lead() | self.pick_lead()).merge_opportunity()

    def step_merge_partners(self):
        two = self.pick("res.partner", [("is_company", "=", True)])
        two |= self.pick("res.partner", [("is_company", "=", True)])
        self.env["base.partner.merge.automatic.wizard"]._merge(two.ids, two[:1].sudo())

    def step_work_for_somebody_else(self):
        person = self.pick("res.partner", [("parent_id", "!=", False)])
        person.parent_id = self.pick("res.partner", [("is_company", "=", True)])

    def step_archive_a_partner(self):
        self.pick("res.partner", [("user_ids", "=", False)]).action_archive()

    def step_give_a_role(self):
        self.pick_lead().reference_ids = [
            Command.create(
                {
                    "partner_id": self.pick("res.partner").id,
                    "type_id": self.pick("relationship.reference.type").id,
                }
            )
        ]

    def step_end_a_role(self):
        self.pick("relationship.reference").unlink()

    def step_plan_an_activity(self):
        self.env["relationship.activity"].with_user(
            self.users.filtered(lambda each: each.login == "anna")
        ).create(
            {
                "name": "Look after them",
                "type_id": self.pick("relationship.activity.type", user="anna").id,
                "partner_id": self.pick("res.partner", user="anna").id,
                "date_from": self.pick_day(),
            }
        )

    def step_delete_an_activity(self):
        self.pick("relationship.activity").unlink()

    def step_cancel_an_activity(self):
        self.pick("relationship.activity").action_cancel()

    def step_do_a_task(self):
        self.pick("mail.activity").action_feedback(feedback="Done")

    def step_plan_a_task(self):
        model = self.chance.choice(["res.partner", "crm.lead", "sale.order"])
        self.pick(model).sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.chance.choice(["Ask", ""]),
            date_deadline=self.pick_day(),
            user_id=self.chance.choice(self.users).id,
        )

    def step_answer(self):
        member = self.pick("relationship.campaign.addressee")
        member.action_mark_contacted()

    def step_put_a_campaign_away(self):
        campaign = self.pick("relationship.campaign")
        campaign.active = False
        if self.chance.random() < 0.5:
            campaign.active = True

    def step_call_a_campaign_otherwise(self):
        campaign = self.pick("relationship.campaign")
        language = self.chance.choice(self.env["res.lang"].search([])).code
        campaign.with_context(lang=language).title = f"Fair {self.chance.random()}"

    def step_move_by_a_statement(self):
        """Somebody writes into the database, past all of it."""
        table, column, value = self.chance.choice(
            [
                ("crm_lead", "date_deadline", self.pick_day()),
                ("crm_lead", "partner_id", self.pick("res.partner").id),
                ("crm_lead", "active", self.chance.random() < 0.5),
                ("relationship_activity", "date_to", self.pick_day()),
                ("relationship_campaign_addressee", "contacted_on", self.pick_day()),
                ("mail_activity", "user_id", self.chance.choice(self.users).id),
                ("mail_activity", "summary", "By a statement"),
                ("res_partner", "user_id", self.chance.choice(self.users).id),
            ]
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(value)s WHERE id IN"
                " (SELECT id FROM %(table)s ORDER BY md5(id || %(salt)s) LIMIT 5)",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                value=value,
                salt=str(self.chance.random()),
            )
        )
        self.env.invalidate_all()

    def step_delete_by_a_statement(self):
        table = self.chance.choice(["relationship_campaign_addressee", "mail_activity"])
        self.env.cr.execute(
            SQL(
                "DELETE FROM %(table)s WHERE id IN"
                " (SELECT id FROM %(table)s ORDER BY md5(id || %(salt)s) LIMIT 2)",
                table=SQL.identifier(table),
                salt=str(self.chance.random()),
            )
        )
        self.env.invalidate_all()
