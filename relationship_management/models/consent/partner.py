"""What the ledger of consents says about partners, for any number of them at once."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.may_be_told import names_of
from ..shared.partner_fields import EVERYBODY
from .channel import CHANNELS
from .judge import FEW, Judge

STATES = [("given", "Given"), ("withdrawn", "Withdrawn"), ("unknown", "Unknown")]


def _consent_field(channel, label):
    """Return the field that tells and finds the state of one channel."""
    return fields.Selection(
        STATES,
        string=label,
        compute="_compute_consents",
        search=lambda self, operator, value: self._search_consent(
            channel, operator, value
        ),
        groups=EVERYBODY,
    )


class ResPartner(models.Model):
    """State of the consents; see ``relationship.consent`` for the rules.

    The context key ``relationship_date`` asks for another day than today,
    ``relationship_purpose_id`` for a purpose.
    """

    _inherit = "res.partner"

    consent_ids = fields.One2many(
        "relationship.consent",
        "partner_id",
        groups=EVERYBODY,
    )
    consent_letter = _consent_field("letter", "Consent: letter")
    consent_fax = _consent_field("fax", "Consent: fax")
    consent_email = _consent_field("email", "Consent: e-mail")
    consent_phone = _consent_field("phone", "Consent: phone call")
    consent_sms = _consent_field("sms", "Consent: SMS")

    @api.depends("company_id", "email_normalized", "phone_sanitized")
    @api.depends_context("relationship_date", "relationship_purpose_id", "company")
    def _compute_consents(self):
        channels = [channel for channel, _label in CHANNELS]
        states = self._origin._get_consent_states(channels)
        for partner in self:
            found = states.get(partner._origin.id, {})
            for channel in channels:
                partner[f"consent_{channel}"] = found.get(channel, "unknown")

    def _search_consent(self, channel, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = {state for state, _label in STATES if state in value}
        if operator == "not in":
            wanted = {state for state, _label in STATES} - wanted
        # Who said nothing has no row: unknown is the complement of the other two.
        complement = "unknown" in wanted
        if complement:
            wanted = {"given", "withdrawn"} - wanted
        found = SQL(
            "(SELECT c.partner_id FROM (%s) c WHERE c.state IN %s)",
            self._get_consent_query([channel]),
            tuple(wanted) or ("",),
        )
        return Domain("id", "not in" if complement else "in", found)

    def _forget_consent_states(self):
        self.invalidate_model([f"consent_{c}" for c, _label in CHANNELS], flush=False)

    def _get_consent_states(self, channels=None, purpose=None, day=None):
        """Return what these partners said, in one statement for any number of them.

        Asked for the company of each partner, otherwise the current one.

        :param channels: iterable of letter, fax, email, phone, sms; None for all
        :param purpose: ``relationship.consent.purpose`` or its id; without one only
            what was said about every purpose counts
        :param day: the day that is asked for; the context key ``relationship_date``,
            otherwise today
        :return: ``{partner id: {channel: "given" | "withdrawn" | "unknown"}}``
        """
        channels = [name for name, _l in CHANNELS] if channels is None else [*channels]
        states = {id_: dict.fromkeys(channels, "unknown") for id_ in self.ids}
        if states and channels:
            query = self._get_consent_query(channels, purpose, day, partners=self)
            for partner_id, channel, state, _entry in self.env.execute_query(query):
                states[partner_id][channel] = state
        return states

    def _split_by_consent(
        self, channel, purpose=None, only_given=False, company=None, day=None
    ):
        """Split these partners into those who may be addressed, and the others.

        :param purpose: ``relationship.consent.purpose`` or its id
        :param only_given: leave out those who said nothing, too
        :param company: in whose name, and ``day``: see :class:`Judge`
        :return: ``(allowed, {reason: partners})``, reasons as in ``REASONS``
        """
        reasons = self._judge_consent(channel, purpose, only_given, company, day)
        groups = self.filtered(lambda p: p.id in reasons).grouped(
            lambda p: reasons[p.id]
        )
        return groups.pop(None, self.browse()), groups

    def _judge_consent(
        self, channel, purpose=None, only_given=False, company=None, day=None
    ):
        """Return why one may not address some of these partners: ``{id: reason}``.

        ``None`` for whom one may; the arguments as in :meth:`_split_by_consent`.
        """
        judge = Judge(self.env, company, day=day, needs_consent=only_given)
        query = judge.get_verdicts(
            SQL("SELECT unnest(%s::int[])", list(self.ids)),
            [(channel, int(purpose or 0))],
            few=len(self) <= FEW,
        )
        told = SQL("SELECT v.partner_id, v.reason FROM (%s) v", query)
        return dict(self.env.execute_query(told))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_consents(self):
        # sudo: consents for other companies hold the partner just the same.
        consents = self.env["relationship.consent"].sudo()
        if groups := consents._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"]
        ):
            raise UserError(
                self.env._(
                    "What these partners agreed or objected to is on record and must"
                    " remain provable: %(partners)s. Archive them, or replace name and"
                    " addresses to make them anonymous.",
                    partners=names_of(self.browse(p.id for (p,) in groups[:10])),
                )
            )
