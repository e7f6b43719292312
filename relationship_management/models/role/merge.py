"""What becomes of the roles of partners that are merged, or move to one company."""

from odoo import api, models

from ..shared.context import Marker, get_marked
from ..shared.fold import FOLDING
from ..shared.may_be_told import tell
from ..shared.source import Source
from .role import ONE_COMPANY, SILENT


class RelationshipRole(models.Model):
    _inherit = "relationship.role"

    def _describe_source(self):
        return Source(merge=20)

    @api.model
    def _fold_partners(self, sources, destination):
        """Unite the roles of one type; a refused one yields to one that counts."""
        roles = self.search([("partner_id", "in", (sources | destination).ids)])
        sentences = []
        taken_over = {
            role: role._tell_merge(
                destination,
                self.env._(
                    "Role taken over from %(partner)s: %(role)s",
                    partner=role.partner_id.display_name,
                    role=role._get_sentence(),
                ),
            )
            for role in roles.filtered(lambda r: r.partner_id in sources)
        }

        def note(role, sentence):
            taken_over.pop(role, None)
            sentences.append(role._tell_merge(destination, sentence))

        roles._unite_doubles(note)
        return [*sentences, *taken_over.values()]

    def _tell_merge(self, destination, sentence):
        return tell(destination, sentence, self.company_id, self.type_id)

    def _get_merge_words(self):
        return self._get_sentence()

    def _unite_doubles(self, note=lambda _role, _sentence: None):
        """Leave one role of a type for each day; refused ones yield to the others.

        To be called with all roles of the partners, who are taken for one.

        :param note: as of :meth:`_fold`
        :return: what is left
        """
        roles = self.with_context(**{SILENT: Marker()})
        ranked = roles.sorted(
            lambda r: (
                not r.company_id,
                r.state == "confirmed",
                r.origin == "manual",
            ),
            reverse=True,
        )
        left = roles.browse()
        for same in ranked.grouped(
            lambda r: (r.type_id, r.state == "refused")
        ).values():
            left |= same._fold(note)
        counting = left.filtered(lambda r: r.state != "refused")
        yielding = (left - counting).filtered(
            lambda r: any(
                r.kind == other.kind and r._shares_company(other) for other in counting
            )
        )
        for role in yielding:
            note(role, role._get_yield_sentence([]))
        yielding._delete_in_merge()
        return left - yielding

    def _meets(self, other):
        return super()._meets(other) and self._shares_company(other)

    def _says_the_same(self, other):
        same_company = self.company_id == other.company_id
        if not same_company and not get_marked(self.env, ONE_COMPANY):
            return False
        return self.state == other.state or self._covers_proposed(other)

    def _covers_proposed(self, other):
        """Tell whether of one that is proposed no day lies beside the confirmed one.

        The others stay proposed: nobody has confirmed them.
        """
        pair = (self, other) if self.state == "confirmed" else (other, self)
        confirmed, proposed = pair
        parts = proposed._get_parts_beside(confirmed)
        return not any(part["date_from"] for part in parts)

    def _get_united(self, other):
        states = (self.state, other.state)
        state = "confirmed" if "confirmed" in states else self.state
        return {**super()._get_united(other), "state": state}

    def _choose_keeping(self, other):
        """Let what is confirmed keep its days, then the role for every company."""
        pair = sorted(
            (self, other),
            key=lambda r: (r.state == "confirmed", not r.company_id),
            reverse=True,
        )
        return tuple(pair)

    @api.model
    def _settle_merge(self, destination):
        """Let the companies follow, and the role Contact end."""
        at_destination = [("partner_id", "=", destination.id)]
        folding = self.with_context(**{FOLDING: Marker()})
        ended = folding.search(at_destination)._follow_company(destination.company_id)
        roles = self.search(at_destination)
        if company := destination.company_id:
            roles = roles.filtered(lambda r: r.company_id != company)
            self.env.add_to_compute(self._fields["company_id"], roles)
        self.env.flush_all()
        return [sentence for lines in ended.values() for sentence in lines]

    def _follow_company(self, company):
        """Unite what says the same as soon as all belongs to ``company``.

        To be called with all roles of the partners, before their company changes.

        :return: as of :meth:`_end_contact`
        """
        roles = self.with_context(**{ONE_COMPANY: Marker(bool(company))})
        left = roles.browse()
        for same in roles.grouped("partner_id").values():
            left |= same._unite_doubles()
        return left._end_contact()
