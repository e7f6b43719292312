from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.relationship_consent import CHANNELS


class RelationshipConsentRecord(models.TransientModel):
    """Record what one or many partners said about several channels at once."""

    _name = "relationship.consent.record"
    _description = "Record a consent"

    partner_ids = fields.Many2many(
        "res.partner", string="Partners", required=True, readonly=True
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
    letter = fields.Boolean()
    fax = fields.Boolean()
    email = fields.Boolean(string="E-mail")
    phone = fields.Boolean(string="Phone call")
    sms = fields.Boolean(string="SMS")
    legal_basis = fields.Selection(
        lambda self: (
            self.env["relationship.consent"]
            ._fields["legal_basis"]
            ._description_selection(self.env)
        ),
        required=True,
        default="consent",
    )
    date = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    valid_until = fields.Date()
    evidence = fields.Text()
    file = fields.Binary()
    file_name = fields.Char()

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "res.partner":
            ids = self.env.context.get("active_ids", [])
            values.setdefault("partner_ids", [Command.set(ids)])
        return values

    def action_record(self):
        """Write one entry for each partner and channel."""
        self.ensure_one()
        channels = [channel for channel, _label in CHANNELS if self[channel]]
        if not channels:
            raise UserError(self.env._("Choose at least one channel."))
        consents = self.env["relationship.consent"].create(
            [
                {
                    "partner_id": partner.id,
                    "channel": channel,
                    "action": self.action,
                    "purpose_id": self.purpose_id.id,
                    "legal_basis": self.legal_basis,
                    "date": self.date,
                    "valid_until": self.valid_until,
                    "evidence": self.evidence,
                }
                for partner in self.partner_ids
                for channel in channels
            ]
        )
        if self.file:
            self.env["ir.attachment"].create(
                [
                    {
                        "name": self.file_name or self.env._("Evidence"),
                        "datas": self.file,
                        "res_model": consent._name,
                        "res_id": consent.id,
                    }
                    for consent in consents
                ]
            )
        return {"type": "ir.actions.act_window_close"}
