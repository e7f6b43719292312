from lxml import etree

from odoo.fields import Command, Domain
from odoo.tests import tagged

from ..common import RelationshipCase

ADDON = "relationship_management"


@tagged("post_install", "-at_install")
class TestPartnerButtons(RelationshipCase):
    """Whoever talks to a partner sees everything of it, and each figure opens it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead, cls.hidden = cls.env["crm.lead"].create(
            [
                {
                    "name": f"Line of {user.name}",
                    "type": "opportunity",
                    "partner_id": cls.stalmet.id,
                    "user_id": user.id,
                    "expected_revenue": 100,
                }
                for user in (cls.anna, cls.piotr)
            ]
        )
        for record in (cls.stalmet, cls.paktech, cls.hidden):
            cls._add_one_of_each(record)
        cls.env["relationship.relation"].create(
            {
                "left_partner_id": cls.stalmet.id,
                "right_partner_id": cls.paktech.id,
                "type_id": cls.env["relationship.relation.type"]
                .create({"name": "tests", "inverse_name": "is tested by"})
                .id,
            }
        )
        cls.env["relationship.consent"].create(
            {
                "partner_id": cls.stalmet.id,
                "channel": "email",
                "action": "given",
                "legal_basis": "consent",
            }
        )
        cls.partner = cls.stalmet.with_user(cls.anna)

    @classmethod
    def _add_one_of_each(cls, record):
        """Add an activity, a file and a note."""
        cls.env["mail.activity"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "activity_type_id": cls.env.ref("mail.mail_activity_data_call").id,
                "user_id": cls.piotr.id,
            }
        )
        cls.env["ir.attachment"].create(
            {
                "name": "Layout.txt",
                "raw": b"text",
                "res_model": record._name,
                "res_id": record.id,
            }
        )
        record.message_post(  # pylint: disable=translation-required
            body="Called back", message_type="comment", subtype_xmlid="mail.mt_note"
        )

    def find_opened(self, action):
        """Return the records that an action opens, read as the user would see them."""
        context = dict(action.get("context") or {})
        records = self.env[action["res_model"]].with_user(self.anna)
        records = records.with_context(**context)
        found = records.search(Domain(action.get("domain") or []))
        found.read(["display_name"])
        for _id, kind in action["views"]:
            records.get_view(view_type=kind)
        return found

    def get_buttons(self):
        """Return the smart buttons that Anna has: {method: name of its figure}."""
        arch = self.partner.get_view(self.env.ref("base.view_partner_form").id)["arch"]
        return {
            button.get("name"): figure.get("name") if figure is not None else None
            for button in etree.fromstring(arch).xpath(
                "//div[@name='button_box']//button[@type='object']"
            )
            for figure in [button.find("field")]
        }

    def test_each_button_opens_what_it_counts(self):
        buttons = self.get_buttons()
        for method, count in (
            ("action_view_opportunity", 1),
            ("action_view_relations", 1),
            ("action_view_documents", 2),
            ("action_view_statistics", 2),
        ):
            with self.subTest(button=method):
                self.assertIn(method, buttons)
                opened = self.find_opened(getattr(self.partner, method)())
                self.assertEqual(len(opened), count)
                if figure := buttons[method]:
                    self.assertEqual(self.partner[figure], count)

    def test_the_buttons_of_every_day_come_first(self):
        """On a common screen, the rest stands under "More"."""
        self.assertEqual(
            list(self.get_buttons())[:5],
            [
                "action_view_opportunity",
                "action_view_relations",
                "action_view_documents",
                "action_view_statistics",
                "action_view_relationship_map",
            ],
        )

    def test_marked_cards_offer_what_marked_lines_do(self):
        bindings = self.env["ir.actions.actions"].with_user(self.anna)
        found = bindings.get_bindings("res.partner")["action"]
        for name in (
            "relationship_document_action_partner",
            "relationship_consent_record_action",
        ):
            action = self.env.ref(f"{ADDON}.{name}")
            kinds = [each for each in found if each["id"] == action.id]
            self.assertEqual(
                [each["binding_view_types"] for each in kinds], ["list,kanban,form"]
            )

    def test_every_kind_of_role_has_a_ready_filter(self):
        arch = self.env["res.partner"].with_user(self.anna)
        arch = arch.get_view(self.env.ref("base.view_res_partner_filter").id)["arch"]
        filters = {
            each.get("name"): each.get("domain")
            for each in etree.fromstring(arch).iter("filter")
        }
        kinds = dict(self.env["relationship.role.type"]._fields["kind"].selection)
        for kind in kinds.keys() - {"other"}:
            domain = filters[f"filter_role_{kind}"]
            self.assertEqual(domain, f"[('role_type_ids.kind', '=', '{kind}')]")

    def test_what_is_opened_belongs_to_the_partner(self):
        documents = self.find_opened(self.partner.action_view_documents())
        self.assertEqual(set(documents.mapped("kind")), {"file", "note"})
        statistics = self.find_opened(self.partner.action_view_statistics())
        self.assertEqual(set(statistics.mapped("kind")), {"opportunity", "activity"})
        for opened in (documents, statistics):
            self.assertEqual(opened.partner_id, self.partner)
        opportunities = self.find_opened(self.partner.action_view_opportunity())
        self.assertEqual(opportunities, self.lead.with_user(self.anna))
        relations = self.find_opened(self.partner.action_view_relations())
        self.assertEqual(relations.left_partner_id, self.partner)

    def test_the_consents_are_opened(self):
        consents = self.find_opened(self.partner.action_view_consents())
        self.assertEqual(consents.channel, "email")
        self.assertEqual(consents.partner_id, self.partner)

    def test_each_figure_opens_what_it_tells(self):
        figures = {f["key"]: f["value"] for f in self.partner.get_figures()["figures"]}
        self.assertTrue(figures["open"].startswith("1 · "), figures["open"])
        for key in figures:
            with self.subTest(figure=key):
                action = self.partner.action_open_figure(key)
                opened = self.find_opened(action)
                if key == "open":
                    self.assertEqual(opened, self.lead.with_user(self.anna))
                elif key == "next_contact":
                    self.assertEqual(opened.res_id, self.partner.id)

    def test_who_sees_no_opportunities_gets_no_error(self):
        self.anna.group_ids = [
            Command.unlink(self.env.ref("sales_team.group_sale_salesman").id),
            Command.link(
                self.env.ref(f"{ADDON}.relationship_management_group_user").id
            ),
        ]
        buttons = self.get_buttons()
        self.assertNotIn("action_view_opportunity", buttons)
        self.assertEqual(len(self.find_opened(self.partner.action_view_documents())), 2)
        statistics = self.find_opened(self.partner.action_view_statistics())
        self.assertEqual(statistics.mapped("kind"), ["activity"])
