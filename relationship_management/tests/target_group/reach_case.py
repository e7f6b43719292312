"""Partners in every state that decides whether somebody may be addressed."""

from datetime import timedelta
from itertools import product
from operator import itemgetter

from odoo import fields
from odoo.tools import SQL, groupby

from ...models.consent.channel import LISTED_NAMES
from ..campaign.campaign_case import CampaignCase

EVENTS = "relationship_management.relationship_consent_purpose_events"
CHANNELS = ("letter", "fax", "email", "phone", "sms")
# What somebody said: entries of action, days ago, and what else they say; then what it
# means today, in general and for the purpose.
SAID = {
    "nothing": ([], None, None),
    "given": ([("given", 5, {})], "given", "given"),
    "withdrawn": ([("withdrawn", 5, {})], "withdrawn", "withdrawn"),
    "lifted": ([("withdrawn", 5, {}), ("lifted", 3, {})], None, None),
    "a slip": ([("given", 5, {})], None, None),
    "no objection": ([("withdrawn", 5, {})], None, None),
    "expired": ([("given", 9, {"until": -2})], None, None),
    "expired, refused before": (
        [("withdrawn", 12, {}), ("given", 9, {"until": -2})],
        *("withdrawn", "withdrawn"),
    ),
    "for two days": ([("given", 9, {"until": 2})], "given", "given"),
    "but for the purpose": (
        [("withdrawn", 5, {}), ("given", 3, {"purpose": True})],
        *("withdrawn", "given"),
    ),
    "not for the purpose": (
        [("given", 5, {}), ("withdrawn", 3, {"purpose": True})],
        *("given", "withdrawn"),
    ),
    "of an address it had": ([("withdrawn", 5, {"origin": "blacklist"})], None, None),
}
MISTAKEN = ("a slip", "no objection")  # corrected: entered by mistake
# To whom it was said: this company, another one, all of them.
TO = ("this", "other", "all")
ADDRESSES = ("present", "unusable", "missing")
COLUMNS = {
    "present": """
        email = 'p' || id || '@reach.example', phone = '+48 ' || 600000000 + id,
        email_normalized = 'p' || id || '@reach.example',
        phone_sanitized = '+48' || 600000000 + id, fax = '+48 (61) ' || id,
        city = 'Poznań'""",
    "unusable": "email = 'by hand', phone = 'none', fax = 'n/a', city = ' '",
}
# Who it is, with what its company said, if it has one.
WHO = {
    "company": None,
    "contact": "nothing",
    "contact, company refuses": "withdrawn",
    "contact, company agrees": "given",
    "contact, company archived": "nothing",
    "address, company refuses": "withdrawn",
}
WHO_LAST = itemgetter(-1)
STATES = [
    state
    for state in product(SAID, TO, ADDRESSES, (False, True), (False, True), WHO)
    # Nobody says nothing to three, and no list knows who has no address.
    if (state[0] != "nothing" or state[1] == "this")
    and not (state[2] != "present" and state[3])
]


class ReachCase(CampaignCase):
    """A partner for each state; ``self.states`` tells which state a partner is in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = cls.env.ref(EVENTS)
        cls.today = fields.Date.context_today(cls.anna.with_user(cls.anna))
        cls.firms = {
            who: cls.env["res.partner"].create(
                {
                    "name": f"Firm of the {who}",
                    "is_company": True,
                    "active": "archived" not in who,
                }
            )
            for who, said in WHO.items()
            if said
        }
        cls.states = {
            id_: state
            for who, states in groupby(STATES, key=WHO_LAST)
            for id_, state in cls._copy_partner(who, states)
        }
        cls.people = cls.env["res.partner"].browse(cls.states)
        cls._write_addresses()
        cls._write_lists()
        cls._write_consents()
        cls.env.invalidate_all()

    @classmethod
    def _copy_partner(cls, who, states):
        """Yield the id of a new partner for each state, made beside the slow ORM."""
        partner = cls.env["res.partner"].create(
            {
                "name": f"Reach {who}",
                "is_company": who == "company",
                "type": "delivery" if who.startswith("address") else "contact",
                "parent_id": cls.firms[who].id if who in cls.firms else False,
            }
        )
        cls.env.flush_all()
        fields_ = [f for f in partner._fields.values() if f.store and f.column_type]
        names = SQL(", ").join(
            SQL.identifier(f.name) for f in fields_ if f.name != "id"
        )
        cls.env.cr.execute(
            SQL(
                "INSERT INTO res_partner (%s) SELECT %s FROM res_partner,"
                " generate_series(1, %s) WHERE res_partner.id = %s RETURNING id",
                *(names, names, len(states), partner.id),
            )
        )
        for (id_,), state in zip(cls.env.cr.fetchall(), states, strict=True):
            yield id_, state
        cls.env.cr.execute(
            "UPDATE res_partner SET name = name || id,"
            " commercial_partner_id = CASE WHEN commercial_partner_id = %s THEN id"
            " ELSE commercial_partner_id END WHERE name = %s AND id <> %s",
            [partner.id, partner.name, partner.id],
        )

    @classmethod
    def _write_addresses(cls):
        """Write them beside the ORM, which keeps lists and ledger in step."""
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE res_partner SET email = NULL, email_normalized = NULL,"
            " phone = NULL, phone_sanitized = NULL, fax = NULL, city = NULL,"
            " active = id <> ALL(%s) WHERE id = ANY(%s)",
            [[id_ for id_, state in cls.states.items() if state[4]], cls.people.ids],
        )
        for address, columns in COLUMNS.items():
            ids = [id_ for id_, state in cls.states.items() if state[2] == address]
            cls.env.cr.execute(
                f"UPDATE res_partner SET {columns} WHERE id = ANY(%s)", [ids]
            )

    @classmethod
    def _write_lists(cls):
        """List the addresses; those of the others were taken off the list again."""
        listed = [id_ for id_, state in cls.states.items() if state[3]]
        for table, column, field in (
            ("mail_blacklist", "email", "email_normalized"),
            ("phone_blacklist", "number", "phone_sanitized"),
        ):
            cls.env.cr.execute(
                f"INSERT INTO {table} ({column}, active, create_date)"
                f" SELECT {field}, id = ANY(%s), now() FROM res_partner"
                f" WHERE id = ANY(%s) AND {field} IS NOT NULL",
                [listed, cls.people.ids],
            )

    @classmethod
    def _write_consents(cls):
        rows = []
        for id_, (said, to, *_rest) in cls.states.items():
            rows += cls._get_rows(id_, said, to)
        for who, firm in cls.firms.items():
            rows += cls._get_rows(firm.id, WHO[who], "this")
        cls.env.cr.execute_values(
            "INSERT INTO relationship_consent (partner_id, channel, action,"
            " company_id, purpose_id, date, valid_until, origin, legal_basis, user_id,"
            " email, phone) VALUES %s",
            rows,
        )
        mistaken = [
            id_ for id_, (said, *_rest) in cls.states.items() if said in MISTAKEN
        ]
        cls.env.cr.execute(
            "INSERT INTO relationship_consent (partner_id, channel, action, company_id,"
            " date, origin, user_id, corrects_id)"
            " SELECT partner_id, channel, 'void', company_id, now(), 'person', user_id,"
            " id FROM relationship_consent WHERE partner_id = ANY(%s)",
            [mistaken],
        )

    @classmethod
    def _get_rows(cls, partner_id, said, to):
        now = fields.Datetime.now()
        company = {"this": cls.company.id, "other": cls.other_company.id, "all": None}
        return [
            (
                *(partner_id, channel, action, company[to]),
                cls.events.id if more.get("purpose") else None,
                now - timedelta(days=days),
                cls.today + timedelta(days=more["until"]) if "until" in more else None,
                more.get("origin", "person"),
                *("consent", cls.jan.id, "old@reach.example", "+48123"),
            )
            for channel in CHANNELS
            for action, days, more in SAID[said][0]
            if more.get("origin") != "blacklist" or channel in LISTED_NAMES
        ]
