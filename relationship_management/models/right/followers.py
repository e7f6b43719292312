"""Whoever follows a record takes no part in it once its type is hidden from them.

So it is with a meeting once it is busy for them.

Core asks followers for no right: they are told all news, and write to the record.
"""

from odoo import models

from ..shared.may_be_told import refuse_also


def find_kept_from(records, user):
    """Return those of the records a type of which the user may not see.

    Of meetings those that are busy for the user.
    """
    if records._name == "calendar.event":
        return records._find_busy_for(user)
    hidden = records.browse()
    # sudo: which types they have and whether these are for some alone, told to nobody.
    for record in records.sudo():
        types = [record.mapped(path) for path in record._type_paths]
        if any(_is_hidden(kind, user) for kind in types):
            hidden |= record.sudo(records.env.su)
    return hidden


def _is_hidden(kind, user):
    if not kind or not kind._is_restricted():
        return False
    return kind.id in kind.with_user(user)._get_forbidden_ids("see")


def leave_out(records, recipients):
    """Return the recipients of news of the records without those kept from them."""
    users = records.env["res.users"]
    return [
        recipient
        for recipient in recipients
        if not recipient.get("uid")
        or not find_kept_from(records, users.browse(recipient["uid"]))
    ]


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        found = super()._notify_get_recipients(message, msg_vals, **kwargs)
        return leave_out(self, found)


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        found = super()._notify_get_recipients(message, msg_vals, **kwargs)
        return leave_out(self, found)


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        found = super()._notify_get_recipients(message, msg_vals, **kwargs)
        return leave_out(self, found)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Let nobody follow what is busy for them: reading that is not enough."""
        if not self.env.su and find_kept_from(self, self.env.user):
            raise self._get_hidden_refusal()
        return super().message_subscribe(partner_ids, subtype_ids)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        found = super()._notify_get_recipients(message, msg_vals, **kwargs)
        return leave_out(self, found)


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _check_access(self, operation):
        """Let nobody write to a record a type of which is hidden from them.

        An e-mail that comes in is kept, whoever has sent it.
        """
        result = super()._check_access(operation)
        if operation != "create" or self.env.su:
            return result
        hidden = self.browse()
        written = self - result[0] if result else self
        written = written.filtered(lambda m: m.message_type != "email" and m.res_id)
        for model, messages in written.grouped("model").items():
            is_meeting = model == "calendar.event"
            if not is_meeting and not hasattr(self.env.get(model), "_type_paths"):
                continue
            records = self.env[model].browse(messages.mapped("res_id"))
            kept = find_kept_from(records, self.env.user)._ids
            hidden |= messages.filtered(lambda m, kept=kept: m.res_id in kept)
        return refuse_also(result, hidden, lambda: hidden._make_access_error(operation))
