"""The ledger of consents and core's blacklists, kept in step both ways.

A list knows addresses, no partners, purposes or companies. Who refuses every purpose
puts the address on the list; who no longer does takes it off, unless somebody else with
this address refuses. An address that comes to a list in another way becomes an entry
*withdrawn* of each partner who has it; one that goes, an entry *objection lifted*: to
be taken off a list is not to agree to something.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..shared.context import Marker, get_marked, without_defaults
from .channel import BLACKLISTS, LISTED_NAMES

# While what partners said goes to the lists: about which channels, and which partners.
SAID_CHANNELS = "relationship_consent_channels"
SAID_BY = "relationship_consent_partner_ids"


class RelationshipBlacklistMixin(models.AbstractModel):
    """A blacklist that writes to the ledger of consents what happens to it."""

    _name = "relationship.blacklist.mixin"
    _description = "Blacklist beside the ledger of consents"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._record_addresses(entries._get_listed(), "withdrawn")
        return entries

    def write(self, vals):
        if not {"active", self._rec_name} & vals.keys():
            return super().write(vals)
        before = self._get_listed()
        result = super().write(vals)
        after = self._get_listed()
        self._record_addresses(before - after, "lifted")
        self._record_addresses(after - before, "withdrawn")
        return result

    def unlink(self):
        """Delete; an address that was listed no longer is."""
        before = self._get_listed()
        result = super().unlink()
        self._record_addresses(before, "lifted")
        return result

    def _get_listed(self):
        return set(self.filtered("active").mapped(self._rec_name))

    @api.model
    def _record_addresses(self, addresses, action, partners=None, **values):
        """Write what happened to these addresses to the ledger of their partners.

        :param addresses: set of normalised addresses
        :param action: ``withdrawn`` or ``lifted``
        :param partners: only these partners; otherwise everybody with the address
        :param values: more values of the entries
        """
        if not addresses:
            return
        field, channels = BLACKLISTS[self._name]
        if action == "withdrawn":
            channels = get_marked(self.env, SAID_CHANNELS, channels)
        # sudo: whoever changes a blacklist, also by a link in a message, changes what
        # holds for every partner with the address.
        everybody = self.env["res.partner"].sudo().with_context(active_test=False)
        domain = Domain(field, "in", list(addresses))
        if partners is not None:
            domain &= Domain("id", "in", partners.ids)
        everybody.search(domain)._record_blacklisting(
            channels, action, {"origin": self._get_consent_origin(), **values}
        )

    def _get_consent_origin(self):
        """Tell a person who follows a link from somebody who keeps the list."""
        return "unsubscribe" if self.env.user.share else "blacklist"

    @api.model
    def _change_addresses(self, addresses, listed):
        """Put addresses on the list or take them off, in batch, with the reason."""
        field = self._rec_name
        if not addresses:
            return
        entries = self.with_context(active_test=False).search(
            [(field, "in", list(addresses))]
        )
        reason = self.env._("The consents of the partner say so.")
        changed = entries.filtered(lambda e: e.active != listed)
        changed._track_set_log_message(reason)
        changed.write({"active": listed})
        if listed:
            new = set(addresses) - set(entries.mapped(field))
            created = self.create([{field: address} for address in sorted(new)])
            created._message_log_batch(bodies=dict.fromkeys(created.ids, reason))


class MailBlacklist(models.Model):
    _name = "mail.blacklist"
    _inherit = ["mail.blacklist", "relationship.blacklist.mixin"]


class PhoneBlacklist(models.Model):
    _name = "phone.blacklist"
    _inherit = ["phone.blacklist", "relationship.blacklist.mixin"]


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._meet_blacklists()
        return partners

    def write(self, vals):
        if not {"email", "phone", "country_id"} & vals.keys():
            return super().write(vals)
        before = {partner: partner._get_listed_addresses() for partner in self}
        result = super().write(vals)
        changed = self.filtered(lambda p: p._get_listed_addresses() != before[p])
        if changed:
            changed._sync_blacklists(LISTED_NAMES, may_clear=False)
            changed._meet_blacklists()
        return result

    def _get_listed_addresses(self):
        return [self[field] for field, _channels in BLACKLISTS.values()]

    def _meet_blacklists(self):
        """Record that partners got an address that is on a blacklist."""
        for model, (field, _channels) in BLACKLISTS.items():
            if addresses := set(filter(None, self.mapped(field))):
                # sudo: whoever enters an address learns that it is on the list.
                entries = self.env[model].sudo()
                listed = entries.search([(entries._rec_name, "in", list(addresses))])
                entries._record_addresses(listed._get_listed(), "withdrawn", self)

    def _sync_blacklists(self, channels, may_clear=True):
        """Bring the blacklists in step with what these partners said.

        :param channels: of which they said something
        :param may_clear: also take addresses off the lists
        """
        # sudo: whoever records a consent or an address causes it, and need not be
        # allowed to keep the lists.
        partners = self.sudo()
        for model, (field, served) in BLACKLISTS.items():
            said = tuple(c for c in served if c in channels)
            if not said:
                continue
            refusals = partners._get_refusals(served)
            refusing = partners.filtered(
                lambda p, s=said, r=refusals: any(
                    origin != "blacklist" for c in s for _company, origin in r[p.id][c]
                )
            )
            entries = self.env[model].sudo()
            entries.with_context(
                **{SAID_CHANNELS: Marker(said), SAID_BY: Marker(refusing.ids)}
            )._change_addresses(set(filter(None, refusing.mapped(field))), True)
            if may_clear:
                free = partners.filtered(
                    lambda p, r=refusals: not any(r[p.id].values())
                )
                entries._change_addresses(
                    free._get_free_addresses(field, served), False
                )

    def _get_free_addresses(self, field, channels):
        """Return the addresses that nobody else with the same one refuses."""
        addresses = set(filter(None, self.mapped(field)))
        if not addresses:
            return addresses
        others = self.with_context(active_test=False).search(
            [(field, "in", list(addresses)), ("id", "not in", self.ids)]
        )
        refusals = others._get_refusals(channels)
        refusing = others.filtered(
            lambda p: any(
                origin != "blacklist"
                for said in refusals[p.id].values()
                for _company, origin in said
            )
        )
        return addresses - set(refusing.mapped(field))

    def _record_blacklisting(self, channels, action, values):
        """Write to the ledger what a blacklist did to the addresses of these partners.

        Nothing is written that the ledger says already.
        """
        refusals = self._get_refusals(channels)
        rows = []
        cause = get_marked(self.env, SAID_BY, ())
        for partner in self:
            for channel in channels:
                refused_for = {company for company, _o in refusals[partner.id][channel]}
                companies = refused_for
                if action == "withdrawn":
                    companies = {partner.company_id.id or None} - refused_for
                    if None in refused_for or (partner.id in cause and refused_for):
                        companies = ()
                rows += [
                    {
                        "partner_id": partner.id,
                        "company_id": company,
                        "channel": channel,
                        "action": action,
                        **values,
                    }
                    for company in sorted(companies, key=lambda c: c or 0)
                ]
        # sudo: see _record_addresses.
        without_defaults(self.env["relationship.consent"]).sudo().create(rows)

    @api.model
    def _cron_refuse_again(self):
        """Blacklist those whose consent for a time has ended and who refused before."""
        today = fields.Date.context_today(self)
        ended = self.env["relationship.consent"].search(
            [
                ("purpose_id", "=", False),
                ("channel", "in", LISTED_NAMES),
                ("valid_until", "<", today),
                ("valid_until", ">=", fields.Date.subtract(today, days=31)),
            ]
        )
        ended.partner_id._sync_blacklists(LISTED_NAMES, may_clear=False)


class RelationshipConsent(models.Model):
    _inherit = "relationship.consent"

    @api.model
    def _record_blacklists(self):
        """Take over the blacklists that were there before the ledger.

        Each entry is dated as the list is, so that an older consent that is imported
        later does not take the address off the list.
        """
        for model in BLACKLISTS:
            entries = self.env[model].search([("active", "=", True)])
            for day, same in entries.grouped(lambda e: e.write_date.date()).items():
                since = max(same.mapped("write_date"))
                entries._record_addresses(
                    same._get_listed(),
                    "withdrawn",
                    date=since,
                    evidence=self.env._(
                        "Found on the blacklist, where it was since %(day)s.",
                        day=format_date(self.env, day),
                    ),
                )
