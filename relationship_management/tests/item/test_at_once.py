"""Two people who bring the same partner into the list at one moment."""

from contextlib import closing
from threading import Thread

from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


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
