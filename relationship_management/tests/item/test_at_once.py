"""Two people who change what the list tells at one moment."""

from contextlib import closing, contextmanager
from threading import Thread

from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install")
class TestItemsAtOnce(TransactionCase):
    """Real transactions that commit, on connections of their own."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        with self.connection.cursor() as cr:
            partners = self.in_env(cr)["res.partner"]
            self.partner_id = partners.create({"name": "At once"}).id
        self.addCleanup(self.forget)

    def in_env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def forget(self):
        with self.connection.cursor() as cr:
            env = self.in_env(cr)
            self.find(env).unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def find(self, env):
        return env["crm.lead"].search([("partner_id", "=", self.partner_id)])

    def add(self, cr):
        env = self.in_env(cr)
        env["crm.lead"].create(
            {"name": "First", "type": "opportunity", "partner_id": self.partner_id}
        )
        env.flush_all()

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_both_add_the_first_opportunity_of_a_partner(self):
        with (
            closing(self.connection.cursor()) as first,
            closing(self.connection.cursor()) as second,
        ):
            second.execute("SELECT 1")  # its snapshot begins here
            self.add(first)
            # As a request of the web client: it waits, and is repeated unseen.
            work = (lambda: self.add(second), self.in_env(second))
            thread = Thread(target=retrying, args=work)
            thread.start()
            thread.join(1)
            first.commit()
            thread.join(300)
        with self.connection.cursor() as cr:
            env = self.in_env(cr)
            self.assertEqual(len(self.find(env)), 2)
            items = env["relationship.item"]
            about = [
                ("source", "=", "res.partner"),
                ("source_id", "=", self.partner_id),
            ]
            self.assertEqual(items.search_count(about), 1)
            of_partner = [("partner_id", "=", self.partner_id)]
            self.assertEqual(items.search_count(of_partner), 3)


@tagged("post_install", "-at_install")
class TestLookedAtAgain(TransactionCase):
    """Two transactions that do not see each other, and the job that sees both."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        with self.in_session() as env:
            partners = env["res.partner"].create(
                [{"name": f"At once {n}", "is_company": n < 2} for n in range(3)]
            )
            self.partner_ids = partners.ids
            self.lead_id = self.new_lead(env, partners[0]).id
        self.addCleanup(self.forget)

    @contextmanager
    def in_session(self):
        with self.connection.cursor() as cr:
            context = {"tracking_disable": True}
            yield api.Environment(cr, SUPERUSER_ID, context)

    def new_lead(self, env, partner):
        values = {"name": "Press", "type": "opportunity", "partner_id": partner.id}
        return env["crm.lead"].create(values)

    def forget(self):
        with self.in_session() as env:
            leads = env["crm.lead"].with_context(active_test=False)
            leads.search([("partner_id", "in", self.partner_ids)]).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()
            env["relationship.item"]._cron_again()

    def records(self, env):
        lead = env["crm.lead"].browse(self.lead_id)
        return lead, *env["res.partner"].browse(self.partner_ids)

    def assertRaces(self, one, other):
        """Let two do something at once, in both orders of their ends."""
        with (
            self.connection.cursor() as first,
            self.connection.cursor() as second,
        ):
            for cr in (first, second):
                cr.execute("SELECT 1")  # their snapshots begin here
            for cr, work in ((first, one), (second, other)):
                env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
                work(*self.records(env))
                env.flush_all()
            first.commit()
            # What is looked at too early is looked at once more.
            with self.in_session() as env:
                env["relationship.item"]._cron_again()
            second.commit()
        with self.in_session() as env:
            items = env["relationship.item"]
            found = self.find_different(items)
            items._cron_again()
            self.assertEqual(self.find_different(items), {})
            notes = env.execute_query(SQL("SELECT * FROM relationship_item_again"))
            self.assertFalse(notes)
        return found

    def find_different(self, items):
        return {
            model: ids
            for model, source in items._get_sources().items()
            if (ids := items._find_different(source))
        }

    def schedule(self, lead, *partners):
        lead.activity_schedule("mail.mail_activity_data_call", summary="Call")

    def give_to_another(self, lead, former, another, person):
        lead.partner_id = another

    def test_a_task_of_an_opportunity_that_gets_another_customer(self):
        found = self.assertRaces(self.schedule, self.give_to_another)
        self.assertEqual(list(found), ["mail.activity"])  # else it tries nothing

    def test_the_other_way_round(self):
        found = self.assertRaces(self.give_to_another, self.schedule)
        self.assertEqual(list(found), ["mail.activity"])

    def test_a_partner_whose_last_opportunity_goes_and_whose_first_one_comes(self):
        def lose(lead, former, another, person):
            lead.unlink()

        def win(lead, former, another, person):
            self.new_lead(lead.env, former)

        found = self.assertRaces(win, lose)
        self.assertEqual(list(found), ["res.partner"])

    def test_an_opportunity_of_a_person_who_gets_a_company(self):
        def sell(lead, former, another, person):
            self.new_lead(lead.env, person)

        def employ(lead, former, another, person):
            person.parent_id = another

        found = self.assertRaces(sell, employ)
        self.assertIn("crm.lead", found)

    def test_a_task_of_an_opportunity_that_is_deleted_meanwhile(self):
        """Nothing but an id leads from it there: it stays, and says of whom no more."""

        def delete(lead, former, another, person):
            lead.unlink()

        found = self.assertRaces(self.schedule, delete)
        self.assertEqual(list(found), ["mail.activity"])
        with self.in_session() as env:
            tasks = env["mail.activity"].search([("res_id", "=", self.lead_id)])
            tasks.filtered(lambda task: task.res_model == "crm.lead").unlink()
