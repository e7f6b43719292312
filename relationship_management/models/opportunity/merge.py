"""What becomes of people in their roles when they, or opportunities, are merged."""

from odoo import api, models
from odoo.tools import format_date

from ..shared import row_trigger
from ..shared.may_be_told import leave_note, tell
from ..shared.source import Source


class RelationshipReference(models.Model):
    _inherit = "relationship.reference"

    _facts = ("share", "influence", "attitude")

    def _describe_source(self):
        return Source(merge=30)

    @api.model
    def _fold_partners(self, sources, destination):
        """Unite the lines that name the same person in the same role of a deal."""
        everybody = sources | destination
        lines = self.search(
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
            leave_note(document, same._fold_people(document))
            if len(same.exists()) < len(same):
                united = self.env._("Partner references united: %(line)s", line=name)
                sentences.append(tell(destination, united, company, type_))
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

    def _says_the_same(self, other):
        """Add up the parts of one deal, if they are of the same days."""
        is_one = self._get_document() == other._get_document()
        if is_one and self.share and other.share:
            opinions = ("influence", "attitude")
            return self._has_same_days(other) and self._agrees(other, opinions)
        return super()._says_the_same(other)

    def _get_united(self, other):
        values = super()._get_united(other)
        if self._get_document() == other._get_document():
            values["share"] = min(100, self.share + other.share)
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
        values = {"lead_id": lead.id}
        others = lead.reference_ids.filtered(lambda r: r.kind == self.kind)
        if self.share and (others | self)._get_peak() > 100:
            was = self.env._("Share before the merge: %(share)s %%", share=self.share)
            values |= {"share": 0, "note": " · ".join(filter(None, [self.note, was]))}
        self.write(values)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        """Take over the people of the merged opportunities, each role once."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge opportunities merges all that belongs to them, also
        # people whose role is hidden from the user.
        head = self.sudo()
        lines = head.reference_ids | opportunities.sudo().reference_ids
        sentences = []
        people = lines.grouped(lambda line: (line.type_id, line._get_person()))
        for same in people.values():
            sentences += same._fold_people(head)
        for line in lines.exists().filtered(lambda r: r.lead_id != head):
            line._move_to(head)
        leave_note(head, sentences)
        return result
