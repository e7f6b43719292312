"""What was offered, ordered and invoiced of an opportunity or a campaign."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from odoo.addons.relationship_management.models.shared.figures_mixin import (
    show_figure,
)
from odoo.addons.relationship_management.models.shared.finite import finite_values

from .invoice_links import LINKS, flush_links
from .own_documents import mark_own
from .res_partner_marketing import INVOICES, LINES
from .res_partner_sale_figure import GROUPS

COUNTS = ("quotation_number", "ordered_count", "invoice_count", "unconverted_count")
AMOUNTS = ("quoted_revenue", "ordered_revenue", "ordered_margin", "invoiced_revenue")


def _count(label, **options):
    return fields.Integer(label, compute="_compute_sold", groups=GROUPS, **options)


def _amount(label, **options):
    return fields.Monetary(
        label,
        compute="_compute_sold",
        currency_field="sold_currency_id",
        groups=GROUPS,
        **options,
    )


class RelationshipSoldMixin(models.AbstractModel):
    """Orders and invoices that came out of a record, for whoever looks.

    They count the documents that the user may see, in two statements for any number of
    records. Amounts are untaxed: quotations and orders at the exchange rate of the
    order date, invoices and credit notes at that of the invoice date. What has no rate
    is not counted; ``unconverted_count`` says how many documents and lines that are.

    ``_sold_by`` is the field of ``sale.order`` that names the record, or what it
    delegates to, ``_sold_lines_by`` the one of ``account.move.line``.
    """

    _name = "relationship.sold.mixin"
    _description = "Record that orders and invoices came out of"
    _sold_by = None
    _sold_lines_by = None

    sold_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of what is sold",
        compute="_compute_sold_currency_id",
        groups=GROUPS,
    )
    quotation_number = _count("Open quotations")
    quoted_revenue = _amount("Amount of open quotations")
    ordered_count = _count("Number of orders")
    ordered_revenue = _amount(
        "Ordered revenue",
        help="Confirmed orders that you may see, untaxed, each at the exchange rate of"
        " its day.",
    )
    ordered_margin = _amount("Margin of the orders")
    invoice_count = _count("Number of invoices")
    invoiced_revenue = _amount(
        "Invoiced revenue",
        help="Lines of posted invoices that you may see minus credit notes, untaxed,"
        " each at the exchange rate of the day of its invoice.",
    )
    unconverted_count = _count("Sold without exchange rate")

    def _compute_sold_currency_id(self):
        for record in self:
            record.sold_currency_id = record._get_sold_currency()

    def _get_sold_currency(self):
        raise NotImplementedError

    def _get_sold_keys(self):
        """Return ``{id that orders name: id of the record}``."""
        return {id_: id_ for id_ in self.ids}

    def _get_counted_orders(self):
        """Return the domain of the quotations and orders that the figures count."""
        return Domain(self._sold_by, "in", list(self._get_sold_keys()))

    def _get_counted_lines(self):
        """Return the domain of the invoice lines that the figures count."""
        sold = self.env["account.move.line"]._get_sold_domain()
        return Domain(self._sold_lines_by, "in", self.ids) & sold

    @api.depends_context("uid", "allowed_company_ids", "company")
    def _compute_sold(self):
        found = self._origin._count_sold()
        for record in self:
            numbers = found.get(record._origin.id, {})
            for name in (*COUNTS, *AMOUNTS):
                record[name] = numbers.get(name, 0)

    # Numbers

    def _count_sold(self, currency=None):
        """Return ``{id: {name: number}}`` of those of which something is sold.

        :param currency: of the amounts; by default that of each record
        """
        keys = self._get_sold_keys()
        if not keys:
            return {}
        currencies = {
            record.id: (currency or record._get_sold_currency()).id for record in self
        }
        targets = SQL(
            "unnest(%s::int[], %s::int[]) AS t(key, currency_id)",
            list(keys),
            [currencies[id_] for id_ in keys.values()],
        )
        found = {}
        self.env["res.currency.rate"].flush_model()
        flush_links(self.env)
        for rows in (self._count_orders(targets), self._count_invoices(targets)):
            for key, numbers in rows:
                known = found.setdefault(
                    keys[key], dict.fromkeys((*COUNTS, *AMOUNTS), 0)
                )
                for name, number in numbers.items():
                    known[name] += number
        return found

    def _count_orders(self, targets):
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return
        domain = self._get_counted_orders() & Domain("state", "!=", "cancel")
        has_margin = _has_margin(orders)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT key, count(*) FILTER (WHERE state <> 'sale'),
                       count(*) FILTER (WHERE state = 'sale'),
                       count(*) FILTER (WHERE rate IS NULL),
                       coalesce(sum(amount * rate) FILTER (WHERE state <> 'sale'), 0),
                       coalesce(sum(amount * rate) FILTER (WHERE state = 'sale'), 0),
                       coalesce(sum(margin * rate) FILTER (WHERE state = 'sale'), 0)
                  FROM (SELECT t.key, o.state, o.amount_untaxed AS amount,
                               %(margin)s::numeric AS margin,
                               relationship_currency_rate(
                                   o.company_id, o.currency_id, t.currency_id,
                                   o.date_order::date) AS rate
                          FROM sale_order o JOIN %(targets)s ON t.key = o.%(by)s
                         WHERE o.id IN %(visible)s) converted
                 GROUP BY key
                """,
                margin=SQL("o.margin") if has_margin else SQL("NULL"),
                targets=targets,
                by=SQL.identifier(self._sold_by),
                visible=orders._search(domain).subselect(),
            )
        )
        names = ("quotation_number", "ordered_count", "unconverted_count", *AMOUNTS[:3])
        for key, *numbers in rows:
            yield key, _name(names, numbers)

    def _count_invoices(self, targets):
        """Add up lines: an invoice may join orders of several records.

        A currency without a rate, in which Odoo has booked 1:1, is none that is known.
        """
        lines = self.env["account.move.line"]
        if not lines.has_access("read") or not lines.move_id.has_access("read"):
            return
        rows = self.env.execute_query(
            SQL(
                """
                SELECT key, count(DISTINCT move_id),
                       count(*) FILTER (WHERE rate IS NULL),
                       coalesce(sum(amount * share * rate), 0)
                  FROM (SELECT k.key, k.share, l.move_id, -l.balance AS amount,
                               CASE WHEN m.currency_id = c.currency_id
                                      OR m.invoice_currency_rate <> 1
                                      OR relationship_currency_rate(
                                          l.company_id, m.currency_id, c.currency_id,
                                          m.invoice_date) IS NOT NULL
                                    THEN relationship_currency_rate(
                                        l.company_id, c.currency_id, t.currency_id,
                                        m.invoice_date)
                               END AS rate
                          FROM account_move_line l
                          JOIN account_move m ON m.id = l.move_id
                          JOIN res_company c ON c.id = l.company_id
                         CROSS JOIN LATERAL (
                               SELECT n.%(by)s AS key,
                                      count(*) / sum(count(*)) OVER () AS share
                                 FROM (%(links)s) n
                                WHERE n.line_id = l.id
                                GROUP BY 1) k
                          JOIN %(targets)s ON t.key = k.key
                         WHERE l.id IN %(visible)s) converted
                 GROUP BY key
                """,
                by=SQL.identifier(self._sold_by),
                links=LINKS,
                targets=targets,
                visible=lines._search(self._get_counted_lines()).subselect(),
            )
        )
        names = ("invoice_count", "unconverted_count", "invoiced_revenue")
        for key, *numbers in rows:
            yield key, _name(names, numbers)

    # Words

    def _describe_sold(self, numbers, currency):
        """Return the figures of these records, and what is to be said of them.

        :param numbers: as of :meth:`_count_sold`, added up; empty where only the
            records behind the figures are wanted
        """
        orders, lines = self.env["sale.order"], self.env["account.move.line"]
        figures = []

        def add(key, label, name, records, domain, hint, **more):
            amount = numbers.get(name, 0)
            value = format_amount(self.env, amount, currency, trailing_zeroes=False)
            shown = (key, label, value, records._name, domain)
            figures.append(show_figure(*shown, hint=hint, **more))

        if self._may_see_sold("ordered_revenue", orders):
            found = self._get_counted_orders()
            is_open = Domain("state", "in", ("draft", "sent"))
            is_sold, hint = Domain("state", "=", "sale"), self.env._("Untaxed.")
            label = self.env._("Quotations")
            add("quoted", label, "quoted_revenue", orders, found & is_open, hint)
            label = self.env._("Ordered revenue")
            add("ordered", label, "ordered_revenue", orders, found & is_sold, hint)
            if _has_margin(orders):
                label, hint = self.env._("Margin of the orders"), ""
                name = "ordered_margin"
                add("ordered_margin", label, name, orders, found & is_sold, hint)
        if self._may_see_sold("invoiced_revenue", lines):
            label = self.env._("Invoiced revenue")
            hint = self.env._("Lines of posted invoices minus credit notes, untaxed.")
            found, name = self._get_counted_lines(), "invoiced_revenue"
            add("invoiced", label, name, lines, found, hint, context=LINES)
        return mark_own(self.env, figures), self._get_sold_notes(numbers, currency)

    def _may_see_sold(self, name, records):
        field = self._fields[name]
        return self._has_field_access(field, "read") and records.has_access("read")

    def _get_sold_notes(self, numbers, currency):
        notes = []
        if any(numbers.get(name) for name in COUNTS):
            notes.append(
                self.env._(
                    "Amounts in %(currency)s: quotations and orders at the exchange"
                    " rate of the order date, invoices and credit notes at that of the"
                    " invoice date.",
                    currency=currency.name,
                )
            )
        if without_rate := numbers.get("unconverted_count"):
            notes.append(
                self.env._(
                    "Orders and invoice lines not counted, since there is no exchange"
                    " rate to %(currency)s: %(count)s. Ask an accountant to enter the"
                    " rate.",
                    count=without_rate,
                    currency=currency.name,
                )
            )
        return notes

    # Doors

    def action_view_orders(self):
        """Open the confirmed orders that the button counts."""
        orders = self._get_counted_orders() & Domain("state", "=", "sale")
        return self._open_sold(self.env._("Orders"), "sale.order", orders)

    def action_view_invoices(self):
        """Open the invoices and credit notes that have a line that counts."""
        moves = Domain("line_ids", "any", self._get_counted_lines())
        name, context = self.env._("Invoices"), INVOICES
        return self._open_sold(name, "account.move", moves, **context)

    def _open_sold(self, name, model, domain, **context):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.display_name}: {name}",
            "res_model": model,
            "views": [(False, view) for view in ("list", "kanban", "form")],
            "mobile_view_mode": "kanban",
            "domain": list(domain),
            "context": {"active_test": False, "create": False, **context},
        }


def _has_margin(orders):
    """Tell whether Odoo's margins in sales orders are there."""
    field = orders._fields.get("margin")
    return bool(field and field.store)


def _name(names, numbers):
    numbers = finite_values(numbers)
    return {
        name: int(number) if name in COUNTS else float(number)
        for name, number in zip(names, numbers, strict=True)
    }
