from odoo.tests import tagged

from odoo.addons.relationship_management.tests.common import RelationshipCase
from odoo.addons.relationship_management.tests.rights.screens import ScreenCase

ACCOUNTING, SALES_AND_ACCOUNTING = "accounting", "sales and accounting"


@tagged("post_install", "-at_install")
class TestRightsToFigures(ScreenCase, RelationshipCase):
    """Anna sells, Irena invoices, Rita reads accounts, Jan does none of these."""

    who = {
        SALES_AND_ACCOUNTING: (["anna", "irena", "rita"], ["jan"]),
        ACCOUNTING: (["irena", "rita"], ["anna", "jan"]),
    }
    fields = {
        "res.partner": {
            SALES_AND_ACCOUNTING: [
                *("turnover_12_months", "turnover_24_months", "last_order_date"),
                *("confirmed_order_count", "average_order", "average_days_late"),
                *("open_quotation_count", "open_quotation_amount"),
                "preferred_category_ids",
            ],
            ACCOUNTING: ["credit_used_percent"],
        }
    }
    screens = {
        "base.view_res_partner_filter": {
            SALES_AND_ACCOUNTING: [
                *("filter filter_buys", "filter filter_bought"),
                *("filter filter_quotation", "filter filter_late"),
            ]
        }
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.irena, cls.rita = cls._new_users(
            ("irena", "account.group_account_invoice", {}),
            ("rita", "account.group_account_readonly", {}),
        )

    def get_record(self, model):
        return self.kranbau

    def test_every_cell_holds(self):
        self.assertEqual(list(self.find_differences()), [])
