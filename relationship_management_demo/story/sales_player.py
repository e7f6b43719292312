"""Sells and invoices what the story tells, each step at its time, through the ORM."""

from datetime import datetime, time, timedelta

from odoo.fields import Command

from .clock import MovedClock
from .player import MODULE
from .sales import SALES

INVOICED_AFTER, DUE_AFTER = timedelta(days=3), timedelta(days=14)
CREDITED_AFTER = timedelta(days=30)
ACCOUNTS = {
    "receivable": ("Receivables", "201000", "asset_receivable"),
    "income": ("Sales", "701000", "income"),
    "bank": ("Bank", "130000", "asset_cash"),
}


class SalesPlayer:
    """Turn the sales of the story into quotations, orders, invoices and payments."""

    def __init__(self, env):
        self.env = env(context={"tracking_disable": True})
        self.today = env.cr.now().date()

    def play(self):
        for name in ("pl", "de"):
            self._keep_books(self.env.ref(f"{MODULE}.company_nordmark_{name}"))
        steps = sorted(
            (step for sale in SALES for step in self._schedule(sale)),
            key=lambda step: step[0],
        )
        documents = {}
        self.env.flush_all()
        with MovedClock(self.env) as clock:
            for day, take, sale in steps:
                clock.move_to(datetime.combine(day, time(10)))
                documents[sale] = take(sale, documents.get(sale))
                self.env.flush_all()

    def _schedule(self, sale):
        """Yield day, method and sale of each step until today."""
        day = sale.day(self.today)
        yield day, self._order, sale
        if sale.outcome == "invoiced":
            yield day + INVOICED_AFTER, self._invoice, sale
            if sale.late is not None:
                paid = day + INVOICED_AFTER + DUE_AFTER + timedelta(days=sale.late)
                yield min(paid, self.today), self._pay, sale
            if sale.credited:
                yield day + CREDITED_AFTER, self._credit, sale

    def _order(self, sale, _nothing):
        user = self.env.ref(f"{MODULE}.user_{sale.by}")
        orders = self.env["sale.order"].with_user(user).with_company(user.company_id)
        deal = sale.deal and self.env.ref(f"{MODULE}.opportunity_{sale.deal}")
        order = orders.create(
            {
                "partner_id": self.env.ref(f"{MODULE}.partner_{sale.customer}").id,
                "user_id": user.id,
                "opportunity_id": deal.id if deal else False,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.env.ref(f"{MODULE}.product_{name}").id,
                            "price_unit": price,
                        }
                    )
                    for name, price in sale.lines
                ],
            }
        )
        if sale.outcome != "offered":
            order.action_confirm()
        return order.with_env(self.env).with_company(user.company_id)

    def _invoice(self, _sale, order):
        invoice = order._create_invoices()
        invoice.invoice_payment_term_id = False
        invoice.invoice_date_due = self.env.cr.now().date() + DUE_AFTER
        invoice.action_post()
        return invoice

    def _pay(self, _sale, invoice):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create({}).action_create_payments()
        return invoice

    def _credit(self, sale, invoice):
        day = self.env.cr.now().date()
        note = invoice._reverse_moves([{"date": day, "invoice_date": day}])
        note.invoice_line_ids.price_unit = sale.credited
        note.action_post()
        return invoice

    def _keep_books(self, company):
        """Let a company invoice that has no chart of accounts: three accounts do."""
        env = self.env(context={"allowed_company_ids": company.ids})
        if env["account.journal"].search([("company_id", "=", company.id)], limit=1):
            return
        accounts = {
            key: env["account.account"].create(
                {"name": name, "code": code, "account_type": kind}
            )
            for key, (name, code, kind) in ACCOUNTS.items()
        }
        env["ir.default"].set(
            *("res.partner", "property_account_receivable_id"),
            accounts["receivable"].id,
            company_id=company.id,
        )
        _sales, bank = env["account.journal"].create(
            [
                {
                    "name": "Invoices",
                    "code": "INV",
                    "type": "sale",
                    "default_account_id": accounts["income"].id,
                },
                {
                    "name": "Bank",
                    "code": "BNK",
                    "type": "bank",
                    "default_account_id": accounts["bank"].id,
                },
            ]
        )
        bank.inbound_payment_method_line_ids.payment_account_id = accounts["bank"]
