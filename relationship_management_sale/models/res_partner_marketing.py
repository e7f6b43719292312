from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date, formatLang

from odoo.addons.relationship_management.models.partner.marketing import show_figure

# The view of customer invoices shows partner and date when it is told the kind.
INVOICES = {
    "list_view_ref": "account.view_out_invoice_tree",
    "default_move_type": "out_invoice",
}
LINES = {"list_view_ref": "account.view_move_line_tree"}


class ResPartner(models.Model):
    """Figures of sales for the page Marketing; who may not see them gets none."""

    _inherit = "res.partner"

    def _get_marketing_figures(self):
        return super()._get_marketing_figures() + [
            self._name_whose(figure) for figure in self._get_sale_figures()
        ]

    def _get_sale_figures(self):
        company, lines = self.commercial_partner_id, "account.move.line"
        figures = []
        for name, model, get_figures in (
            ("turnover_12_months", "account.move", company._get_turnover_figures),
            ("confirmed_order_count", "sale.order", company._get_order_figures),
            ("average_days_late", "account.move", company._get_payment_figures),
            ("credit_used_percent", lines, company._get_credit_figures),
            ("preferred_category_ids", lines, company._get_preference_figures),
        ):
            if company._may_see_figure(name, model):
                figures += get_figures()
        return figures

    def _name_whose(self, figure):
        """Say of a figure that it counts own documents only, where that is so."""
        if not self._sees_own_documents_only(figure["model"]):
            return figure
        return {
            **figure,
            "label": self.env._("%(figure)s (yours)", figure=figure["label"]),
            "hint": self.env._(
                "Counts what you may see: your own documents, and those without a"
                " salesperson."
            ),
        }

    @api.model
    def _sees_own_documents_only(self, model):
        """Tell if core's record rules show a salesperson only own documents.

        For invoices a group of accounting lifts that, for orders it does not.
        """
        user = self.env.user
        lifting = ["sales_team.group_sale_salesman_all_leads"]
        if model != "sale.order":
            lifting += [
                "account.group_account_invoice",
                "account.group_account_readonly",
            ]
        return user.has_group("sales_team.group_sale_salesman") and not any(
            user.has_group(group) for group in lifting
        )

    def _may_see_figure(self, name, model):
        may_see = self._has_field_access(self._fields[name], "read")
        return may_see and self.env[model].has_access("read")

    def _get_turnover_figures(self):
        """Return the turnover of each active company, in the currency of the company.

        Companies without turnover are left out, except the current one. Where the user
        works for several companies, the label names the company.
        """
        figures, model = [], "account.move"
        labels = {
            12: self.env._("Turnover of 12 months"),
            24: self.env._("Turnover of 24 months"),
        }
        is_one_of_many = len(self.env.user.company_ids) > 1
        for months, label in labels.items():
            key = f"turnover_{months}"
            amounts = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT f.company_id, sum(f.amount) FROM (%s) f GROUP BY 1",
                        self._get_figure_rows(key, family=self),
                    )
                )
            )
            for company in self.env.companies:
                if company.id not in amounts and company != self.env.company:
                    continue
                _figure, _source, domain = self._find_figure(key, family=self)
                domain &= Domain("company_id", "=", company.id)
                amount = amounts.get(company.id, 0)
                name = f"{label}, {company.name}" if is_one_of_many else label
                value = format_amount(self.env, amount, company.currency_id)
                shown = show_figure(f"{key}:{company.id}", name, value, model, domain)
                figures.append({**shown, "context": INVOICES})
        return figures

    def _get_order_figures(self):
        _figure, source, domain = self._find_figure("orders", family=self)
        found = self._get_figures("orders").get(self.id, {})
        model = source.records._name
        last = source.records.search(domain, order="date_order desc, id desc", limit=1)
        average = found.get("average_order")
        count = found.get("confirmed_order_count", 0)
        day = format_date(self.env, found.get("last_order_date")) or "–"
        amount = self._format_figure(average) if found else "–"
        return [
            show_figure("orders", self.env._("Orders"), str(count), model, domain),
            show_figure(
                "average_order", self.env._("Average order"), amount, model, domain
            ),
            show_figure(
                "last_order",
                self.env._("Last order"),
                day,
                model,
                Domain("id", "in", last.ids),
            ),
            self._count_figure("quotations", self.env._("Open quotations")),
        ]

    def _get_payment_figures(self):
        rows = self._get_figure_rows("payments", family=self)
        ids = [
            id_ for (id_,) in self.env.execute_query(SQL("SELECT id FROM (%s) f", rows))
        ]
        days = self._get_figures("payments").get(self.id, {})
        value = "–"
        if days:
            value = formatLang(self.env, days["average_days_late"], digits=1)
        label, domain = (
            self.env._("Average days late in paying"),
            Domain("id", "in", ids),
        )
        return [
            show_figure("days_late", label, value, "account.move", domain, INVOICES)
        ]

    def _get_credit_figures(self):
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
        label = self.env._("Credit used")
        return [show_figure("credit", label, value, "account.move.line", domain, LINES)]

    def _get_preference_figures(self):
        categories = self._get_preferred_categories().get(
            self.id, self.env["product.category"]
        )
        domain = self._get_preference_domain(self)
        domain &= Domain("product_id.categ_id", "in", categories.ids)
        label = self.env._("Preferred product categories")
        names, model = ", ".join(categories.mapped("name")), "account.move.line"
        return [show_figure("preferences", label, names or "–", model, domain, LINES)]
