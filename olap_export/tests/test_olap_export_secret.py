import contextlib
import logging
import os
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import MissingError, ValidationError
from odoo.sql_db import Cursor
from odoo.tests import Form, tagged

from ..models.olap_export_target_secret import install_secrets
from ..warehouse import engine_duckdb
from .common import SECRET, OlapExportCase

GOOD = {
    "name": "Another",
    "code": "ANOTHER",
    "host": "127.0.0.1",
    "database": "nowhere",
    "password": SECRET,
}
# Values that were refused by PostgreSQL, each with the beginning of its sentence now.
REFUSED = (
    ({"code": "lower"}, "A code begins with a capital letter"),
    ({"code": "1ST"}, "A code begins with a capital letter"),
    ({"code": "A-B"}, "A code begins with a capital letter"),
    ({"code": "A\nB"}, "“Code” contains a character that cannot be stored"),
    ({"code": "TAKEN"}, "Another target has this code"),
    ({"code": ""}, "“Code” is missing"),
    ({"code": False}, "“Code” is missing"),
    ({"name": False}, "“Name” is missing"),
    ({"name": ""}, "“Name” is missing"),
    ({"name": "a\x00b"}, "“Name” contains a character that cannot be stored"),
    ({"name": "a\ud800b"}, "“Name” contains a character that cannot be stored"),
    ({"engine": False}, "“Engine” is missing"),
    ({"engine": "oracle"}, "“Engine” has a value that is none of its choices"),
    ({"sslmode": "maybe"}, "“SSL mode” has a value that is none of its choices"),
    ({"lang": "xx_XX"}, "“Language of names” has a value that is none of its choices"),
    ({"schema_name": False}, "“Schema” is missing"),
    ({"schema_name": 'ba d"; drop'}, "The name of a schema has small letters"),
    ({"schema_name": "x" * 60}, "The name of a schema has small letters"),
    ({"path": "/etc/passwd"}, "The path of a DuckDB file begins with /"),
    ({"path": "warehouse.duckdb"}, "The path of a DuckDB file begins with /"),
    ({"port": 70000}, "A port lies between 1 and 65535"),
    ({"port": -1}, "A port lies between 1 and 65535"),
    ({"port": 2**40}, "A port lies between 1 and 65535"),
    ({"sequence": 2**31}, "The order of the target is too large"),
    ({"failure_count": 2**31}, "The number of failures is not negative and not that"),
    ({"failure_count": -1}, "The number of failures is not negative and not that"),
    ({"host": "a\x00"}, "“Server” contains a character that cannot be stored"),
    ({"login": "a\x00"}, "“User” contains a character that cannot be stored"),
    ({"password": SECRET + "\x00"}, "“Password” contains a character"),
    ({"password": SECRET + "\n\\.\n"}, "“Password” contains a character"),
    ({"password": SECRET + "\ud800"}, "“Password” contains a character"),
)


@tagged("post_install", "-at_install")
class TestOlapExportSecret(OlapExportCase):
    """The password of a target stands in no statement, no message and no log."""

    @contextlib.contextmanager
    def listening(self):
        """Check that the secret is neither logged nor part of a statement."""
        said = []
        execute = Cursor.execute

        def listen(cr, query, params=None, log_exceptions=True):
            said.append(repr((query, params)))
            return execute(cr, query, params, log_exceptions)

        class Ear(logging.Handler):
            def emit(self, record):
                said.append(logging.Formatter().format(record))

        ear = Ear(level=logging.DEBUG)
        logging.getLogger().addHandler(ear)
        try:
            with patch.object(Cursor, "execute", listen):
                yield said
        finally:
            logging.getLogger().removeHandler(ear)
        self.assertFalse([words for words in said if SECRET in words])

    def refuse(self, sentence, function, *arguments):
        with (
            self.listening(),
            self.assertRaisesRegex(ValidationError, sentence) as said,
        ):
            function(*arguments)
        self.assertNotIn(SECRET, str(said.exception))

    def test_refused_values(self):
        targets = self.env["olap.export.target"].with_user(self.adam)
        target = self.target.with_user(self.adam)
        targets.create({**GOOD, "code": "TAKEN"})
        for values, sentence in REFUSED:
            with self.subTest(values=values):
                self.refuse(sentence, targets.create, {**GOOD, **values})
                self.refuse(sentence, target.write, {"password": SECRET, **values})
                self.refuse(sentence, target.web_save, values, {})
        self.assertEqual(target.password, SECRET)
        self.assertEqual(target.code, "NOWHERE")

    def test_missing_values(self):
        targets = self.env["olap.export.target"].with_user(self.adam)
        for name in ("name", "code"):
            values = {key: value for key, value in GOOD.items() if key != name}
            self.refuse("is missing: enter it", targets.create, values)

    def test_refused_in_the_form(self):
        with self.listening():
            form = Form(self.target.with_user(self.adam))
            form.password = f"new {SECRET}"
            form.port = 70000
            with self.assertRaisesRegex(ValidationError, "A port lies between"):
                form.save()

    def test_the_row_of_a_target_has_no_secret(self):
        """Whatever refuses the row, also a constraint of somebody else's."""
        self.env.flush_all()
        self.env.cr.execute("SELECT t::text FROM olap_export_target t")
        self.assertNotIn(SECRET, str(self.env.cr.fetchall()))

    def test_written_read_and_forgotten(self):
        odd = f'{SECRET} "quoted", Zażółć 🙂 \\. %s \\N'
        with self.listening() as said:
            target = self.env["olap.export.target"].with_user(self.adam).create(GOOD)
            target.password = odd
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertTrue(target.password)
        self.assertIn("olap_export_secret", str(said), "the statements were heard")
        self.assertEqual(target.password, odd)
        self.assertIn("quoted", target._get_dsn())
        self.assertFalse(target.copy({"code": "COPY"}).password)
        target.password = False
        self.env.invalidate_all()
        self.assertFalse(target.password)
        target.password = SECRET
        number = target.id
        target.unlink()
        self.env.cr.execute(
            "SELECT FROM olap_export_secret WHERE target_id = %s", [number]
        )
        self.assertFalse(self.env.cr.rowcount)

    def test_a_target_twice_or_gone(self):
        targets = self.env["olap.export.target"].with_user(self.adam)
        gone = targets.create({**GOOD, "code": "GONE"})
        gone.unlink()
        target = self.target.with_user(self.adam)
        targets.browse([target.id, target.id]).write({"password": "twice"})
        self.assertEqual(target.password, "twice")
        with self.assertRaises(MissingError) as caught:
            targets.browse([target.id, gone.id]).write({"password": SECRET})
        self.assertRegex(str(caught.exception), r"^Record does not exist or has been")
        self.env.invalidate_all()
        self.assertEqual(target.password, "twice")

    def test_only_administrators_read_it(self):
        self.env.invalidate_all()
        with self.assertRaisesRegex(Exception, "(?i)access|permission"):
            self.target.with_user(self.olga).read(["password"])
        self.assertEqual(self.target.with_user(self.adam).password, SECRET)

    def test_an_update_moves_the_passwords_of_earlier_versions(self):
        cr = self.env.cr
        cr.execute("ALTER TABLE olap_export_target ADD COLUMN password varchar")
        cr.execute("UPDATE olap_export_target SET password = 'of an earlier version'")
        cr.execute("DELETE FROM olap_export_secret")
        for _twice in range(2):
            install_secrets(cr)
        self.env.invalidate_all()
        self.assertEqual(self.target.password, "of an earlier version")
        cr.execute("SELECT * FROM olap_export_target")
        self.assertNotIn("password", [column.name for column in cr.description])

    def test_no_constraint_quotes_a_row(self):
        self.env.cr.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'c'"
            " AND conrelid = 'olap_export_target'::regclass"
        )
        self.assertFalse(self.env.cr.fetchall(), "an update drops what was there")

    def test_a_copy_of_an_earlier_version_is_neutralized(self):
        cr = self.env.cr
        cr.execute("ALTER TABLE olap_export_target ADD COLUMN password varchar")
        cr.execute("UPDATE olap_export_target SET password = 'of an earlier version'")
        path = Path(__file__).parents[1] / "data" / "neutralize.sql"
        cr.execute(path.read_text(encoding="utf-8"))
        cr.execute("SELECT password FROM olap_export_target WHERE password IS NOT NULL")
        self.assertFalse(cr.rowcount)
        cr.execute("SELECT FROM olap_export_secret")
        self.assertFalse(cr.rowcount)

    def wait_for(self, function):
        """Return what a function returns once it is something."""
        until = time.monotonic() + 30
        while not (found := function()) and time.monotonic() < until:
            time.sleep(0.05)
        return found

    def test_the_child_process_gets_no_secret(self):
        """Neither in its command line, which everybody sees, nor in its environment."""
        given = {
            "OLAP_EXPORT_DSN_NOWHERE": f"password={SECRET}",
            "PGPASSWORD": SECRET,
            "SMTP_PASSWORD": SECRET,
            "DATABASE_URL": f"postgresql://x:{SECRET}@y/z",
        }
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "x.duckdb"
        with (
            patch.dict(os.environ, given),
            engine_duckdb.Loader(path, writing=False) as loader,
        ):
            for name in ("cmdline", "environ"):
                file = Path(f"/proc/{loader.process.pid}/{name}")
                seen = self.wait_for(file.read_bytes)
                self.assertIn(b"duckdb.loader" if name == "cmdline" else b"PATH", seen)
                self.assertNotIn(SECRET.encode(), seen)
                self.assertNotIn(b"x.duckdb", seen)
