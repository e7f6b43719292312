from unittest.mock import patch

from odoo.tests import new_test_user

from odoo.addons.relationship_management.tests.common import RefusalCase

from ..warehouse import transfer

TRANSFER = "odoo.addons.olap_export.models.olap_export_target_transfer"
SECRET = "open sesame"  # noqa: S105 the secret that must never show up


class OlapExportCase(RefusalCase):
    """People by role, and a target that leads nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, no_reset_password=True))
        cls.olga = new_test_user(
            cls.env, "test_olga", groups="olap_export.olap_export_group_operator"
        )
        cls.adam = new_test_user(cls.env, "test_adam", groups="base.group_system")
        cls.ewa = new_test_user(
            cls.env,
            "test_ewa",
            groups="relationship_management.relationship_management_group_manager,"
            "sales_team.group_sale_manager",
        )
        cls.piotr = new_test_user(
            cls.env, "test_piotr", groups="sales_team.group_sale_salesman"
        )
        # The transaction of a test never ends; see test_olap_export_transaction.py.
        targets = type(cls.env["olap.export.target"])
        cls.startClassPatcher(patch.object(targets, "_end_transaction"))
        cls.env["olap.export.target"].search([]).active = False
        cls.target = cls.env["olap.export.target"].create(
            {
                "name": "Nowhere",
                "code": "NOWHERE",
                "host": "127.0.0.1",
                "port": 9,
                "database": "nowhere",
                "login": "olap_loader",
                "password": SECRET,
            }
        )
        cls.cron = cls.env.ref("olap_export.ir_cron_transfer")
        cls.cron.active = False

    def connect(self):
        """Pretend that the tables were created."""
        self.target.state = "connected"
        self.cron.active = True
        self.env.flush_all()

    def succeeding(self, **values):
        """Replace the transfer by one that ends with these values."""
        result = transfer.Result(**values)
        return patch(f"{TRANSFER}.transfer.run", return_value=result)

    def breaking(self, error):
        return patch(f"{TRANSFER}.transfer.run", side_effect=error)

    def transfer(self, target=None, **options):
        """Run a transfer within the transaction of the test."""
        self.env.flush_all()
        self.registry_enter_test_mode(register_cleanup=False)
        try:
            return (target or self.target)._transfer(**options)
        finally:
            self.registry_leave_test_mode()
            self.env.invalidate_all()

    def run_cron(self, job="_cron_transfer"):
        """Run a batch job; return the numbers ``(processed, remaining)`` it told."""
        told = []

        def commit_progress(cron, processed=0, *, remaining=None):
            told.append((processed, remaining))
            return float("inf")

        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", commit_progress
        ):
            self.registry_enter_test_mode(register_cleanup=False)
            try:
                getattr(self.env["olap.export.target"], job)()
            finally:
                self.registry_leave_test_mode()
        self.env.invalidate_all()
        return told
