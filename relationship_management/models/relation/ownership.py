"""Rules over many relations: shares add up on a day, nobody stands above himself."""

from odoo import api, fields, models
from odoo.tools import SQL

from .relation_type import SINGLE

WHOLE = 100.005  # percent; shares of a third each add up to a little more
SIDES_OF_SHARES = [
    ("no", "Not"),
    ("left", "For each first partner"),
    ("right", "For each second partner"),
]
# On no day may the shares of one partner be more than all of it: asked for the first
# day of each relation, on which alone a sum can grow. What two companies have entered
# is added up apart.
TOTAL = """
    SELECT n.id, 'total_' || t.adds_up, NULL::integer
      FROM candidate n
      JOIN relationship_relation_type t ON t.id = n.type_id AND t.adds_up <> 'no'
     WHERE n.share > 0 AND n.share <= 100 AND EXISTS (
        SELECT FROM %(existing)s d
         WHERE d.type_id = n.type_id AND {d_is_of_one}
           AND (n.company_id IS NULL OR d.company_id IS NULL
                OR d.company_id = n.company_id)
           AND COALESCE(d.date_from, '-infinity') <= COALESCE(n.date_to, 'infinity')
           AND COALESCE(n.date_from, '-infinity') <= COALESCE(d.date_to, 'infinity')
           AND %(whole)s < (
            SELECT sum(o.share) FROM %(existing)s o
             WHERE o.type_id = n.type_id AND {o_is_of_one}
               AND (o.company_id IS NULL
                    OR o.company_id = COALESCE(n.company_id, d.company_id))
               AND greatest(d.date_from, n.date_from, '-infinity') BETWEEN
                   COALESCE(o.date_from, '-infinity')
                   AND COALESCE(o.date_to, 'infinity')))
"""
IS_OF_ONE = """(
    t.adds_up = 'left' AND {0}.left_partner_id = n.left_partner_id
    OR t.adds_up = 'right' AND {0}.right_partner_id = n.right_partner_id)"""
# From the second partner on, over what holds at the same time, back to the first one.
CIRCLE = """
    SELECT n.id, 'circle', NULL::integer
      FROM candidate n
      JOIN relationship_relation_type t ON t.id = n.type_id AND t.is_hierarchy
     WHERE n.left_partner_id <> n.right_partner_id AND EXISTS (
        WITH RECURSIVE above AS (
            SELECT n.right_partner_id AS id, n.company_id,
                   COALESCE(n.date_from, '-infinity') AS date_from,
                   COALESCE(n.date_to, 'infinity') AS date_to
             UNION
            SELECT o.right_partner_id, COALESCE(a.company_id, o.company_id),
                   greatest(a.date_from, o.date_from), least(a.date_to, o.date_to)
              FROM above a
              JOIN %(existing)s o ON o.left_partner_id = a.id
             WHERE o.type_id = n.type_id AND a.id <> n.left_partner_id
               AND (o.company_id IS NULL OR a.company_id IS NULL
                    OR o.company_id = a.company_id)
               AND COALESCE(o.date_from, '-infinity') <= a.date_to
               AND a.date_from <= COALESCE(o.date_to, 'infinity'))
        SELECT FROM above WHERE id = n.left_partner_id)
"""


class RelationshipRelationType(models.Model):
    _inherit = "relationship.relation.type"

    adds_up = fields.Selection(
        SIDES_OF_SHARES,
        string="Shares add up",
        compute="_compute_adds_up",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Whose shares must not be more than 100 % on any day: those of the owned"
        " company, whoever owns it.",
    )
    is_hierarchy = fields.Boolean(
        string="No circle",
        compute="_compute_is_hierarchy",
        store=True,
        readonly=False,
        precompute=True,
        help="Nobody stands above himself, over any number of partners: who is a"
        " subsidiary of a subsidiary cannot own the whole.",
    )

    @api.depends("kind", "share_use", "cardinality", "is_symmetric")
    def _compute_adds_up(self):
        for record in self:
            is_owner = record.kind == "ownership" and record.share_use != "no"
            is_first = not record.is_symmetric and record.cardinality not in SINGLE
            record.adds_up = "right" if is_owner and is_first else "no"

    @api.depends("kind", "cardinality", "is_symmetric")
    def _compute_is_hierarchy(self):
        """Propose it where each has one owner."""
        for record in self:
            is_one_sided = record.cardinality != "many_many" and not record.is_symmetric
            record.is_hierarchy = record.kind == "ownership" and is_one_sided

    @api.constrains("adds_up", "is_hierarchy")
    def _check_sums_and_circles(self):
        self._check_relations()

    def _refuse_concurrent_circle(self):
        """Let whoever else relates others by these types come second.

        Two transactions that close a circle together need not have a partner in common;
        see ``res.partner._refuse_concurrent_change``.
        """
        if types := self.filtered("is_hierarchy"):
            self.env.cr.execute(
                "UPDATE relationship_relation_type SET id = id WHERE id IN ("
                "SELECT id FROM relationship_relation_type WHERE id = ANY(%s)"
                " ORDER BY id FOR NO KEY UPDATE)",
                [types.ids],
            )


class RelationshipRelation(models.Model):
    _inherit = "relationship.relation"

    @api.model
    def _get_pair_rules(self, existing):
        """Add the rules over any number of relations of one type."""
        values = {"existing": existing, "whole": WHOLE}
        sides = {f"{n}_is_of_one": IS_OF_ONE.format(n) for n in "do"}
        return SQL(
            "%s UNION ALL %s UNION ALL %s",
            super()._get_pair_rules(existing),
            SQL(TOTAL.format(**sides), **values),  # pylint: disable=sql-injection
            SQL(CIRCLE, existing=existing),
        )

    @api.model
    def _get_explanation(self, rule, values):
        if rule.startswith("total"):
            return self.env._(
                "“%(sentence)s”: the shares in %(partner)s add up to more than 100 %%"
                " in that time. Lower one of them, or end it before the next begins.",
                **values,
            )
        if rule == "circle":
            return self.env._(
                "“%(sentence)s”: %(partner)s would stand above itself in that time,"
                " directly or by way of others. End the other relation first.",
                **values,
            )
        return super()._get_explanation(rule, values)
