from odoo import api, fields, models
from odoo.tools import SQL

# A conversation with somebody: neither a note nor what Odoo says by itself.
SPOKEN = ("comment", "email")
UNREACHED = ("bounce", "exception", "canceled")


class ResPartner(models.Model):
    """When somebody of us was last in contact with a partner, and how.

    Activities done, meetings held, messages of internal users that a person of the
    partner got, and campaigns that contacted one. To count another kind, extend
    :meth:`_get_contact_sources`; rows have the columns of the other figures and
    ``model``, of whose records ``id`` is one.
    """

    _inherit = "res.partner"

    @api.model
    def _get_last_contact_rows(self, family):
        near = SQL("TRUE")
        if family is not None:
            near = SQL("p.commercial_partner_id IN %s", tuple(family.ids))
        sources = self._get_contact_sources(family, near)
        return SQL(" UNION ALL ").join(
            SQL("SELECT %s AS model, %s AS rank, s.* FROM (%s) s", model, rank, rows)
            for rank, (model, rows) in enumerate(sources.items())
        )

    @api.model
    def _get_contact_sources(self, family, near):
        """Return what counts as a contact: {model: statement}, the strongest first.

        :param family: these commercial partners only, or None
        :param near: the same as a condition on the partner ``p``
        """
        sources = {
            "mail.activity": self._get_activity_rows("last_contact", family),
            "calendar.event": self._get_meeting_rows(near),
            "mail.message": self._get_message_rows(near),
            "relationship.campaign.addressee": self._get_addressee_rows(near),
        }
        return {model: rows for model, rows in sources.items() if rows is not None}

    @api.model
    def _select_contacts(self, alias, moment, source):
        """Return the columns of a contact, before their source."""
        return SQL(
            "SELECT %s AS id, p.commercial_partner_id AS partner_id, %s AS day,"
            " NULL::numeric AS amount FROM %s",
            SQL.identifier(alias, "id"),
            moment,
            source,
        )

    @api.model
    def _get_contact_day(self, column):
        return self.env["relationship.partner.report"]._get_day(column)

    @api.model
    def _get_meeting_rows(self, near):
        """Return meetings that are over, with each of the partner who was to come.

        Private ones count for those who were invited, as core shows them.
        """
        events = self.env["calendar.event"]
        if not events.has_access("read"):
            return None
        events.flush_model()
        self.env["calendar.attendee"].flush_model()
        self.env["res.users.settings"].flush_model(["calendar_default_privacy"])
        shown = SQL("TRUE")
        if not self.env.su:
            shown = SQL(
                """
                (coalesce(m.privacy, u.calendar_default_privacy, '') <> 'private'
                 OR m.user_id = %s
                 OR EXISTS (SELECT 1 FROM calendar_attendee me
                            WHERE me.event_id = m.id AND me.partner_id = %s))
                """,
                self.env.uid,
                self.env.user.partner_id.id,
            )
        return self._select_contacts(
            "m",
            self._get_contact_day(SQL("m.start")),
            SQL(
                """
                calendar_event m
                JOIN calendar_attendee t ON t.event_id = m.id
                JOIN res_partner p ON p.id = t.partner_id
                LEFT JOIN res_users_settings u ON u.user_id = m.user_id
                WHERE m.active AND m.stop <= %s AND t.state IS DISTINCT FROM 'declined'
                      AND %s AND %s AND m.id IN %s
                """,
                fields.Datetime.now(),
                near,
                shown,
                events._search([]).subselect(),
            ),
        )

    @api.model
    def _get_message_rows(self, near):
        """Return messages of internal users that were addressed or sent to a person.

        Core asks the record of each message one by one; here the records of the models
        that may point to a partner are asked in the statement.
        """
        for model in ("mail.message", "mail.notification", "mail.message.subtype"):
            self.env[model].flush_model()
        self.env["res.users"].flush_model(["partner_id", "share"])
        return self._select_contacts(
            "m",
            self._get_contact_day(SQL("m.date")),
            SQL(
                """
                (SELECT mail_message_id, res_partner_id
                 FROM mail_message_res_partner_rel
                 UNION ALL
                 SELECT mail_message_id, res_partner_id FROM mail_notification
                 WHERE notification_type = 'email'
                       AND notification_status NOT IN %s) r
                JOIN res_partner p ON p.id = r.res_partner_id
                JOIN mail_message m ON m.id = r.mail_message_id
                JOIN mail_message_subtype k ON k.id = m.subtype_id
                WHERE m.message_type IN %s AND k.internal IS NOT TRUE
                      AND m.is_internal IS NOT TRUE AND %s AND %s
                      AND EXISTS (SELECT 1 FROM res_users w WHERE NOT w.share
                                  AND w.partner_id = m.author_id)
                """,
                UNREACHED,
                SPOKEN,
                near,
                self._get_message_access(),
            ),
        )

    @api.model
    def _get_message_access(self):
        """Return which messages the user sees: one's own, those of visible records."""
        if self.env.su:
            return SQL("TRUE")
        me = self.env.user.partner_id.id
        shown = [SQL("m.author_id = %s", me), SQL("r.res_partner_id = %s", me)]
        # Messages of private meetings are kept from others by core in its own way.
        models = self.env["relationship.document"]._get_sources().keys()
        for model in models - {"calendar.event"}:
            records = self.env[model].with_context(active_test=False)
            if not records.has_access("read"):
                continue
            found = records._search([])
            if found.is_empty():
                continue
            found.add_where(
                SQL("%s = m.res_id", SQL.identifier(records._table, "id")),
            )
            exists = found.subselect(SQL("1"))
            shown.append(SQL("(m.model = %s AND EXISTS %s)", model, exists))
        return SQL("(%s)", SQL(" OR ").join(shown))

    @api.model
    def _get_addressee_rows(self, near):
        """Return the addressees of campaigns who were contacted."""
        addressees = self.env["relationship.campaign.addressee"]
        if not addressees.has_access("read"):
            return None
        addressees.flush_model()
        return self._select_contacts(
            "m",
            SQL("m.contacted_on"),
            SQL(
                """
                relationship_campaign_addressee m
                JOIN res_partner p ON p.id = m.target_id
                WHERE m.contacted_on IS NOT NULL AND m.state <> 'excluded'
                      AND %s AND m.id IN %s
                """,
                near,
                addressees._search([]).subselect(),
            ),
        )
