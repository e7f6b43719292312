"""What the tests of campaigns have in common."""

from odoo import Command
from odoo.tests import tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class CampaignCase(RelationshipCase):
    """A type of campaigns, and campaigns of Anna."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stalmet.city = "Poznań"
        cls.fair_type = cls.env["relationship.campaign.type"].create(
            {
                "name": "Test fair",
                "code": "TF",
                "user_id": cls.piotr.id,
                "duration_days": 10,
                "channel": "letter",
            }
        )

    @classmethod
    def new_campaign(cls, user=None, **values):
        campaigns = cls.env["relationship.campaign"].with_user(user or cls.anna)
        return campaigns.create(
            {"title": "Poznań fair", "type_id": cls.fair_type.id, **values}
        )


class TargetGroupCase(CampaignCase):
    """Ten companies with one tag, and steps and runs over them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "Fair 2026"})
        cls.campaign = cls.new_campaign(channel="email")
        cls.companies = cls.new_partners(10)

    @classmethod
    def new_partners(cls, number, prefix="Firm", **values):
        return cls.env["res.partner"].create(
            [
                {
                    "name": f"{prefix} {n}",
                    "is_company": True,
                    "email": f"{prefix.lower()}{n}@example.com",
                    "category_id": [Command.set(cls.tag.ids)],
                    **values,
                }
                for n in range(number)
            ]
        )

    @classmethod
    def add_rule(cls, rule=None, campaign=None, **values):
        campaign = campaign or cls.campaign
        if rule is None:
            rule = [("category_id", "in", cls.tag.ids)]
        return (
            cls.env["relationship.campaign.selection"]
            .with_user(cls.anna)
            .create({"campaign_id": campaign.id, "rule": str(rule), **values})
        )

    def freeze(self, campaign=None, user=None, **values):
        campaign = (campaign or self.campaign).with_user(user or self.anna)
        action = campaign.action_freeze()
        wizard = self.env[action["res_model"]].with_user(user or self.anna)
        wizard = wizard.browse(action["res_id"])
        wizard.write(values)
        wizard.action_apply()
        return campaign.last_freeze_id

    def addressee(self, partner, campaign=None):
        return (
            self.env["relationship.campaign.addressee"]
            .search([("campaign_id", "=", (campaign or self.campaign).id)])
            .filtered(lambda a: partner in (a.partner_id, a.contact_id))
        )
