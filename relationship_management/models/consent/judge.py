"""Who may be addressed, or the reason why not: the one place that decides it.

*What.* For partners, a channel, a purpose, a company and a day: whether the user sees
the partner, whether it belongs to a company in whose name the user acts, is archived,
has an address, is on the blacklist, has objected, or has not agreed where this is
needed. Of several reasons the first in this order is told.

*How to use.* ``partners._split_by_consent("email")`` for records;
``Judge(env).get_verdicts(ids, "email")`` is a statement with a line for each partner
that a statement of ids finds, and :meth:`Judge.get_verdict` the part of a larger
statement that judges the row of ``res_partner`` it stands beside.

*How it works.* A refusal counts for the mailbox, as a blacklist does: of somebody else
with the same address, number or postal address, whoever sees that one. A person speaks
for itself; the company behind it, and the one in whose
name it is addressed, can only be against it: each of them that is hidden, archived or
refusing stands in the way, and what it agreed to is not what the person agreed to. What
is asked is said here, never in the context: somebody who looks at the partners of
another day does not write to them on that day.
"""

from odoo.tools import SQL

from .channel import ALL_CHANNELS, BLACKLISTS, LISTED

REASONS = [
    ("archived", "Archived"),
    ("other_company", "Belongs to another company"),
    ("no_right", "Not visible to who froze the group"),
    ("no_address", "No address for the channel"),
    ("blacklisted", "On the blacklist"),
    ("no_consent", "No consent for the channel"),
]
PARTNER_FIELDS = (
    *("active", "parent_id", "commercial_partner_id", "is_company", "type", "name"),
    *("company_id", "user_id", "email_normalized", "phone_sanitized", "phone", "fax"),
    *("street", "street2", "zip", "city", "country_id"),
)
VERDICT = """
    SELECT fact.address_key, fact.company_id, fact.listed, said.state, said.entry_id,
        CASE WHEN NOT %(readable)s OR NOT firm.readable THEN 'no_right'
             WHEN fact.company_id IS NULL THEN 'other_company'
             WHEN NOT %(active)s OR NOT firm.active THEN 'archived'
             WHEN %(channel)s IS NOT NULL AND fact.address_key IS NULL
                  THEN 'no_address'
             WHEN fact.listed THEN 'blacklisted'
             WHEN said.refused OR box.refused OR %(needs_consent)s
                  AND said.state IS DISTINCT FROM 'given' THEN 'no_consent'
        END AS reason, box.refused AS mailbox_refused
    FROM (
        SELECT %(address)s AS address_key, %(company)s AS company_id,
            coalesce(%(listed)s, FALSE) AS listed
    ) fact
    CROSS JOIN LATERAL (
        SELECT coalesce((%(refused_mailboxes)s) ?| ARRAY(
            SELECT concat_ws('|', %(question)s, fact.company_id, shared.mailbox)
            FROM unnest(%(mailboxes)s) shared (mailbox)
            WHERE shared.mailbox IS NOT NULL
        ), FALSE) AS refused
        OFFSET 0
    ) box
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_and(f.active), TRUE) AS active,
            coalesce(bool_and(%(firm_readable)s), TRUE) AS readable
        FROM res_partner f WHERE f.id IN %(firms)s
    ) firm
    CROSS JOIN LATERAL (
        SELECT max(s.state) FILTER (WHERE s.partner_id = %(id)s) AS state,
            max(s.entry_id) FILTER (WHERE s.partner_id = %(id)s) AS entry_id,
            coalesce(bool_or(s.state = 'withdrawn'), FALSE) AS refused
        FROM (%(consents)s) s
    ) said
"""

# It does not depend on who is judged, so PostgreSQL makes it once for any number of
# them; in an object of JSON it finds a key at once, in an array it would look at each.
REFUSED_MAILBOXES = """
    SELECT jsonb_object_agg(
        concat_ws('|', q.channel, q.purpose_id, c.id, shared.mailbox), TRUE)
    FROM (VALUES %(questions)s) q (channel, purpose_id)
    CROSS JOIN (VALUES %(companies)s) c (id)
    CROSS JOIN LATERAL (%(consents)s) s
    JOIN res_partner o ON o.id = s.partner_id AND s.state = 'withdrawn'
    CROSS JOIN LATERAL unnest(%(mailboxes)s) shared (mailbox)
    WHERE shared.mailbox IS NOT NULL
"""
REFUSERS = """(
    SELECT w.partner_id FROM relationship_consent w
    WHERE w.action = 'withdrawn' AND w.channel = q.channel AND %(shared)s
)"""
# Of a few partners only those count who share a mailbox with one of them.
SHARED = """EXISTS (
    SELECT FROM res_partner o WHERE o.id = w.partner_id AND %(theirs)s && %(asked)s
)"""
ASKED = """(
    SELECT array_agg(b.mailbox) FROM res_partner p, unnest(%(mailboxes)s) b (mailbox)
    WHERE p.id IN (%(partners)s)
)"""
# With more, it is quicker to take all who refused.
FEW = 100


def _by_channel(channel, cases):
    """Return a value that depends on the channel, null for every other one.

    Of a channel that is a constant PostgreSQL plans one case only.
    """
    # What a record without a channel says is False.
    channel = SQL("%s::text", channel or None)
    whens = [SQL("WHEN %s THEN %s", name, value) for name, value in cases]
    return SQL("CASE %s %s END", channel, SQL(" ").join(whens))


class Judge:
    """Statements about who may be addressed, as the user of ``env``; see the module.

    :param company: in whose name; by default the current one
    :param companies: in whose names their own partners may be addressed as well; by
        default those that are switched on
    :param day: the day that is asked for, by default today
    :param needs_consent: leave out those who said nothing, too
    """

    def __init__(
        self, env, company=None, companies=None, day=None, needs_consent=False
    ):
        self.env = env
        self.company = company or env.company
        self.companies = env.companies if companies is None else companies
        self.day = day
        self.needs_consent = needs_consent
        self.visible = env["res.partner"].with_context(active_test=False)._search([])
        env["res.partner"].flush_model(PARTNER_FIELDS)
        for model in ("relationship.consent", *BLACKLISTS):
            env[model].flush_model()

    @staticmethod
    def get_address(alias, channel):
        """Return the address for a channel as a text that finds doubles, or null."""
        return _by_channel(
            channel,
            [
                (c.name, SQL(c.address.format(alias)))  # pylint: disable=sql-injection
                for c in ALL_CHANNELS
            ],
        )

    def is_readable(self, alias):
        """Return the condition that the user may read a partner."""
        return SQL(
            "EXISTS (SELECT FROM %s visible (id) WHERE visible.id = %s)",
            self.visible.subselect(),
            SQL.identifier(alias, "id"),
        )

    def get_verdicts(self, partners, questions, few=False):
        """Return a statement with a line for each partner and question.

        Its columns are ``partner_id``, ``channel``, ``purpose_id`` (0: none) and those
        of :meth:`get_verdict`.

        :param partners: a statement of ids
        :param questions: pairs of a channel and the id of a purpose, or none
        :param few: there are no more than ``FEW`` partners
        """
        return SQL(
            """
            SELECT t.id AS partner_id, q.channel, q.purpose_id, v.*
            FROM (VALUES %s) q (channel, purpose_id) CROSS JOIN res_partner t
            CROSS JOIN LATERAL (%s) v
            WHERE t.id IN (%s)
            """,
            SQL(", ").join(
                SQL("(%s::text, %s::int)", channel, purpose or 0)
                for channel, purpose in questions
            ),
            self.get_verdict(
                *("t", SQL("q.channel"), SQL("q.purpose_id")),
                questions=questions,
                partners=partners if few else None,
            ),
            partners,
        )

    # pylint: disable-next=too-many-arguments
    def get_verdict(
        self, alias, channel, purpose, *, firm=None, questions=None, partners=None
    ):
        """Return the verdict on the row of ``res_partner`` that has an alias.

        Its columns are ``address_key`` (see :meth:`get_address`), ``company_id`` (in
        whose name the partner is addressed), ``listed``, ``state`` and ``entry_id``
        (what the partner said, and the entry that decides) and ``reason``, null if
        nothing is against it.

        :param channel: a name or an SQL value; without one only rights, company and
            archiving count
        :param purpose: an id or an SQL value
        :param firm: SQL value of the company in whose name a person is addressed
        :param questions: all pairs of a channel and a purpose that are asked; by
            default the one that is named
        :param partners: a statement of the ids of all who are judged, if they are few
        """
        questions = questions or [(channel or None, purpose)]
        id_ = SQL.identifier(alias, "id")
        commercial = SQL.identifier(alias, "commercial_partner_id")
        # A list, not an array: PostgreSQL then knows how few they are.
        firms = SQL(
            "nullif(%(firm)s, %(id)s), nullif(%(commercial)s, %(id)s)",
            id=id_,
            firm=firm or SQL("NULL::int"),
            commercial=commercial,
        )
        return SQL(
            VERDICT,
            id=id_,
            firms=SQL("(%s)", firms),
            active=SQL.identifier(alias, "active"),
            channel=SQL("%s::text", channel or None),
            needs_consent=bool(channel and self.needs_consent),
            readable=self.is_readable(alias),
            firm_readable=self.is_readable("f"),
            address=self.get_address(alias, channel),
            company=self._get_company(SQL.identifier(alias, "company_id")),
            listed=self._get_listed(alias, channel),
            consents=self._get_consents(SQL("(%s, %s)", id_, firms), channel, purpose),
            question=SQL("%s::text, %s::int", channel or None, purpose or 0),
            mailboxes=self._get_mailboxes(alias, channel),
            refused_mailboxes=self._get_refused_mailboxes(questions, partners),
        )

    def _get_company(self, company):
        """Return the company in whose name a partner is addressed, null for none."""
        return SQL(
            """CASE WHEN %(own)s IS NULL OR %(own)s = ANY(%(shared)s) THEN %(company)s
                    WHEN %(own)s = ANY(%(others)s) THEN %(own)s END""",
            own=company,
            shared=(self.company | self.company.parent_ids).ids,
            company=self.company.id,
            others=self.companies.ids,
        )

    def _get_listed(self, alias, channel):
        return _by_channel(
            channel,
            [
                (
                    c.name,
                    SQL(
                        "EXISTS (SELECT FROM %s b WHERE b.%s = ANY(%s) AND b.active)",
                        SQL.identifier(self.env[c.blacklist]._table),
                        SQL.identifier(self.env[c.blacklist]._rec_name),
                        # pylint: disable-next=sql-injection
                        SQL(c.mailboxes.format(alias)),
                    ),
                )
                for c in LISTED
            ],
        )

    @staticmethod
    def _get_mailboxes(alias, channel):
        return _by_channel(
            channel,
            [
                (c.name, SQL(c.mailboxes.format(alias)))  # pylint: disable=sql-injection
                for c in ALL_CHANNELS
            ],
        )

    def _get_refused_mailboxes(self, questions, partners):
        """Return a statement of one object, with a key for each refused mailbox."""
        companies = self.company | self.companies
        questions = SQL(", ").join(
            SQL("(%s::text, %s::int)", channel or None, purpose or 0)
            for channel, purpose in questions
        )
        shared = SQL("TRUE")
        if partners is not None:
            asked = [
                (
                    c.name,
                    SQL(
                        ASKED,
                        # pylint: disable-next=sql-injection
                        mailboxes=SQL(c.mailboxes.format("p")),
                        partners=partners,
                    ),
                )
                for c in ALL_CHANNELS
            ]
            shared = SQL(
                SHARED,
                theirs=self._get_mailboxes("o", SQL("w.channel")),
                asked=_by_channel(SQL("w.channel"), asked),
            )
        return SQL(
            REFUSED_MAILBOXES,
            questions=questions,
            companies=SQL(", ").join(SQL("(%s)", id_) for id_ in companies.ids),
            consents=self._get_consents(
                *(SQL(REFUSERS, shared=shared), SQL("q.channel"), SQL("q.purpose_id")),
                said_to=SQL("c.id"),
            ),
            mailboxes=self._get_mailboxes("o", SQL("q.channel")),
        )

    def _get_consents(self, partners, channel, purpose, said_to=None):
        """Return what a partner and its companies said, a line each."""
        ledger = self.env["res.partner"].with_context(
            relationship_date=False, relationship_purpose_id=False
        )
        return ledger._get_consent_query(
            SQL("(%s::text)", channel or None),
            SQL("%s", purpose or 0),
            self.day,
            partners=partners,
            company=self.company,
            said_to=said_to,
        )
