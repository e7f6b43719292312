"""What a meeting is about is told to those who are told its activity, and who come.

Others see in a shared calendar that somebody is busy, as of core's private meetings.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..shared.may_be_told import as_person

# What a search by it would tell.
TELLING = frozenset(
    {
        *("activity_ids", "categ_ids", "description", "display_name", "location"),
        *("message_ids", "name", "notes", "opportunity_id", "res_id", "res_model"),
        *("res_model_id", "res_model_name", "videocall_location"),
    }
)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    is_told = fields.Boolean(compute="_compute_is_told")

    @api.depends("relationship_activity_id", "user_id", "partner_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_told(self):
        """Tell whether the user comes, or may see the activity, if there is one."""
        me = self.env.user
        # sudo: who comes; what stands there is not shown by this
        others = self.sudo().filtered(
            lambda event: (
                event.relationship_activity_id
                and event.user_id != me
                and me.partner_id not in event.partner_ids
            )
        )
        # As the person behind a superuser: core shows names behind a many2one so.
        activities = as_person(others.relationship_activity_id)
        hidden = activities - activities._filtered_access("read")
        busy = others.filtered(lambda e: e.relationship_activity_id.id in hidden._ids)
        for event in self:
            event.is_told = event.id not in busy._ids

    @api.model
    def _get_public_fields(self):
        """Leave the link there: its name is told only to who may see the activity."""
        return super()._get_public_fields() | {"relationship_activity_id"}

    def _check_private_event_conditions(self):
        return super()._check_private_event_conditions() or not self.is_told

    @api.model
    def _get_told_meetings(self):
        """Return a domain of the meetings about which the user may be told."""
        told = (
            Domain("relationship_activity_id", "=", False)
            | Domain("user_id", "=", self.env.uid)
            | Domain("partner_ids", "in", self.env.user.partner_id.ids)
        )
        activities = self.env["relationship.activity"].with_context(active_test=False)
        if activities.has_access("read"):
            told |= Domain("relationship_activity_id", "in", activities._search([]))
        return told

    def _get_default_privacy_domain(self):
        told = super()._get_default_privacy_domain()
        return Domain(told) & self._get_told_meetings()

    @api.model
    def _get_told_domain(self):
        return super()._get_told_domain() & self._get_told_meetings()

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Find by what they are about only those about which the user is told."""
        if not self.env.su:
            domain = Domain(domain)
            asked = {c.field_expr.split(".")[0] for c in domain.iter_conditions()}
            if asked & TELLING:
                domain &= self._get_told_meetings()
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        """Let nobody change or delete a meeting about which they are not told."""
        result = super()._check_access(operation)
        if operation == "read" or self.env.su or not self.ids:
            return result
        hidden = self.filtered(lambda event: not event.is_told)
        if not hidden:
            return result
        if result:
            return result[0] | hidden, result[1]
        return hidden, hidden._get_hidden_refusal

    def _get_hidden_refusal(self):
        return AccessError(
            self.env._(
                "This is a meeting of others about something that you may not see: ask"
                " one of those who take part to change it."
            )
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Keep the messages of a meeting from those who are not told about it."""
        result = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        hidden = self.filtered(lambda event: not event.is_told)
        return result | dict.fromkeys(hidden, "write")
