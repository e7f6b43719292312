"""What PostgreSQL's own log says about a target that was refused."""

import contextlib
import logging

import psycopg2

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user

from tests.common import JourneyCase
from tools.postgres import cluster

SECRET = "open sesame, said to nobody"  # noqa: S105


class TestSecretJourney(JourneyCase):
    def setUp(self):
        super().setUp()
        self.adam = new_test_user(self.env, "secret_adam", groups="base.group_system")
        self.log = cluster().log
        self.start = self.log.stat().st_size
        self.target = (
            self.env["olap.export.target"]
            .with_user(self.adam)
            .create({"name": "Secret", "code": "SECRET", "password": SECRET})
        )

    def read_log(self):
        with self.log.open("rb") as file:
            file.seek(self.start)
            return file.read().decode(errors="replace")

    def test_neither_log_says_the_password(self):
        with self.assertLogs("odoo.sql_db", logging.DEBUG) as odoo:
            for values in ({"code": "wrong"}, {"port": 70000}, {"path": "/etc/passwd"}):
                with self.assertRaisesRegex(ValidationError, "correct it"):
                    self.target.write({"password": SECRET, **values})
                with self.assertRaisesRegex(ValidationError, "correct it"):
                    self.target.create(
                        {"name": "x", "code": "X", "password": SECRET, **values}
                    )
            # Past every check of ours: PostgreSQL quotes the row.
            for column in ("name", "code", "engine", "schema_name"):
                with (
                    contextlib.suppress(psycopg2.Error),
                    self.env.cr.savepoint(flush=False),
                ):
                    self.env.cr.execute(
                        f"UPDATE olap_export_target SET {column} = NULL"
                        f" WHERE id = {self.target.id}"
                    )
        said = self.read_log()
        self.assertIn("Failing row contains", said, "this is the log")
        self.assertNotIn(SECRET, said)
        self.assertIn("Failing row contains", str(odoo.output))
        self.assertNotIn(SECRET, str(odoo.output))
