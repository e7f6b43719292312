from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date, formatLang

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
        figures = []
        company = self.commercial_partner_id
        if company._may_see_figure("turnover_12_months", "account.move"):
            figures += company._get_turnover_figures()
        if company._may_see_figure("confirmed_order_count", "sale.order"):
            figures += company._get_order_figures()
            figures += company._get_quotation_figures()
        if company._may_see_figure("average_days_late", "account.move"):
            figures += company._get_payment_figures()
        if company._may_see_figure("credit_used_percent", "account.move.line"):
            figures += company._get_credit_figures()
        if company._may_see_figure("preferred_category_ids", "account.move.line"):
            figures += company._get_preference_figures()
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

    def _get_family_domain(self, domain):
        return [*(domain & Domain("partner_id.commercial_partner_id", "=", self.id))]

    def _get_turnover_figures(self):
        """Return the turnover of each active company, in the currency of the company.

        Companies without turnover are left out, except the current one. Where the user
        works for several companies, the label names the company.
        """
        figures = []
        labels = {
            12: self.env._("Turnover of 12 months"),
            24: self.env._("Turnover of 24 months"),
        }
        is_one_of_many = len(self.env.user.company_ids) > 1
        for months, label in labels.items():
            source = f"turnover_{months}"
            amounts = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT f.company_id, sum(f.amount) FROM (%s) f GROUP BY 1",
                        self._get_figure_rows(source, family=self),
                    )
                )
            )
            for company in self.env.companies:
                if company.id not in amounts and company != self.env.company:
                    continue
                model, domain = self._get_sale_domain(source)
                domain &= Domain("company_id", "=", company.id)
                amount = amounts.get(company.id, 0)
                figures.append(
                    {
                        "key": f"{source}:{company.id}",
                        "label": f"{label}, {company.name}"
                        if is_one_of_many
                        else label,
                        "value": format_amount(self.env, amount, company.currency_id),
                        "model": model,
                        "domain": self._get_family_domain(domain),
                        "context": INVOICES,
                    }
                )
        return figures

    def _get_order_figures(self):
        model, domain = self._get_sale_domain("orders")
        domain = self._get_family_domain(domain)
        found = self._get_figures("orders").get(self.id, {})
        last = self.env[model].search(domain, order="date_order desc, id desc", limit=1)
        average = found.get("average_order")
        figures = {
            "orders": (
                self.env._("Orders"),
                str(found.get("confirmed_order_count", 0)),
                domain,
            ),
            "average_order": (
                self.env._("Average order"),
                self._format_figure(average) if found else "–",
                domain,
            ),
            "last_order": (
                self.env._("Last order"),
                format_date(self.env, found.get("last_order_date")) or "–",
                [("id", "in", last.ids)],
            ),
        }
        return [
            {
                "key": key,
                "label": label,
                "value": value,
                "model": model,
                "domain": domain,
            }
            for key, (label, value, domain) in figures.items()
        ]

    def _get_quotation_figures(self):
        model, domain = self._get_sale_domain("quotations")
        found = self._get_figures("quotations").get(self.id)
        value = "0"
        if found:
            amount = self._format_figure(found["open_quotation_amount"])
            value = f"{found['open_quotation_count']} · {amount}"
        return [
            {
                "key": "quotations",
                "label": self.env._("Open quotations"),
                "value": value,
                "model": model,
                "domain": self._get_family_domain(domain),
            }
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
        return [
            {
                "key": "days_late",
                "label": self.env._("Average days late in paying"),
                "value": value,
                "model": "account.move",
                "domain": [("id", "in", ids)],
                "context": INVOICES,
            }
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
        return [
            {
                "key": "credit",
                "label": self.env._("Credit used"),
                "value": value,
                "model": "account.move.line",
                "domain": [*domain],
                "context": LINES,
            }
        ]

    def _get_preference_figures(self):
        categories = self._get_preferred_categories().get(
            self.id, self.env["product.category"]
        )
        domain = self._get_preference_domain(self)
        domain &= Domain("product_id.categ_id", "in", categories.ids)
        return [
            {
                "key": "preferences",
                "label": self.env._("Preferred product categories"),
                "value": ", ".join(categories.mapped("name")) or "–",
                "model": "account.move.line",
                "domain": [*domain],
                "context": LINES,
            }
        ]
