from odoo import api, fields, models
from odoo.tools import SQL

from ..shared.button import open_form

PICTURES = {"image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp"}


class RelationshipDocument(models.Model):
    """A file or a note of a partner, or of a record that points to one."""

    _name = "relationship.document"
    _description = "Document or note"
    _inherit = ["relationship.source.access.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "ir.attachment": [
            "name",
            "res_model",
            "res_id",
            "res_field",
            "mimetype",
            "file_size",
        ],
        "mail.message": ["body", "date", "author_id", "model", "res_id"],
        "res.users": ["partner_id"],
    }

    name = fields.Char(readonly=True)
    kind = fields.Selection([("file", "File"), ("note", "Note")], readonly=True)
    date = fields.Datetime(readonly=True)
    author_id = fields.Many2one("res.partner", string="By", readonly=True)
    mimetype = fields.Char(string="File type", readonly=True)
    file_size = fields.Integer(string="Size (bytes)", readonly=True)
    attachment_id = fields.Many2one("ir.attachment", readonly=True)
    message_id = fields.Many2one("mail.message", readonly=True)
    thumbnail_url = fields.Char(compute="_compute_thumbnail_url")

    @property
    def _table_query(self):
        """Return files with odd ids, notes with even ones."""
        return SQL(
            """
            SELECT a.id * 2 + 1 AS id, 'file' AS kind, a.name, a.create_date AS date,
                u.partner_id AS author_id, a.mimetype, a.file_size,
                a.res_model, a.res_id, a.id AS attachment_id, NULL::int AS message_id
            FROM ir_attachment a LEFT JOIN res_users u ON u.id = a.create_uid
            WHERE a.res_id > 0 AND a.res_field IS NULL
                -- One for each who was invited: the meeting itself says it.
                AND NOT (a.res_model = 'calendar.event' AND a.name = 'invitation.ics')
            UNION ALL
            SELECT m.id * 2, 'note',
                left(btrim(regexp_replace(
                    regexp_replace(m.body, '<[^>]*>', ' ', 'g'),
                    '\\s+', ' ', 'g')), 200),
                m.date, m.author_id, NULL, NULL, m.model, m.res_id, NULL, m.id
            FROM mail_message m
            WHERE m.res_id > 0 AND m.message_type = 'comment'
                AND m.body ~ '>[^<]*\\S[^<]*<'
            """
        )

    @api.depends("attachment_id", "mimetype")
    def _compute_thumbnail_url(self):
        """Show pictures, and what Odoo made a thumbnail of, as the chatter does."""
        files = self.attachment_id.with_context(bin_size=True)
        files.fetch(["has_thumbnail"])
        for document, file in zip(
            self,
            (document.attachment_id.with_env(files.env) for document in self),
            strict=True,
        ):
            url = False
            if file.has_thumbnail:
                url = f"/web/image/ir.attachment/{file.id}/thumbnail"
            elif (document.mimetype or "") in PICTURES:
                url = f"/web/image/{file.id}/256x256"
            document.thumbnail_url = url

    def action_open(self):
        """Open the file, or the record in whose chatter the note stands."""
        self.ensure_one()
        self.check_access("read")
        if self.kind == "note":
            return self.action_open_source()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_view_documents(self):
        """List the files and notes of these partners and of what points to them."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_document_action"
        )
        context = {}
        if len(self) == 1 and self.has_access("write"):
            context["relationship_partner_id"] = self.id
        return {
            **action,
            "display_name": self.env._("Documents and notes"),
            "domain": [("partner_id", "in", self.ids)],
            "context": context,
        }

    def action_new_note(self):
        """Open core's composer for a note on this partner."""
        self.ensure_one()
        return open_form(
            "mail.compose.message",
            name=self.env._("New note"),
            target="new",
            context={
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_subtype_xmlid": "mail.mt_note",
                "default_email_add_signature": False,
                # A note needs no addressee: so says core's own "Log note", too.
                "clicked_on_full_composer": True,
            },
        )
