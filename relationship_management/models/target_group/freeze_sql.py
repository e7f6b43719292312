"""The statements that turn partners into addressees, with the reason for each left out.

*What.* Found partners become pairs of company and contact person; each pair is judged
in the same statement: by the one judge of who may be addressed (``consent/judge.py``),
then as a colleague of the control group, or a double of another addressee.

*How to use.* ``FreezeQuery(campaign).get_judged(query.get_pairs(ids))`` is a statement
with a line a pair; :meth:`FreezeQuery.get_insertion` writes what it says and returns
how many of which kind. Nothing here asks for rights on the campaign: callers do.

*How it works.* Whoever runs it is the user of ``campaign.env``: contact persons and
partners are read through that user's record rules, consents for the run's company.
"""

from odoo.tools import SQL

from ..consent.judge import REASONS
from .pair_sql import PairQuery
from .responsible import get_responsible

# What a repeated run may change: what a person decided stays.
CHANGEABLE = (*dict(REASONS), "duplicate", "held_back", "rule")
# Counted, but not entered: their names would be seen by who may not see them.
ONLY_COUNTED = ("no_right", "other_company")


class FreezeQuery(PairQuery):
    """Statements for the addressees of one campaign; see the module."""

    # Reasons

    def get_held_back(self):
        """Return the condition that the company of ``m`` is in the control group."""
        # Not EXISTS: PostgreSQL reads the control group once, whatever the number of
        # addressees.
        return SQL(
            """coalesce(m.exclusion, '') <> 'control' AND m.partner_id IN (
                SELECT c.partner_id FROM relationship_campaign_addressee c
                WHERE c.campaign_id = %s AND c.is_control
            )""",
            self.campaign.id,
        )

    def get_judged(self, pairs, anew=False):
        """Return a statement with a line a pair: who, where, and why not.

        :param anew: whoever was left out by hand is to be taken in, and so can make
            doubles of others; otherwise not, as in :meth:`get_double`
        """
        return SQL(
            """
            WITH pair AS MATERIALIZED (%(pairs)s), member AS (
                SELECT DISTINCT ON (partner_id, contact_id)
                    coalesce(e.id, q.addressee_id) AS known_id, e.state, e.exclusion,
                    coalesce(e.is_hidden, FALSE) AS is_hidden,
                    CASE WHEN e.id IS NULL THEN q.partner_id ELSE e.partner_id END
                        AS partner_id,
                    CASE WHEN e.id IS NULL THEN q.contact_id ELSE e.contact_id END
                        AS contact_id
                FROM pair q LEFT JOIN LATERAL (%(known)s) e ON TRUE
                ORDER BY partner_id, contact_id, known_id
            ), base AS MATERIALIZED (
                SELECT m.*, t.id AS target_id, v.company_id, v.address_key, t.user_id,
                    o.user_id AS firm_user_id,
                    coalesce(v.reason, CASE WHEN %(held_back)s THEN 'held_back' END)
                        AS obstacle
                FROM member m
                JOIN res_partner t ON t.id = coalesce(m.contact_id, m.partner_id)
                LEFT JOIN res_partner o ON o.id = m.partner_id
                CROSS JOIN LATERAL (%(verdict)s) v
            )
            SELECT known_id, partner_id, contact_id, target_id, company_id,
                address_key, state, exclusion, is_hidden, %(user)s AS user_id,
                CASE WHEN obstacle IS NOT NULL THEN obstacle
                     WHEN address_key IS NOT NULL AND (
                        row_number() OVER (
                            PARTITION BY address_key, obstacle IS NULL AND (
                                %(anew)s OR coalesce(exclusion, '') <> 'hand')
                            ORDER BY known_id NULLS LAST, target_id) > 1
                        OR %(double)s) THEN 'duplicate' END AS reason
            FROM base
            """,
            pairs=pairs,
            anew=anew,
            known=self.get_known(),
            verdict=self.get_reach("t", "m.partner_id"),
            held_back=self.get_held_back(),
            user=get_responsible(self.campaign),
            double=self.get_double(),
        )

    def get_double(self):
        """Return the condition that an earlier addressee has the address of ``base``.

        The control group counts: its doubles must not be contacted in its place.
        """
        return SQL(
            """EXISTS (
                SELECT FROM relationship_campaign_addressee a
                -- As the index has it.
                WHERE a.campaign_id + 0 = %s AND a.address_key = base.address_key
                  AND a.id < coalesce(base.known_id, 2147483647)
                  AND (a.state <> 'excluded' OR a.is_control)
            )""",
            self.campaign.id,
        )

    # Results

    def get_counts(self, pairs):
        """Return a statement of what would happen: kind, reason and number."""
        return SQL(
            """SELECT kind, CASE WHEN is_hidden THEN 'no_right'
                                 WHEN kind = 'new' THEN reason ELSE %s END, count(*)
               FROM (
                   SELECT *, CASE WHEN known_id IS NULL OR exclusion = 'rule'
                                       OR is_hidden THEN 'new'
                                  ELSE 'known' END AS kind FROM (%s) judged
               ) told GROUP BY 1, 2""",
            self._get_outcome(),
            self.get_judged(pairs),
        )

    def _get_outcome(self):
        """Return why a known one is excluded after the run, if it is."""
        return SQL(
            "CASE WHEN state = 'open' OR exclusion = ANY(%s) THEN reason"
            " ELSE exclusion END",
            list(CHANGEABLE),
        )

    def get_insertion(self, pairs):
        """Return a statement that enters the pairs and says what it did.

        Its lines are kind (``new``, ``known``), reason or null, number. Known ones get
        the reason that holds now, unless a person decided or it is too late. Those of
        another company stay as they are, and count as not to be seen.
        """
        return SQL(
            """
            WITH judged AS MATERIALIZED (%(judged)s), entered AS (
                INSERT INTO relationship_campaign_addressee (
                    campaign_id, partner_id, contact_id, target_id, company_id, user_id,
                    origin, state, exclusion, address_key, freeze_id,
                    create_uid, write_uid, create_date, write_date)
                SELECT %(campaign)s, partner_id, contact_id, target_id, company_id,
                    user_id, %(origin)s,
                    CASE WHEN reason IS NULL THEN 'open' ELSE 'excluded' END, reason,
                    address_key, %(freeze)s, %(uid)s, %(uid)s, %(now)s, %(now)s
                FROM judged
                WHERE known_id IS NULL
                  AND coalesce(reason, '') <> ALL(%(only_counted)s)
                ORDER BY target_id
                ON CONFLICT DO NOTHING RETURNING exclusion
            ), changed AS (%(change)s), told AS (
                SELECT 'new' AS kind, exclusion AS reason FROM entered
                UNION ALL SELECT 'new', exclusion FROM changed WHERE was = 'rule'
                UNION ALL SELECT 'new', reason FROM judged
                    WHERE known_id IS NULL AND reason = ANY(%(only_counted)s)
                UNION ALL SELECT 'new', 'no_right' FROM judged WHERE is_hidden
                UNION ALL SELECT 'known', %(outcome)s FROM judged
                    WHERE known_id IS NOT NULL AND exclusion IS DISTINCT FROM 'rule'
                      AND NOT is_hidden
            )
            SELECT kind, reason, count(*) FROM told GROUP BY 1, 2
            """,
            judged=self.get_judged(pairs),
            campaign=self.campaign.id,
            origin=self.freeze.origin,
            freeze=self.freeze.id,
            uid=self.env.uid,
            now=self.env.cr.now(),
            only_counted=list(ONLY_COUNTED),
            change=self._get_change(),
            outcome=self._get_outcome(),
        )

    def get_verdict(self, pairs):
        """Return a statement that judges addressees anew, whatever was before."""
        return SQL(
            """
            UPDATE relationship_campaign_addressee a
            SET state = CASE WHEN j.reason IS NULL THEN 'open' ELSE 'excluded' END,
                exclusion = j.reason, address_key = j.address_key,
                write_uid = %(uid)s, write_date = %(now)s
            FROM (%(judged)s) j WHERE a.id = j.known_id
            """,
            judged=self.get_judged(pairs, anew=True),
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _get_change(self):
        return SQL(
            """
            UPDATE relationship_campaign_addressee a
            SET state = CASE WHEN j.reason IS NULL THEN 'open' ELSE 'excluded' END,
                exclusion = j.reason, address_key = j.address_key,
                -- Whoever comes back is a newcomer: chance divides those again.
                freeze_id = CASE WHEN a.exclusion = 'rule' THEN %(freeze)s
                                 ELSE a.freeze_id END,
                write_uid = %(uid)s, write_date = %(now)s
            FROM judged j
            WHERE a.id = j.known_id AND NOT j.is_hidden
              AND (a.state = 'open' OR a.exclusion = ANY(%(changeable)s))
              AND (a.exclusion IS DISTINCT FROM j.reason
                   OR a.address_key IS DISTINCT FROM j.address_key)
            RETURNING a.exclusion, j.exclusion AS was
            """,
            freeze=self.freeze.id,
            uid=self.env.uid,
            now=self.env.cr.now(),
            changeable=list(CHANGEABLE),
        )


def add_counts(counts, rows):
    """Return counts by kind and reason, with the lines of a statement added."""
    total = {kind: dict(numbers) for kind, numbers in counts.items()}
    for kind, reason, number in rows:
        numbers = total.setdefault(kind, {})
        numbers[reason or ""] = numbers.get(reason or "", 0) + number
    return total
