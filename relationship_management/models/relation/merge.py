"""What becomes of the relations of partners that are merged, or deleted."""

from collections import defaultdict
from itertools import combinations

from odoo import api, models
from odoo.tools import SQL

from ..role.role import ONE_COMPANY
from ..shared.context import Marker, get_marked
from ..shared.may_be_told import leave_notes, tell
from ..shared.source import Source

# In the context while relations end of which only one may hold at a time.
EXCLUDED = "relationship_excluded"


class RelationshipRelation(models.Model):
    _inherit = "relationship.relation"

    _facts = ("share", "function", "influence", "attitude")

    def _describe_source(self):
        return Source(merge=10)

    @api.model
    def _fold_partners(self, sources, destination):
        """Unite the doubles; relations between the merged partners go, named."""
        everybody = sources | destination
        # Whatever the relations say now, they follow the company of the one that stays.
        is_one = Marker(bool(everybody.company_id))
        relations = self.with_context(**{ONE_COMPANY: is_one})
        relations = relations.search(self._get_partner_domain(everybody.ids))
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
        together = self._is_of_company_of(other)
        return super()._meets(other) and (
            together or not self.company_id or not other.company_id
        )

    def _is_of_company_of(self, other):
        return self.company_id == other.company_id or get_marked(self.env, ONE_COMPANY)

    def _says_the_same(self, other):
        """Tell nobody what one company says, and leave its relation to each."""
        return self._is_of_company_of(other) and super()._says_the_same(other)

    def _choose_keeping(self, other):
        """Let the relation of every company keep its days."""
        if self._is_of_company_of(other):
            return super()._choose_keeping(other)
        return (other, self) if self.company_id else (self, other)

    @api.model
    def _settle_merge(self, destination):
        """Put symmetric relations in order; end the older where only one may hold.

        In SQL, as the fold: core has not told yet what the partner is.
        """
        is_one = Marker(bool(destination.company_id))
        relations = self.with_context(**{ONE_COMPANY: is_one})
        relations = relations.search(self._get_partner_domain(destination.ids))
        self._sort_symmetric(relations)
        self.env.flush_all()
        sentences = []
        for relation in relations._end_excluded(
            lambda relation, sentence: sentences.append(
                relation._tell_merge(destination, sentence)
            )
        ):
            company = relation._get_company_of_ends()
            if company != relation.company_id:
                relation._change_in_merge({"company_id": company.id})
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

    def _end_excluded(self, note):
        """Let of two relations, of which one may hold at a time, the newer one hold.

        :param note: as of :meth:`_fold`
        :return: what is left, with the parts of what lay around another one
        """
        # Of two that begin and end together the one that was entered last stays.
        left = list(self.sorted("id", reverse=True))
        while pair := next((p for p in combinations(left, 2) if p[0]._rivals(p[1])), 0):
            keeping, yielding = pair[0]._choose_keeping(pair[1])
            at = left.index(yielding)
            told = yielding.with_context(**{EXCLUDED: Marker()})
            left[at : at + 1] = told._keep_clear(keeping, note)
        return self.browse().union(*left)

    def _rivals(self, other):
        same_type = self.type_id == other.type_id
        return same_type and self._meets(other) and self._excludes(other)

    def _get_yield_sentence(self, parts):
        if not get_marked(self.env, EXCLUDED):
            return super()._get_yield_sentence(parts)
        if not parts:
            return self.env._(
                "Dropped, because only one may hold at a time: %(relation)s",
                relation=self.sentence,
            )
        if [part["date_from"] for part in parts] == [self.date_from]:
            return self.env._(
                "Ended, because only one may hold at a time: %(relation)s",
                relation=self.sentence,
            )
        return self.env._(
            "Shortened, because only one may hold at a time: %(relation)s",
            relation=self.sentence,
        )

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
