from odoo import api, fields, models
from odoo.fields import Domain

COMPETITION = "competition"


class ResPartner(models.Model):
    """Who competes with us at a partner: relations of the kind *competition*.

    The competitor is the left end of such a relation. Nothing is stored twice: the page
    Marketing shows and changes the relations themselves.
    """

    _inherit = "res.partner"

    competitor_ids = fields.Many2many(
        "res.partner",
        string="Competitors at this partner",
        compute="_compute_competitor_ids",
        search="_search_competitor_ids",
        groups="relationship_management.relationship_management_group_user",
    )

    @api.depends("relation_right_ids")
    @api.depends_context("relationship_date", "allowed_company_ids", "uid")
    def _compute_competitor_ids(self):
        relations = self.env["relationship.relation"]
        found = relations.search(
            self._get_competition_domain() & Domain("right_partner_id", "in", self.ids)
        )
        by_partner = found.grouped("right_partner_id")
        for partner in self:
            partner.competitor_ids = by_partner.get(
                partner._origin, relations
            ).left_partner_id

    @api.model
    def _get_competition_domain(self):
        """Return the domain of the competition on the day of the context."""
        relations = self.env["relationship.relation"]
        return relations._get_valid_domain() & Domain("kind", "=", COMPETITION)

    @api.model
    def _search_competitor_ids(self, operator, value):
        if operator not in ("in", "any", "any!", "ilike", "=ilike", "like", "=like"):
            return NotImplemented
        domain = self._get_competition_domain()
        if operator != "in":
            return self._get_competed_domain(
                domain & Domain("left_partner_id", operator, value)
            )
        ids = [id_ for id_ in value if id_]
        found = self._get_competed_domain(domain & Domain("left_partner_id", "in", ids))
        if len(ids) < len(value):
            found |= ~self._get_competed_domain(domain)
        return found

    @api.model
    def _get_competed_domain(self, domain):
        query = self.env["relationship.relation"]._search(domain)
        return Domain("id", "in", query.subselect("right_partner_id"))

    def get_competitors(self):
        """Return the competition at this partner, for the page Marketing.

        :return: ``{relations, direction_id}``: relations as in :meth:`get_relations`
            that hold now or later; direction of a new one, or False: the user may use
            no relation type of this kind
        """
        self.ensure_one()
        self.check_access("read")
        relations = self.env["relationship.relation"]
        found = relations.search(
            Domain("kind", "=", COMPETITION) & Domain("right_partner_id", "=", self.id)
        )
        editable = found._filtered_access("write")
        rows = [row._prepare_row(self, self, row in editable) for row in found]
        return {
            "relations": [row for row in rows if row["when"] != "over"],
            "direction_id": self._get_competition_direction().id,
        }

    @api.model
    def _get_competition_direction(self):
        types = self.env["relationship.relation.type"].search(
            Domain("kind", "=", COMPETITION)
            & Domain("can_use", "=", True)
            & Domain("is_symmetric", "=", False),
            limit=1,
        )
        directions = self.env["relationship.relation.direction"]
        if not self.env["relationship.relation"].has_access("create"):
            return directions
        return directions._get_direction(types, is_inverse=True)
