from functools import cache, partial

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date, formatLang

from odoo.addons.relationship_management.models.shared.figures_mixin import (
    show_figure,
)

from .own_documents import mark_own

# The view of customer invoices shows partner and date when it is told the kind.
INVOICES = {
    "list_view_ref": "account.view_out_invoice_tree",
    "default_move_type": "out_invoice",
}
LINES = {"list_view_ref": "account.view_move_line_tree"}


class ResPartner(models.Model):
    """Figures of sales for the page Marketing; who may not see them gets none."""

    _inherit = "res.partner"

    def _get_figure_makers(self):
        company = self.commercial_partner_id
        moves, orders, lines = "account.move", "sale.order", "account.move.line"
        count, credit = "confirmed_order_count", "credit_used_percent"
        found = cache(lambda: company._get_figures("orders").get(company.id, {}))
        ordered = partial(company._get_order_figure, found)
        turnover, preferred = company._get_turnover_figures, "preferred_category_ids"
        # Who sees the field and reads the model gets the figure.
        makers = {
            "turnover_12": ("turnover_12_months", moves, partial(turnover, 12)),
            "turnover_24": ("turnover_12_months", moves, partial(turnover, 24)),
            "orders": (count, orders, partial(ordered, "orders")),
            "average_order": (count, orders, partial(ordered, "average_order")),
            "last_order": (count, orders, partial(ordered, "last_order")),
            "quotations": (count, orders, company._get_quotation_figure),
            "days_late": ("average_days_late", moves, company._get_payment_figure),
            "credit": (credit, lines, company._get_credit_figure),
            "preferences": (preferred, lines, company._get_preference_figure),
        }
        return super()._get_figure_makers() | {
            key: partial(lambda make: mark_own(self.env, make()), make)
            for key, (name, model, make) in makers.items()
            if company._may_see_figure(name, model)
        }

    def _may_see_figure(self, name, model):
        may_see = self._has_field_access(self._fields[name], "read")
        return may_see and self.env[model].has_access("read")

    def _get_turnover_figures(self, months):
        """Return the turnover of each active company, in the currency of the company.

        Companies without turnover are left out, except the current one. Where the user
        works for several companies, the label names the company.
        """
        key, figures = f"turnover_{months}", []
        label = self.env._("Turnover of 12 months")
        if months == 24:
            label = self.env._("Turnover of 24 months")
        rows = self._get_figure_rows(key, family=self)
        select = SQL("SELECT f.company_id, sum(f.amount) FROM (%s) f GROUP BY 1", rows)
        amounts = dict(self.env.execute_query(select))
        is_one_of_many = len(self.env.user.company_ids) > 1
        for company in self.env.companies:
            if company.id not in amounts and company != self.env.company:
                continue
            _figure, source, domain = self._find_figure(key, family=self)
            domain &= Domain("company_id", "=", company.id)
            name = f"{label}, {company.name}" if is_one_of_many else label
            amount = amounts.get(company.id, 0)
            value = format_amount(self.env, amount, company.currency_id)
            shown = (f"{key}:{company.id}", name, value, source.records._name, domain)
            figures.append(show_figure(*shown, context=INVOICES))
        return figures

    def _get_order_figure(self, find, key):
        """Return one of the figures of orders.

        :param find: function that returns what all of them need
        """
        _figure, source, domain = self._find_figure("orders", family=self)
        found, orders = find(), source.records
        if key == "orders":
            label = self.env._("Orders")
            value = str(found.get("confirmed_order_count", 0))
        elif key == "average_order":
            label = self.env._("Average order")
            value = self._format_figure(found.get("average_order")) if found else "–"
        else:
            label = self.env._("Last order")
            value = format_date(self.env, found.get("last_order_date")) or "–"
            last = orders.search(domain, order="date_order desc, id desc", limit=1)
            domain = Domain("id", "in", last.ids)
        return [show_figure(key, label, value, orders._name, domain)]

    def _get_quotation_figure(self):
        return self._count_figure("quotations", self.env._("Open quotations"))

    def _get_payment_figure(self):
        rows = SQL("SELECT id FROM (%s) f", self._get_figure_rows("payments", self))
        domain = Domain("id", "in", [id_ for (id_,) in self.env.execute_query(rows)])
        label, value = self.env._("Average days late in paying"), "–"
        if days := self._get_figures("payments").get(self.id):
            value = formatLang(self.env, days["average_days_late"], digits=1)
        model = "account.move"
        return [show_figure("days_late", label, value, model, domain, context=INVOICES)]

    def _get_credit_figure(self):
        currency = self.env.company.currency_id
        owed = self._get_credits().get(self.id, 0)
        value = format_amount(self.env, owed, currency)
        if self.env.company.account_use_credit_limit and self.credit_limit > 0:
            percent = 100 * owed / self.credit_limit
            value = self.env._(
                "%(amount)s of %(limit)s (%(percent)s %%)",
                amount=value,
                limit=format_amount(self.env, self.credit_limit, currency),
                percent=formatLang(self.env, percent, digits=0),
            )
        domain = self._get_credit_domain() & Domain("partner_id", "=", self.id)
        label, model = self.env._("Credit used"), "account.move.line"
        return [show_figure("credit", label, value, model, domain, context=LINES)]

    def _get_preference_figure(self):
        none = self.env["product.category"]
        categories = self._get_preferred_categories().get(self.id, none)
        domain = self._get_preference_domain(self)
        domain &= Domain("product_id.categ_id", "in", categories.ids)
        label = self.env._("Preferred product categories")
        value, model = ", ".join(categories.mapped("name")) or "–", "account.move.line"
        return [show_figure("preferences", label, value, model, domain, context=LINES)]
