from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.relationship_management.models.partner.figure import figure_field

# Who may read orders and customer invoices; their rules say which of them.
GROUPS = (
    "sales_team.group_sale_salesman,"
    "account.group_account_invoice,account.group_account_readonly"
)


def _figure(field_class, key, value, **options):
    return figure_field(field_class, key, value, GROUPS, **options)


class ResPartner(models.Model):
    """What a partner buys and how it pays, for the whole company behind a contact.

    The figures count what the user may see in the active companies; amounts are
    untaxed, in the currency of the current company. A source costs one statement,
    whatever the number of partners.
    """

    _inherit = "res.partner"

    turnover_12_months = _figure(
        fields.Monetary,
        "turnover_12",
        "sum",
        string="Turnover of 12 months",
        help="Posted customer invoices that you may see minus credit notes, untaxed.",
    )
    turnover_24_months = _figure(
        fields.Monetary,
        "turnover_24",
        "sum",
        string="Turnover of 24 months",
        help="Posted customer invoices that you may see minus credit notes, untaxed.",
    )
    confirmed_order_count = _figure(
        fields.Integer, "orders", "count(*)", string="Number of orders"
    )
    last_order_date = _figure(fields.Date, "orders", "max(f.day)", string="Last order")
    average_order = _figure(fields.Monetary, "orders", "avg", string="Average order")
    open_quotation_count = _figure(
        fields.Integer, "quotations", "count(*)", string="Number of open quotations"
    )
    open_quotation_amount = _figure(
        fields.Monetary, "quotations", "sum", string="Amount of open quotations"
    )
    average_days_late = _figure(
        fields.Float,
        "payments",
        "round(avg(f.days), 1)",
        string="Average days late",
        digits=(8, 1),
        help="From due date to last payment of the invoices of 24 months that are paid."
        " Negative: paid early.",
    )

    @api.model
    def _get_payment_rows(self, _source, found):
        """Return the paid invoices with their ``days`` from due to the last payment.

        A payment is an entry that was reconciled with the invoice, or a payment without
        an entry. An invoice that was set off by credit notes alone has no row.
        """
        for model in ("account.move.line", "account.partial.reconcile"):
            self.env[model].flush_model()
        self.env["account.payment"].flush_model(["date", "move_id", "state"])
        return SQL(
            """
            SELECT * FROM (
                SELECT p.commercial_partner_id AS partner_id, d.company_id, d.id,
                    greatest(
                        (SELECT max(c.date)
                         FROM account_move_line l
                         JOIN account_partial_reconcile r ON r.debit_move_id = l.id
                         JOIN account_move_line c ON c.id = r.credit_move_id
                         JOIN account_move e ON e.id = c.move_id
                         WHERE l.move_id = d.id AND e.move_type = 'entry'),
                        (SELECT max(y.date)
                         FROM account_move__account_payment m
                         JOIN account_payment y ON y.id = m.payment_id
                         WHERE m.invoice_id = d.id AND y.move_id IS NULL
                            AND y.state IN ('in_process', 'paid'))
                    ) - d.invoice_date_due AS days
                FROM account_move d JOIN res_partner p ON p.id = d.partner_id
                WHERE d.id IN %(found)s
            ) paid WHERE days IS NOT NULL
            """,
            found=found,
        )
