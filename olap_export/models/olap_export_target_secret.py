# pylint: disable=consider-merging-classes-inherited
import io

from odoo import fields, models
from odoo.exceptions import MissingError
from odoo.tools import SQL
from odoo.tools.sql import column_exists

TABLE_SQL = """
    CREATE TABLE IF NOT EXISTS olap_export_secret (
        target_id integer PRIMARY KEY
            REFERENCES olap_export_target ON DELETE CASCADE,
        password varchar NOT NULL)
"""


def install_secrets(cr):
    """Create the table and move in what earlier versions kept beside the rest."""
    cr.execute(TABLE_SQL)
    if column_exists(cr, "olap_export_target", "password"):
        cr.execute(
            """
            INSERT INTO olap_export_secret (target_id, password)
            SELECT id, password FROM olap_export_target WHERE password <> ''
                ON CONFLICT DO NOTHING
            """
        )
        cr.execute("ALTER TABLE olap_export_target DROP COLUMN password")


def remove_secrets(cr):
    cr.execute("DROP TABLE IF EXISTS olap_export_secret")


class OlapExportTarget(models.Model):
    """The password: kept where no message of PostgreSQL can quote it.

    A refused row is written into the logs of PostgreSQL and Odoo with all its columns,
    and so is the statement. So the password has a table of its own, without anything
    that could refuse it, and goes there as data of a COPY, never in a statement.
    """

    _inherit = "olap.export.target"

    password = fields.Char(
        compute="_compute_password",
        inverse="_inverse_password",
        copy=False,
        groups="base.group_system",
        help="Better: the connection in the server's environment or configuration"
        " file, where no back-up of the database carries it away.",
    )

    def init(self):
        install_secrets(self.env.cr)
        return super().init()

    def _compute_password(self):
        passwords = dict(
            self.env.execute_query(
                SQL(
                    "SELECT target_id, password FROM olap_export_secret"
                    " WHERE target_id = ANY(%s)",
                    self.ids,
                )
            )
        )
        for target in self:
            target.password = passwords.get(target._origin.id, False)

    def _inverse_password(self):
        cr = self.env.cr
        # Whoever changes the target at the same time is refused here, without a secret.
        found = self.env.execute_query(
            SQL(
                "SELECT id FROM olap_export_target WHERE id = ANY(%s) FOR UPDATE",
                self.ids,
            )
        )
        targets = self.browse(id_ for (id_,) in found)  # each once, whatever is sent
        if self - targets:
            raise MissingError(
                self.env._("One of the targets is gone: load the page again.")
            )
        cr.execute(
            SQL("DELETE FROM olap_export_secret WHERE target_id = ANY(%s)", self.ids)
        )
        lines = [
            '{},"{}"\n'.format(target.id, target.password.replace('"', '""'))
            for target in targets
            if target.password
        ]
        cr.copy_expert(
            "COPY olap_export_secret (target_id, password) FROM STDIN (FORMAT csv)",
            io.StringIO("".join(lines)),
        )
