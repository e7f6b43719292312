from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SECRET, OlapExportCase

# Who may read, write, create, unlink.
MATRIX = {
    "olap.export.target": {"olga": "r", "adam": "rwcu", "ewa": "", "piotr": ""},
    "olap.export.run": {"olga": "r", "adam": "ru", "ewa": "", "piotr": ""},
    "olap.export.run.line": {"olga": "r", "adam": "ru", "ewa": "", "piotr": ""},
    "olap.export.target.transfer": {
        "olga": "rwc",
        "adam": "rwc",
        "ewa": "",
        "piotr": "",
    },
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(OlapExportCase):
    """Who may do what, and that nobody sees a secret."""

    def test_every_model_is_in_the_matrix(self):
        ours = self.env["ir.model"].search([("model", "=like", "olap.export%")])
        self.assertEqual(set(ours.mapped("model")), set(MATRIX))

    def test_matrix(self):
        for model, roles in MATRIX.items():
            for login, allowed in roles.items():
                records = self.env[model].with_user(getattr(self, login))
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, login=login, operation=operation):
                        self.assertEqual(
                            records.has_access(operation), letter in allowed
                        )

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

    def test_menus_are_for_operators(self):
        menu = self.env.ref("olap_export.olap_export_menu")
        for user, visible in (
            (self.olga, True),
            (self.adam, True),
            (self.piotr, False),
        ):
            found = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(menu.id in found, visible, user.login)

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
