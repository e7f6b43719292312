"""The ledger of consents when partners are merged: see ``partner_merge``."""

from odoo import api, models

from ..shared import row_trigger
from ..shared.may_be_told import tell
from ..shared.source import Source
from .channel import CHANNELS, LISTED_NAMES


class RelationshipConsent(models.Model):
    _inherit = "relationship.consent"

    def _describe_source(self):
        return Source(partners=("partner_id",), merge=40)

    @api.model
    def _fold_partners(self, sources, destination):
        """Move the entries; where the partners said different things, refuse.

        The order by date stays. Who had refused still refuses afterwards: where a
        younger word of another partner would beat it, an entry of origin *merge* says
        so. What a blacklist said about an address stays with the address.
        """
        everybody = sources | destination
        entries = self.search([("partner_id", "in", everybody.ids)])
        moved = entries.filtered(lambda e: e.partner_id in sources)
        if not moved:
            return []
        questions = self._get_merge_questions(entries, destination)
        refused = [
            question for question in questions if everybody._is_refusing(*question)
        ]
        self._move(sources, destination)
        sentences = [self.env._("Consents taken over: %(count)s", count=len(moved))]
        for asked in refused:
            if not destination._is_refusing(*asked):
                entry = self._refuse_after_merge(destination, *asked)
                sentences.append(
                    tell(
                        destination,
                        self.env._(
                            "The merged partners had said different things; the"
                            " refusal holds: %(consent)s",
                            consent=entry.display_name,
                        ),
                        entry.company_id,
                    )
                )
        return sentences

    @api.model
    def _settle_merge(self, destination):
        """Bring the blacklists in step with what the entries say together."""
        destination._sync_blacklists(LISTED_NAMES, may_clear=False)
        return []

    @api.model
    def _get_merge_questions(self, entries, destination):
        """Return what is asked before and after: channel, company, purpose."""
        purposes = [self.env["relationship.consent.purpose"], *entries.purpose_id]
        companies = {destination.company_id or entry.company_id for entry in entries}
        return [
            (channel, company, purpose)
            for purpose in purposes
            for company in sorted(companies, key=lambda company: company.id)
            for channel, _label in CHANNELS
        ]

    def _move(self, sources, destination):
        self.env.flush_all()
        with row_trigger.announce_consent_merge(
            self.env.cr, sources.ids, destination.id
        ):
            self.env.cr.execute(
                "UPDATE relationship_consent SET partner_id = %s"
                " WHERE partner_id = ANY(%s)",
                [destination.id, sources.ids],
            )
        self.invalidate_model()
        (sources | destination).invalidate_recordset(["consent_ids"])

    def _refuse_after_merge(self, partner, channel, company, purpose):
        return self.create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "purpose_id": purpose.id,
                "channel": channel,
                "action": "withdrawn",
                "origin": "merge",
                "evidence": self.env._(
                    "The merged partners had said different things."
                ),
            }
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _is_refusing(self, channel, company, purpose):
        """Tell whether one of these refuses, whatever a blacklist says."""
        partners = self.with_context(
            relationship_date=False, relationship_purpose_id=False
        )
        query = partners._get_consent_query(
            [channel], purpose, partners=self, company=company, general=True
        )
        rows = self.env.execute_query(query)
        return "withdrawn" in [state for _partner, _channel, state, _entry in rows]
