"""What the ledger of consents says about partners, for any number of them at once."""

from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .relationship_consent import CHANNELS

STATES = [("given", "Given"), ("withdrawn", "Withdrawn"), ("unknown", "Unknown")]
# What decides: the newest entry of an action, as an array that sorts by date, then id.
NEWEST = SQL("max(ARRAY[extract(epoch FROM r.date)::numeric, r.id])")
GIVEN, WITHDRAWN, LIFTED = (
    SQL(
        "coalesce(%s FILTER (WHERE r.action = %s), ARRAY[-1e12, 0])",
        NEWEST,
        action,
    )
    for action in ("given", "withdrawn", "lifted")
)


def _consent_field(channel, label):
    """Return the field that tells and finds the state of one channel."""
    return fields.Selection(
        STATES,
        string=label,
        compute="_compute_consents",
        search=lambda self, operator, value: self._search_consent(
            channel, operator, value
        ),
        groups="relationship_management.relationship_management_group_user",
    )


class ResPartner(models.Model):
    """State of the consents; see ``relationship.consent`` for the rules.

    The context key ``relationship_date`` asks for another day than today,
    ``relationship_purpose_id`` for a purpose.
    """

    _inherit = "res.partner"

    consent_ids = fields.One2many("relationship.consent", "partner_id")
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
        wanted = set(value)
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
            for partner_id, channel, state in self.env.execute_query(query):
                states[partner_id][channel] = state
        return states

    @api.model
    def _get_consent_query(
        self,
        channels,
        purpose=None,
        day=None,
        partners=None,
        company=None,
        general=False,
    ):
        """Return a statement of partner, channel and state, where it is known.

        :param company: of partners without one; by default the current company, an
            empty recordset for what was said to every company
        :param general: leave out what the blacklist said about an address
        """
        return SQL(
            """
            SELECT partner_id, channel, state FROM (
                SELECT r.partner_id, r.channel,
                    CASE WHEN %(given)s > %(withdrawn)s THEN 'given'
                         WHEN %(withdrawn)s > %(lifted)s THEN 'withdrawn'
                    END AS state
                FROM relationship_consent r
                JOIN res_partner p ON p.id = r.partner_id
                WHERE %(counts)s
                  AND (r.company_id IS NULL
                       OR r.company_id = coalesce(p.company_id, %(company)s))
                GROUP BY r.partner_id, r.channel
            ) said WHERE state IS NOT NULL
            """,
            given=GIVEN,
            withdrawn=WITHDRAWN,
            lifted=LIFTED,
            counts=self._get_consent_counts(channels, purpose, day, partners, general),
            company=(self.env.company if company is None else company).id or 0,
        )

    @api.model
    def _get_consent_counts(
        self, channels, purpose=None, day=None, partners=None, general=False
    ):
        """Return the condition for the entries ``r`` of partner ``p`` that count."""
        self.env["relationship.consent"].flush_model()
        self.env["res.partner"].flush_model(
            ["company_id", "email_normalized", "phone_sanitized"]
        )
        asked = day or self.env.context.get("relationship_date")
        day = (
            self.env["relationship.period.mixin"]
            .with_context(relationship_date=asked)
            ._get_date()
        )
        purpose = purpose or self.env.context.get("relationship_purpose_id")
        conditions = [
            SQL("r.channel IN %s", tuple(channels)),
            SQL("(r.valid_until IS NULL OR r.valid_until >= %s)", day),
            SQL("r.action <> 'void'"),
            SQL(
                "NOT EXISTS (SELECT FROM relationship_consent correction"
                " WHERE correction.corrects_id = r.id)"
            ),
            SQL("(r.purpose_id IS NULL OR r.purpose_id = %s)", int(purpose or 0)),
        ]
        if asked:
            # Without a question for a day: what was said last counts at once, also
            # when it is tomorrow already where it was said.
            conditions.append(SQL("r.date < %s", self._get_end_of_day(day)))
        if partners is not None:
            conditions.append(SQL("r.partner_id = ANY(%s)", list(partners.ids)))
        blacklisted = SQL("r.origin = 'blacklist' AND r.action = 'withdrawn'")
        conditions.append(
            SQL("NOT (%s)", blacklisted)
            if general
            else SQL(
                """NOT (%s AND CASE r.channel
                    WHEN 'email' THEN r.email IS DISTINCT FROM p.email_normalized
                    ELSE r.phone IS DISTINCT FROM p.phone_sanitized END)""",
                blacklisted,
            )
        )
        return SQL(" AND ").join(conditions)

    def _get_end_of_day(self, day):
        """Return the first moment after ``day`` where the user is, in UTC."""
        midnight = datetime.combine(day + timedelta(days=1), time.min)
        local = self.env.tz.localize(midnight)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _get_refusals(self, channels):
        """Return who refused every purpose, for whichever company, and how.

        :return: ``{partner id: {channel: {(company id or None, origin)}}}``
        """
        refusals = defaultdict(lambda: defaultdict(set))
        if not self.ids:
            return refusals
        partners = self.with_context(
            relationship_date=False, relationship_purpose_id=False
        )
        query = SQL(
            """
            WITH r AS (
                SELECT r.* FROM relationship_consent r
                JOIN res_partner p ON p.id = r.partner_id WHERE %(counts)s
            )
            SELECT partner_id, channel, company_id, origin FROM (
                SELECT scope.partner_id, scope.channel, scope.company_id,
                    (array_agg(r.origin ORDER BY r.date DESC, r.id DESC)
                     FILTER (WHERE r.action = 'withdrawn'))[1] AS origin,
                    %(given)s AS given, %(withdrawn)s AS withdrawn, %(lifted)s AS lifted
                FROM (SELECT DISTINCT partner_id, channel, company_id FROM r) scope
                JOIN r ON r.partner_id = scope.partner_id
                    AND r.channel = scope.channel
                    AND (r.company_id IS NULL OR r.company_id = scope.company_id)
                GROUP BY scope.partner_id, scope.channel, scope.company_id
            ) said
            WHERE withdrawn > given AND withdrawn > lifted
            """,
            counts=partners._get_consent_counts(channels, partners=self),
            given=GIVEN,
            withdrawn=WITHDRAWN,
            lifted=LIFTED,
        )
        for partner_id, channel, company_id, origin in self.env.execute_query(query):
            refusals[partner_id][channel].add((company_id, origin))
        return refusals

    def _split_by_consent(self, channel, purpose=None, only_given=False):
        """Split these partners into those who may be approached, and the others.

        :param purpose: see :meth:`_get_consent_states`
        :param only_given: leave out those who said nothing, too
        :return: ``(allowed, {reason: partners})``, the reasons in words
        """
        states = self._get_consent_states([channel], purpose)
        blacklisted = self._filter_blacklisted(channel)
        reasons = {
            "refused": self.env._("Refused"),
            "blacklisted": self.env._("On the blacklist"),
            "silent": self.env._("No consent recorded"),
            "without": self.env._("No address"),
        }
        groups = self.grouped(
            lambda p: p._get_consent_obstacle(
                channel, states[p.id][channel], p in blacklisted, only_given
            )
        )
        return groups.get(None, self.browse()), {
            text: groups[reason] for reason, text in reasons.items() if reason in groups
        }

    def _get_consent_obstacle(self, channel, state, blacklisted, only_given):
        """Return why this partner may not be approached; None: nothing against it."""
        if state == "withdrawn":
            return "refused"
        if blacklisted:
            return "blacklisted"
        if only_given and state != "given":
            return "silent"
        return None if self._get_consent_address(channel) else "without"

    def _get_consent_address(self, channel):
        """Return the address that a channel uses."""
        self.ensure_one()
        if channel == "letter":
            lines = self._display_address(without_company=True).splitlines()
            return self.city and ", ".join(filter(str.strip, lines))
        return self[{"fax": "fax", "email": "email"}.get(channel, "phone")]

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
                    partners=", ".join(p.display_name for (p,) in groups[:10]),
                )
            )

    def get_consents(self):
        """Return what this partner said, by channel, for the partner form.

        :return: list of ``{channel, label, state, text, purposes: [{id, name, state,
            text}]}``; the purposes are those of which the partner said something else
            than of every purpose
        """
        self.ensure_one()
        self.check_access("read")
        entries = self.env["relationship.consent"]
        entries.check_access("read")
        words = self._fields["consent_email"]._description_selection(self.env)
        words = dict(words)
        general = self._get_consent_states()[self.id]
        said = entries._read_group(
            [("partner_id", "=", self.id), ("purpose_id", "!=", False)], ["purpose_id"]
        )
        special = [
            (purpose, self._get_consent_states(purpose=purpose)[self.id])
            for (purpose,) in said
        ]
        return [
            {
                "channel": channel,
                "label": label,
                "state": general[channel],
                "text": words[general[channel]],
                "purposes": [
                    {
                        "id": purpose.id,
                        "name": purpose.name,
                        "state": states[channel],
                        "text": words[states[channel]],
                    }
                    for purpose, states in special
                    if states[channel] != general[channel]
                ],
            }
            for channel, label in entries._get_labels("channel").items()
        ]
