from odoo import api, fields, models, tools


class RelationshipRelationDirection(models.Model):
    """A relation type as it reads from one of its ends.

    People choose words ("has assistant"), never a type and a side. A type that is the
    same from both ends has one row, every other type two.
    """

    _name = "relationship.relation.direction"
    _description = "Relation in words"
    _auto = False
    _order = "sequence, name, id"
    _depends = {
        "relationship.relation.type": [
            "name",
            "inverse_name",
            "is_symmetric",
            "left_is",
            "right_is",
            "sequence",
            "active",
            "company_id",
            "kind",
        ]
    }

    name = fields.Char(translate=True, readonly=True)
    type_id = fields.Many2one("relationship.relation.type", readonly=True)
    is_inverse = fields.Boolean(readonly=True)
    kind = fields.Selection(related="type_id.kind")
    this_is = fields.Char(readonly=True)
    other_is = fields.Char(readonly=True)
    sequence = fields.Integer(readonly=True)
    active = fields.Boolean(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    can_use = fields.Boolean(compute="_compute_can_use", search="_search_can_use")

    @api.depends("type_id")
    @api.depends_context("uid")
    def _compute_can_use(self):
        forbidden = self.env["relationship.relation.type"]._get_forbidden_ids("use")
        for direction in self:
            direction.can_use = direction.type_id.id not in forbidden

    def _search_can_use(self, operator, value):
        if operator != "in":
            return NotImplemented
        forbidden = self.env["relationship.relation.type"]._get_forbidden_ids("use")
        return [("type_id", "not in", forbidden)]

    def init(self):
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            """
            CREATE VIEW relationship_relation_direction AS
            SELECT id * 2 AS id, id AS type_id, false AS is_inverse, name,
                   left_is AS this_is, right_is AS other_is,
                   sequence, active, company_id
              FROM relationship_relation_type
            UNION ALL
            SELECT id * 2 + 1, id, true, inverse_name,
                   right_is, left_is,
                   sequence, active, company_id
              FROM relationship_relation_type
             WHERE is_symmetric IS NOT TRUE
            """
        )

    def _get_direction(self, relation_type, is_inverse):
        """Return the direction of a type, without a query."""
        if not relation_type.id:
            return self.browse()
        inverse = is_inverse and not relation_type.is_symmetric
        return self.browse(relation_type.id * 2 + int(inverse))
