from odoo import fields
from odoo.tests import Form, tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestAnotherTypeInAForm(RelationshipCase):
    """Who chooses another type of a new record gets what that one proposes."""

    def test_another_type_of_a_new_opportunity_replaces_what_nobody_typed(self):
        service = self.machine_deal.copy(
            {"name": "Test service", "stage_id": self.stages[0].id, "binding": False}
        )
        for view in (None, "crm.quick_create_opportunity_form"):
            with self.subTest(view=view):
                form = Form(self.env["crm.lead"].with_user(self.anna), view=view)
                form.opportunity_type_id = self.machine_deal
                form.name = "Packing line"
                form.opportunity_type_id = service
                lead = form.save()
                self.assertEqual(lead.stage_id, self.stages[0])
                self.assertFalse(lead.binding)

    def test_another_type_of_a_new_campaign_replaces_what_nobody_typed(self):
        types = self.env["relationship.campaign.type"]
        news, fair = types.create(
            [
                {
                    "name": "Test news",
                    "kind": "information",
                    "needs_consent": True,
                    "channel": "email",
                    "duration_days": 5,
                },
                {"name": "Test fair", "kind": "sales", "duration_days": 20},
            ]
        )
        campaigns = self.env["relationship.campaign"].with_user(self.anna)
        form = Form(campaigns)
        for kind, days in ((news, 5), (fair, 20), (news, 5)):
            form.type_id = kind
            self.assertEqual(form.kind, kind.kind)
            self.assertEqual(form.needs_consent, kind.needs_consent)
            self.assertEqual(form.channel, kind.channel)
            day = fields.Date.add(fields.Date.context_today(campaigns), days=days)
            self.assertEqual(fields.Date.to_date(form.date_to), day)
        form.date_to = "2099-01-01"  # what Anna types stays
        form.type_id = fair
        self.assertEqual(
            fields.Date.to_date(form.date_to), fields.Date.to_date("2099-01-01")
        )
