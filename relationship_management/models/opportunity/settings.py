from odoo import fields, models

from ..types.binding import BINDING


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    default_opportunity_type_id = fields.Many2one(
        "relationship.opportunity.type",
        string="Default opportunity type",
        default_model="crm.lead",
        domain="[('company_id', '=', False)]",
        help="New opportunities start with this type unless another one is chosen.",
    )
    relationship_group_currency_id = fields.Many2one(
        "res.currency",
        string="Group currency",
        config_parameter="relationship_management.group_currency_id",
        help="The history also keeps amounts in this currency, at the rate of the day"
        " of the change. Without a rate the amount stays empty there. Another group"
        " currency counts from then on: what is closed keeps the one it had, so add up"
        " amounts in OLAP by their group currency.",
    )
    relationship_types_bind_managers = fields.Boolean(
        string="Rights on types bind managers, too",
        config_parameter=BINDING,
        help="Without it, managers may use, see and analyse records of every type.",
    )
