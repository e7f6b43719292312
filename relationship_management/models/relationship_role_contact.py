from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .merge_note import tell
from .relationship_role import WHAT_COUNTS


class RelationshipRole(models.Model):
    """The role Contact is for those without a business role."""

    _inherit = "relationship.role"

    @api.constrains(*WHAT_COUNTS)
    def _check_contact(self):
        today = fields.Date.context_today(self)
        for role, other in self._get_pairs():
            if (
                role.kind == "contact"
                and other.type_id.ends_contact
                and role._overlaps(other)
                and (not other.date_to or other.date_to >= today)
            ):
                raise ValidationError(
                    self.env._(
                        "%(partner)s holds the role %(role)s. The role %(contact)s is"
                        " for partners without a business role: end %(role)s first.",
                        partner=role.partner_id.display_name,
                        role=other.type_id.name,
                        contact=role.type_id.name,
                    )
                )

    @api.constrains("partner_id", "type_id", "date_from", "date_to", "state")
    def _check_relations(self):
        self.partner_id._check_relations()

    def _end_contact(self):
        """End the role Contact on the day before a business role begins.

        :return: {partner: [sentence]} for the chatter; None instead of a sentence
            about what not everybody may see
        """
        today = fields.Date.context_today(self)
        business = self.sudo().filtered(
            lambda r: (
                r.type_id.ends_contact
                and r.state != "refused"
                and (not r.date_to or r.date_to >= today)
            )
        )
        sentences = defaultdict(list)
        if not business:
            return sentences
        # sudo: the contact role may belong to a company or type that is hidden from
        # whoever gives the business role.
        contacts = self.sudo().search(
            [
                ("partner_id", "in", business.partner_id.ids),
                ("kind", "=", "contact"),
                ("state", "!=", "refused"),
            ]
        )
        for contact in contacts:
            roles = business.filtered(
                lambda r, c=contact: (
                    r.partner_id == c.partner_id
                    and r._shares_company(c)
                    and r._overlaps(c)
                )
            )
            if roles:
                first = min(roles, key=lambda r: r.date_from or date.min)
                sentences[contact.partner_id].append(contact._tell_end(roles))
                contact.with_context(relationship_role_silent=True)._end_before(
                    first.date_from or date.min
                )
        return sentences

    def _tell_end(self, roles):
        """Return the sentence about a contact that ``roles`` ended; None if hidden.

        A company that knows of the role may know of the contact.
        """
        known = not self.company_id or self.company_id in roles.company_id
        return tell(
            self.partner_id,
            self.env._(
                "No longer %(contact)s: a business role was given",
                contact=self.type_id.name,
            ),
            self.env["res.company"] if known else self.company_id,
            self.type_id,
        )

    def _reopen_contact(self):
        """Give back the role Contact that the refused ones of these had ended."""
        for role in self.filtered(lambda r: r.type_id.ends_contact and r.date_from):
            # sudo: as where it was ended.
            contact = self.sudo().search(
                [
                    ("partner_id", "=", role.partner_id.id),
                    ("kind", "=", "contact"),
                    ("state", "!=", "refused"),
                    ("date_to", "=", role.date_from - timedelta(days=1)),
                ],
                limit=1,
            )
            pairs = [*contact._get_pairs()]
            if contact and not any(
                other.type_id.ends_contact
                and (not other.date_to or other.date_to >= role.date_from)
                for _contact, other in pairs
            ):
                contact.date_to = False
