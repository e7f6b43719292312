from odoo.tests import tagged

from ..relation.relation_case import MergeCase


@tagged("post_install", "-at_install")
class TestMergeAmounts(MergeCase):
    """Amounts of merged partners keep their currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zloty, cls.franc = (cls._activate_currency(name) for name in ("PLN", "CHF"))

    def value_in_zloty(self, partner):
        partner.write(
            {
                "annual_turnover": 900,
                "annual_turnover_year": 2020,
                "potential": 50,
                "marketing_currency_id": self.zloty.id,
            }
        )

    def test_the_currency_follows_the_amount_taken(self):
        self.value_in_zloty(self.paktech)
        self.merge(self.paktech, self.stalmet)
        self.assertRecordValues(
            self.stalmet,
            [
                {
                    "annual_turnover": 900,
                    "annual_turnover_year": 2020,
                    "potential": 50,
                    "marketing_currency_id": self.zloty.id,
                }
            ],
        )

    def test_amounts_in_another_currency_are_told_not_mixed(self):
        self.stalmet.write(
            {"annual_turnover": 700, "marketing_currency_id": self.franc.id}
        )
        self.value_in_zloty(self.paktech)
        self.merge(self.paktech, self.stalmet)
        self.assertRecordValues(
            self.stalmet,
            [
                {
                    "annual_turnover": 700,
                    "annual_turnover_year": 0,
                    "potential": 0,
                    "marketing_currency_id": self.franc.id,
                }
            ],
        )
        notes = " ".join(self.stalmet.message_ids.mapped("body"))
        self.assertIn("it stands in another currency: Potential", notes)
        self.assertIn("50.00", notes)

    def test_what_the_destination_lacks_comes_in_the_same_currency(self):
        for partner, values in (
            (self.stalmet, {"annual_turnover": 700}),
            (self.paktech, {"annual_turnover": 900, "potential": 50}),
        ):
            partner.write({**values, "marketing_currency_id": self.zloty.id})
        self.merge(self.paktech, self.stalmet)
        self.assertEqual(
            (self.stalmet.annual_turnover, self.stalmet.potential), (700, 50)
        )
        self.assertEqual(self.stalmet.marketing_currency_id, self.zloty)
