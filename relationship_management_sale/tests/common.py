from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.relationship_management.tests.common import RelationshipCase


class SaleCase(RelationshipCase):
    """Two companies that sell, one that can invoice, and who sells and counts.

    Anna sees all orders of her company, Piotr his own, Katrin those of the other
    company; Adam is the accountant, Jan has no rights on orders.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls._new_user(
            "anna_sells", "sales_team.group_sale_salesman_all_leads"
        )
        cls.piotr = cls._new_user("piotr_sells", "sales_team.group_sale_salesman")
        cls.adam = cls._new_user(
            "adam",
            "account.group_account_invoice,"
            "relationship_management.relationship_management_group_user",
        )
        cls.let_invoice(cls.company)
        cls.today = fields.Date.context_today(cls.anna)
        cls.machines, cls.parts, cls.oil, cls.service = cls.env[
            "product.category"
        ].create([{"name": f"Test {name}"} for name in ("M", "P", "O", "S")])
        cls.packer, cls.belt, cls.grease, cls.visit = cls.env["product.product"].create(
            [
                {
                    "name": category.name,
                    "categ_id": category.id,
                    "type": "service",
                    "invoice_policy": "order",
                    "taxes_id": [Command.clear()],
                    "supplier_taxes_id": [Command.clear()],
                }
                for category in (cls.machines, cls.parts, cls.oil, cls.service)
            ]
        )
        cls.nowak = cls.env["res.partner"].create(
            {"name": "Anna Nowak", "parent_id": cls.stalmet.id}
        )

    @classmethod
    def let_invoice(cls, company):
        """Give a company accounts and journals, which takes seconds."""
        if not company.chart_template:
            currency = company.currency_id
            charts = cls.env["account.chart.template"]
            charts.try_loading("generic_coa", company, install_demo=False)
            company.currency_id = currency

    def order(self, partner, price, user=None, product=None, **values):
        """Create a quotation as ``user`` (Anna), who then holds it."""
        user = user or self.anna
        orders = self.env["sale.order"].with_user(user).with_company(user.company_id)
        return orders.create(
            {
                "partner_id": partner.id,
                "user_id": user.id,
                "order_line": [
                    Command.create(
                        {"product_id": (product or self.packer).id, "price_unit": price}
                    )
                ],
                **values,
            }
        )

    def confirm(self, partner, price, months_ago=0, **values):
        """Confirm an order as its salesperson, and date it back."""
        order = self.order(partner, price, **values)
        order.action_confirm()
        if months_ago:
            order.sudo().date_order -= relativedelta(months=months_ago)
        self.env.flush_all()
        return order

    def invoice(self, partner, price, days_ago=0, user=None, **values):
        """Post an invoice as the accountant; ``user`` (Anna) is its salesperson."""
        user = user or self.anna
        company = user.company_id
        product = values.pop("product", self.packer)
        day = self.today - timedelta(days=days_ago)
        moves = self.env["account.move"].with_company(company)
        move = moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_user_id": user.id,
                "invoice_date": day,
                "invoice_date_due": day,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"product_id": product.id, "price_unit": price, "tax_ids": []}
                    )
                ],
                **values,
            }
        )
        move.action_post()
        self.env.flush_all()
        return move

    def pay(self, move, day):
        """Register the full payment of an invoice on ``day``."""
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        register.create({"payment_date": day}).action_create_payments()
        self.env.flush_all()
