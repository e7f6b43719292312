# pylint: disable=consider-merging-classes-inherited
import logging
import os

import psycopg2.extensions

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..warehouse import engine_duckdb, engine_postgresql, errors

_logger = logging.getLogger(__name__)


class OlapExportTarget(models.Model):
    """How a target is reached. Secrets are looked for outside the database first."""

    _inherit = "olap.export.target"

    engine = fields.Selection(
        [("postgresql", "PostgreSQL"), ("duckdb", "DuckDB file")],
        required=True,
        default="postgresql",
    )
    host = fields.Char(string="Server", help="Empty: the server of this machine.")
    port = fields.Integer()
    database = fields.Char()
    login = fields.Char(string="User", copy=False)
    sslmode = fields.Selection(
        [
            ("disable", "Never encrypted"),
            ("prefer", "Encrypted if possible"),
            ("require", "Always encrypted"),
            ("verify-full", "Encrypted, server verified"),
        ],
        string="SSL mode",
        default="require",
    )
    schema_name = fields.Char(
        string="Schema",
        required=True,
        default="public",
        help="Where the tables are. Personal data of partners go to a schema of their"
        " own with the ending _pii (pii beside public).",
    )
    path = fields.Char(
        string="File",
        help="Full path of the DuckDB file on the Odoo server. Reports open this file;"
        " the transfer writes beside it and replaces it.",
    )
    variable = fields.Char(compute="_compute_connection_source")
    connection_source = fields.Selection(
        [
            ("environment", "Environment of the server"),
            ("configuration", "Configuration file of the server"),
            ("fields", "Fields of this form"),
        ],
        string="Connection from",
        compute="_compute_connection_source",
    )

    def _compute_connection_source(self):
        for target in self:
            target.variable = f"OLAP_EXPORT_DSN_{target.code or ''}"
            target.connection_source = target._find_connection()[0]

    def _find_connection(self):
        """Return where the connection comes from, and what is written there.

        :return: ``("environment", text)``, ``("configuration", text)`` or
            ``("fields", None)``
        """
        self.ensure_one()
        name = f"OLAP_EXPORT_DSN_{self.code}"
        if value := os.environ.get(name):
            return "environment", value
        if value := config.get(name.lower()):
            return "configuration", value
        return "fields", None

    def _get_dsn(self):
        """Return the connection string, or the file path. A secret: never show it."""
        self.ensure_one()
        text = self._find_connection()[1]
        # sudo: whoever may start a transfer uses the password and never sees it.
        secret = self.sudo()
        if self.engine == "duckdb":
            text = text or self.path
            if text and not text.endswith(".duckdb"):
                # Never another file of the server, whoever wrote the variable.
                text = None
        elif not text and self.database:
            text = psycopg2.extensions.make_dsn(
                host=self.host or None,
                port=self.port or None,
                dbname=self.database,
                user=self.login or None,
                password=secret.password or None,
                sslmode=self._get_sslmode(),
            )
        if not text:
            raise errors.TransferError(
                errors.NO_CONNECTION_SETTINGS, variable=self.variable
            )
        return text

    def _get_sslmode(self):
        """Return the SSL mode; a unix socket knows none."""
        if not self.host or self.host.startswith("/"):
            return None
        return self.sslmode or "require"

    def _get_engine(self):
        """Return the adapter of the target's engine.

        Another engine adds to the selection and extends this method.
        """
        self.ensure_one()
        if self.engine == "duckdb":
            return engine_duckdb.Engine(self._get_dsn())
        return engine_postgresql.Engine(
            self._get_dsn(), self.schema_name, self.variable
        )

    def _get_limited_engine(self, limits):
        """Return the adapter, whose waits end in time."""
        engine = self._get_engine()
        engine.limits = limits
        return engine

    def _connect_source(self):
        """Return a new connection to Odoo's database, outside the pool.

        The lock of the transfer belongs to a session: one that goes back to a pool
        would take the lock along.
        """
        from odoo.sql_db import connection_info_for

        _dbname, info = connection_info_for(self.env.cr.dbname)
        settings = {"application_name": "olap_export", "connect_timeout": 15}
        return psycopg2.connect(**{**info, **settings})

    def _explain(self, error):
        """Return the sentence for an error, in the user's language."""
        error = errors.explain(error)
        return self.env._(error.text, **error.values)

    def _explain_logged(self, error):
        """Return the sentence for an error; one that nobody expects is logged."""
        errors.log(_logger, f"OLAP target {self.code}", error)
        return self._explain(error)

    def action_test_connection(self):
        """Connect, and say in a sentence what was found."""
        self.ensure_one()
        self.check_access("read")
        try:
            engine = self._get_limited_engine(self._get_limits())
            self._end_transaction()
            facts = engine.check()
        except Exception as error:  # noqa: BLE001 every failure becomes a sentence
            return self._notify("danger", self._explain_logged(error))
        if facts["version"]:
            text = self.env._(
                "Connected to %(engine)s, %(place)s. The tables are there.",
                engine=facts["engine"],
                place=facts["database"],
            )
        else:
            text = self.env._(
                "Connected to %(engine)s, %(place)s. Create the tables next.",
                engine=facts["engine"],
                place=facts["database"],
            )
        return self._notify("success", text)

    def action_create_tables(self):
        """Create the tables, or bring them up to date, and start the batch job."""
        self.ensure_one()
        self.check_access("write")
        try:
            engine = self._get_limited_engine(self._get_limits())
            self._end_transaction()
            engine.create_tables()
        except Exception as error:  # noqa: BLE001 every failure becomes a sentence
            raise UserError(self._explain_logged(error)) from None
        self._set_connected()
        return self._notify(
            "success",
            self.env._(
                "The tables are ready. The batch job transfers what is waiting, or"
                " start it with “Transfer now”."
            ),
        )

    def _set_connected(self):
        """Note that the tables are there, and start the batch job."""
        self.ensure_one()
        self._start_cron()
        self.write({"state": "connected", "date_retry": False})

    def _start_cron(self):
        """Switch the batch job on for the first target that is ever connected.

        Later on, whoever switched it off meant it.
        """
        cron = self._get_cron()
        known = self.with_context(active_test=False).search_count(
            ["|", ("state", "=", "connected"), ("last_success", "!=", False)], limit=1
        )
        if not cron or cron.active or known:
            return
        try:
            with self.env.cr.savepoint():
                cron.active = True
        except (UserError, psycopg2.OperationalError):
            # Somebody else is writing it or it is running.
            _logger.warning("The batch job of OLAP stays switched off.", exc_info=True)

    def _notify(self, kind, text):
        """Return the action that shows a sentence and reloads the form."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": text,
                "sticky": kind == "danger",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
