from collections import defaultdict

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..shared.may_be_told import tell


class RelationshipRole(models.Model):
    """Derive roles at the event itself: an order is confirmed, an invoice posted."""

    _inherit = "relationship.role"

    @api.model
    def _derive_at_event(self, kind, documents, day_field):
        """Propose a role of this kind to the partners of business documents at once.

        It never stops the document: what cannot be given stands in the chatter of the
        partner. Bridges call it; the cron finds whatever happened in another way.

        :param kind: kind of role, as in :meth:`_get_role_sources`
        :param documents: records with ``partner_id`` and ``company_id``
        :param day_field: date or time of the document; a later day than today is today
        """
        today = fields.Date.context_today(self)
        groups = defaultdict(self.env["res.partner"].browse)
        # sudo: whoever confirms an order or posts an invoice causes the role, and need
        # not see the company behind a contact person.
        for document in documents.sudo():
            partner = document.partner_id.commercial_partner_id
            company = partner.company_id or document.company_id
            day = self._get_day(document[day_field])
            groups[company, min(day or today, today)] |= partner
        for (company, day), partners in groups.items():
            self._try_to_derive(kind, partners, company, day, documents._name)

    @api.model
    def _get_day(self, moment):
        """Return the day of a date or, for the user, of a time."""
        if hasattr(moment, "hour"):
            return fields.Datetime.context_timestamp(self, moment).date()
        return moment

    @api.model
    def _try_to_derive(self, kind, partners, company, day, source):
        """Give the role to those who can have it, and note why others cannot."""
        try:
            with self.env.cr.savepoint():
                partners._give_role(kind, company, day, "derived", source)
        except (UserError, IntegrityError) as error:
            if len(partners) > 1:
                for partner in partners:
                    self._try_to_derive(kind, partner, company, day, source)
                return
            self._log_missing(kind, partners.id, source, error)
            self._note_missing(kind, partners, company)

    @api.model
    def _note_missing(self, kind, partner, company):
        """Write into the chatter that a role could not be given.

        Not why: the reason may name what not everybody may see. Who gives the role by
        hand is told. What only some may see stays out altogether.
        """
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        sentence = self.env._(
            "The role %(role)s could not be given, because a rule of roles or relations"
            " forbids it. Give the role by hand: you are told then what stands in its"
            " way.",
            role=kinds[kind],
        )
        role_type = self._get_type_of_kind(kind, company.id)
        if body := tell(partner, sentence, company, role_type):
            # sudo: whoever confirms an order causes the note, also without the right to
            # change the partner.
            partner.sudo()._message_log(body=body)
