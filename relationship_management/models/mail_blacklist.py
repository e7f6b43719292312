from odoo import api, models


class MailBlacklist(models.Model):
    """Tell the consent ledger who wants no e-mail any more, or again."""

    _inherit = "mail.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries.filtered("active")._tell_ledger(refused=True)
        return entries

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self._tell_ledger(refused=bool(vals["active"]))
        return result

    def _tell_ledger(self, refused):
        self.env["relationship.consent"]._hear_blacklist(
            "email_normalized", self.mapped("email"), ["email"], refused
        )


class PhoneBlacklist(models.Model):
    """Tell the consent ledger who wants no calls and messages any more, or again."""

    _inherit = "phone.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries.filtered("active")._tell_ledger(refused=True)
        return entries

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self._tell_ledger(refused=bool(vals["active"]))
        return result

    def _tell_ledger(self, refused):
        self.env["relationship.consent"]._hear_blacklist(
            "phone_sanitized", self.mapped("number"), ["phone", "sms"], refused
        )
