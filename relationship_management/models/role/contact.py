from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..shared.context import Marker, get_marked
from ..shared.fold import FOLDING
from ..shared.may_be_told import name_of, tell
from .role import SILENT, WHAT_COUNTS


class RelationshipRole(models.Model):
    """The role Contact is for those without a business role.

    A role that is only proposed does not count here: it may be refused.
    """

    _inherit = "relationship.role"

    @api.constrains(*WHAT_COUNTS)
    def _check_contact(self):
        today = fields.Date.context_today(self)
        for role, other in self._get_pairs():
            if (
                role.kind == "contact"
                and other.type_id.ends_contact
                and other.state == "confirmed"
                and role._overlaps(other)
                and (not other.date_to or other.date_to >= today)
            ):
                role._refuse_if_hidden(other)
                raise ValidationError(
                    self.env._(
                        "%(partner)s holds the role %(role)s. The role %(contact)s is"
                        " for partners without a business role: end %(role)s first.",
                        partner=name_of(role.partner_id),
                        role=name_of(other.type_id, after_noun=True),
                        contact=name_of(role.type_id, after_noun=True),
                    )
                )

    @api.constrains("partner_id", "type_id", "date_from", "date_to", "state")
    def _check_relations(self):
        self.partner_id._check_relations()

    def _end_contact(self):
        """End the role Contact on the day before a confirmed business role begins.

        Without a day left it is kept as refused: it counts nowhere, and can come back.

        :return: {partner: [sentence]} for the chatter; None instead of a sentence
            about what not everybody may see
        """
        today = fields.Date.context_today(self)
        business = self.sudo().filtered(
            lambda r: (
                r.type_id.ends_contact
                and r.state == "confirmed"
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
                contact.with_context(**{SILENT: Marker()})._yield_from(
                    first.date_from or date.min
                )
        return sentences

    def _yield_from(self, day):
        self.ensure_one()
        values = {"date_to": day - timedelta(days=1)} if day > date.min else {}
        if not values or (self.date_from and self.date_from >= day):
            values = {"state": "refused"}
        if get_marked(self.env, FOLDING):
            # Core has not told yet what the partner is: no rule could be checked.
            self._change_in_merge(values)
        else:
            self.write(values)

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
        """Give back the role Contact that these roles had ended."""
        # sudo: as where it was ended.
        roles = self.sudo()
        for role in roles.filtered(lambda r: r.type_id.ends_contact):
            contact = roles.search(role._get_ended_contact_domain(), limit=1)
            if not contact or role._has_another_business_role():
                continue
            if contact.state == "refused":
                contact.state = "confirmed"
            else:
                contact.date_to = False

    def _get_ended_contact_domain(self):
        begins_later = Domain("state", "=", "refused")
        ended = Domain.FALSE
        if self.date_from:
            begins_later &= Domain("date_from", ">=", self.date_from)
            ended = Domain("state", "!=", "refused") & Domain(
                "date_to", "=", self.date_from - timedelta(days=1)
            )
        return (
            Domain("partner_id", "=", self.partner_id.id)
            & Domain("kind", "=", "contact")
            & (begins_later | ended)
        )

    def _has_another_business_role(self):
        """Tell whether the partner is in business from the first day of this role."""
        others = self.search(
            [("partner_id", "=", self.partner_id.id), ("state", "=", "confirmed")]
        )
        return any(
            other.type_id.ends_contact
            and (
                not other.date_to
                or not self.date_from
                or other.date_to >= self.date_from
            )
            for other in others - self
        )
