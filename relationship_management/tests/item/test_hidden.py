from odoo import Command
from odoo.tests import tagged

from .test_mirror import ItemCase


@tagged("post_install", "-at_install")
class TestItemHidden(ItemCase):
    """A manager is told how much of a partner's list is hidden, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leipzig = {"user_id": cls.katrin.id, "company_id": cls.other_company.id}
        cls.new_lead(name="Press of Leipzig", partner_id=cls.stalmet.id, **cls.leipzig)
        cls.env.flush_all()

    def hidden(self, user=None, partner=None, **context):
        self.env.invalidate_all()
        items = self.items.with_user(user or self.ewa).with_context(**context)
        told = items.get_hidden((partner or self.stalmet).id)
        return told["count"], told["reasons"]

    def test_of_another_company(self):
        count, [reason] = self.hidden()
        self.assertEqual(count, 1)
        self.assertIn("1 of ", reason)
        self.assertIn("of other companies, where you do not work", reason)
        self.assertNotIn("Leipzig", reason)

    def test_of_a_company_that_is_switched_off(self):
        both = self.in_both_companies(self.ewa)
        self.assertEqual(
            self.hidden(allowed_company_ids=self.company.ids),
            (1, ["1 of Nordmark Leipzig: switch it on in the list of companies."]),
        )
        self.assertEqual(self.hidden(**both), (0, []))

    def test_of_a_type_that_binds_managers(self):
        self.env["ir.config_parameter"].set_param(
            "relationship_management.types_bind_managers", "True"
        )
        self.machine_deal.see_group_ids = self.env["res.groups"].create({"name": "X"})
        self.lead.opportunity_type_id = self.machine_deal
        self.env.flush_all()
        count, reasons = self.hidden()
        self.assertEqual(count, 2)
        self.assertIn("1 at records of a type hidden from you", reasons[1])
        self.machine_deal.see_group_ids = [Command.clear()]
        self.assertEqual(self.hidden()[0], 1)

    def test_of_the_kind_whose_type_is_hidden(self):
        """A task at a campaign that one sees, of an activity that one does not."""
        self.env["ir.config_parameter"].set_param(
            "relationship_management.types_bind_managers", "True"
        )
        self.plan(campaign_id=self.fair.id, partner_id=self.kranbau.id)
        self.visit.see_group_ids = self.env["res.groups"].create({"name": "X"})
        self.env.flush_all()
        count, [reason] = self.hidden(partner=self.kranbau)
        self.assertEqual(
            reason,
            f"{count} at records of a type hidden from you (activities).",
        )

    def test_of_a_kind_to_which_one_has_no_right(self):
        """A manager of relationships who sells nothing."""
        groups = "relationship_management.relationship_management_group_manager"
        rosa = self._new_user("rosa", groups)
        count, reasons = self.hidden(rosa)
        deals = [reason for reason in reasons if "One of these groups" in reason]
        self.assertEqual(len(deals), 1)
        self.assertRegex(deals[0], r"^2 at records .*\(opportunities\).*User: Own")
        self.assertGreater(count, 2)

    def test_others_are_told_nothing(self):
        for user in (self.anna, self.piotr, self.jan):
            self.assertEqual(self.hidden(user), (0, []))

    def test_nothing_of_a_partner_that_is_hidden(self):
        theirs = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": self.other_company.id}
        )
        self.new_lead(name="Saw", partner_id=theirs.id, **self.leipzig)
        self.env.flush_all()
        self.assertEqual(self.hidden(partner=theirs), (0, []))
        items = self.items.with_user(self.ewa)
        for nobody in (False, None, "1", [self.stalmet.id], 2**40, True):
            self.assertEqual(items.get_hidden(nobody), {"count": 0, "reasons": []})
