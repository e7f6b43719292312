from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context

from ..models.consent.channel import CHANNELS
from ..models.shared.context import get_active_ids


class RelationshipConsentRecord(models.TransientModel):
    """Record what one or many partners said about several channels at once."""

    _name = "relationship.consent.record"
    _description = "Record a consent"
    _inherit = ["relationship.parent.guard.mixin"]

    # Archived partners as well: an objection of them counts when they come back.
    partner_ids = fields.Many2many(
        "res.partner",
        string="Partners",
        required=True,
        readonly=True,
        context={"active_test": False},
    )
    action = fields.Selection(
        [
            ("given", "Given"),
            ("withdrawn", "Withdrawn"),
            ("lifted", "Objection lifted"),
        ],
        string="What",
        required=True,
        default="given",
    )
    purpose_id = fields.Many2one("relationship.consent.purpose")
    company_id = fields.Many2one("res.company")
    letter = fields.Boolean()
    fax = fields.Boolean()
    email = fields.Boolean(string="E-mail")
    phone = fields.Boolean(string="Phone call")
    sms = fields.Boolean(string="SMS")
    legal_basis = fields.Selection(
        lambda self: list(
            self.env["relationship.consent"]._get_labels("legal_basis").items()
        ),
        string="Legal basis",
        default="consent",
    )
    origin = fields.Selection(
        [("person", "Said or written to us"), ("form", "Form")],
        string="How",
        required=True,
        default="person",
    )
    date = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    valid_until = fields.Date(string="Valid until")
    evidence = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if ids := get_active_ids(self.env, "res.partner"):
            values.setdefault("partner_ids", [Command.set(ids)])
        return values

    def action_record(self):
        """Write one entry for each partner and channel."""
        self.ensure_one()
        if not self.partner_ids:
            raise UserError(
                self.env._("Choose at least one partner in the list, and try again.")
            )
        channels = [channel for channel, _label in CHANNELS if self[channel]]
        if not channels:
            raise UserError(self.env._("Choose at least one channel."))
        # Uploaded here, they become evidence of the first entry. The others stay where
        # they are, and are refused there.
        mine = self.attachment_ids.filtered(
            lambda file: (file.res_model, file.res_id) == (self._name, self.id)
        )
        mine.write({"res_id": 0})
        given = self.action == "given"
        # The defaults of this dialog are not those of the entries.
        context = clean_context(self.env.context)
        self.env["relationship.consent"].with_context(**context).create(
            [
                {
                    "partner_id": partner.id,
                    "channel": channel,
                    "action": self.action,
                    "purpose_id": self.purpose_id.id,
                    "company_id": (partner.company_id or self.company_id).id,
                    "legal_basis": given and self.legal_basis,
                    "origin": self.origin,
                    "date": self.date,
                    "valid_until": given and self.valid_until,
                    "evidence": self.evidence,
                    "attachment_ids": [Command.set(self.attachment_ids.ids)],
                }
                for partner in self.partner_ids
                for channel in channels
            ]
        )
        return {"type": "ir.actions.act_window_close"}
