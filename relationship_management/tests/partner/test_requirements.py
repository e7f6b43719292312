from lxml import etree

from odoo.fields import Command, Domain
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..campaign.campaign_case import CampaignCase

ADDON = "relationship_management"


@tagged("post_install", "-at_install")
class TestPartnerRequirements(CampaignCase):
    """What was promised of partners, done by those who do it, from end to end.

    The numbers are those of the requirements.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marta = cls._new_user(
            "marta",
            "base.group_partner_manager,sales_team.group_sale_salesman_all_leads",
        )
        cls.role_types = cls.env["relationship.role.type"].search([])
        cls.campaign = cls.new_campaign()
        cls.supplier = cls.new_partner("Huta Warta")
        cls.give(cls.supplier, "supplier")

    @classmethod
    def new_partner(cls, name, **values):
        partners = cls.env["res.partner"].with_user(cls.marta)
        return partners.create(
            {
                "name": name,
                "is_company": True,
                "street": "Hutnicza 1",
                "city": "Gliwice",
                "email": f"office@{name.lower().replace(' ', '-')}.example",
                **values,
            }
        )

    @classmethod
    def give(cls, partner, kind):
        role_type = cls.role_types.filtered(lambda t: t.kind == kind)[:1]
        roles = cls.env["relationship.role"].with_user(cls.marta)
        return roles.create({"partner_id": partner.id, "type_id": role_type.id})

    def address(self, partner, user):
        """Put a partner into the campaign, as the list of partners does."""
        wizards = self.env["relationship.campaign.assign"].with_user(user)
        context = {"active_model": "res.partner", "active_ids": partner.ids}
        with Form(wizards.with_context(**context)) as form:
            form.campaign_id = self.campaign
        form.record.action_assign()
        return self.env["relationship.campaign.addressee"].search(
            [("campaign_id", "=", self.campaign.id), ("partner_id", "=", partner.id)]
        )

    def open(self, action, user):
        """Return what a user finds behind an action or its XML id."""
        if isinstance(action, str):
            actions = self.env["ir.actions.act_window"]
            action = actions._for_xml_id(f"{ADDON}.{action}")
        domain = action.get("domain") or []
        if isinstance(domain, str):
            domain = safe_eval(domain)
        return self.env[action["res_model"]].with_user(user).search(Domain(domain))

    def filter(self, model, name, user):
        """Return the domain of a filter that a user has in the search bar."""
        arch = self.env[model].with_user(user).get_view(view_type="search")["arch"]
        (node,) = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")
        return safe_eval(node.get("domain"))

    def form_of(self, user):
        """Return the partner form as a user gets it."""
        partners = self.env["res.partner"].with_user(user)
        return etree.fromstring(partners.get_view(view_type="form")["arch"])

    #

    def test_a_supplier_is_addressed_called_and_found(self):
        self.assertEqual(self.supplier.role_type_ids.mapped("kind"), ["supplier"])
        addressee = self.address(self.supplier, self.marta)
        self.assertEqual(addressee.state, "open")
        self.supplier.activity_schedule(
            "mail.mail_activity_data_call",
            summary="Ask for prices",
            user_id=self.marta.id,
        )
        for user in (self.marta, self.anna, self.jan):
            with self.subTest(user=user.login):
                partners = self.open("res_partner_action", user)
                suppliers = self.filter("res.partner", "filter_role_supplier", user)
                found = partners.filtered_domain(Domain("id", "=", self.supplier.id))
                self.assertEqual(len(found), 1)
                self.assertIn(self.supplier, partners.search(suppliers))
                addressees = self.open("relationship_campaign_addressee_action", user)
                self.assertIn(addressee, addressees)
                facts = self.open("relationship_partner_report_action", user)
                facts = facts.filtered(lambda fact: fact.partner_id == self.supplier)
                self.assertEqual(facts.mapped("kind"), ["activity"])
        contacts = self.open("res_partner_action_contact", self.jan)
        self.assertNotIn(self.supplier, contacts)

    #

    def test_what_can_be_done_with_a_partner_does_not_ask_for_its_role(self):
        self.assertGreaterEqual(
            set(self.role_types.mapped("kind")),
            {"customer", "supplier", "contact", "employee", "competitor", "prospect"},
        )
        for kind in sorted(set(self.role_types.mapped("kind"))):
            with self.subTest(role=kind):
                self._do_everything(self.new_partner(f"One {kind}"), kind)

    def _do_everything(self, partner, kind):
        self.give(partner, kind)
        self.assertEqual(partner.role_type_ids.mapped("kind"), [kind])
        addressee = self.address(partner, self.marta)
        self.assertEqual((addressee.target_id, addressee.state), (partner, "open"))
        self.assertEqual(partner.addressee_count, 1)
        lead = self.new_lead(self.marta, partner_id=partner.id)
        partner.message_post(  # pylint: disable=translation-required
            body="Called back", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        self.env["ir.attachment"].with_user(self.marta).create(
            {
                "name": "Layout.txt",
                "raw": b"text",
                "res_model": lead._name,
                "res_id": lead.id,
            }
        )
        documents = self.open(partner.action_view_documents(), self.marta)
        self.assertEqual(sorted(documents.mapped("kind")), ["file", "note"])
        self.assertEqual(documents.partner_id, partner)
        relation = (
            self.env["relationship.relation"]
            .with_user(self.marta)
            .create(
                {
                    "left_partner_id": partner.id,
                    "type_id": self._relation_type().id,
                    "right_partner_id": self.supplier.id,
                }
            )
        )
        relations = self.open(partner.action_view_relations(), self.marta)
        self.assertEqual(relations, relation)
        # Being addressed, or a reference, makes nobody a customer.
        self.assertEqual(partner.role_type_ids.mapped("kind"), [kind])

    def _relation_type(self):
        return self.env["relationship.relation.type"].search(
            [("name", "=", "stands beside")]
        ) or self.env["relationship.relation.type"].create(
            {"name": "stands beside", "inverse_name": "has beside it"}
        )

    # test_partner_buttons has the other buttons

    def test_campaigns_and_map_of_a_partner_for_an_ordinary_user(self):
        self.address(self.supplier, self.marta)
        self.env["relationship.relation"].with_user(self.marta).create(
            {
                "left_partner_id": self.supplier.id,
                "type_id": self._relation_type().id,
                "right_partner_id": self.stalmet.id,
            }
        )
        form = self.form_of(self.jan)
        for method in ("action_view_addressees", "action_view_relationship_map"):
            self.assertTrue(form.xpath(f"//button[@name='{method}']"), method)
        partner = self.supplier.with_user(self.jan)
        opened = self.open(partner.action_view_addressees(), self.jan)
        self.assertEqual(partner.addressee_count, len(opened))
        self.assertEqual(opened.campaign_id, self.campaign)
        self.assertEqual(opened.campaign_id.with_user(self.jan).title, "Poznań fair")
        action = partner.action_view_relationship_map()
        drawn = (
            self.env["res.partner"]
            .with_user(self.jan)
            .browse(action["context"]["active_id"])
            .get_relationship_map()
        )
        self.assertLessEqual(
            {self.supplier.id, self.stalmet.id}, {node["id"] for node in drawn["nodes"]}
        )
        # Who may not see the campaign gets neither a figure nor an error.
        partner = self.supplier.with_user(self.katrin)
        self.assertEqual(partner.addressee_count, 0)
        opened = self.open(partner.action_view_addressees(), self.katrin)
        self.assertFalse(opened)

    #

    def test_the_marketing_page_needs_no_sales_application(self):
        """Where Sales is installed, take away what our bridge adds to the screen."""
        bridges = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.view"), ("module", "=like", f"{ADDON}\\_%")]
        )
        self.env["ir.ui.view"].browse(bridges.mapped("res_id")).active = False
        (page,) = self.form_of(self.jan).xpath("//page[@name='marketing']")
        names = {node.get("name") for node in page.iter("field")}
        self.assertIn("credit_rating", names)
        partner = self.supplier.with_user(self.marta)
        for name in names:
            modules = partner._fields[name]._modules
            self.assertFalse([m for m in modules if m.startswith(f"{ADDON}_")], name)
        (values,) = partner.web_read({name: {} for name in names})
        self.assertFalse(values["credit_rating"])
        with Form(partner) as form:
            form.credit_rating = "BB+"
        self.assertEqual(partner.with_user(self.jan).credit_rating, "BB+")
        figures = {figure["key"] for figure in partner.get_figures()["figures"]}
        self.assertLessEqual(
            {"open", "won", "lost", "last_contact", "next_contact"}, figures
        )

    #

    def test_a_new_address_is_at_once_where_the_partner_is_shown(self):
        addressee = self.address(self.supplier, self.marta).with_user(self.anna)
        lead = self.new_lead(self.anna, partner_id=self.supplier.id)
        self.assertEqual(lead.city, "Gliwice")
        self.assertEqual(addressee.email, self.supplier.email)
        with Form(self.supplier) as form:
            form.street = "Nowa 7"
            form.city = "Katowice"
            form.email = "new@warta.example"
            form.phone = "+48 32 111 22 33"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(addressee.email, "new@warta.example")
        self.assertEqual(addressee.phone, "+48 32 111 22 33")
        self.assertEqual(addressee.target_id.city, "Katowice")
        self.assertEqual(lead.email_from, "new@warta.example")
        self.assertEqual(lead.phone, "+48 32 111 22 33")
        self.assertEqual((lead.street, lead.city), ("Nowa 7", "Katowice"))
        letter = self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "body_html": "<p><t t-out='object.partner_id.street'/>, "
                "<t t-out='object.city'/></p>",
            }
        )
        text = letter._render_field("body_html", lead.ids)[lead.id]
        self.assertEqual(text, "<p>Nowa 7, Katowice</p>")

    #

    def test_a_contact_has_three_pages_and_leaves_as_a_customer(self):
        action = self.env["ir.actions.act_window"].with_user(self.marta)
        action = action._for_xml_id(f"{ADDON}.res_partner_action_contact")
        context = safe_eval(action["context"])
        partners = self.env["res.partner"].with_user(self.marta)
        partners = partners.with_context(**context)
        views = partners.get_views([(False, "form"), (False, "list")])["views"]
        form = etree.fromstring(views["form"]["arch"])
        pages = form.xpath("//notebook/page/@name")
        self.assertLessEqual({"contact_addresses", "marketing", "relations"}, {*pages})
        with Form(partners) as form:
            form.name = "Paczka i Syn"
            form.company_type = "company"
            form.city = "Gliwice"
            form.employee_count = 12
            form.abc_class = "c"
        contact = form.record
        self.assertEqual(contact.role_ids.mapped("kind"), ["contact"])
        self.assertIn(contact, self.open("res_partner_action_contact", self.jan))
        self.env["relationship.relation"].with_user(self.marta).create(
            {
                "left_partner_id": contact.id,
                "type_id": self._relation_type().id,
                "right_partner_id": self.supplier.id,
            }
        )
        contact = contact.with_user(self.jan)
        self.assertEqual((contact.city, contact.employee_count), ("Gliwice", 12))
        (told,) = contact.get_relations()
        self.assertEqual(told["partner"]["id"], self.supplier.id)
        self.give(contact, "customer")
        self.assertEqual(contact.role_type_ids.mapped("kind"), ["customer"])
        self.assertNotIn(contact, self.open("res_partner_action_contact", self.jan))
        self.assertEqual(contact.employee_count, 12)

    def test_the_pages_are_for_those_of_the_application(self):
        clerk = self._new_user("clerk", "base.group_partner_manager")
        clerk.group_ids = [
            Command.unlink(
                self.env.ref(f"{ADDON}.relationship_management_group_user").id
            )
        ]
        pages = self.form_of(clerk).xpath("//notebook/page/@name")
        self.assertIn("contact_addresses", pages)
        self.assertFalse({"marketing", "relations"} & {*pages})
