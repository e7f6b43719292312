from odoo.tests import tagged

from odoo.addons.relationship_management.tests.rights.people import RightsCase


@tagged("post_install", "-at_install")
class TestRightsToImport(RightsCase):
    """Whoever manages relationships takes over those of another addon."""

    tables = {
        "relationship.relation.import": """
          maria ewa
Maria's:  rwcu  -
Ewa's:    -     rwcu
Jan's:    -     -
        """
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, maker in (
            ("Maria's", cls.maria),
            ("Ewa's", cls.ewa),
            ("Jan's", cls.jan),
        ):
            dialog = cls.env["relationship.relation.import"].create({"summary": "All"})
            cls.add_row(dialog._name, name, record=cls.give(dialog, maker))

    def test_every_cell_holds(self):
        self.assertTables()
