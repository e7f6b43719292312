from odoo import api, fields, models


class RelationshipCampaignAnswer(models.TransientModel):
    """Enter one response for many members, after saying what becomes of them."""

    _name = "relationship.campaign.answer"
    _description = "Enter the response of members"
    _inherit = ["relationship.parent.guard.mixin"]

    addressee_ids = fields.Many2many(
        "relationship.campaign.addressee",
        relation="relationship_campaign_answer_addressee_rel",
        string="Members",
        readonly=True,
    )
    campaign_type_id = fields.Many2one(
        "relationship.campaign.type", "Campaign type", compute="_compute_summary"
    )
    response_id = fields.Many2one(
        "relationship.campaign.response",
        required=True,
        ondelete="cascade",
        domain="[('type_id', 'in', [campaign_type_id, False])]",
    )
    responded_on = fields.Date(
        string="Response on", required=True, default=fields.Date.context_today
    )
    summary = fields.Text(compute="_compute_summary")

    @api.depends("addressee_ids")
    def _compute_summary(self):
        for wizard in self:
            types = wizard.addressee_ids.campaign_type_id
            wizard.campaign_type_id = types if len(types) == 1 else False
            wizard.summary = wizard._summarise()

    def _summarise(self):
        addressees = self.addressee_ids._origin
        control = addressees.filtered("is_control")
        excluded = addressees.filtered(lambda a: a.state == "excluded") - control
        answered = addressees.filtered("response_id")
        sentences = [
            (addressees, self.env._("Members who get this response: %(count)s.")),
            (
                control,
                self.env._(
                    "Of the control group: %(count)s. The response is noted, they stay"
                    " excluded."
                ),
            ),
            (
                excluded,
                self.env._(
                    "Excluded until now: %(count)s. They become “Responded”, as members"
                    " whom nobody contacted."
                ),
            ),
            (
                answered,
                self.env._("Have a response, which is replaced: %(count)s."),
            ),
        ]
        return "\n".join(
            sentence % {"count": len(members)}
            for members, sentence in sentences
            if members or members is addressees
        )

    def action_enter(self):
        """Enter the response."""
        self.ensure_one()
        self.addressee_ids.write(
            {"response_id": self.response_id.id, "responded_on": self.responded_on}
        )
