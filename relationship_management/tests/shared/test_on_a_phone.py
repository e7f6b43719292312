from lxml import etree

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
                    self.assertCards(action)

    def test_what_was_adopted_opens_as_cards(self):
        plain = self.env["utm.campaign"].create([{"title": "One"}, {"title": "Two"}])
        campaign_type = self.env["relationship.campaign.type"].create({"name": "Fair"})
        wizard = self.env["relationship.campaign.adopt"].with_user(self.anna)
        wizard = wizard.with_context(active_model=plain._name, active_ids=plain.ids)
        dialog = wizard.create({"type_id": campaign_type.id, "date_to": "2099-01-01"})
        self.assertCards(dialog.action_adopt())

    def assertCards(self, action):
        """Without columns: a phone shows one of them, which may be empty."""
        self.assertEqual(action["mobile_view_mode"], "kanban")
        [view_id] = [id_ for id_, kind in action["views"] if kind == "kanban"]
        model = self.env[action["res_model"]].with_user(self.anna)
        kanban = etree.fromstring(model.get_view(view_id, "kanban")["arch"])
        self.assertFalse(kanban.get("default_group_by"))

    def test_a_number_on_a_card_stands_in_the_line_with_its_unit(self):
        """A field with a widget is a block: it breaks the line before its unit."""
        views = self.env["ir.ui.view"].search(
            [("type", "=", "kanban"), ("model", "=like", "relationship.%")]
        )
        fields = [
            (view.name, field)
            for view in views
            for field in etree.fromstring(view.arch).iter("field")
            if (field.tail or "").strip().startswith("%") and field.get("widget")
        ]
        self.assertTrue(fields)
        for name, field in fields:
            self.assertIn("d-inline", field.get("class", ""), name)

    def test_ending_asks_first_wherever_it_is_one_tap(self):
        arch = self.env["relationship.relation"].get_view(view_type="list")["arch"]
        buttons = etree.fromstring(arch).xpath("//button[@name='action_end']")
        self.assertTrue(buttons)
        self.assertFalse([each for each in buttons if not each.get("confirm")])

    def test_what_was_done_has_no_button_that_deletes_it(self):
        activities = self.env["mail.activity"].with_user(self.anna)
        for kind in ("kanban", "list"):
            view = etree.fromstring(activities.get_view(view_type=kind)["arch"])
            [button] = view.xpath("//button[@name='unlink']")
            self.assertEqual(button.get("invisible"), "active == False")
            self.assertTrue(view.xpath("//field[@name='active']"))
