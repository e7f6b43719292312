"""Who is addressed together: companies with their contact persons, or persons alone."""

from odoo.tools import SQL

from ..consent.judge import FEW, Judge

FLUSHED = ("relationship.campaign.addressee", "res.users")


class PairQuery:
    """Statements for pairs of company and contact person of one campaign.

    A pair is the partner that stands for it, the company, the contact person, and the
    addressee if it is one already.
    """

    def __init__(self, campaign, freeze=None, addressing=None, company=None):
        self.env = campaign.env
        self.campaign = campaign
        self.freeze = freeze
        company = freeze.company_id if freeze else company
        self.company = company or campaign._get_adding_company()
        self.addressing = addressing or (freeze or campaign).addressing
        self.channel = campaign.channel
        # A statement of the partners who are judged, if they are few and known.
        self.people = None
        self.judge = Judge(
            self.env,
            self.company,
            # Whose own partners the user may add under their own name.
            self.env.companies.filtered(campaign.utm_campaign_id._is_open_to),
            needs_consent=campaign.needs_consent,
        )
        for model in FLUSHED:
            self.env[model].flush_model()

    def get_reach(self, alias, firm):
        """Return the verdict on a partner, as the one judge gives it."""
        return self.judge.get_verdict(
            alias,
            self.channel,
            self.campaign.purpose_id.id,
            firm=SQL(firm),  # pylint: disable=sql-injection
            partners=self.people,
        )

    @staticmethod
    def get_ids(ids):
        """Return a statement of given ids."""
        return SQL("SELECT unnest(%s::int[])", list(ids))

    # Company and contact person

    def get_contact(self):
        """Return the contact person for company ``w``: active, reachable if it can be.

        Somebody who was found too is preferred, then who may be addressed, then who has
        not objected, then whoever was entered first.
        """
        return SQL(
            """
            SELECT c.id FROM res_partner c CROSS JOIN LATERAL (%(verdict)s) v
            WHERE c.parent_id = w.id AND c.active AND NOT c.is_company
              AND c.type = 'contact' AND v.reason IS DISTINCT FROM 'no_right'
              AND (v.address_key IS NOT NULL OR %(own_address)s IS NULL)
            ORDER BY NOT %(found)s, v.reason IS NOT NULL,
                     coalesce(v.state = 'withdrawn', FALSE), c.id
            LIMIT 1
            """,
            verdict=self.get_reach("c", "w.id"),
            own_address=self.judge.get_address("w", self.channel),
            found=SQL(
                "EXISTS (SELECT FROM relationship_campaign_freeze_item i"
                " WHERE i.freeze_id = %s AND i.partner_id = c.id)",
                self.freeze.id,
            )
            if self.freeze
            else SQL("FALSE"),
        )

    def get_pairs(self, found):
        """Return the pairs of company and contact for a statement of partners' ids."""
        together = self.addressing == "company_contact"
        return SQL(
            """
            SELECT w.id AS who_id, %(partner)s AS partner_id, %(contact)s AS contact_id,
                   NULL::int AS addressee_id
            FROM (
                SELECT DISTINCT CASE
                    WHEN p.parent_id IS NOT NULL AND NOT p.is_company
                         AND p.type IN ('invoice', 'delivery', 'other')
                    THEN p.commercial_partner_id ELSE p.id END AS id
                FROM (%(found)s) f (id) JOIN res_partner p ON p.id = f.id
            ) d
            JOIN res_partner w ON w.id = d.id
            LEFT JOIN res_partner k ON k.id = w.commercial_partner_id
                AND k.is_company AND NOT w.is_company
            """,
            partner=SQL("CASE WHEN w.is_company THEN w.id ELSE k.id END")
            if together
            else SQL("CASE WHEN w.is_company THEN w.id END"),
            contact=SQL(
                "CASE WHEN w.is_company THEN (%s) ELSE w.id END",
                self.get_contact() if together else SQL("NULL::int"),
            ),
            found=found,
        )

    def get_kept_pairs(self, addressees):
        """Return the pairs of addressees that are in the campaign already."""
        if len(addressees) <= FEW:
            self.people = SQL(
                "SELECT coalesce(contact_id, partner_id)"
                " FROM relationship_campaign_addressee WHERE id = ANY(%s)",
                list(addressees.ids),
            )
        return SQL(
            """
            SELECT coalesce(contact_id, partner_id) AS who_id, partner_id, contact_id,
                   id AS addressee_id
            FROM relationship_campaign_addressee WHERE id = ANY(%s)
            """,
            list(addressees.ids),
        )

    def get_known(self):
        """Return the addressee that pair ``q`` is already, if any.

        A company found again keeps the contact person that it has. One that another
        company has entered is hidden: the answer must not tell of it.
        """
        return SQL(
            """
            SELECT a.id, a.partner_id, a.contact_id, a.state, a.exclusion,
                   a.company_id <> ALL(%(companies)s) AS is_hidden
            FROM (
                SELECT * FROM relationship_campaign_addressee WHERE id = q.addressee_id
                UNION ALL  -- From here on as the indexes have it.
                SELECT * FROM relationship_campaign_addressee
                WHERE q.addressee_id IS NULL AND campaign_id + 0 = %(campaign)s
                  AND COALESCE(partner_id, 0) = q.who_id
                UNION ALL
                SELECT * FROM relationship_campaign_addressee
                WHERE q.addressee_id IS NULL AND campaign_id + 0 = %(campaign)s
                  AND contact_id = q.who_id
            ) a
            ORDER BY a.contact_id IS NOT DISTINCT FROM q.contact_id DESC, a.id LIMIT 1
            """,
            campaign=self.campaign.id,
            companies=self.env.companies.ids,
        )
