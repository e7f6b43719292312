from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .activity_case import ActivityCase


@tagged("post_install", "-at_install")
class TestAbsenceOfOthers(ActivityCase):
    """Who is away, and who stands in, is a matter of those who work here."""

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_customer_has_no_substitute(self):
        client = self.env["res.users"].create(
            {
                "name": "Client",
                "login": "test_client",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        own = client.with_user(client)
        own.write({"lang": "en_US"})
        for name, value in {
            "substitute_id": self.ewa.id,
            "absent_from": self.today,
            "absent_until": self.today,
        }.items():
            with self.subTest(name):
                for more in ({}, {"lang": "en_US"}):
                    with self.refused("not allowed to modify 'User'", AccessError):
                        own.write({name: value, **more})
        anna = self.anna.with_user(self.anna)
        theirs = self.other_company.id
        client.write({"company_ids": [Command.set([theirs])], "company_id": theirs})
        with self.refused("^somebody whom you may not see does not work here"):
            anna.write({"substitute_id": client.id})
        anna.write({"substitute_id": self.ewa.id})
        self.assertEqual(anna.substitute_id, self.ewa)
