from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import SaleCase


@tagged("post_install", "-at_install")
class TestUtmCampaign(SaleCase):
    """Orders and invoices never leave the companies of their campaign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        campaign_type = cls.env["relationship.campaign.type"].create({"name": "Fair"})
        cls.campaign = (
            cls.env["relationship.campaign"]
            .with_user(cls.anna)
            .create({"title": "Poznań fair", "type_id": campaign_type.id})
        )
        cls.core = cls.campaign.utm_campaign_id

    def link(self):
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        self.env.flush_all()

    def test_an_order_of_another_company_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            self.order(self.stalmet, 100, user=self.katrin, campaign_id=self.core.id)
        order = self.order(self.stalmet, 100, user=self.katrin)
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            order.campaign_id = self.core
        self.link()
        order.campaign_id = self.core
        self.assertEqual(order.campaign_id, self.core)

    def test_a_quotation_does_not_carry_it_to_another_company(self):
        order = self.order(self.stalmet, 100, campaign_id=self.core.id)
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            order.sudo().copy({"company_id": self.other_company.id})

    def test_an_invoice_of_another_company_is_refused(self):
        self.let_invoice(self.other_company)
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            self.invoice(self.stalmet, 100, user=self.katrin, campaign_id=self.core.id)
        invoice = self.invoice(self.stalmet, 100, campaign_id=self.core.id)
        self.assertEqual(invoice.campaign_id, self.core)

    def test_counters_count_the_companies_of_the_viewer_alone(self):
        self.link()
        self.order(self.stalmet, 100, campaign_id=self.core.id)
        self.invoice(self.stalmet, 5000, campaign_id=self.core.id)
        self.order(self.kranbau, 100, user=self.katrin, campaign_id=self.core.id)
        self.order(self.kranbau, 100, user=self.katrin, campaign_id=self.core.id)
        self.env.invalidate_all()
        theirs, ours = self.core.with_user(self.katrin), self.core.with_user(self.anna)
        self.assertEqual((theirs.quotation_count, theirs.invoiced_amount), (2, 0))
        self.assertEqual((ours.quotation_count, ours.invoiced_amount), (1, 5000))
        claimed = theirs.with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        with self.refused("unauthorized or invalid companies", AccessError):
            claimed.read(["invoiced_amount"])

    def test_counters_are_closed_to_a_company_that_takes_no_part(self):
        self.invoice(self.stalmet, 5000, campaign_id=self.core.id)
        for record in (self.campaign, self.core):
            with self.refused(r"'read' access to:\n- (UTM )?Campaign", AccessError):
                record.with_user(self.katrin).read(
                    ["quotation_count", "invoiced_amount"]
                )

    def test_counters_of_plain_campaigns_stay_as_core_has_them(self):
        plain = self.env["utm.campaign"].create({"title": "Plain"})
        self.order(self.stalmet, 100, campaign_id=plain.id)
        self.order(self.stalmet, 100, user=self.katrin, campaign_id=plain.id)
        self.assertEqual(plain.with_user(self.anna).quotation_count, 2)

    def test_what_an_order_or_invoice_names_is_not_deleted(self):
        order = self.order(self.stalmet, 100, campaign_id=self.core.id)
        with self.assertRaisesRegex(UserError, "orders.*archive it instead"):
            self.campaign.unlink()
        order.sudo().unlink()
        self.invoice(self.stalmet, 100, campaign_id=self.core.id)
        with self.assertRaisesRegex(UserError, "invoices.*archive it instead"):
            self.campaign.unlink()

    def test_adopting_links_the_companies_whose_orders_belong_to_it(self):
        plain = self.env["utm.campaign"].create({"title": "Old mailing"})
        order = self.order(self.kranbau, 100, user=self.katrin, campaign_id=plain.id)
        adopted = self.campaign.create(
            {"utm_campaign_id": plain.id, "type_id": self.campaign.type_id.id}
        )
        self.assertEqual(adopted.hidden_company_count, 1)
        linked = adopted.sudo().relationship_linked_company_ids
        self.assertEqual(linked, self.other_company)
        self.assertEqual(order.campaign_id, adopted.utm_campaign_id)
