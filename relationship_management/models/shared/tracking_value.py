"""What core's records of the chatter name to somebody who may not read it."""

from odoo import api, models

from .may_be_told import find_hidden, get_hidden_words, hide_names


class MailMessage(models.Model):
    """Every employee reads to whom something was sent, and so what it was called."""

    _inherit = "mail.message"

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Hide the subject of what one may not read also behind a many2one."""
        result = super()._compute_display_name()
        hide_names(self)
        return result

    @api.depends_context("uid")
    def _compute_record_name(self):
        """Hide what hides itself: whoever was told once is told the name of today."""
        result = super()._compute_record_name()
        for messages in self.filtered("record_name").grouped("model").values():
            records = self.env[messages[0].model].browse(messages.mapped("res_id"))
            if not getattr(records, "_hides_name", False):
                continue
            hidden = find_hidden(records)
            for message in messages:
                if message.res_id in hidden:
                    message.record_name = get_hidden_words(records)
        return result


class MailTrackingValue(models.Model):
    """The chatter keeps names as whoever changed them saw them; others read it, too."""

    _inherit = "mail.tracking.value"

    def _format_display_value(self, field_type, new=True):
        """Put words in place of the name of what its reader may not see."""
        values = super()._format_display_value(field_type, new=new)
        if field_type != "many2one":
            return values
        name = "new_value_integer" if new else "old_value_integer"
        return [
            tracking._get_told_name(tracking[name]) or value
            for tracking, value in zip(self, values, strict=True)
        ]

    def _get_told_name(self, record_id):
        """Return words for a hidden record whose name hides itself elsewhere, too."""
        # sudo: which model a field leads to is no secret.
        model = self.sudo().field_id.relation
        if not record_id or model not in self.env:
            return None
        record = self.env[model].browse(record_id).exists()
        hides_name = getattr(record, "_hides_name", False)
        return get_hidden_words(record) if hides_name and find_hidden(record) else None
