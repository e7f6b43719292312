"""What the partner form shows of the ledger of consents."""

from odoo import models
from odoo.tools import format_date

from .consent import CHANNELS


class ResPartner(models.Model):
    _inherit = "res.partner"

    def get_consents(self):
        """Return what holds for this partner today, by channel, in words.

        :return: list of ``{channel, label, state, text, details, entry_id, purposes}``;
            ``details`` are words, ``entry_id`` is the entry that decides, or False;
            ``purposes``, of which the partner said something else than of every
            purpose, are ``[{id, name, state, text}]``
        """
        self.ensure_one()
        self.check_access("read")
        self.env["relationship.consent"].check_access("read")
        words = dict(self._fields["consent_email"]._description_selection(self.env))
        general = self._get_deciding_entries()
        special = [
            (purpose, self._get_deciding_entries(purpose))
            for purpose in self._get_purposes_spoken_of()
        ]
        labels = self.env["relationship.consent"]._get_labels("channel")
        consents = []
        for channel, _label in CHANNELS:
            state, entry = general[channel]
            purposes = [
                {
                    "id": purpose.id,
                    "name": purpose.name,
                    "state": decided[channel][0],
                    "text": words[decided[channel][0]],
                }
                for purpose, decided in special
                if decided[channel][0] != state
            ]
            consents.append(
                {
                    "channel": channel,
                    "label": labels[channel],
                    "state": state,
                    "text": words[state],
                    "details": self._get_consent_details(channel, state, entry),
                    "entry_id": entry.id,
                    "purposes": purposes,
                }
            )
        return consents

    def _get_purposes_spoken_of(self):
        groups = self.env["relationship.consent"]._read_group(
            [("partner_id", "=", self.id), ("purpose_id", "!=", False)], ["purpose_id"]
        )
        return [purpose for (purpose,) in groups]

    def _get_deciding_entries(self, purpose=None):
        """Return ``{channel: (state, entry)}``, without what the user may not read."""
        channels = [channel for channel, _label in CHANNELS]
        entries = self.env["relationship.consent"]
        rows = self.env.execute_query(
            self._get_consent_query(channels, purpose, partners=self)
        )
        readable = entries.browse(row[3] for row in rows)._filtered_access("read")
        decided = dict.fromkeys(channels, ("unknown", entries))
        for _partner_id, channel, state, entry_id in rows:
            decided[channel] = (state, readable & entries.browse(entry_id))
        return decided

    def _get_consent_details(self, channel, state, entry):
        """Return since when and why a channel is as it is, in the user's words."""
        if not entry:
            listed = state != "withdrawn" and self._filter_blacklisted(channel)
            return [self.env._("On the blacklist of Odoo")] if listed else []
        since = format_date(self.env, entry._get_day())
        details = [self.env._("Since %(day)s", day=since)]
        if entry.valid_until:
            until = format_date(self.env, entry.valid_until)
            details.append(self.env._("Until %(day)s", day=until))
        if entry.legal_basis:
            details.append(entry._get_labels("legal_basis")[entry.legal_basis])
        elif entry.origin not in ("person", "form"):
            details.append(entry._get_labels("origin")[entry.origin])
        return details

    def action_view_consents(self):
        """Open every entry of this partner."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_consent_action"
        )
        title = self.env._("Consents of %(partner)s", partner=self.display_name)
        action.update(
            name=title,
            display_name=title,
            domain=[("partner_id", "=", self.id)],
            context={"default_partner_id": self.id},
        )
        return action
