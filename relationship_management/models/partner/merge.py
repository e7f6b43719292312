"""What becomes of roles, relations and references when partners are merged.

Core moves the foreign keys itself, in SQL. Before that, ``_fold_partners`` unites the
records that would be doubles afterwards and returns sentences for the chatter; after
that, ``_settle_merge`` mends what the rules of the types no longer allow.
"""

from itertools import combinations

from odoo import api, models
from odoo.tools import SQL

from ..role.role import ONE_COMPANY, SILENT
from ..shared.context import Marker
from ..shared.merge_note import tell
from ..shared.source import Source


class RelationshipPeriodMixin(models.AbstractModel):
    """Unite records that say the same of overlapping or adjoining days."""

    _inherit = "relationship.period.mixin"

    def _group_by_time(self, may_join):
        """Return groups of records whose times make one uninterrupted time.

        :param may_join: function of two groups that says whether they may be one
        """
        groups = list(self)
        while pair := next(
            (
                (one, other)
                for one, other in combinations(groups, 2)
                if one._is_continuous(other) and may_join(one, other)
            ),
            None,
        ):
            groups = [group for group in groups if group not in pair]
            groups.append(pair[0] | pair[1])
        return groups

    def _is_continuous(self, other):
        return any(a._overlaps(b) or a._touches(b) for a in self for b in other)

    def _keep_one(self, head, values):
        """Let ``head`` stand for all of these records.

        In SQL, as core's merge itself: until core has moved the partners, a rule could
        not be checked.
        """
        date_from, date_to = self._get_union()
        values = {**values, "date_from": date_from or None, "date_to": date_to or None}
        self.env.flush_all()
        others = self - head
        if others:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE id = ANY(%s)",
                    SQL.identifier(self._table),
                    others.ids,
                )
            )
        assignments = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(head._table),
                assignments,
                head.id,
            )
        )
        self.env.invalidate_all()

    def _join_notes(self):
        return " · ".join(dict.fromkeys(filter(None, self.mapped("note")))) or None


class RelationshipRole(models.Model):
    _inherit = "relationship.role"

    def _describe_source(self):
        return Source(merge=20)

    @api.model
    def _fold_partners(self, sources, destination):
        """Unite the roles of one type; a refused one yields to one that counts."""
        roles = self.search([("partner_id", "in", (sources | destination).ids)])
        sentences = [
            tell(
                destination,
                self.env._(
                    "Role taken over from %(partner)s: %(role)s",
                    partner=role.partner_id.display_name,
                    role=role._get_sentence(),
                ),
                role.company_id,
                role.type_id,
            )
            for role in roles.filtered(lambda r: r.partner_id in sources)
        ]
        roles._unite_doubles()
        return sentences

    def _unite_doubles(self):
        """Join what says the same of one time; refused ones yield to those that count.

        To be called with all roles of the partners, who are taken for one.
        """
        roles = self.with_context(**{SILENT: Marker()})
        for same in roles.grouped(lambda r: (r.type_id, r.state == "refused")).values():
            for group in same._group_by_time(lambda one, other: one._may_join(other)):
                if len(group) > 1:
                    group._unite()
        counting = roles.exists().filtered(lambda r: r.state != "refused")
        (roles.exists() - counting).filtered(
            lambda r: any(
                r.kind == other.kind and r._shares_company(other) for other in counting
            )
        ).unlink()

    def _may_join(self, others):
        return any(
            role._shares_company(other)
            and (role._overlaps(other) or role.company_id == other.company_id)
            for role in self
            for other in others
        )

    def _unite(self):
        """Leave one role, for every company if one of them is for every company."""
        head = max(
            self,
            key=lambda r: (
                not r.company_id,
                r.state == "confirmed",
                r.origin == "manual",
            ),
        )
        state = "confirmed" if "confirmed" in self.mapped("state") else head.state
        self._keep_one(head, {"state": state, "note": self._join_notes()})

    @api.model
    def _settle_merge(self, destination):
        """Let the companies follow, and the role Contact end."""
        roles = self.search([("partner_id", "=", destination.id)])
        ended = roles._follow_company(destination.company_id)
        self.env.add_to_compute(self._fields["company_id"], roles.exists())
        self.env.flush_all()
        return [sentence for lines in ended.values() for sentence in lines]

    def _follow_company(self, company):
        """Unite what says the same as soon as all belongs to ``company``.

        To be called with all roles of the partners, before their company changes.

        :return: as of :meth:`_end_contact`
        """
        roles = self.with_context(**{ONE_COMPANY: Marker(bool(company))})
        for same in roles.grouped("partner_id").values():
            same._unite_doubles()
        return roles.exists()._end_contact()


class RelationshipRelation(models.Model):
    _inherit = "relationship.relation"

    def _describe_source(self):
        return Source(merge=10)

    @api.model
    def _fold_partners(self, sources, destination):
        """Unite the doubles; relations between the merged partners go, named."""
        everybody = sources | destination
        relations = self.search(self._get_partner_domain(everybody.ids))
        own = relations.filtered(
            lambda r: r.left_partner_id in everybody and r.right_partner_id in everybody
        )
        sentences = [
            relation._tell_merge(
                destination,
                self.env._(
                    "Relation between the merged partners dropped: %(relation)s",
                    relation=relation.sentence,
                ),
            )
            for relation in own
        ]
        relations -= own
        sentences += [
            relation._tell_merge(
                destination,
                self.env._(
                    "Relation taken over: %(relation)s", relation=relation.sentence
                ),
            )
            for relation in relations
            if (relation.left_partner_id | relation.right_partner_id) & sources
        ]
        own.unlink()

        def get_ends_after(relation):
            ends = [
                destination.id if partner in everybody else partner.id
                for partner in (relation.left_partner_id, relation.right_partner_id)
            ]
            if relation.type_id.is_symmetric:
                ends.sort()
            return relation.type_id, *ends

        for same in relations.grouped(get_ends_after).values():
            for group in same._group_by_time(lambda one, other: True):
                if len(group) > 1:
                    group._unite()
        return sentences

    def _tell_merge(self, destination, sentence):
        return tell(destination, sentence, self.company_id, self.type_id)

    def _unite(self):
        values = {
            name: next(filter(None, self.mapped(name)), None)
            for name in ("share", "function", "influence", "attitude")
        }
        self._keep_one(self[0], {**values, "note": self._join_notes()})

    @api.model
    def _settle_merge(self, destination):
        """Put symmetric relations in order; end the older where only one may hold."""
        relations = self.search(self._get_partner_domain(destination.ids))
        self._sort_symmetric(relations)
        sentences = []
        dated = relations.sorted(lambda r: (r.date_from or r._get_date().min, r.id))
        for older, newer in combinations(dated, 2):
            if (
                older.exists()
                and older.type_id == newer.type_id
                and older._overlaps(newer)
                and older._excludes(newer)
            ):
                sentences.append(
                    older._tell_merge(
                        destination,
                        self.env._(
                            "Ended, because only one may hold at a time: %(relation)s",
                            relation=older.sentence,
                        ),
                    )
                )
                older._end_before(newer.date_from or newer._get_date().min)
        self.env.add_to_compute(self._fields["company_id"], relations.exists())
        self.env.flush_all()
        return sentences

    def _sort_symmetric(self, relations):
        self.env.cr.execute(
            SQL(
                """
                UPDATE relationship_relation r
                SET left_partner_id = right_partner_id,
                    right_partner_id = left_partner_id
                FROM relationship_relation_type t
                WHERE t.id = r.type_id AND t.is_symmetric
                  AND r.left_partner_id > r.right_partner_id AND r.id = ANY(%s)
                """,
                relations.ids,
            )
        )
        relations.invalidate_recordset()


class RelationshipReference(models.Model):
    _inherit = "relationship.reference"

    def _describe_source(self):
        return Source(merge=30)

    @api.model
    def _fold_partners(self, sources, destination):
        """Unite the lines that name the same role in the same opportunity."""
        everybody = sources | destination
        lines = self.search(
            [
                "|",
                ("partner_id", "in", everybody.ids),
                ("contact_id", "in", everybody.ids),
            ]
        )

        def get_key(line):
            partner, contact = (
                destination if who in everybody else who
                for who in (line.partner_id, line.contact_id)
            )
            return line.lead_id, line.type_id, partner, contact

        sentences = []
        for same in lines.grouped(get_key).values():
            if len(same) < 2:
                continue
            head = same.filtered(lambda r: r.partner_id == destination)[:1] or same[:1]
            values = {
                name: next(filter(None, same.mapped(name)), False)
                for name in ("influence", "attitude")
            }
            values["note"] = " · ".join(filter(None, same.mapped("note")))
            values["share"] = min(100, sum(same.mapped("share")))
            sentences.append(
                tell(
                    destination,
                    self.env._(
                        "Partner references united: %(line)s", line=head.display_name
                    ),
                    head.company_id,
                    head.type_id,
                )
            )
            (same - head).unlink()
            head.write(values)
        return sentences

    @api.model
    def _settle_merge(self, _destination):
        return []
