from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestRuleTour(TourCase):
    """“Role is customer” costs five clicks; the fields stand in groups."""

    def test_a_role_in_five_clicks(self):
        anna = self.new_anna("anna_tour")
        role = self.env["relationship.role.type"].create(
            {"name": "A Tour role", "kind": "customer", "sequence": 0}
        )
        campaign_type = self.env["relationship.campaign.type"].create({"name": "Tour"})
        campaign = (
            self.env["relationship.campaign"]
            .with_user(anna)
            .create(
                {
                    "title": "A Tour fair",
                    "type_id": campaign_type.id,
                    "date_to": "2099-01-01",
                }
            )
        )
        self.start_tour(
            f"/odoo/campaigns/{campaign.id}", "relationship_rule_tour", login=anna.login
        )
        rule = f'[("role_type_ids", "in", [{role.id}])]'
        self.assertEqual(campaign.selection_ids.mapped("rule"), [rule])
