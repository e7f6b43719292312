from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from ...models.target_group.freeze_sql import (
    FreezeQuery,
)
from ..campaign.campaign_case import CampaignCase


@tagged("post_install", "-at_install")
class TestJudgedOnce(CampaignCase):
    """Each click judges once, in one statement for any number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.new_campaign(channel="email")
        cls.people = cls.env["res.partner"].create(
            [{"name": f"P {n}", "email": f"p{n}@few.example"} for n in range(40)]
        )

    @contextmanager
    def judged(self, times=1):
        """Count the statements that judge."""
        with patch.object(
            FreezeQuery,
            "get_judged",
            autospec=True,
            side_effect=FreezeQuery.get_judged,
        ) as judged:
            yield
        self.assertEqual(judged.call_count, times)

    def test_contacting(self):
        addressees = self.env["relationship.campaign.addressee"].with_user(self.anna)
        values = {"campaign_id": self.campaign.id, "contact_id": self.people[0].id}
        with self.judged():
            addressee = addressees.create({**values, "state": "contacted"})
        self.assertEqual(addressee.state, "contacted")
        addressee.action_mark_open()
        with self.judged():
            addressee.action_mark_contacted()
        self.assertEqual(addressee.state, "contacted")
        addressee.action_mark_open()
        with self.judged():
            addressee.state = "contacted"

    def test_freezing(self):
        with self.judged():
            self.campaign._assign(self.people.ids, "company_contact")
        self.assertEqual(len(self.campaign.addressee_ids), 40)

    def test_contacting_many_costs_as_many_queries_as_few(self):
        self.campaign._assign(self.people.ids, "person")
        addressees = self.campaign.addressee_ids

        def count(chosen):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            chosen.action_mark_contacted()
            self.env.flush_all()
            self.assertEqual(set(chosen.mapped("state")), {"contacted"})
            return self.env.cr.sql_log_count - before

        count(addressees[:1])
        few = count(addressees[1:3])
        self.assertLessEqual(count(addressees[3:]), few)
