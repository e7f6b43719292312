from odoo import Command
from odoo.tests import tagged

from ..campaign.campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestAddresseeResponsible(TargetGroupCase):
    """Whoever looks after an addressee sees it, however it came in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kurt, cls.clerk = (
            cls._new_user(
                name,
                groups,
                company_id=cls.other_company.id,
                company_ids=[Command.set(cls.other_company.ids)],
            )
            for name, groups in (
                ("kurt", "sales_team.group_sale_salesman"),
                ("clerk", "base.group_partner_manager"),
            )
        )
        cls.campaign.sudo().relationship_linked_company_ids = cls.other_company
        cls.firm = cls.companies[0]

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.env.invalidate_all()

    def assign(self, user, partner):
        wizard = (
            self.env["relationship.campaign.assign"]
            .with_user(user)
            .with_context(active_model="res.partner", active_ids=partner.ids)
            .create({"campaign_id": self.campaign.id})
        )
        wizard.action_assign()
        return self.addressee(partner)

    def add(self, user, partner, **values):
        addressees = self.env["relationship.campaign.addressee"].with_user(user)
        values.update(campaign_id=self.campaign.id, partner_id=partner.id)
        return addressees.create(values)

    def each_way(self):
        """Yield functions that enter the firm for Leipzig, and take it out again."""
        for way in (self.assign, self.add):
            with self.subTest(way.__name__):
                addressee = way(self.katrin, self.firm).sudo()
                self.assertEqual(addressee.company_id, self.other_company)
                yield addressee
                self.env.flush_all()
                self.env.cr.execute(
                    "DELETE FROM relationship_campaign_addressee WHERE id = %s",
                    addressee.ids,
                )
                self.env.invalidate_all()

    def test_the_one_of_the_campaign_does_not_work_for_a_linked_company(self):
        for addressee in self.each_way():
            self.assertEqual(addressee.user_id, self.katrin)

    def test_the_salesperson_of_that_company(self):
        self.firm.user_id = self.kurt
        for addressee in self.each_way():
            self.assertEqual(addressee.user_id, self.kurt)
            seen = addressee.with_user(self.kurt)
            self.assertTrue(seen.has_access("read"))

    def test_neither_one_of_another_company_nor_without_the_application(self):
        for salesperson in (self.piotr, self.clerk):
            self.firm.user_id = salesperson
            for addressee in self.each_way():
                self.assertEqual(addressee.user_id, self.katrin)

    def test_nor_one_who_may_not_see_the_type(self):
        self.firm.user_id = self.kurt
        group = self.env["res.groups"].create({"name": "Confidential"})
        self.fair_type.see_group_ids = group
        (self.anna | self.katrin).group_ids += group
        for addressee in self.each_way():
            self.assertEqual(addressee.user_id, self.katrin)

    def test_the_salesperson_of_the_firm_after_one_who_does_not_see(self):
        person = self.env["res.partner"].create(
            {
                "name": "Ola",
                "parent_id": self.firm.id,
                "user_id": self.piotr.id,
                "email": "ola@example.com",
            }
        )
        person.user_id = self.piotr
        self.firm.user_id = self.kurt
        self.assertEqual(self.add(self.katrin, person).sudo().user_id, self.kurt)
        person.user_id = False

    def test_freezing(self):
        self.add_rule()
        self.companies[1].user_id = self.kurt
        self.companies[2].user_id = self.anna
        self.freeze()
        users = [self.addressee(self.companies[n]).user_id for n in range(3)]
        self.assertEqual(users, [self.piotr, self.piotr, self.anna])

    def test_one_chosen_who_would_not_see_it_is_refused(self):
        sentence = (
            "would not see .* in the campaign: choose a responsible who works for"
            " Nordmark Leipzig and may see the campaign, or leave the responsible empty"
        )
        for user in (self.piotr, self.clerk):
            with self.refused(sentence):
                self.add(self.katrin, self.firm, user_id=user.id)
        addressee = self.add(self.katrin, self.firm, user_id=self.kurt.id)
        with self.refused(sentence):
            addressee.user_id = self.anna
        addressee.user_id = False

    def test_merging_mends_it(self):
        ours = self.add(self.anna, self.companies[1])
        theirs = self.add(self.katrin, self.companies[2])
        theirs.state = "contacted"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE relationship_campaign_addressee SET user_id = %s WHERE id = %s",
            [self.anna.id, theirs.id],
        )
        self.env.invalidate_all()
        self.env["relationship.campaign.addressee"]._fold_partners(
            self.companies[1], self.companies[2]
        )
        self.assertFalse(ours.exists())
        self.assertFalse(theirs.sudo().user_id)

    def test_linked_again_it_is_mended(self):
        theirs = self.add(self.katrin, self.firm, user_id=self.kurt.id)
        campaign = self.campaign.sudo()
        campaign.relationship_linked_company_ids = False
        self.kurt.group_ids -= self.env.ref("sales_team.group_sale_salesman")
        self.firm.user_id = self.katrin
        campaign.relationship_linked_company_ids = self.other_company
        self.assertEqual(theirs.sudo().user_id, self.katrin)
