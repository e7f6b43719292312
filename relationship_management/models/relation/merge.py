"""What becomes of the relations of partners that are merged, or deleted."""

from collections import defaultdict
from itertools import combinations

from odoo import api, models
from odoo.tools import SQL

from ..shared.may_be_told import leave_notes, tell
from ..shared.source import Source


class RelationshipRelation(models.Model):
    _inherit = "relationship.relation"

    _facts = ("share", "function", "influence", "attitude")

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
        taken_over = {
            relation: relation._tell_merge(
                destination,
                self.env._(
                    "Relation taken over: %(relation)s", relation=relation.sentence
                ),
            )
            for relation in relations
            if (relation.left_partner_id | relation.right_partner_id) & sources
        }
        own.unlink()

        def get_ends_after(relation):
            ends = [
                destination.id if partner in everybody else partner.id
                for partner in (relation.left_partner_id, relation.right_partner_id)
            ]
            if relation.type_id.is_symmetric:
                ends.sort()
            return relation.type_id, *ends

        def note(relation, sentence):
            taken_over.pop(relation, None)
            sentences.append(relation._tell_merge(destination, sentence))

        # Those of the destination first: they stay where two differ.
        ranked = relations.sorted(lambda r: r in taken_over)
        for same in ranked.grouped(get_ends_after).values():
            same._fold(note)
        return [*sentences, *taken_over.values()]

    def _tell_merge(self, destination, sentence):
        return tell(destination, sentence, self.company_id, self.type_id)

    def _unlink_with(self, partners):
        """Go with partners that are deleted, and tell it at the other ends."""
        sentences = defaultdict(list)
        for relation in self.with_context(relationship_partner_id=False):
            ends = relation.left_partner_id | relation.right_partner_id
            for other in ends.filtered(lambda end: end.id not in partners.ids):
                sentences[other].append(
                    relation._tell_merge(
                        other,
                        self.env._(
                            "Relation deleted together with a partner: %(relation)s",
                            relation=relation.sentence,
                        ),
                    )
                )
        leave_notes(partners, sentences)
        return self.unlink()

    def _get_merge_words(self):
        """Return the sentence, with what it does not tell of itself."""
        return ", ".join([self.sentence, *self._get_opinion_words()])

    def _meets(self, other):
        """Leave what two companies say apart, as the rule against doubles does."""
        together = self.company_id == other.company_id
        return super()._meets(other) and (
            together or not self.company_id or not other.company_id
        )

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
                and older._meets(newer)
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
        self.env.flush_all()
        moved = relations.exists().filtered(
            lambda r: r.company_id != r._get_company_of_ends()
        )
        self.env.add_to_compute(self._fields["company_id"], moved)
        self.env.flush_all()
        broken = [
            problem
            for problem in self._find_partner_problems(destination)
            if problem.rule.startswith(("circle", "total"))
        ]
        self._refuse_problems(
            broken,
            self.env._(
                "The merge would break rules of relations. Change or end them first:"
            ),
        )
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
