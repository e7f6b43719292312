"""What becomes of people in their roles when they, or opportunities, are merged."""

from odoo import api, models
from odoo.tools import format_date

from ..shared import row_trigger
from ..shared.context import Marker, get_marked
from ..shared.may_be_told import leave_note, tell
from ..shared.source import Source
from .reference import WHOLE

# In the context: partners who are taken for one.
TAKEN_FOR_ONE = "relationship_taken_for_one"


class RelationshipReference(models.Model):
    _inherit = "relationship.reference"

    _facts = ("share", "influence", "attitude")

    def _describe_source(self):
        return Source(merge=30)

    @api.model
    def _fold_partners(self, sources, destination):
        """Unite the lines that name the same person in the same role of a deal."""
        everybody = sources | destination
        lines = self.with_context(**{TAKEN_FOR_ONE: Marker(everybody)}).search(
            [
                "|",
                ("partner_id", "in", everybody.ids),
                ("contact_id", "in", everybody.ids),
            ]
        )

        def get_key(line):
            person = line._get_person()
            return (
                line._get_document(),
                line.type_id,
                destination if person in sources else person,
            )

        sentences = []
        # Those of the destination first: they stay where two differ.
        ranked = lines.sorted(lambda r: bool((r.partner_id | r.contact_id) & sources))
        for (document, _type, _person), same in ranked.grouped(get_key).items():
            name, company, type_ = same[0].display_name, same.company_id, same.type_id
            # At the document itself everybody knows of it.
            is_secret = any(
                kind._is_restricted()
                for path in same._type_paths
                for kind in same.mapped(path)
            )
            leave_note(document, same._fold_people(document))
            if len(same.exists()) < len(same):
                united = self.env._("Partner references united: %(line)s", line=name)
                told = tell(destination, united, company, type_)
                sentences.append(None if is_secret else told)
        return sentences

    @api.model
    def _settle_merge(self, destination):
        """Leave a company alone that would be its own contact person."""
        lines = self.search(
            [("partner_id", "=", destination.id), ("contact_id", "=", destination.id)]
        )
        for line in lines:
            line._change_in_merge({"contact_id": False})
        return []

    def _fold_people(self, document):
        """Unite lines of one person and role; return sentences for the document."""
        sentences = []
        if len(self) > 1:
            row_trigger.announce_unlink(self.env)
            self._fold(
                lambda line, sentence: sentences.append(line._tell(document, sentence))
            )
        return sentences

    def _tell(self, document, sentence):
        return tell(document, sentence, self.company_id, self.type_id)

    def _get_firm(self):
        """Return for whom a contact person plays the role; nobody for who is alone."""
        one = get_marked(self.env, TAKEN_FOR_ONE, self.partner_id.browse())
        firm, person = (
            one[:1] if who in one else who for who in (self.partner_id, self.contact_id)
        )
        return firm if person and person != firm else firm.browse()

    def _says_the_same(self, other):
        """Add up the parts of one deal, if they are of the same days.

        Whoever plays a role for two companies does not play it for one of them.
        """
        firms = self._get_firm(), other._get_firm()
        if all(firms) and firms[0] != firms[1]:
            return False
        is_one = self._get_document() == other._get_document()
        if is_one and self.share and other.share:
            opinions = ("influence", "attitude")
            return self._has_same_days(other) and self._agrees(other, opinions)
        return super()._says_the_same(other)

    def _get_united(self, other):
        values = super()._get_united(other)
        if self._get_document() == other._get_document():
            values["share"] = min(100, self.share + other.share)
        if other._get_firm() and not self._get_firm():
            values["partner_id"] = other.partner_id.id
            values["contact_id"] = other.contact_id.id
        return values

    def _get_merge_words(self):
        days = [
            day and format_date(self.env, day) for day in (self.date_from, self.date_to)
        ]
        words = [
            self.display_name,
            self.contact_id.name,
            self.share and f"{self.share:g}\N{NO-BREAK SPACE}%",
            any(days) and " – ".join(day or "…" for day in days),
        ]
        return ", ".join([*filter(None, words), *self._get_opinion_words()])

    def _move_to(self, lead):
        """Move the line to another opportunity.

        A share that would make more than the whole deal becomes 0: it stands in the
        note, and somebody has to divide the deal anew.
        """
        self.write({"lead_id": lead.id, **self._get_given_up_share(lead)})

    def _get_share_days(self):
        return self.share, self.date_from, self.date_to

    def _get_given_up_share(self, lead):
        """Return values without the share, where it makes more than the whole deal."""
        others = lead.reference_ids.filtered(lambda r: r.kind == self.kind)
        if not self.share or (others | self)._get_peak() <= WHOLE:
            return {}
        was = self.env._("Share before the merge: %(share)s %%", share=self.share)
        return {"share": 0, "note": " · ".join(filter(None, [self.note, was]))}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        """Take over the people of the merged opportunities, each role once."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge opportunities merges all that belongs to them, also
        # people whose role is hidden from the user.
        head = self.sudo()
        everything = head | opportunities.sudo()
        lines = everything.reference_ids
        before = {line: line._get_share_days() for line in head.reference_ids}
        sentences = []
        people = lines.grouped(lambda line: (line.type_id, line._get_person()))
        for same in people.values():
            sentences += same._fold_people(head)
        for line in head.reference_ids:
            if line._get_share_days() != before.get(line):
                line._change_in_merge(line._get_given_up_share(head))
        for line in everything.reference_ids - head.reference_ids:
            line._move_to(head)
        leave_note(head, sentences)
        return result
