from odoo.tests import tagged

from odoo.addons.relationship_management.tests.rights.people import RightsCase


@tagged("post_install", "-at_install")
class TestRightsToImport(RightsCase):
    """Whoever manages relationships takes over those of another addon."""

    tables = {
        "relationship.relation.import": """
      maria ewa
any:  rwcu  rwcu
        """
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_row("relationship.relation.import", "any", {"summary": "All of them"})

    def test_every_cell_holds(self):
        self.assertTables()
