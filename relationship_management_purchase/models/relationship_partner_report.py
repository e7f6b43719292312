from odoo import fields, models
from odoo.tools import SQL


class RelationshipPartnerReport(models.Model):
    """Count requests, purchase orders and bills of partners, too."""

    _inherit = "relationship.partner.report"
    _depends = {
        "purchase.order": [
            "name",
            "state",
            "partner_id",
            "user_id",
            "company_id",
            "date_order",
            "date_approve",
            "amount_untaxed",
            "currency_rate",
        ],
        "account.move": [
            "name",
            "move_type",
            "state",
            "partner_id",
            "invoice_user_id",
            "company_id",
            "invoice_date",
            "date",
            "amount_untaxed_signed",
        ],
    }

    kind = fields.Selection(
        selection_add=[("purchase", "Purchase order"), ("bill", "Vendor bill")]
    )
    status = fields.Selection(
        selection_add=[("ordered", "Ordered"), ("posted", "Posted")]
    )
    purchase_amount = fields.Monetary(
        string="Purchased", readonly=True, help="Approved purchase orders, untaxed."
    )
    bill_amount = fields.Monetary(
        string="Billed",
        readonly=True,
        help="Posted vendor bills minus refunds, untaxed.",
    )
    group_purchase_amount = fields.Monetary(
        string="Purchased in the group currency",
        currency_field="group_currency_id",
        readonly=True,
        help="At the rate of today; empty without a rate.",
    )
    group_bill_amount = fields.Monetary(
        string="Billed in the group currency",
        currency_field="group_currency_id",
        readonly=True,
        help="At the rate of today; empty without a rate.",
    )

    def _get_columns(self):
        return {
            **super()._get_columns(),
            "purchase_amount": "numeric",
            "bill_amount": "numeric",
        }

    def _get_facts(self):
        return {
            **super()._get_facts(),
            "purchase": self._select_purchases(),
            "bill": self._select_bills(),
        }

    def _select_purchases(self):
        """Select requests for quotation, which are open, and approved orders."""
        return self._select_fact(
            SQL("purchase_order s WHERE s.state != 'cancel'"),
            res_model="purchase.order",
            res_id=SQL("s.id"),
            partner_id=SQL("s.partner_id"),
            name=SQL("s.name"),
            number=SQL("s.name"),
            status=SQL("CASE s.state WHEN 'purchase' THEN 'ordered' ELSE 'open' END"),
            user_id=SQL("s.user_id"),
            company_id=SQL("s.company_id"),
            date=self._get_day(SQL("coalesce(s.date_approve, s.date_order)")),
            purchase_amount=SQL(
                "CASE s.state WHEN 'purchase' THEN s.amount_untaxed"
                " / coalesce(nullif(s.currency_rate::numeric, 0), 1) END"
            ),
        )

    def _select_bills(self):
        return self._select_fact(
            SQL(
                "account_move s WHERE s.state = 'posted'"
                " AND s.move_type IN ('in_invoice', 'in_refund')"
            ),
            res_model="account.move",
            res_id=SQL("s.id"),
            partner_id=SQL("s.partner_id"),
            name=SQL("s.name"),
            number=SQL("s.name"),
            status="posted",
            user_id=SQL("s.invoice_user_id"),
            company_id=SQL("s.company_id"),
            date=SQL("coalesce(s.invoice_date, s.date)"),
            bill_amount=SQL("-s.amount_untaxed_signed"),
        )
