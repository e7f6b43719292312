from odoo import api, fields, models
from odoo.fields import Domain

from ..consent.judge import REASONS

EXCLUSIONS = [
    ("hand", "Excluded by hand"),
    *REASONS,
    ("duplicate", "Same address as another member"),
    ("held_back", "Company in the control group"),
    ("rule", "No longer in the target group"),
    ("control", "Control group"),
]

# What a tab, a figure and a message count, where it is not a state alone.
TAB_DOMAINS = {
    "all": Domain.TRUE,
    "reached": Domain("state", "!=", "excluded"),
    "control": Domain("is_control", "=", True),
    "excluded": Domain("state", "=", "excluded") & Domain("is_control", "=", False),
}


class RelationshipCampaignAddressee(models.Model):
    """A partner that a campaign turns to, or leaves out for a reason.

    ``partner_id`` is the company, or the person found; it is empty for a person alone,
    who stands in ``contact_id``. ``target_id`` is whoever is really addressed.
    """

    _name = "relationship.campaign.addressee"
    _description = "Member"
    _inherit = [
        "relationship.discreet.mixin",
        "relationship.parent.guard.mixin",
        "relationship.server.fields.mixin",
        "relationship.unique.mixin",
        "relationship.analysed.mixin",
        "relationship.type.guard.mixin",
    ]
    _order = "campaign_id, id"
    _rec_name = "target_id"
    _check_company_auto = True
    _asks_right_first = True
    _analysed_by = "campaign_id.type_id"
    _type_paths = ("campaign_id.type_id",)

    # Without an index of its own, which would be combined with those below, and read
    # from end to end for each addressee of a large campaign.
    campaign_id = fields.Many2one(
        "relationship.campaign", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="The company that added the member.",
    )
    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", check_company=True
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Contact person",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    target_id = fields.Many2one(
        "res.partner",
        string="Member",
        compute="_compute_target_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index="btree_not_null",
        ondelete="set null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    origin = fields.Selection(
        [("rule", "Target group"), ("hand", "Added by hand")],
        required=True,
        default="hand",
    )
    state = fields.Selection(
        [
            ("open", "To be contacted"),
            ("contacted", "Contacted"),
            ("responded", "Responded"),
            ("excluded", "Excluded"),
        ],
        string="Status",
        required=True,
        default="open",
    )
    exclusion = fields.Selection(EXCLUSIONS, string="Reason")
    is_control = fields.Boolean(
        string="Control group",
        help="Chosen at random and not contacted, to see what happens without the"
        " campaign.",
    )
    response_id = fields.Many2one("relationship.campaign.response", ondelete="restrict")
    response_kind = fields.Selection(related="response_id.kind")
    contacted_on = fields.Date(string="Contacted on")
    responded_on = fields.Date(string="Response on")
    address_key = fields.Char(
        string="Address used",
        readonly=True,
        copy=False,
        help="The address for the channel when the member was entered, as a text"
        " that finds doubles.",
    )
    freeze_id = fields.Many2one(
        "relationship.campaign.freeze",
        string="Entered by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    campaign_type_id = fields.Many2one(
        related="campaign_id.type_id", related_sudo=False
    )
    channel = fields.Selection(related="campaign_id.channel", related_sudo=False)
    addressing = fields.Selection(related="campaign_id.addressing", related_sudo=False)
    email = fields.Char(related="target_id.email", related_sudo=False)
    phone = fields.Char(related="target_id.phone", related_sudo=False)
    note = fields.Char()
    lead_ids = fields.One2many("crm.lead", "addressee_id", string="Opportunities")

    # ``campaign_id + 0``: what is asked for each of a hundred thousand addressees finds
    # no other index than the one meant for it. PostgreSQL knows nothing of a campaign
    # that was just filled, takes it for empty, and reads all of it each time.
    _campaign_target_unique = models.UniqueIndex(
        "((campaign_id + 0), COALESCE(partner_id, 0), COALESCE(contact_id, 0))",
        "This member is already in the campaign.",
    )
    _control_idx = models.Index("(campaign_id, partner_id) WHERE is_control")
    _campaign_contact_idx = models.Index(
        "(contact_id, (campaign_id + 0)) WHERE contact_id IS NOT NULL"
    )
    _address_idx = models.Index(
        "(address_key, (campaign_id + 0)) WHERE address_key IS NOT NULL"
    )
    _state_idx = models.Index("(campaign_id, state)")

    @api.depends("partner_id", "contact_id")
    def _compute_target_id(self):
        for addressee in self:
            addressee.target_id = addressee.contact_id or addressee.partner_id
