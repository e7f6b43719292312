from odoo.tests import TransactionCase, tagged

OURS = "odoo.addons.relationship_management."
METHODS = ("create", "write", "unlink", "copy", "copy_data", "_merge_opportunity")
# Who is asked first, of several files that override a method of one model. The order
# comes from the order of imports; who changes it on purpose changes it here, too.
ORDER = {
    ("crm.lead", "_merge_opportunity"): [
        "models.crm_lead_history",
        "models.crm_lead_stage",
    ],
    ("crm.lead", "create"): [
        "models.crm_lead_role",
        "models.crm_lead_plan",
        "models.crm_lead_type",
    ],
    ("crm.lead", "write"): [
        "models.crm_lead_role",
        "models.crm_lead_plan",
        "models.crm_lead_type",
        "models.crm_lead_margin",
    ],
    ("relationship.campaign", "create"): [
        "models.relationship_campaign_plan",
        "models.relationship_campaign_status",
        "models.relationship_campaign_core_side",
    ],
    ("relationship.campaign", "write"): [
        "models.relationship_campaign_plan",
        "models.relationship_campaign_cost",
        "models.relationship_campaign_status",
        "models.relationship_campaign_core_side",
    ],
    ("relationship.relation.type", "write"): [
        "models.relationship_relation_type",
        "models.relationship_type_mixin",
    ],
    ("res.partner", "create"): ["models.mail_blacklist", "models.res_partner_role"],
    ("res.partner", "write"): [
        "models.crm_lead_address",
        "models.mail_blacklist",
        "models.res_partner_relation",
        "models.res_partner_role",
    ],
}


@tagged("post_install", "-at_install")
class TestOverrideOrder(TransactionCase):
    """Several files extend one model: in which order they act is no accident."""

    def test_the_order_of_overrides_is_the_one_that_was_meant(self):
        found = {}
        for name, model in self.env.registry.items():
            for method in METHODS:
                files = [
                    base.__module__.removeprefix(OURS)
                    for base in model.mro()
                    if base.__module__.startswith(OURS) and method in vars(base)
                ]
                if len(files) > 1:
                    found[name, method] = files
        self.assertEqual(found, ORDER)
