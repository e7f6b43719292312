from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.source import Contact, Source, get_day
from ..shared.source_access_mixin import exists

# A conversation with somebody: neither a note nor what Odoo says by itself.
SPOKEN = ("comment", "email")
UNREACHED = ("bounce", "exception", "canceled")


class ResPartner(models.Model):
    """When somebody of us was last in contact with a partner, and how.

    Activities done, meetings held, messages of internal users that a person of the
    partner got, campaigns that contacted one, and whatever else a description of a
    business model takes for a contact. Rows have the columns of the other figures and
    ``model``, of whose records ``id`` is one.
    """

    _inherit = "res.partner"

    @api.model
    def _get_last_contact_rows(self, near):
        """Return all contacts, each with the rank of its kind.

        :param near: condition on the partner ``p``
        """
        selects = []
        sources = self.env["relationship.source"]._get_descriptions()
        for model, source in sources.items():
            if not (contact := source.contact):
                continue
            rows = getattr(self, contact.rows)(source, near)
            if rows is not None:
                columns = SQL("%s AS model, %s AS rank, c.*", model, contact.turn)
                selects.append(SQL("SELECT %s FROM (%s) c", columns, rows))
        return SQL(" UNION ALL ").join(selects)

    @api.model
    def _get_contact_rows(self, source, near):
        """Return the contacts that a description names, of those the user may read."""
        records, contact = source.records, source.contact
        if not records.has_access("read"):
            return None
        records.flush_model()
        return SQL(
            "SELECT s.id, p.commercial_partner_id AS partner_id, %s AS day"
            " FROM %s s JOIN res_partner p ON p.id = %s"
            " WHERE %s AND %s IS NOT NULL AND %s AND s.id IN %s",
            source.day(contact.day),
            source.table,
            source.column(contact.partner),
            contact.where,
            source.column(contact.day),
            near,
            records._search([]).subselect(),
        )

    @api.model
    def _get_done_activity_rows(self, _source, near):
        return self._get_activity_rows("last_contact", near)

    @api.model
    def _get_meeting_rows(self, _source, near):
        """Return meetings that are over, with each of the partner who was to come.

        Private ones count for those who were invited, as core shows them.
        """
        events = self.env["calendar.event"]
        if not events.has_access("read"):
            return None
        events.flush_model()
        self.env["calendar.attendee"].flush_model()
        return SQL(
            """
            SELECT m.id, p.commercial_partner_id AS partner_id, %s AS day
            FROM calendar_event m
            JOIN calendar_attendee t ON t.event_id = m.id
            JOIN res_partner p ON p.id = t.partner_id
            WHERE m.active AND m.stop <= %s AND t.state IS DISTINCT FROM 'declined'
                  AND %s AND m.id IN %s
            """,
            get_day(self.env, SQL("m.start")),
            fields.Datetime.now(),
            near,
            events._search(
                [] if self.env.su else events._get_told_domain()
            ).subselect(),
        )

    @api.model
    def _get_message_rows(self, _source, near):
        """Return messages of internal users that were addressed or sent to a person.

        Core asks the record of each message one by one; here the records of the models
        that may point to a partner are asked in the statement.
        """
        messages = "mail.message", "mail.notification", "mail.message.subtype"
        for model in (*messages, "res.users"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT m.id, p.commercial_partner_id AS partner_id, %s AS day
            FROM (SELECT mail_message_id, res_partner_id
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
            get_day(self.env, SQL("m.date")),
            UNREACHED,
            SPOKEN,
            near,
            self._get_message_access(),
        )

    @api.model
    def _get_message_access(self):
        """Return which messages the user sees: one's own, those of visible records."""
        if self.env.su:
            return SQL("TRUE")
        me = self.env.user.partner_id.id
        shown = [SQL("m.author_id = %s", me), SQL("r.res_partner_id = %s", me)]
        # Messages of private meetings are kept from others by core in its own way.
        models = self.env["relationship.source"]._get_paths().keys()
        for records in map(self.env.__getitem__, models - {"calendar.event"}):
            if records.has_access("read"):
                visible = exists(records, SQL("m.res_id"))
                shown.append(SQL("(m.model = %s AND %s)", records._name, visible))
        return SQL("(%s)", SQL(" OR ").join(shown))


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def _describe_source(self):
        contact = Contact(self.env._("Meeting"), 20, rows="_get_meeting_rows")
        return Source(partners=("partner_ids",), contact=contact)

    @api.model
    def _get_told_domain(self):
        """Return the meetings whose notes and files the user may read.

        Core keeps what a private one is about from others, by no record rule.
        """
        # sudo: how somebody keeps the own calendar is asked, never shown.
        settings = self.env["res.users.settings"].sudo()
        private = settings.search([("calendar_default_privacy", "=", "private")])
        return (
            Domain("user_id", "=", self.env.uid)
            | Domain("partner_ids", "in", self.env.user.partner_id.ids)
            | Domain("privacy", "in", ("public", "confidential"))
            | Domain("privacy", "=", False)
            & Domain("user_id", "not in", private.user_id.ids)
        )


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _describe_source(self):
        contact = Contact(self.env._("Message"), 30, rows="_get_message_rows")
        return Source(contact=contact)
