from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.relationship_management.models.shared.button import open_form
from odoo.addons.relationship_management.models.shared.finite import finite


class RelationshipMarginTake(models.TransientModel):
    """Show the margin of a quotation, before an opportunity takes it.

    The costs are those that Odoo's margins keep with the lines; where these are not
    installed, what the products cost today.
    """

    _name = "relationship.margin.take"
    _description = "Take the margin of a quotation"
    _inherit = ["relationship.discreet.mixin", "relationship.parent.guard.mixin"]

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        required=True,
        ondelete="cascade",
        domain="[('opportunity_id', '=', lead_id), ('state', '!=', 'cancel')]",
    )
    takes_revenue = fields.Boolean("Take the amount as expected revenue, too")
    currency_id = fields.Many2one(related="lead_id.company_currency")
    current_revenue = fields.Monetary(
        related="lead_id.expected_revenue", string="Expected revenue until now"
    )
    current_margin = fields.Monetary(
        related="lead_id.contribution_margin",
        string="Contribution margin until now",
        currency_field="currency_id",
    )
    revenue = fields.Monetary("Untaxed amount", compute="_compute_margin")
    margin = fields.Monetary("Contribution margin", compute="_compute_margin")
    margin_percent = fields.Float(
        string="Contribution margin (%)", compute="_compute_margin", digits=(16, 1)
    )
    explanation = fields.Text(string="Where it comes from", compute="_compute_margin")

    @api.depends("order_id", "lead_id")
    def _compute_margin(self):
        for wizard in self:
            revenue, margin = wizard._get_amounts() if wizard.order_id else (0, 0)
            wizard.revenue = revenue or 0
            wizard.margin = margin or 0
            wizard.margin_percent = finite(100 * margin / revenue) if revenue else 0
            wizard.explanation = wizard.order_id and wizard._explain(revenue)

    def _get_day(self):
        return fields.Date.to_date(self.order_id.date_order)

    def _get_rate(self, currency):
        """Return the rate into the currency of the opportunity, or None."""
        self.env["res.currency.rate"].flush_model()
        ids = (self.order_id.company_id.id, currency.id, self.currency_id.id)
        rate = SQL(
            "SELECT relationship_currency_rate(%s, %s, %s, %s)", *ids, self._get_day()
        )
        [(found,)] = self.env.execute_query(rate)
        return found if found is None else float(found)

    def _get_amounts(self):
        """Return amount and margin in the currency of the opportunity, or Nones."""
        order = self.order_id
        rate = self._get_rate(order.currency_id)
        if rate is None:
            return None, None
        revenue = order.amount_untaxed * rate
        if "margin" in order._fields:
            return revenue, order.margin * rate
        cost_rate = self._get_rate(order.company_id.currency_id)
        if cost_rate is None:
            return None, None
        return revenue, revenue - cost_rate * sum(self._get_costs().values())

    def _get_costs(self):
        """Return ``{line: cost}`` of products, in the currency of the company."""
        costs = {}
        for line in self.order_id.order_line.filtered("product_id"):
            product = line.product_id.with_company(line.company_id)
            cost = product.uom_id._compute_price(
                product.standard_price, line.product_uom_id
            )
            costs[line] = cost * line.product_uom_qty
        return costs

    def _get_products_without_cost(self):
        lines = self.order_id.order_line.filtered("product_id")
        if "purchase_price" in lines._fields:
            lines = lines.filtered(lambda line: not line.purchase_price)
        else:
            costs = self._get_costs()
            lines = lines.filtered(lambda line: not costs[line])
        return lines.product_id

    def _explain(self, revenue):
        """Say where the numbers come from, and what they lack."""
        if revenue is None:
            return self._get_missing_rate()
        told = [
            self.env._("Costs as they stand in the lines of the quotation.")
            if "margin" in self.order_id._fields
            else self.env._("Costs as the products have them today.")
        ]
        if self.order_id.currency_id != self.currency_id:
            told.append(
                self.env._(
                    "Converted from %(currency)s at the exchange rate of %(day)s.",
                    currency=self.order_id.currency_id.name,
                    day=format_date(self.env, self._get_day()),
                )
            )
        if products := self._get_products_without_cost():
            told.append(
                self.env._(
                    "No costs are known of: %(products)s.",
                    products=", ".join(products.mapped("display_name")),
                )
            )
        return " ".join(told)

    def _get_missing_rate(self):
        return self.env._(
            "There is no exchange rate from %(order)s to %(opportunity)s on %(day)s:"
            " ask an accountant to enter it, then take the margin.",
            order=self.order_id.currency_id.name,
            opportunity=self.currency_id.name,
            day=format_date(self.env, self._get_day()),
        )

    def action_take(self):
        """Write the margin that was shown, and the amount if it was ticked."""
        self.ensure_one()
        lead, order = self.lead_id, self.order_id
        lead.check_access("write")
        if not order.filtered_domain(lead._get_margin_orders()):
            raise UserError(
                self.env._(
                    "This quotation is cancelled, or belongs to another opportunity:"
                    " choose another one."
                )
            )
        revenue, margin = self._get_amounts()
        if revenue is None:
            raise UserError(self._get_missing_rate())
        values = {"contribution_margin": self.currency_id.round(margin)}
        if self.takes_revenue:
            values["expected_revenue"] = self.currency_id.round(revenue)
        lead.write(values)
        return {"type": "ir.actions.act_window_close"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    can_take_margin = fields.Boolean(
        string="There is a margin to take",
        compute="_compute_can_take_margin",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_take_margin(self):
        orders = self.env["sale.order"]
        counts = {}
        if self.ids and orders.has_access("read"):
            domain = self._origin._get_margin_orders()
            counts = dict(orders._read_group(domain, ["opportunity_id"], ["__count"]))
        for lead in self:
            lead.can_take_margin = bool(counts.get(lead._origin))

    def _get_margin_orders(self):
        """Return the domain of the quotations and orders whose margin may be taken."""
        return Domain("opportunity_id", "in", self.ids) & Domain(
            "state", "!=", "cancel"
        )

    def action_take_margin(self):
        """Show the margin of the newest quotation, confirmed ones first."""
        self.ensure_one()
        self.check_access("write")
        orders = self.env["sale.order"].search(
            self._get_margin_orders(), order="date_order desc, id desc"
        )
        if not orders:
            raise UserError(
                self.env._(
                    "There is no quotation of this opportunity that you may see: make"
                    " one first."
                )
            )
        chosen = orders.filtered(lambda order: order.state == "sale")[:1] or orders[:1]
        wizard = self.env["relationship.margin.take"].create(
            {"lead_id": self.id, "order_id": chosen.id}
        )
        return open_form(
            wizard._name,
            name=self.env._("Margin of a quotation"),
            res_id=wizard.id,
            target="new",
        )
