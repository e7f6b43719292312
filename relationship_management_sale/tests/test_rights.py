from odoo import Command
from odoo.tests import tagged

from odoo.addons.relationship_management.tests.common import RelationshipCase
from odoo.addons.relationship_management.tests.rights.people import OURS, RightsCase
from odoo.addons.relationship_management.tests.rights.screens import ScreenCase

ACCOUNTING, SALES_AND_ACCOUNTING = "accounting", "sales and accounting"
SALES, FIGURES = "sales", "whoever sees sold figures of campaigns"
SOLD = (
    *("sold_currency_id", "quotation_number", "quoted_revenue", "ordered_count"),
    *("ordered_revenue", "ordered_margin", "invoice_count", "invoiced_revenue"),
    "unconverted_count",
)
USERS = "users"
ORIGIN = {
    SALES: ["relationship_opportunity_ids"],
    USERS: ["relationship_campaign_ids"],
}


@tagged("post_install", "-at_install")
class TestRightsToFigures(ScreenCase, RelationshipCase):
    """Anna sells, Irena invoices, Rita reads accounts, Jan does none of these.

    Ida and Rosa do what Irena and Rita do, and look after campaigns as well.
    """

    who = {
        SALES_AND_ACCOUNTING: (["anna", "irena", "rita"], ["jan"]),
        ACCOUNTING: (["irena", "rita"], ["anna", "jan"]),
        SALES: (["anna"], ["irena", "rita", "jan"]),
        FIGURES: (["anna", "ida", "rosa"], ["irena", "rita", "jan"]),
        USERS: (["anna", "jan"], ["irena", "rita"]),
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
        },
        "relationship.campaign": {SALES_AND_ACCOUNTING: SOLD},
        "crm.lead": {SALES: ["can_take_margin"], SALES_AND_ACCOUNTING: SOLD},
        "sale.order": {
            SALES_AND_ACCOUNTING: ["opportunity_type_id", "may_analyse"],
            **ORIGIN,
        },
        "account.move": ORIGIN,
        "account.move.line": {SALES_AND_ACCOUNTING: ["may_analyse"], **ORIGIN},
    }
    screens = {
        "base.view_res_partner_filter": {
            SALES_AND_ACCOUNTING: [
                *("filter filter_buys", "filter filter_bought"),
                *("filter filter_quotation", "filter filter_late"),
            ]
        },
        "relationship_management.relationship_campaign_view_form": {
            FIGURES: [
                *("button action_view_orders", "button action_view_invoices"),
            ]
        },
        "crm.crm_lead_view_form": {
            SALES: [
                *("button action_view_orders", "button action_view_invoices"),
                *("page sold", "button action_take_margin"),
            ]
        },
        "sale.view_order_form": {
            SALES_AND_ACCOUNTING: ["field opportunity_type_id"],
            SALES: [
                *("button action_view_opportunities", "button action_view_campaigns"),
            ],
        },
        "account.view_move_form": {
            SALES: [
                *("button action_view_opportunities", "button action_view_campaigns"),
            ]
        },
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        invoice, readonly = (
            "account.group_account_invoice",
            "account.group_account_readonly",
        )
        cls.irena, cls.rita, cls.ida, cls.rosa = cls._new_users(
            ("irena", invoice, {}),
            ("rita", readonly, {}),
            ("ida", f"{invoice},{OURS}_user", {}),
            ("rosa", f"{readonly},{OURS}_user", {}),
        )
        kind = cls.env["relationship.campaign.type"].create({"name": "Test fair"})
        campaigns = cls.env["relationship.campaign"].with_user(cls.anna)
        move = {
            "move_type": "out_invoice",
            "partner_id": cls.kranbau.id,
            "invoice_line_ids": [Command.create({"name": "Line", "price_unit": 1})],
        }
        moves = cls.env["account.move"].create(move)
        cls.records = {
            "res.partner": cls.kranbau,
            "relationship.campaign": campaigns.create(
                {"title": "Fair", "type_id": kind.id}
            ),
            "crm.lead": cls.env["crm.lead"].create({"name": "Line"}),
            "sale.order": cls.env["sale.order"].create({"partner_id": cls.kranbau.id}),
            "account.move": moves,
            "account.move.line": moves.invoice_line_ids,
        }

    def get_record(self, model):
        return self.records[model]

    def test_every_cell_holds(self):
        self.assertEqual(list(self.find_differences()), [])


@tagged("post_install", "-at_install")
class TestRightsToDialogs(RightsCase):
    """Who sells takes margins, and looks into nobody else's dialog."""

    tables = {
        "relationship.margin.take": """
         anna piotr ewa  katrin bruno sven lena
Anna's:  rwcu -     -    -      -     -    -
"""
    }
    closed = {"relationship.margin.take": ("client", "clerk", "jan")}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lead, order = (
            cls.env[model].with_user(cls.anna).create(values)
            for model, values in (
                ("crm.lead", {"name": "Line", "user_id": cls.anna.id}),
                ("sale.order", {"partner_id": cls.kranbau.id}),
            )
        )
        values = {"lead_id": lead.id, "order_id": order.id}
        dialogs = cls.env["relationship.margin.take"].with_user(cls.anna)
        record = dialogs.create(values).with_env(cls.env)
        cls.add_row("relationship.margin.take", "Anna's", record=record)

    def test_every_cell_holds(self):
        self.assertTables()
