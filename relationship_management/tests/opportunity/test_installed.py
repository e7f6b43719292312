from odoo.tests import Form, TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestInstalledDefaults(TransactionCase):
    """What an installation gives, before anybody has set up anything."""

    def test_the_first_opportunity_has_a_type_and_a_number(self):
        user = new_test_user(
            self.env, "first_user", groups="sales_team.group_sale_salesman"
        )
        standard = self.env.ref(
            "relationship_management.relationship_opportunity_type_standard"
        )
        leads = self.env["crm.lead"].with_user(user)
        with Form(
            leads.with_context(default_type="opportunity"), "crm.crm_lead_view_form"
        ) as form:
            form.name = "First one"
            self.assertEqual(form.opportunity_type_id, standard)
        quick = leads.create({"name": "Second one", "type": "opportunity"})
        for lead in (form.record, quick):
            self.assertEqual(lead.opportunity_type_id, standard)
            self.assertRegex(lead.number, r"^SD-\d{5}$")

    def test_there_is_one_default(self):
        defaults = self.env["ir.default"].search(
            [
                ("field_id.model", "=", "crm.lead"),
                ("field_id.name", "=", "opportunity_type_id"),
            ]
        )
        self.assertEqual(len(defaults), 1)
