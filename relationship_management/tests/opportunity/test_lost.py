from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestLostToACompetitor(RelationshipCase):
    """*Lost* asks who won, where the reason is a competitor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("relationship_management.crm_lost_reason_competitor")

    def setUp(self):
        super().setUp()
        self.lead = self.new_lead(partner_id=self.stalmet.id)

    def lose(self, leads, reason, winner=None):
        wizards = self.env["crm.lead.lost"].with_user(self.anna)
        context = {"default_lead_ids": leads.ids, "tracking_disable": False}
        form = Form(wizards.with_context(**context))
        form.lost_reason_id = reason
        self.assertEqual(form.asks_winner, reason == self.reason)
        if winner:
            form.winner_id = winner
        form.save().action_lost_reason_apply()

    def test_the_customer_did_not_win(self):
        person = self.env["res.partner"].create(
            {"name": "Nowak", "parent_id": self.stalmet.id}
        )
        for winner in (self.stalmet, person):
            with self.refused("is the customer, and not a competitor", UserError):
                self.lose(self.lead, self.reason, winner)
        self.assertTrue(self.lead.active)

    def test_the_winner_stands_among_the_people_and_in_the_chatter(self):
        other = self.new_lead(opportunity_type_id=self.machine_deal.id)
        leads = self.lead | other
        self.env.flush_all()
        self.env.cr.flush()  # what happens to a new record is no change
        self.lose(leads, self.reason, self.kranbau)
        for lead in leads:
            self.assertFalse(lead.active)
            self.assertEqual(lead.lost_reason_id, self.reason)
            self.assertEqual(lead.reference_ids.partner_id, self.kranbau)
            self.assertEqual(lead.reference_ids.kind, "competitor")
            self.env.flush_all()
            self.env.cr.flush()
            lead.invalidate_recordset(["message_ids"])
            notes = " ".join(str(body) for body in lead.message_ids.mapped("body"))
            self.assertIn("Lost to Kranbau Wolff.", notes)

    def test_the_only_competitor_is_proposed_and_not_named_twice(self):
        self.lead.reference_ids = [
            (0, 0, {"partner_id": self.paktech.id, "type_id": self.competitor_type.id})
        ]
        wizards = self.env["crm.lead.lost"].with_user(self.anna)
        form = Form(wizards.with_context(default_lead_ids=self.lead.ids))
        form.lost_reason_id = self.reason
        self.assertEqual(form.winner_id, self.paktech)
        form.save().action_lost_reason_apply()
        self.assertEqual(len(self.lead.reference_ids), 1)

    def test_other_reasons_ask_nothing(self):
        reason = self.env["crm.lost.reason"].create({"name": "No budget"})
        self.lose(self.lead, reason)
        self.assertFalse(self.lead.reference_ids)

    def test_competitors_are_offered_first(self):
        """Of the opportunity, of the customer, in general; then everybody else."""
        self.stalmet.is_company = True
        partners = self.env["res.partner"]
        names = ("Z of the deal", "Y at the customer", "X by role", "A nobody")
        deal, customer, role, nobody = partners.create(
            [{"name": f"{name} rival", "is_company": True} for name in names]
        )
        self.lead.reference_ids = [
            (0, 0, {"partner_id": deal.id, "type_id": self.competitor_type.id})
        ]
        kind = self.env["relationship.relation.type"].search(
            [("kind", "=", "competition"), ("is_symmetric", "=", False)], limit=1
        )
        self.env["relationship.relation"].create(
            {
                "left_partner_id": customer.id,
                "type_id": kind.id,
                "right_partner_id": self.stalmet.id,
                "share": 10,
            }
        )
        role._give_role("competitor")
        expected = (deal | customer | role | nobody).ids
        person = partners.create({"name": "A buyer", "parent_id": self.stalmet.id})

        def offer(user, leads):
            asked = partners.with_user(user)
            asked = asked.with_context(relationship_lost_ids=leads)
            return [id_ for id_, _name in asked.name_search("rival")]

        self.assertEqual(offer(self.anna, self.lead.ids), expected)
        self.lead.partner_id = person
        self.assertEqual(offer(self.anna, self.lead.ids), expected)
        plain = [nobody.id, role.id, customer.id, deal.id]
        for leads in (None, "x", 5, [], ["x"], [[1]], [10**9], {"a": 1}, [False]):
            with self.subTest(leads=leads):
                self.assertEqual(offer(self.anna, leads), plain)
        # Jan does not see opportunities.
        self.assertEqual(offer(self.jan, self.lead.ids), plain)
        self.lead.partner_id = False
        self.lead.reference_ids.unlink()
        deal.company_id = self.other_company
        self.assertNotIn(deal.id, offer(self.anna, self.lead.ids))

    def test_a_hidden_winner_is_neither_chosen_nor_proposed(self):
        hidden = self.kranbau.copy({"company_id": self.other_company.id})
        wizards = self.env["crm.lead.lost"].with_user(self.anna)
        values = {"lead_ids": self.lead.ids, "lost_reason_id": self.reason.id}
        with self.refused("doesn't have 'read' access", AccessError):
            wizards.create({**values, "winner_id": hidden.id})
        wizard = wizards.create(values)
        with self.refused("doesn't have 'read' access", AccessError):
            wizard.winner_id = hidden
        with self.refused("doesn't have 'read' access", AccessError):
            wizards.with_context(default_winner_id=hidden.id).create(values)
        lines = self.env["relationship.reference"]
        line = lines.create(
            {
                "lead_id": self.lead.id,
                "partner_id": self.paktech.id,
                "type_id": self.competitor_type.id,
            }
        )
        self.assertEqual(wizards.create(values).winner_id, self.paktech)
        self.competitor_type.see_group_ids = self.env["res.groups"].create(
            {"name": "Board"}
        )
        self.assertFalse(line.with_user(self.anna).has_access("read"))
        self.assertFalse(wizards.create(values).winner_id)

    def test_the_winner_gets_a_role_of_the_company_of_the_opportunity(self):
        """Who works for two companies at once sees the types of both."""
        theirs = self.competitor_type.copy(
            {"company_id": self.other_company.id, "sequence": -1}
        )
        wizards = self.env["crm.lead.lost"].with_user(self.anna)
        wizards = wizards.with_context(**self.in_both_companies(self.anna))
        there = self.new_lead(
            partner_id=self.stalmet.id, company_id=self.other_company.id, team_id=False
        )
        self.lead.company_id = self.company
        leads = self.lead | there
        wizard = wizards.create(
            {
                "lead_ids": leads.ids,
                "lost_reason_id": self.reason.id,
                "winner_id": self.kranbau.id,
            }
        )
        wizard.action_lost_reason_apply()
        self.assertEqual(self.lead.reference_ids.type_id, self.competitor_type)
        self.assertEqual(there.sudo().reference_ids.type_id, theirs)

    def test_who_may_not_see_the_winner_does_not_name_it(self):
        hidden = self.kranbau.copy({"company_id": self.other_company.id})
        wizard = (
            self.env["crm.lead.lost"]
            .with_user(self.anna)
            .create({"lead_ids": self.lead.ids, "lost_reason_id": self.reason.id})
        )
        wizard.sudo().winner_id = hidden
        with self.refused("not allowed to access|doesn't have|access", AccessError):
            wizard.action_lost_reason_apply()
        self.assertTrue(self.lead.active)
