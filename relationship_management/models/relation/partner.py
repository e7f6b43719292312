from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.may_be_told import find_visible, get_hidden_sentence, is_hidden
from ..shared.partner_fields import EVERYBODY
from .rules import KNOWN

RULE_FIELDS = {"is_company", "company_type", "company_id", "parent_id"}


class ResPartner(models.Model):
    """The relations of a partner, and what they forbid the partner."""

    _inherit = "res.partner"

    relation_left_ids = fields.One2many(
        "relationship.relation",
        "left_partner_id",
        groups=EVERYBODY,
    )
    relation_right_ids = fields.One2many(
        "relationship.relation",
        "right_partner_id",
        groups=EVERYBODY,
    )

    def write(self, vals):
        """Refuse what would break the rules of a relation's type, naming it."""
        # No constraint: it would also ask for the relations of each new partner. Asked
        # before, because core takes fields out of the values.
        if not RULE_FIELDS & vals.keys():
            return super().write(vals)
        self.check_access("write")
        # Asked before, because roles and relations follow the company of the partner:
        # whoever takes them over would be shown them in the refusal, and whoever gives
        # them away would not be told which ones these are.
        has_hidden = self._has_hidden_ties()
        relations = self.env["relationship.relation"].sudo()  # sudo: only visible ones
        known = find_visible(relations.search(relations._get_partner_domain(self.ids)))
        cache = self.env.cr.cache
        before = cache.get(KNOWN, frozenset())
        cache[KNOWN] = before.union(known.ids)
        try:
            result = super().write(vals)
            self._check_relations()
        except ValidationError:
            if has_hidden:
                raise ValidationError(get_hidden_sentence(self.env)) from None
            raise
        finally:
            cache[KNOWN] = before
        return result

    def _has_hidden_ties(self):
        """Tell whether there are roles or relations that the person may not see."""
        relations = self.env["relationship.relation"]
        ties = (
            ("relationship.role", Domain("partner_id", "in", self.ids)),
            (relations._name, relations._get_partner_domain(self.ids)),
        )
        # sudo: whether there are hidden ones is the question.
        return any(
            is_hidden(self.env[model].sudo().search(domain)) for model, domain in ties
        )

    def _check_relations(self, role_types=None):
        """Refuse what breaks the rules of relations of these partners.

        :param role_types: only of relations that ask for one of these roles
        """
        relations = self.env["relationship.relation"]
        relations._refuse_problems(
            relations._find_partner_problems(self, role_types),
            self.env._("This change would break relations. End or change them first:"),
        )

    def _refuse_concurrent_change(self):
        """Let whoever else changes roles or relations of these partners come second.

        Two transactions that check a rule at once do not see each other's rows. Both
        write the partner, so that PostgreSQL refuses the second one, and Odoo tries it
        again: then it sees the row of the first. Nothing of the partner changes.
        """
        if not self.ids:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner SET id = id WHERE id IN (
                    SELECT id FROM res_partner WHERE id = ANY(%s)
                     ORDER BY id FOR NO KEY UPDATE)
                """,
                self.ids,
            )
        )

    def get_relations(self, with_contacts=False):
        """Return the relations of this partner, from its end, for the partner form.

        Only relations that the user may see; those that hold on the day of the context
        key ``relationship_date`` first, then those to come, then the past ones.

        :param with_contacts: also those of the contacts of a company
        :return: list of ``{id, sentence, words, this: {id, name}, partner: {id, name,
            is_company}, from, until, period, details, when, current, share, function,
            influence, attitude, note, can_edit}``; ``when`` is ``now``, ``future`` or
            ``over``
        """
        self.ensure_one()
        self.check_access("read")
        owners = self
        if with_contacts:
            owners |= self.search([("id", "child_of", self.ids)])
        relations = self.env["relationship.relation"]
        domain = relations._get_partner_domain(owners.ids)
        found = relations.search(domain)
        editable = found._filtered_access("write")
        rows = [
            relation._prepare_row(self, owners, relation in editable)
            for relation in found
        ]
        order = {"now": 0, "future": 1, "over": 2}
        return sorted(rows, key=lambda row: order[row["when"]])

    def _get_counted_relation_domain(self):
        """Return the domain of the relations that :attr:`relation_count` counts."""
        relations = self.env["relationship.relation"]
        return relations._get_partner_domain(self.ids) & relations._get_valid_domain()

    def action_view_relations(self):
        """Open the relations that the button counts: those that hold today."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_relation_action"
        )
        return {
            **action,
            "domain": list(self._get_counted_relation_domain()),
            "context": {"relationship_partner_id": self.id},
        }


class RelationshipRelation(models.Model):
    _inherit = "relationship.relation"

    def _prepare_row(self, partner, owners, can_edit):
        """Return what :meth:`get_relations` tells of this relation."""
        self.ensure_one()
        ends = self.left_partner_id | self.right_partner_id
        this = (ends & partner) or (ends & owners)[:1]
        relation = self.with_context(relationship_partner_id=this.id)
        other = relation.other_partner_id
        day = self._get_date()
        when = "now"
        if not self._is_valid(day):
            when = "over" if self.date_to and self.date_to < day else "future"
        return {
            "id": self.id,
            "sentence": relation.sentence,
            "words": relation.words,
            "this": {"id": this.id, "name": this.name},
            # sudo: who may see a relation may know the names in it.
            "partner": {
                "id": other.id,
                "name": relation._get_short_name(other.sudo(), this),
                "is_company": other.sudo().is_company,
            },
            "from": self.date_from,
            "until": self.date_to,
            "period": self._get_period(),
            "details": self._get_details(),
            "when": when,
            "current": when == "now",
            "share": self.share,
            "function": self.function or "",
            "influence": self.influence,
            "attitude": self.attitude,
            "note": self.note or "",
            "can_edit": can_edit,
        }

    @api.model
    def _get_short_name(self, partner, owner):
        """Return the name of a partner, without the company where it is the owner."""
        if partner.parent_id in owner | owner.parent_id:
            return partner.name
        return partner.display_name
