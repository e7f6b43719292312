"""The statements that ask the ledger of consents: which entry of it decides."""

from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.tools import SQL

from ..shared.context import get_id
from .channel import LISTED

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


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_consent_query(
        self,
        channels,
        purpose=None,
        day=None,
        partners=None,
        company=None,
        general=False,
        said_to=None,
    ):
        """Return a statement of partner, channel, state and the entry that decides.

        There is no row where nothing is known.

        :param channels: names, or an SQL list of them
        :param purpose: a record, an id, or an SQL value
        :param partners: a recordset, or an SQL list of ids
        :param company: of partners without one; by default the current company, an
            empty recordset for what was said to every company
        :param general: leave out what the blacklist said about an address
        :param said_to: SQL value of a company: only what was said to it, or to all
        """
        company = self.env.company if company is None else company
        return SQL(
            """
            SELECT partner_id, channel, state,
                (CASE state WHEN 'given' THEN given ELSE withdrawn END)[2]::int
                    AS entry_id
            FROM (
                SELECT newest.*,
                    CASE WHEN given > withdrawn THEN 'given'
                         WHEN withdrawn > lifted THEN 'withdrawn' END AS state
                FROM (
                    SELECT r.partner_id, r.channel, %(given)s AS given,
                        %(withdrawn)s AS withdrawn, %(lifted)s AS lifted
                    FROM relationship_consent r
                    JOIN res_partner p ON p.id = r.partner_id
                    WHERE %(counts)s
                      AND (r.company_id IS NULL OR r.company_id = %(said_to)s)
                    GROUP BY r.partner_id, r.channel
                ) newest
            ) said WHERE state IS NOT NULL
            """,
            given=GIVEN,
            withdrawn=WITHDRAWN,
            lifted=LIFTED,
            counts=self._get_consent_counts(channels, purpose, day, partners, general),
            said_to=said_to or SQL("coalesce(p.company_id, %s)", company.id or 0),
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
        if not isinstance(purpose, SQL):
            purpose = int(purpose or get_id(self.env, "relationship_purpose_id"))
        if not isinstance(channels, SQL):
            channels = tuple(channels)
        conditions = [
            SQL("r.channel IN %s", channels),
            SQL("(r.valid_until IS NULL OR r.valid_until >= %s)", day),
            SQL("r.action <> 'void'"),
            SQL(
                "NOT EXISTS (SELECT FROM relationship_consent correction"
                " WHERE correction.corrects_id = r.id)"
            ),
            SQL("(r.purpose_id IS NULL OR r.purpose_id = %s)", purpose),
        ]
        if asked:
            # Without a question for a day: what was said last counts at once, also
            # when it is tomorrow already where it was said.
            conditions.append(SQL("r.date < %s", self._get_end_of_day(day)))
        if partners is not None:
            conditions.append(
                SQL("r.partner_id IN %s", partners)
                if isinstance(partners, SQL)
                else SQL("r.partner_id = ANY(%s)", list(partners.ids))
            )
        conditions.append(self._get_blacklisting_counts(general))
        return SQL(" AND ").join(conditions)

    @api.model
    def _get_blacklisting_counts(self, general):
        """Return the condition for what a blacklist withdrew; all else fulfils it."""
        withdrawn = SQL("r.origin = 'blacklist' AND r.action = 'withdrawn'")
        if general:
            return SQL("NOT (%s)", withdrawn)
        is_another = [
            SQL(
                "WHEN %s THEN %s IS DISTINCT FROM %s",
                channel.name,
                SQL.identifier("r", channel.kept),
                SQL.identifier("p", channel.listed),
            )
            for channel in LISTED
        ]
        return SQL(
            "NOT (%s AND CASE r.channel %s ELSE FALSE END)",
            withdrawn,
            SQL(" ").join(is_another),
        )

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
