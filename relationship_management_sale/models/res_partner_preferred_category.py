from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from .res_partner_sale_figure import GROUPS

HOW_MANY = 3


class ResPartner(models.Model):
    """The product categories for which a partner pays most."""

    _inherit = "res.partner"

    preferred_category_ids = fields.Many2many(
        "product.category",
        string="Preferred product categories",
        compute="_compute_preferred_category_ids",
        search="_search_preferred_category_ids",
        groups=GROUPS,
        help="The three with the highest turnover of 24 months.",
    )

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_preferred_category_ids(self):
        found = self.commercial_partner_id._get_preferred_categories()
        for partner in self:
            partner.preferred_category_ids = found.get(
                partner.commercial_partner_id.id, False
            )

    def _search_preferred_category_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        categories = self.env["product.category"]
        nobody = False
        if operator == "any" or isinstance(value, Query | SQL):
            is_query = isinstance(value, Query | SQL)
            wanted = Domain("id", "in", value) if is_query else Domain(value)
            ids = categories.search(wanted).ids
        else:
            ids = [id_ for id_ in value if id_]
            nobody = False in value
        preferences = self._get_preference_query()
        if preferences is None:
            return Domain.TRUE if nobody else Domain.FALSE
        buys = SQL("(SELECT b.partner_id FROM (%s) b", preferences)
        found = SQL("%s WHERE b.categ_id = ANY(%s))", buys, ids)
        domain = Domain("commercial_partner_id", "in", found)
        if nobody:
            domain |= Domain("commercial_partner_id", "not in", SQL("%s)", buys))
        return domain

    def _get_preferred_categories(self):
        """Return {id: categories} of these commercial partners, the first one first."""
        query = self._get_preference_query(self) if self.ids else None
        if query is None:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT b.partner_id, array_agg(b.categ_id ORDER BY b.place)"
                " FROM (%s) b GROUP BY 1",
                query,
            )
        )
        categories = self.env["product.category"]
        return {id_: categories.browse(found) for id_, found in rows}

    @api.model
    def _get_preference_domain(self, family=None):
        """Return the domain of the invoice lines with products of 24 months."""
        _figure, _source, domain = self._find_figure("turnover_24", family)
        return (
            Domain("move_id", "any", domain)
            & Domain("display_type", "=", "product")
            & Domain("product_id", "!=", False)
        )

    @api.model
    def _get_preference_query(self, family=None):
        """Return the statement of partner, category and place, or None: no access."""
        lines = self.env["account.move.line"]
        if not lines.has_access("read") or not lines.move_id.has_access("read"):
            return None
        lines.flush_model(["balance", "company_id", "move_id", "product_id"])
        lines.move_id.flush_model(["partner_id"])
        for model in ("product.product", "product.template", "res.partner"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT s.partner_id, s.categ_id, s.place FROM (
                SELECT p.commercial_partner_id AS partner_id, t.categ_id,
                    sum(-d.balance * %(rate)s) AS amount,
                    row_number() OVER (
                        PARTITION BY p.commercial_partner_id
                        ORDER BY sum(-d.balance * %(rate)s) DESC NULLS LAST,
                            t.categ_id
                    ) AS place
                FROM account_move_line d
                JOIN account_move m ON m.id = d.move_id
                JOIN res_partner p ON p.id = m.partner_id
                JOIN product_product v ON v.id = d.product_id
                JOIN product_template t ON t.id = v.product_tmpl_id
                WHERE d.id IN %(found)s AND t.categ_id IS NOT NULL
                GROUP BY 1, 2
            ) s WHERE s.place <= %(how_many)s AND s.amount > 0
            """,
            rate=self._get_figure_rate(SQL("d.company_id")),
            found=lines._search(self._get_preference_domain(family)).subselect(),
            how_many=HOW_MANY,
        )
