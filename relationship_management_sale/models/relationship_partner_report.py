from odoo import fields, models
from odoo.tools import SQL


class RelationshipPartnerReport(models.Model):
    """Count quotations, orders and customer invoices of partners, too."""

    _inherit = "relationship.partner.report"
    _depends = {
        "sale.order": [
            "name",
            "state",
            "partner_id",
            "user_id",
            "team_id",
            "company_id",
            "date_order",
            "amount_untaxed",
            "currency_rate",
        ],
        "account.move": [
            "name",
            "move_type",
            "state",
            "partner_id",
            "invoice_user_id",
            "team_id",
            "company_id",
            "invoice_date",
            "amount_untaxed_signed",
        ],
    }

    kind = fields.Selection(
        selection_add=[("order", "Order"), ("invoice", "Customer invoice")]
    )
    status = fields.Selection(
        selection_add=[("ordered", "Ordered"), ("posted", "Posted")]
    )
    order_amount = fields.Monetary(
        string="Ordered", readonly=True, help="Confirmed orders, untaxed."
    )
    invoice_amount = fields.Monetary(
        string="Turnover",
        readonly=True,
        help="Posted customer invoices minus credit notes, untaxed.",
    )
    group_order_amount = fields.Monetary(
        string="Ordered in the group currency",
        currency_field="group_currency_id",
        readonly=True,
        help="At the rate of today; empty without a rate.",
    )
    group_invoice_amount = fields.Monetary(
        string="Turnover in the group currency",
        currency_field="group_currency_id",
        readonly=True,
        help="At the rate of today; empty without a rate.",
    )

    def _get_columns(self):
        return {
            **super()._get_columns(),
            "order_amount": "numeric",
            "invoice_amount": "numeric",
        }

    def _get_facts(self):
        return {
            **super()._get_facts(),
            "order": self._select_orders(),
            "invoice": self._select_invoices(),
        }

    def _select_orders(self):
        """Select quotations, which are open, and confirmed orders."""
        return self._select_fact(
            SQL("sale_order s WHERE s.state IN ('draft', 'sent', 'sale')"),
            res_model="sale.order",
            res_id=SQL("s.id"),
            partner_id=SQL("s.partner_id"),
            name=SQL("s.name"),
            number=SQL("s.name"),
            status=SQL("CASE s.state WHEN 'sale' THEN 'ordered' ELSE 'open' END"),
            user_id=SQL("s.user_id"),
            team_id=SQL("s.team_id"),
            company_id=SQL("s.company_id"),
            date=self._get_day(SQL("s.date_order")),
            order_amount=SQL(
                "CASE s.state WHEN 'sale' THEN s.amount_untaxed"
                " / coalesce(nullif(s.currency_rate::numeric, 0), 1) END"
            ),
        )

    def _select_invoices(self):
        return self._select_fact(
            SQL(
                "account_move s WHERE s.state = 'posted'"
                " AND s.move_type IN ('out_invoice', 'out_refund')"
            ),
            res_model="account.move",
            res_id=SQL("s.id"),
            partner_id=SQL("s.partner_id"),
            name=SQL("s.name"),
            number=SQL("s.name"),
            status="posted",
            user_id=SQL("s.invoice_user_id"),
            team_id=SQL("s.team_id"),
            company_id=SQL("s.company_id"),
            date=SQL("s.invoice_date"),
            invoice_amount=SQL("s.amount_untaxed_signed"),
        )
