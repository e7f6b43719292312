from odoo.tests import tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestHistoryOfCurrency(RelationshipCase):
    """The same amount in another currency is another amount."""

    def setUp(self):
        super().setUp()
        self.mine = self.new_lead(expected_revenue=1000, company_id=self.company.id)
        self.theirs = self.new_lead(
            self.katrin, company_id=self.other_company.id, expected_revenue=500
        )
        self.euro = self.other_company.currency_id
        self.dollar = self._activate_currency("USD")

    def change(self, company, currency):
        company.with_user(self.env.ref("base.user_admin")).currency_id = currency
        self.env.flush_all()

    def test_a_company_changes_its_currency(self):
        with self.step():
            self.change(self.other_company, self.dollar)
        rows = self.rows(self.theirs)
        self.assertEqual(rows.mapped("event"), ["create", "change"])
        self.assertEqual(rows.mapped("currency_id"), self.euro | self.dollar)
        self.assertEqual(rows.mapped("expected_revenue"), [500, 500])
        self.assertEqual(rows[-1].changed_by_id, self.env.ref("base.user_admin"))
        self.assertHappened(self.mine, "create")
        told = self.env["relationship.opportunity.history"].with_user(self.katrin)
        [change] = told.get_timeline(self.theirs.id)[0]["changes"]
        self.assertEqual(change["text"], "Currency EUR → USD")

    def test_closed_ones_too_and_back_in_one_transaction_is_no_change(self):
        with self.step():
            self.theirs.action_set_lost()
        with self.step():
            self.change(self.other_company, self.dollar)
            self.change(self.other_company, self.euro)
        self.assertHappened(self.theirs, "create", "lost")
        with self.step():
            self.change(self.other_company, self.dollar)
            self.theirs.expected_revenue = 700
        self.assertHappened(self.theirs, "create", "lost", "change")
        row = self.rows(self.theirs)[-1]
        self.assertEqual((row.currency_id, row.expected_revenue), (self.dollar, 700))

    def test_those_without_a_company_count_with_the_first_one(self):
        first = self.env["res.company"].search([], order="id", limit=1)
        other = self.euro if first.currency_id != self.euro else self.dollar
        lead = self.new_lead(expected_revenue=3)
        self.env.cr.execute(
            "UPDATE crm_lead SET company_id = NULL WHERE id = %s", [lead.id]
        )
        lead.invalidate_recordset()
        before = self.rows(lead)
        with self.step():
            self.env.cr.execute(
                "UPDATE res_company SET currency_id = %s WHERE id = %s",
                [other.id, first.id],
            )
        [row] = self.rows(lead) - before
        self.assertEqual((row.currency_id, row.path), (other, "sql"))
        with self.step():
            self.change(self.other_company, self.dollar)
        self.assertEqual(self.rows(lead), before | row)
