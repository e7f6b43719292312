from odoo.tests import tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestStatisticsOfPurchase(PurchaseCase):
    """Purchase orders and bills in the statistics and documents of partners."""

    def sums(self, user):
        self.env.flush_all()
        action = self.stalmet.with_user(user).action_view_statistics()
        reports = self.env["relationship.partner.report"].with_user(user)
        groups = reports._read_group(
            action["domain"],
            ["kind", "status"],
            ["__count", "purchase_amount:sum", "bill_amount:sum"],
        )
        return {(kind, status): tuple(rest) for kind, status, *rest in groups}

    def test_purchases_and_bills_count_for_who_looks(self):
        self.order(self.nowak, 70)
        self.order(self.stalmet, 100).button_confirm()
        self.order(self.kranbau, 5).button_confirm()
        self.bill(self.nowak, self.today, 400)
        self.bill(self.stalmet, self.today, 90, move_type="in_refund")
        expected = {
            ("purchase", "open"): (1, 0, 0),
            ("purchase", "ordered"): (1, 100, 0),
            ("bill", "posted"): (2, 0, 310),
        }
        for user, counted in (
            (self.jan, expected),
            (self.adam, expected),
            (self.anna, {}),
            (self.katrin, {}),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.sums(user), counted)

    def test_files_of_an_order_are_for_those_who_may_read_it(self):
        order = self.order(self.nowak)
        file = self.env["ir.attachment"].create(
            {
                "name": "Offer.txt",
                "raw": b"text",
                "res_model": "purchase.order",
                "res_id": order.id,
            }
        )
        for user, found in ((self.jan, file), (self.anna, file.browse())):
            with self.subTest(user=user.login):
                action = self.stalmet.with_user(user).action_view_documents()
                documents = self.env["relationship.document"].with_user(user)
                shown = documents.search(action["domain"]).sudo().attachment_id
                self.assertEqual(shown & file, found)
