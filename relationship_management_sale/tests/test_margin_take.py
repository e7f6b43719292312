from odoo.exceptions import AccessError

from .chain_case import ChainCase


class TestMarginTake(ChainCase):
    """The margin of a quotation becomes that of its opportunity on request only."""

    def setUp(self):
        super().setUp()
        self.lead.write({"expected_revenue": 500, "margin_percent": 10})
        self.quotation = self.offer(self.lead, 100)
        if "purchase_price" in self.quotation.order_line._fields:
            self.quotation.order_line.purchase_price = 60
        self.env.flush_all()

    def dialog(self, user=None):
        action = self.lead.with_user(user or self.anna).action_take_margin()
        wizards = self.env[action["res_model"]].with_user(user or self.anna)
        return wizards.browse(action["res_id"])

    def test_nothing_is_taken_by_itself(self):
        self.quotation.action_confirm()
        self.assertEqual(self.lead.contribution_margin, 50)

    def test_the_number_is_shown_before_it_is_taken(self):
        dialog = self.dialog()
        self.assertEqual((dialog.revenue, dialog.margin), (100, 40))
        self.assertEqual(dialog.margin_percent, 40)
        self.assertEqual((dialog.current_revenue, dialog.current_margin), (500, 50))
        self.assertRegex(dialog.explanation, "Costs as (the products have|they stand)")
        self.assertEqual(self.lead.contribution_margin, 50)
        dialog.action_take()
        self.assertEqual(self.lead.contribution_margin, 40)
        self.assertEqual(self.lead.expected_revenue, 500)
        self.assertEqual(self.lead.margin_percent, 8)

    def test_the_amount_is_taken_if_that_is_ticked(self):
        dialog = self.dialog()
        dialog.takes_revenue = True
        dialog.action_take()
        self.assertEqual(self.lead.expected_revenue, 100)
        self.assertEqual(self.lead.contribution_margin, 40)
        self.assertEqual(self.lead.margin_percent, 40)

    def test_products_without_costs_are_named(self):
        self.packer.standard_price = 0
        if "purchase_price" in self.quotation.order_line._fields:
            self.quotation.order_line.purchase_price = 0
        self.assertIn("No costs are known of: Test M", self.dialog().explanation)

    def test_the_newest_order_is_proposed_and_a_confirmed_one_first(self):
        newer = self.offer(self.lead, 200)
        self.assertEqual(self.dialog().order_id, newer)
        self.quotation.action_confirm()
        self.assertEqual(self.dialog().order_id, self.quotation)

    def test_a_cancelled_or_foreign_quotation_is_refused(self):
        dialog = self.dialog()
        self.quotation.sudo()._action_cancel()
        with self.refused("cancelled, or belongs to another opportunity"):
            dialog.action_take()
        dialog.order_id = self.offer(self.new_deal("Other"), 70)
        with self.refused("cancelled, or belongs to another opportunity"):
            dialog.action_take()
        with self.refused("no quotation of this opportunity that you may see"):
            self.dialog()
        self.assertFalse(self.lead.with_user(self.anna).can_take_margin)
        self.assertEqual(self.lead.contribution_margin, 50)

    def test_no_rate_is_said_and_nothing_taken(self):
        currency = self.env["res.currency"].create({"name": "XTC", "symbol": "c"})
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        self.quotation.sudo()._action_cancel()
        self.offer(self.lead, 100, pricelist_id=pricelist.id)
        dialog = self.dialog()
        self.assertRegex(dialog.explanation, "There is no exchange rate from XTC to")
        with self.refused("There is no exchange rate from XTC to"):
            dialog.action_take()
        self.assertEqual(self.lead.contribution_margin, 50)

    def test_who_may_not_change_the_opportunity_takes_nothing(self):
        with self.refused("do not have|doesn't have 'write' access", AccessError):
            self.lead.with_user(self.piotr).action_take_margin()
        wizards = self.env["relationship.margin.take"].with_user(self.piotr)
        with self.refused("doesn't have 'read' access", AccessError):
            wizards.create({"lead_id": self.lead.id, "order_id": self.quotation.id})
        with self.refused("doesn't have 'read' access", AccessError):
            self.dialog().with_user(self.piotr).read(["margin"])
