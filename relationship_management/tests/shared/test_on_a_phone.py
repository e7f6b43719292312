from odoo.tests import tagged

from ..common import RelationshipCase

CARDS = ("kanban", "graph")


@tagged("post_install", "-at_install")
class TestOnAPhone(RelationshipCase):
    """On a small screen what was asked for opens as cards or as a chart."""

    def test_every_menu_opens_cards_or_a_chart(self):
        names = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.menu"), ("module", "=", "relationship_management")]
        )
        menus = self.env["ir.ui.menu"].browse(names.mapped("res_id"))
        root = self.env.ref("relationship_management.relationship_menu_root")
        settings = self.env.ref(
            "relationship_management.relationship_menu_configuration"
        )
        screens = menus.filtered(
            lambda m: (
                m.parent_path.startswith(root.parent_path)
                and not m.parent_path.startswith(settings.parent_path)
                and m.action
                and m.action.type == "ir.actions.act_window"
            )
        )
        self.assertGreater(len(screens), 10)
        for menu in screens:
            with self.subTest(menu=menu.complete_name):
                self.assertIn(menu.action.mobile_view_mode, CARDS)
                modes = menu.action.view_mode.split(",")
                self.assertIn(menu.action.mobile_view_mode, modes)

    def test_every_figure_opens_cards(self):
        campaign_type = self.env["relationship.campaign.type"].create({"name": "Fair"})
        campaign = self.env["relationship.campaign"].create(
            {"title": "Fair", "type_id": campaign_type.id, "date_to": "2099-01-01"}
        )
        for seen in (campaign, self.stalmet):
            record = seen.with_user(self.anna)
            for figure in record.get_figures()["figures"]:
                with self.subTest(figure=figure["key"]):
                    action = record.action_open_figure(figure["key"])
                    self.assertEqual(action["mobile_view_mode"], "kanban")
                    self.assertIn((False, "kanban"), action["views"])
                    model = self.env[action["res_model"]].with_user(self.anna)
                    self.assertTrue(model.get_view(view_type="kanban")["arch"])
