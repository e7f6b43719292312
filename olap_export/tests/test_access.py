from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SECRET, OlapExportCase


@tagged("post_install", "-at_install")
class TestAccess(OlapExportCase):
    """Who may do what, and that nobody sees a secret."""

    def test_only_administrators_read_the_password(self):
        with self.refused('the field "password"', AccessError):
            self.target.with_user(self.olga).read(["password"])
        with self.refused('the field "password"', AccessError):
            self.target.with_user(self.olga).search([("password", "like", "open")])
        self.assertNotIn("password", self.target.with_user(self.olga).read()[0])
        self.assertNotIn(SECRET, repr(self.target.with_user(self.olga).web_read({})))
        self.assertEqual(self.target.with_user(self.adam).password, SECRET)

    def test_a_copy_of_the_target_has_no_secret(self):
        copied = self.target.copy({"code": "OTHER"})
        self.assertFalse(copied.password)
        self.assertEqual(copied.state, "draft")

    def test_a_copy_gets_the_next_free_code(self):
        target = self.target.with_user(self.adam)
        copies = target.copy() + target.copy()
        self.assertEqual(copies.mapped("code"), ["NOWHERE_2", "NOWHERE_3"])
        copies[0].active = False
        self.assertEqual(copies[0].copy().code, "NOWHERE_2_2")
        self.assertEqual(target.copy().code, "NOWHERE_4")

    def test_sales_people_cannot_transfer(self):
        for user in (self.ewa, self.piotr):
            target = self.target.with_user(user)
            for method in ("action_test_connection", "action_create_tables"):
                with self.refused(
                    r"not allowed to \w+ '(OLAP target|Transfer to OLAP)'",
                    AccessError,
                ):
                    getattr(target, method)()
            with self.refused("not allowed to create 'Transfer to OLAP'", AccessError):
                self.env["olap.export.target.transfer"].with_user(user).create(
                    {"target_id": self.target.id}
                ).action_transfer()

    def test_only_administrators_say_where_a_target_is(self):
        """A path is a file that the server writes."""
        values = {
            "engine": "duckdb",
            "path": "/srv/elsewhere.duckdb",
            "host": "192.0.2.1",
            "port": 1,
            "database": "elsewhere",
            "login": "other",
            "password": "other",
            "sslmode": "disable",
            "schema_name": "other",
            "code": "OTHER",
        }
        writers = self.env["ir.model.access"].search(
            [("model_id.model", "=", "olap.export.target"), ("perm_write", "=", True)]
        )
        self.assertEqual(writers.group_id, self.env.ref("base.group_system"))
        for name, value in values.items():
            with (
                self.subTest(field=name),
                self.refused("not allowed to modify 'OLAP target'", AccessError),
            ):
                self.target.with_user(self.olga).write({name: value})
        with self.refused("not allowed to create 'OLAP target'", AccessError):
            self.env["olap.export.target"].with_user(self.olga).create(
                {**values, "name": "Elsewhere"}
            )
        self.target.with_user(self.adam).write(values)

    def test_operators_do_not_transfer_before_there_are_tables(self):
        dialog = (
            self.env["olap.export.target.transfer"]
            .with_user(self.olga)
            .create({"target_id": self.target.id})
        )
        with self.refused("not allowed to modify 'OLAP target'", AccessError):
            dialog.action_transfer()

    def test_operators_do_not_create_tables(self):
        with self.refused("not allowed to modify 'OLAP target'", AccessError):
            self.target.with_user(self.olga).action_create_tables()
