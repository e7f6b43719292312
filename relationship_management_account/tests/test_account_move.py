from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.relationship_management.tests.common import RelationshipCase


@tagged("post_install", "-at_install")
class TestAccountMove(RelationshipCase):
    """Invoices and bills without Sales and Purchase; Adam keeps the books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.adam = cls._new_user(
            "adam",
            "account.group_account_invoice,"
            "relationship_management.relationship_management_group_user",
        )
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.company, install_demo=False
            )
        cls.nowak = cls.env["res.partner"].create(
            {"name": "Anna Nowak", "parent_id": cls.stalmet.id}
        )
        cls.today = fields.Date.context_today(cls.adam)

    def enter(self, move_type, days_ago=0):
        """Enter a document as Adam."""
        day = self.today - timedelta(days=days_ago)
        line = {"name": "Steel", "price_unit": 100, "tax_ids": []}
        return (
            self.env["account.move"]
            .with_user(self.adam)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": self.nowak.id,
                    "invoice_date": day,
                    "date": day,
                    "invoice_line_ids": [Command.create(line)],
                }
            )
        )

    def roles(self):
        roles = self.env["relationship.role"]
        return roles.search([("partner_id", "=", self.stalmet.id)], order="kind")

    def test_what_is_posted_gives_its_role_at_once(self):
        for move_type, kind in (
            ("out_invoice", "customer"),
            ("in_invoice", "supplier"),
        ):
            move = self.enter(move_type, days_ago=5)
            self.assertNotIn(kind, self.roles().mapped("kind"))
            move.action_post()
            role = self.roles().filtered(lambda r, kind=kind: r.kind == kind)
            self.assertEqual((role.source, role.date_from), ("account.move", move.date))
        self.assertEqual(len(self.roles()), 2)

    def test_the_nightly_job_finds_what_happened_in_another_way(self):
        for move_type in ("out_refund", "in_receipt"):
            self.enter(move_type, days_ago=3).action_post()
        self.roles().unlink()
        sources = ["account.move:customer", "account.move:supplier"]
        self.env["relationship.role"]._derive_roles(sources, self.stalmet)
        self.assertEqual(self.roles().mapped("kind"), ["customer", "supplier"])

    def test_files_are_for_those_who_may_read_the_invoice(self):
        move = self.enter("out_invoice")
        file = self.env["ir.attachment"].create(
            {
                "name": "Drawing",
                "raw": b"text",
                "res_model": "account.move",
                "res_id": move.id,
            }
        )
        documents = self.env["relationship.document"]
        for user, found in ((self.adam, file), (self.jan, file.browse())):
            action = self.stalmet.with_user(user).action_view_documents()
            shown = documents.with_user(user).search(action["domain"])
            self.assertEqual(shown.sudo().attachment_id & file, found, user.login)
        row = documents.search([("attachment_id", "=", file.id)])
        self.assertEqual(row.partner_id, self.nowak)
        with self.assertRaisesRegex(AccessError, "You may not read the record"):
            row.with_user(self.jan).read(["name"])

    def test_a_campaign_names_its_invoices(self):
        self.assertEqual(
            self.env["relationship.source"]._get_label("account.move"), "invoices"
        )
