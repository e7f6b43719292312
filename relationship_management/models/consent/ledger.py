"""How entries come into the ledger of consents, and that they stay as they are."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..shared.button import open_form
from ..shared.context import get_marked
from ..shared.import_mixin import IMPORTING

# What a user may choose; the others are written by the system that they name.
USER_ORIGINS = ("person", "form")
SERVER_FIELDS = ("user_id", "email", "phone", "address")


class RelationshipConsent(models.Model):
    _inherit = "relationship.consent"

    @api.model
    def _get_server_fields(self):
        return frozenset(SERVER_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        self._ask_for_named(vals_list, "partner_id", "corrects_id")
        vals_list = [self._prepare_entry(vals) for vals in vals_list]
        entries = super().create(vals_list)
        entries.partner_id.check_access("read")
        entries._seal_evidence()
        entries._sync_blacklists()
        entries.partner_id._forget_consent_states()
        return entries

    def _prepare_entry(self, vals):
        """Return the values with what only the server says: who, from where, when."""
        entry = {name: vals[name] for name in vals if name not in SERVER_FIELDS}
        entry["user_id"] = self.env.uid
        if self.env.su:
            return entry
        origin = entry.get("origin") or "person"
        if get_marked(self.env, IMPORTING):
            origin = "import"
        elif origin not in USER_ORIGINS:
            raise ValidationError(
                self.env._(
                    "Only the system itself writes entries of the origin “%(origin)s”:"
                    " choose “%(person)s” or “%(form)s”.",
                    origin=self._get_labels("origin").get(origin, origin),
                    person=self._get_labels("origin")["person"],
                    form=self._get_labels("origin")["form"],
                )
            )
        return {**entry, "origin": origin}

    def _seal_evidence(self):
        """Attach the files to their entry, after which nobody changes them."""
        files = self.attachment_ids
        files.check_access("read")
        for file in files.filtered("res_id"):
            raise ValidationError(
                self.env._(
                    "The file %(file)s belongs to something else: upload it again as"
                    " evidence of this consent.",
                    file=file.name,
                )
            )
        # Everybody reads a public file: only who may change it gives it away.
        files.check_access("write")
        for entry in self:
            own = entry.attachment_ids & files
            # sudo: whoever records the consent uploaded the files; see above.
            own.sudo().write({"res_model": self._name, "res_id": entry.id})
            files -= own

    def write(self, vals):
        """Refuse: what was recorded stays as it is."""
        if vals:
            raise UserError(
                self.env._(
                    "An entry of the consent ledger is never changed. Open it and"
                    " choose Correct: the new entry then counts in its place."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "An entry of the consent ledger is never deleted: it proves what was"
                " said. Open it and choose Correct, if it is wrong."
            )
        )

    def _sync_blacklists(self):
        """Bring the blacklists in step with what was said about every purpose.

        The core lists know no purposes. What they said themselves is on them already.
        """
        # sudo: whoever may record a consent changes the blacklists by that.
        entries = self.sudo()
        said = entries.filtered(lambda e: e.origin not in ("blacklist", "unsubscribe"))
        said |= said.corrects_id
        general = said.filtered(lambda e: not e.purpose_id)
        for channel, same in general.grouped("channel").items():
            same.partner_id._sync_blacklists([channel])

    def action_correct(self):
        """Open a new entry that corrects this one."""
        self.ensure_one()
        return open_form(
            self._name,
            name=self.env._("Correct an entry"),
            target="new",
            context={
                "default_corrects_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_purpose_id": self.purpose_id.id,
                "default_channel": self.channel,
                "default_action": self.action,
                "default_legal_basis": self.legal_basis,
                "default_date": fields.Datetime.to_string(self.date),
                "default_valid_until": fields.Date.to_string(self.valid_until),
            },
        )

    @api.model
    def _read_row(self, vals):
        row = super()._read_row(vals)
        return {n: v for n, v in row.items() if n not in (*SERVER_FIELDS, "origin")}

    def _is_like(self, row):
        """Take a row without a date for what was said last, or ever was agreed to.

        To import an old file again is not to agree again, and may be to refuse again.
        """
        company = self.partner_id.company_id
        if not super()._is_like({"company_id": company.id, **row}):
            return False
        if row.get("date") or self.action == "given":
            return True
        said = [("partner_id", "=", self.partner_id.id), ("channel", "=", self.channel)]
        return self == self.search(said, limit=1)

    @api.model
    def get_import_templates(self):
        """Offer the file that shows which columns an import takes."""
        return [
            {
                "label": self.env._("Import template for consents"),
                "template": "/relationship_management/static/import/consents.csv",
            }
        ]
