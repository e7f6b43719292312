from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .invoice_links import LINKS, flush_links
from .res_partner_sale_figure import GROUPS

SOLD = ("out_invoice", "out_refund")


class AccountMoveLine(models.Model):
    """Where the lines of customer invoices came from; searched by what the user sees.

    The order behind a line is only the link: whoever sees both ends need not see it.
    """

    _name = "account.move.line"
    _inherit = ["account.move.line", "relationship.origin.mixin"]
    _origin_paths = ("sale_line_ids",)

    may_analyse = fields.Boolean(
        string="You may analyse it",
        compute="_compute_may_analyse",
        search="_search_may_analyse",
        groups=GROUPS,
        help="Whether your statistics count it: the type of its order says so.",
    )

    @api.model
    def _get_sold_domain(self):
        """Return the domain of what invoices and credit notes add up: no taxes."""
        return (
            Domain("display_type", "=", "product")
            & Domain("parent_state", "=", "posted")
            & Domain("move_id.move_type", "in", SOLD)
        )

    def _find_origins(self):
        flush_links(self.env)
        return self.env.execute_query(
            SQL(
                "SELECT n.line_id, n.opportunity_id, n.campaign_id"
                " FROM (%s) n WHERE n.line_id = ANY(%s)",
                LINKS,
                self.ids,
            )
        )

    def _search_relationship_opportunity_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        leads = self.env["crm.lead"].with_context(active_test=False)
        if not leads.has_access("read"):
            return Domain.FALSE
        # What is hidden is not found: the answer would tell that it is there.
        wanted = Domain(value) if operator == "any" else Domain("id", "in", value)
        found = leads._search(wanted).subselect()
        return self._get_link_domain(SQL("n.opportunity_id IN %s", found))

    def _search_relationship_campaign_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        wanted = Domain(value) if operator == "any" else Domain("id", "in", value)
        found = self._find_campaigns(wanted)
        # sudo: the core side is only the link between the two.
        core_ids = found.sudo().utm_campaign_id.ids
        return self._get_link_domain(SQL("n.campaign_id = ANY(%s)", core_ids))

    @api.model
    def _get_link_domain(self, condition):
        flush_links(self.env)
        found = SQL("(SELECT n.line_id FROM (%s) n WHERE %s)", LINKS, condition)
        return Domain("id", "in", found)

    @api.depends("sale_line_ids")
    @api.depends_context("uid")
    def _compute_may_analyse(self):
        counted = self._origin.filtered_domain([("id", "!=", False)])
        if forbidden := self.env["sale.order"]._get_unanalysed_types():
            domain = self._get_link_domain(
                SQL("n.opportunity_type_id = ANY(%s)", list(forbidden))
            )
            mine = Domain("id", "in", counted.ids)
            counted -= self.with_context(active_test=False).search(mine & domain)
        for line in self:
            line.may_analyse = line._origin in counted

    @api.model
    def _search_may_analyse(self, operator, value):
        if operator != "in":
            return NotImplemented
        forbidden = list(self.env["sale.order"]._get_unanalysed_types())
        unanalysed = Domain.FALSE
        if forbidden:
            condition = SQL("n.opportunity_type_id = ANY(%s)", forbidden)
            unanalysed = self._get_link_domain(condition)
        return Domain.OR(~unanalysed if wanted else unanalysed for wanted in value)
