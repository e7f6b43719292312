from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .relationship_consent import CHANNELS

STATES = [("given", "Given"), ("withdrawn", "Withdrawn"), ("unknown", "Unknown")]


def consent_field(channel, label):
    return fields.Selection(
        STATES,
        string=label,
        compute="_compute_consents",
        search=f"_search_consent_{channel}",
        help="What the newest entry of the consent ledger says about every purpose.",
    )


class ResPartner(models.Model):
    """What a partner agreed to: states, search, and who may be contacted."""

    _inherit = "res.partner"

    consent_ids = fields.One2many("relationship.consent", "partner_id")
    consent_letter = consent_field("letter", "Consent: letter")
    consent_fax = consent_field("fax", "Consent: fax")
    consent_email = consent_field("email", "Consent: e-mail")
    consent_phone = consent_field("phone", "Consent: phone call")
    consent_sms = consent_field("sms", "Consent: SMS")

    @api.depends("consent_ids", "email_normalized", "phone_sanitized")
    @api.depends_context("relationship_date", "uid", "allowed_company_ids")
    def _compute_consents(self):
        states = self._origin._get_consent_states()
        for partner in self:
            known = states.get(partner._origin.id, {})
            for channel, _label in CHANNELS:
                partner[f"consent_{channel}"] = known.get(channel, "unknown")

    def _search_consent(self, channel, operator, value):
        if operator != "in":
            return NotImplemented
        consents = self.env["relationship.consent"]
        newest = consents._get_newest_query(Domain.TRUE, channels=[channel])
        refused = Domain("id", "in", self._get_newest_partners(newest, "withdrawn"))
        if channel == "email":
            refused |= Domain("is_blacklisted", "=", True)
        elif channel in {"phone", "sms"}:
            refused |= Domain("phone_sanitized_blacklisted", "=", True)
        given = Domain("id", "in", self._get_newest_partners(newest, "given"))
        domains = {
            "withdrawn": refused,
            "given": given & ~refused,
            "unknown": ~refused & ~given,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _get_newest_partners(self, newest, action):
        return SQL(
            "(SELECT partner_id FROM (%s) newest WHERE action = %s)", newest, action
        )

    def _search_consent_letter(self, operator, value):
        return self._search_consent("letter", operator, value)

    def _search_consent_fax(self, operator, value):
        return self._search_consent("fax", operator, value)

    def _search_consent_email(self, operator, value):
        return self._search_consent("email", operator, value)

    def _search_consent_phone(self, operator, value):
        return self._search_consent("phone", operator, value)

    def _search_consent_sms(self, operator, value):
        return self._search_consent("sms", operator, value)

    def _get_consent_states(self, purpose=None, blacklists=True):
        """Return what holds for each partner and channel, whatever their number.

        :param purpose: a purpose; empty: what was said about every purpose
        :param blacklists: an address on a blacklist counts as withdrawn
        :return: ``{partner id: {channel: "given" | "withdrawn" | "unknown"}}``
        """
        unknown = dict.fromkeys((channel for channel, _label in CHANNELS), "unknown")
        states = {partner_id: dict(unknown) for partner_id in self.ids}
        if not states:
            return states
        consents = self.env["relationship.consent"]
        self.env.flush_all()
        newest = consents._get_newest_query([("partner_id", "in", self.ids)], purpose)
        for partner_id, channel, action in self.env.execute_query(newest):
            if action != "lifted":
                states[partner_id][channel] = action
        if blacklists:
            for partner_id, email, phone in self._get_blacklisted():
                changes = {"email": email, "phone": phone, "sms": phone}
                for channel, refused in changes.items():
                    if refused:
                        states[partner_id][channel] = "withdrawn"
        return states

    def _get_blacklisted(self):
        """Return rows of partner id, e-mail refused, phone refused."""
        return self.env.execute_query(
            SQL(
                """
                SELECT p.id, m.id IS NOT NULL, n.id IS NOT NULL
                FROM res_partner p
                LEFT JOIN mail_blacklist m ON m.email = p.email_normalized AND m.active
                LEFT JOIN phone_blacklist n
                    ON n.number = p.phone_sanitized AND n.active
                WHERE p.id = ANY(%s) AND (m.id IS NOT NULL OR n.id IS NOT NULL)
                """,
                self.ids,
            )
        )

    def _split_by_consent(self, channel, purpose=None):
        """Return who may be contacted, and the others by reason in words.

        :return: ``(partners, {reason: partners})``
        """
        states = self._get_consent_states(purpose)
        refused = self.filtered(lambda p: states[p.id][channel] == "withdrawn")
        without = (self - refused).filtered(
            lambda p: not p._get_consent_address(channel)
        )
        reasons = {
            self.env._("Refused"): refused,
            self.env._("No address"): without,
        }
        return self - refused - without, {
            reason: partners for reason, partners in reasons.items() if partners
        }

    def _get_consent_address(self, channel):
        """Return the address that a channel uses."""
        if channel == "email":
            return self.email
        if channel in {"phone", "sms"}:
            return self.phone
        if channel == "letter" and self.city:
            return ", ".join(self._display_address(True).split("\n"))
        return False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_consents(self):
        # sudo: an entry that is hidden from the user is a proof just the same.
        entries = self.env["relationship.consent"].sudo()
        proven = entries._read_group([("partner_id", "in", self.ids)], ["partner_id"])
        if proven:
            raise UserError(
                self.env._(
                    "The consent ledger has entries of %(partners)s: archive them"
                    " instead of deleting them.",
                    partners=", ".join(partner.name for (partner,) in proven),
                )
            )

    def get_consents(self):
        """Return the states of this partner for the partner form.

        :return: list of ``{channel, label, state, text}``
        """
        self.ensure_one()
        self.check_access("read")
        self.env["relationship.consent"].check_access("read")
        states = self._get_consent_states()[self.id]
        words = dict(self._fields["consent_email"]._description_selection(self.env))
        field = self.env["relationship.consent"]._fields["channel"]
        return [
            {
                "channel": channel,
                "label": label,
                "state": states[channel],
                "text": words[states[channel]],
            }
            for channel, label in field._description_selection(self.env)
        ]
