"""What the partner form shows of the ledger of consents."""

from odoo import models
from odoo.tools import SQL, format_date

from .channel import CHANNELS
from .judge import Judge


class ResPartner(models.Model):
    _inherit = "res.partner"

    def get_consents(self):
        """Return what holds for this partner today, by channel, in words.

        :return: list of ``{channel, label, state, text, details, reason, entry_id,
            purposes}``; ``details`` are words, ``reason`` is why nobody may use the
            channel, or None, ``entry_id`` is the entry that decides, or False;
            ``purposes``, of which the partner said something else than of every
            purpose, are ``[{id, name, state, text}]``
        """
        self.ensure_one()
        self.check_access("read")
        self.env["relationship.consent"].check_access("read")
        purposes = self._get_purposes_spoken_of()
        verdicts = self._get_verdicts(purposes)
        entries = self.env["relationship.consent"].browse(
            row["entry_id"] for row in verdicts.values() if row["entry_id"]
        )
        entries = entries._filtered_access("read")
        labels = entries._get_labels("channel")
        words = dict(self._fields["consent_email"]._description_selection(self.env))
        consents = []
        for channel, _label in CHANNELS:
            verdict = verdicts[channel, 0]
            entry = entries.browse(verdict["entry_id"]) & entries
            consents.append(
                {
                    "channel": channel,
                    "label": labels[channel],
                    "state": verdict["state"],
                    "text": words[verdict["state"]],
                    "details": self._get_consent_details(verdict, entry),
                    "reason": verdict["reason"],
                    "entry_id": entry.id,
                    "purposes": [
                        {
                            "id": purpose.id,
                            "name": purpose.name,
                            "state": state,
                            "text": words[state],
                        }
                        for purpose in purposes
                        for state in (verdicts[channel, purpose.id]["state"],)
                        if state != verdict["state"]
                    ],
                }
            )
        return consents

    def _get_purposes_spoken_of(self):
        groups = self.env["relationship.consent"]._read_group(
            [("partner_id", "=", self.id), ("purpose_id", "!=", False)], ["purpose_id"]
        )
        return self.env["relationship.consent.purpose"].concat(*(p for (p,) in groups))

    def _get_verdicts(self, purposes):
        """Return ``{(channel, purpose id or 0): verdict}``; see :class:`Judge`."""
        query = Judge(self.env).get_verdicts(
            SQL("SELECT %s", self.id),
            [(name, id_) for name, _label in CHANNELS for id_ in (0, *purposes.ids)],
            few=True,
        )
        return {
            (row["channel"], row["purpose_id"]): {
                **row,
                "state": row["state"] or "unknown",
            }
            for row in self.env.execute_query_dict(query)
        }

    def _get_consent_details(self, verdict, entry):
        """Return since when and why a channel is as it is, in the user's words."""
        details = []
        if entry:
            since = format_date(self.env, entry._get_day())
            details.append(self.env._("Since %(day)s", day=since))
            if entry.valid_until:
                until = format_date(self.env, entry.valid_until)
                details.append(self.env._("Until %(day)s", day=until))
            if entry.legal_basis:
                details.append(entry._get_labels("legal_basis")[entry.legal_basis])
            elif entry.origin not in ("person", "form"):
                details.append(entry._get_labels("origin")[entry.origin])
        if verdict["mailbox_refused"] and verdict["state"] != "withdrawn":
            details.append(self.env._("Refused by somebody else with this address"))
        if verdict["listed"] and verdict["state"] != "withdrawn":
            details.append(self.env._("On the blacklist of Odoo"))
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
