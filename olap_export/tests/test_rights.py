from odoo.tests import new_test_user, tagged

from odoo.addons.relationship_management.tests.rights.matrix import MatrixCase
from odoo.addons.relationship_management.tests.rights.screens import ScreenCase

from .common import OlapExportCase

OPERATOR = "olap_export.olap_export_group_operator"
# What was transferred is read, and cleared away; the transfer alone writes it.
LOG = """
      olga adam
any:  r    ru
"""


@tagged("post_install", "-at_install")
class TestRightsToTargets(MatrixCase, OlapExportCase):
    """Operators transfer, administrators say where to. Managers do neither."""

    people = ("olga", "adam", "ewa", "piotr", "client")
    tables = {
        "olap.export.target": """
      olga adam
any:  r    rwcu
        """,
        "olap.export.run": LOG,
        "olap.export.run.line": LOG,
        "olap.export.target.transfer": """
         olga adam
Olga's:  rwc  -
Adam's:  -    rwc
        """,
    }

    # Of such dialogs everybody finds their own ones: no row tells who may open one.
    closed = {"olap.export.target.transfer": ("ewa", "piotr", "client")}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = new_test_user(cls.env, "client_o", groups="base.group_portal")
        target = cls.add_row(
            "olap.export.target", "any", {"name": "Any", "code": "ANY"}, code="ELSE"
        )
        of_target = {"target_id": target.id}
        for name, maker in (("Olga's", cls.olga), ("Adam's", cls.adam)):
            dialog = cls.env["olap.export.target.transfer"].create(of_target)
            cls.add_row(dialog._name, name, record=cls.give(dialog, maker))
        run = cls.add_row("olap.export.run", "any", of_target)
        line = {"run_id": run.id, "table_name": "dim_partner"}
        cls.add_row("olap.export.run.line", "any", line)

    def test_every_cell_holds(self):
        self.assertTables()


@tagged("post_install", "-at_install")
class TestRightsToTransfers(ScreenCase, OlapExportCase):
    """Olga is an operator, Sara one who sells, Adam the administrator."""

    who = {
        "operators": (["olga"], ["piotr"]),
        "operators who sell": (["sara"], ["olga"]),
        "administrators": (["adam"], ["olga"]),
    }
    fields = {"olap.export.target": {"administrators": ["password"]}}
    screens = {
        "olap_export.olap_export_target_view_form": {
            "administrators": [
                "//button[@name='action_create_tables'][@string='Create tables']",
                "//button[@name='action_create_tables'][@string='Update tables']",
            ]
        },
        "olap_export.olap_export_run_view_form": {
            "operators who sell": ["button action_view_unfit"]
        },
    }
    menus = {"operators": ["olap_export.olap_export_menu"]}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = f"{OPERATOR},sales_team.group_sale_salesman"
        cls.sara = new_test_user(cls.env, "sara", groups=groups)

    def test_every_cell_holds(self):
        self.assertEqual(list(self.find_differences()), [])
