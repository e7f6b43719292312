import contextlib
import select
import socket
import time
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from ..warehouse import deadline
from .warehouse.warehouse_case import dsn_of
from .warehouse.watcher import Watcher

WAIT = 2.5


@tagged("post_install", "-at_install")
class TestOlapExportTransaction(BaseCase):
    """While a target is waited for, no transaction of Odoo is open: real ones, that
    commit.
    """

    test_tags = {"standard", "post_install"}

    def setUp(self):
        super().setUp()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.server.close)
        with self.session() as env:
            self.target_id = (
                env["olap.export.target"]
                .create(
                    {
                        "name": "Silent",
                        "code": "SILENT",
                        "host": "127.0.0.1",
                        "port": self.server.getsockname()[1],
                        "database": "silent",
                        "login": "silent",
                    }
                )
                .id
            )
        self.addCleanup(self.forget)
        limits = deadline.Limits(connect=WAIT, answer=WAIT, work=WAIT)
        targets = Registry(get_db_name())["olap.export.target"]
        self.startPatcher(patch.object(targets, "_get_limits", return_value=limits))

    def forget(self):
        with self.session() as env:
            env["olap.export.target"].browse(self.target_id).unlink()

    @contextlib.contextmanager
    def session(self, uid=SUPERUSER_ID):
        """Yield the environment of a request, which commits at its end."""
        with Registry(get_db_name()).cursor() as cr:
            env = api.Environment(cr, uid, {})
            yield env
            env.flush_all()

    def assertNothingOpen(self, function, state="draft"):
        """Check that a call waits for the target, outside every transaction."""
        with self.session() as env:
            env["olap.export.target"].browse(self.target_id).state = state
            admin = env.ref("base.user_admin").id
        self.forget_callers()
        watching = Watcher(dsn_of(get_db_name()), self.is_called)
        with watching as watcher, self.session(admin) as env:
            start = time.monotonic()
            # Its own statement, as each request has some.
            target = env["olap.export.target"].browse(self.target_id)
            self.assertEqual(target.state, state)
            result = function(target)
            self.assertGreater(time.monotonic() - start, WAIT - 0.5)
            self.assertTrue(watcher.since)
            self.assertFalse(watcher.found)
        return result

    def is_called(self):
        """Tell whether somebody waits for an answer of the target."""
        return bool(select.select([self.server], [], [], 0)[0])

    def forget_callers(self):
        while self.is_called():
            self.server.accept()[0].close()

    def failure(self):
        with self.session() as env:
            target = env["olap.export.target"].browse(self.target_id)
            self.assertEqual(target.last_run_id.state, "failed")
            return target.last_message

    def test_the_connection_is_tested(self):
        action = self.assertNothingOpen(lambda target: target.action_test_connection())
        self.assertIn("did not answer for", action["params"]["message"])

    def test_tables_are_created(self):
        def create(target):
            with self.assertRaises(UserError) as caught:
                target.action_create_tables()
            return str(caught.exception)

        for state in ("draft", "connected"):
            with self.subTest(state=state):
                self.assertIn("did not answer", self.assertNothingOpen(create, state))

    def test_transfer_now_in_every_mode(self):
        def transfer(target):
            dialogs = target.env["olap.export.target.transfer"]
            dialogs.create({"target_id": target.id, "mode": mode}).action_transfer()

        for state, mode in (
            ("draft", "incremental"),
            ("connected", "incremental"),
            ("connected", "full"),
            ("connected", "repair"),
            ("connected", "replace"),
        ):
            with self.subTest(state=state, mode=mode):
                self.assertNothingOpen(transfer, state)
                self.assertIn("did not answer for", self.failure())

    def test_the_batch_job(self):
        def run(target):
            with patch.object(type(target), "search", return_value=target):
                target._cron_transfer()

        self.assertNothingOpen(run, "connected")
        self.assertIn("did not answer for", self.failure())
