from odoo import fields, models
from odoo.tools.translate import html_translate


class RelationshipCampaign(models.Model):
    """What people write about a campaign, in each language: only the story is.

    Where people work, a text that somebody corrects is corrected for everybody.
    """

    _inherit = "relationship.campaign"

    goal = fields.Text(translate=True)
    description = fields.Html(translate=html_translate)
    evaluation = fields.Html(translate=html_translate)


class RelationshipCampaignCost(models.Model):
    _inherit = "relationship.campaign.cost"

    name = fields.Char(translate=True)


class MailActivityPlan(models.Model):
    _inherit = "mail.activity.plan"

    name = fields.Char(translate=True)
