from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Columns that the statements below read.
ORDER_COLUMNS = (
    "amount_untaxed",
    "company_id",
    "currency_rate",
    "date_order",
    "partner_id",
)
INVOICE_COLUMNS = (
    "amount_untaxed_signed",
    "company_id",
    "invoice_date",
    "invoice_date_due",
    "matched_payment_ids",
    "move_type",
    "partner_id",
)
SOURCES = {"turnover_12", "turnover_24", "orders", "quotations", "payments"}


class ResPartner(models.Model):
    """Where the figures of sales come from: one statement a source.

    Each source is a domain, which opens the records, and a statement with a row for
    each of them: ``partner_id`` (the company behind a contact person), ``company_id``,
    ``day``, ``amount`` (untaxed, in the currency of its company) and ``rate`` (into the
    currency of the current company). Both see what the user may see in the active
    companies. Computing, searching and opening a figure all start here.
    """

    _inherit = "res.partner"

    @api.model
    def _get_sale_domain(self, source):
        """Return model and domain of the records of a source.

        :param source: ``turnover_12``, ``turnover_24``, ``orders``, ``quotations`` or
            ``payments`` (paid invoices of 24 months)
        """
        companies = Domain("company_id", "in", self.env.companies.ids)
        if source in ("orders", "quotations"):
            states = ["sale"] if source == "orders" else ["draft", "sent"]
            return "sale.order", companies & Domain("state", "in", states)
        kinds = ["out_invoice"]
        domain = companies & Domain("state", "=", "posted")
        if source == "payments":
            domain &= Domain("payment_state", "in", ["paid", "in_payment"])
        else:
            kinds.append("out_refund")
        today = fields.Date.context_today(self)
        since = today - relativedelta(months=12 if source == "turnover_12" else 24)
        return "account.move", (
            domain
            & Domain("move_type", "in", kinds)
            & Domain("invoice_date", ">", since)
            & Domain("invoice_date", "<=", today)
        )

    @api.model
    def _get_figure_rows(self, source, family=None):
        if source not in SOURCES:
            return super()._get_figure_rows(source, family)
        model, domain = self._get_sale_domain(source)
        records = self.env[model]
        if not records.has_access("read"):
            return None
        if family is not None:
            domain &= Domain("partner_id.commercial_partner_id", "in", family.ids)
        if model == "sale.order":
            records.flush_model(ORDER_COLUMNS)
            rows = self._get_order_rows
        else:
            records.flush_model(INVOICE_COLUMNS)
            rows = (
                self._get_payment_rows
                if source == "payments"
                else self._get_invoice_rows
            )
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        return rows(records._search(domain).subselect())

    @api.model
    def _get_order_rows(self, found):
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id, d.company_id, d.id,
                (d.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day,
                d.amount_untaxed / coalesce(nullif(d.currency_rate::numeric, 0), 1)
                    AS amount,
                %(rate)s AS rate
            FROM sale_order d JOIN res_partner p ON p.id = d.partner_id
            WHERE d.id IN %(found)s
            """,
            tz=str(self.env.tz),
            rate=self._get_figure_rate(),
            found=found,
        )

    @api.model
    def _get_invoice_rows(self, found):
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id, d.company_id, d.id,
                d.invoice_date AS day, d.amount_untaxed_signed AS amount,
                %(rate)s AS rate
            FROM account_move d JOIN res_partner p ON p.id = d.partner_id
            WHERE d.id IN %(found)s
            """,
            rate=self._get_figure_rate(),
            found=found,
        )

    @api.model
    def _get_payment_rows(self, found):
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
