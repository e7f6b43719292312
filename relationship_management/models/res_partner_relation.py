from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """The relations of a partner, and the search for partners by their relations."""

    _inherit = "res.partner"

    relation_left_ids = fields.One2many("relationship.relation", "left_partner_id")
    relation_right_ids = fields.One2many("relationship.relation", "right_partner_id")
    related_partner_id = fields.Many2one(
        "res.partner",
        string="Related to",
        store=False,
        compute="_compute_nothing",
        search="_search_related_partner_id",
    )
    relation_type_id = fields.Many2one(
        "relationship.relation.type",
        string="Relation type",
        store=False,
        compute="_compute_nothing",
        search="_search_relation_type_id",
    )

    def _compute_nothing(self):
        """Compute nothing: the two fields are for searching only."""
        self.related_partner_id = self.relation_type_id = False

    def _search_related_partner_id(self, operator, value):
        return self._search_relation("related_partner_id", operator, value)

    def _search_relation_type_id(self, operator, value):
        return self._search_relation("relation_type_id", operator, value)

    def _search_relation(self, field_name, operator, value):
        """Return who stands in a relation that fits all of the search bar.

        “Related to X” and “by type T” mean one and the same relation: each facet of the
        search puts its value into the context, too.
        """
        if operator not in ("in", "any", "ilike", "="):
            return NotImplemented
        context = self.env.context
        criteria = {"related_partner_id": None, "relation_type_id": None}
        for name in criteria:
            if given := context.get(f"search_{name}"):
                criteria[name] = ("in", given if isinstance(given, list) else [given])
        criteria[field_name] = (operator, value)
        relations = self.env["relationship.relation"]
        common = relations._get_valid_domain()
        if by_type := criteria["relation_type_id"]:
            common &= Domain("type_id", *by_type)
        ends = [("left_partner_id", "right_partner_id")]
        ends.append(ends[0][::-1])
        found = Domain.FALSE
        for this_end, other_end in ends:
            domain = common
            if related := criteria["related_partner_id"]:
                domain &= Domain(other_end, *related)
            query = relations._search(domain)
            found |= Domain(
                "id", "in", query.subselect(SQL.identifier(query.table, this_end))
            )
        return found

    @api.constrains("is_company", "company_id")
    def _check_relations(self):
        """Refuse what would break the rules of a relation's type, naming it."""
        # sudo: relations that the user may not see must hold just the same.
        relations = self.env["relationship.relation"].sudo()
        domain = relations._get_partner_domain(self.ids)
        if problems := relations.search(domain)._get_problems():
            raise ValidationError(
                self.env._(
                    "This change would break relations. End or change them first:\n"
                    "%(problems)s",
                    problems="\n".join(problems.values()),
                )
            )

    def get_relations(self):
        """Return the relations of this partner, from its end, for the partner form.

        :return: list of ``{id, sentence, words, partner: {id, name}, from, until,
            current, share, function, influence, attitude, note}``, current ones first
        """
        self.ensure_one()
        self.check_access("read")
        relations = self.env["relationship.relation"].with_context(
            relationship_partner_id=self.id
        )
        found = relations.search(relations._get_partner_domain(self.ids))
        return [
            {
                "id": relation.id,
                "sentence": relation.sentence,
                "words": relation.words,
                "partner": {
                    "id": relation.other_partner_id.id,
                    "name": relation.other_partner_id.display_name,
                },
                "from": relation.date_from,
                "until": relation.date_to,
                "current": relation.is_current,
                "share": relation.share,
                "function": relation.function or "",
                "influence": relation.influence,
                "attitude": relation.attitude,
                "note": relation.note or "",
            }
            for relation in found.sorted("is_current", reverse=True)
        ]

    def action_view_relations(self):
        """Open the relations that hold today, of this partner."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_relation_action"
        )
        relations = self.env["relationship.relation"]
        domain = relations._get_partner_domain(self.ids)
        return {
            **action,
            "domain": list(domain & relations._get_valid_domain()),
            "context": {"relationship_partner_id": self.id},
        }
