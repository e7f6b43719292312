from odoo.tests import TransactionCase, tagged

OURS = "odoo.addons.relationship_management.models."
METHODS = ("create", "write", "unlink", "copy", "copy_data", "_merge_opportunity")
# Who is asked first, of several files that override a method of one model. The order
# comes from the order of imports; who changes it on purpose changes it here, too.
ORDER = {
    ("calendar.event", "create"): [
        "meeting.calendar_event",
        "opportunity.core_parent_guard",
    ],
    ("calendar.event", "write"): ["meeting.moved", "opportunity.core_parent_guard"],
    ("crm.lead", "_merge_opportunity"): [
        "opportunity.core_parent_guard",
        "opportunity.recorded",
        "opportunity.stage_change",
    ],
    ("crm.lead", "create"): [
        "target_group.opportunity",
        "opportunity.missing_role",
        "opportunity.plan",
        "opportunity.typed",
    ],
    ("crm.lead", "unlink"): [
        "meeting.outlive",
        "activity.outlive",
        "opportunity.recorded",
    ],
    ("crm.lead", "write"): [
        "activity.project",
        "target_group.opportunity",
        "opportunity.missing_role",
        "opportunity.plan",
        "opportunity.typed",
        "opportunity.margin",
    ],
    ("mail.activity", "create"): ["meeting.other_end", "plan.mail_activity"],
    ("mail.activity", "unlink"): [
        "meeting.left",
        "activity.mail_activity",
        "plan.mail_activity",
    ],
    ("mail.activity", "write"): [
        "meeting.other_end",
        "meeting.left",
        "activity.mail_activity",
        "opportunity.core_parent_guard",
        "plan.mail_activity",
    ],
    ("mail.activity.plan.template", "create"): ["activity.run", "activity.template"],
    ("mail.activity.plan.template", "unlink"): [
        "activity.run",
        "activity.waiting",
        "plan.plan_template",
    ],
    ("mail.activity.plan.template", "write"): [
        "activity.run",
        "activity.waiting",
        "activity.template",
        "plan.plan_template",
    ],
    ("relationship.activity", "create"): [
        "meeting.when",
        "activity.defaults",
        "activity.checks",
    ],
    ("relationship.activity", "unlink"): ["meeting.outlive", "activity.follow"],
    ("relationship.activity", "write"): [
        "meeting.keep",
        "meeting.when",
        "activity.shelf",
        "activity.follow",
        "activity.checks",
    ],
    ("relationship.activity.type", "write"): ["activity.run", "activity.activity_type"],
    ("relationship.campaign", "create"): [
        "campaign.plan",
        "campaign.status",
        "campaign.linking",
        "campaign.core_side",
    ],
    ("relationship.campaign", "unlink"): ["meeting.outlive", "campaign.core_side"],
    ("relationship.campaign", "write"): [
        "campaign.plan",
        "campaign.cost",
        "campaign.status",
        "campaign.linking",
        "campaign.core_side",
    ],
    ("relationship.campaign.addressee", "create"): [
        "activity.joining",
        "target_group.addressee_rules",
    ],
    ("relationship.campaign.addressee", "write"): [
        "activity.members",
        "target_group.addressee_rules",
    ],
    ("res.partner", "create"): [
        "meeting.other_end",
        "consent.blacklist",
        "role.partner",
    ],
    ("res.partner", "unlink"): ["partner.foreign_rows", "role.partner"],
    ("res.partner", "write"): [
        "meeting.other_end",
        "activity.members",
        "partner.opportunity_address",
        "partner.foreign_rows",
        "consent.blacklist",
        "relation.partner",
        "role.partner",
    ],
    ("res.users", "unlink"): ["meeting.left", "activity.leaving"],
    ("res.users", "write"): ["activity.leaving", "role.derive", "plan.absence"],
}


@tagged("post_install", "-at_install")
class TestOverrideOrder(TransactionCase):
    """Several files extend one model: in which order they act is no accident."""

    maxDiff = None

    def test_the_order_of_overrides_is_the_one_that_was_meant(self):
        found = {}
        for name, model in self.env.registry.items():
            for method in METHODS:
                files = [
                    base.__module__.removeprefix(OURS)
                    for base in model.mro()
                    if base.__module__.startswith(OURS) and method in vars(base)
                ]
                # What many models share comes last, whatever is imported when.
                shared = ("shared.", "types.")
                files = [name for name in files if not name.startswith(shared)]
                if len(files) > 1:
                    found[name, method] = files
        self.assertEqual(found, ORDER)
