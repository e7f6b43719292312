import itertools

from odoo.tests import tagged

from ..campaign.campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestCampaignMerge(TargetGroupCase):
    """Merged partners are one addressee of each campaign."""

    def add(self, partner, state="open", campaign=None, **values):
        addressee = self.env["relationship.campaign.addressee"].create(
            {
                "campaign_id": (campaign or self.campaign).id,
                "partner_id": partner.id,
                "contact_id": False,
                **values,
            }
        )
        addressee.write({"state": state})
        return addressee

    def merge(self, *partners):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([p.id for p in partners], partners[-1], extra_checks=False)
        self.env.invalidate_all()

    def test_the_one_that_has_come_furthest_stays(self):
        states = ("open", "contacted", "responded", "excluded")
        ranks = {"excluded": 1.5, "open": 1, "contacted": 2, "responded": 3}
        for source_state, target_state in itertools.product(states, states):
            with self.subTest(source=source_state, target=target_state):
                source, target = self.new_partners(2, f"{source_state}{target_state}")
                self.add(source, source_state, note="from the fair")
                self.add(target, target_state)
                self.merge(source, target)
                left = self.addressee(target)
                self.assertEqual(len(left), 1)
                best = max(source_state, target_state, key=ranks.get)
                self.assertEqual(left.state, best)
                self.assertEqual(left.target_id, target)
                self.assertEqual(left.note, "from the fair")

    def test_other_campaigns_and_contacts_stay(self):
        source, target = self.companies[:2]
        other = self.new_campaign(channel="email")
        contact, second = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": target.id, "email": f"{name}@example.com"}
                for name in ("Jan", "Ola")
            ]
        )
        self.add(source, campaign=other)
        self.add(source, contact_id=contact.id)
        self.add(target, contact_id=second.id)
        self.merge(source, target)
        self.assertEqual(len(self.addressee(target)), 2)
        self.assertEqual(len(self.addressee(target, other)), 1)
        self.merge(contact, second)
        self.assertEqual(self.addressee(target).target_id, second)
        self.assertEqual(len(self.addressee(target)), 1)

    def test_opportunities_go_over(self):
        source, target = self.companies[:2]
        lost, kept = self.add(source), self.add(target, "responded")
        lead = self.new_lead(
            addressee_id=lost.id, campaign_id=self.campaign.utm_campaign_id.id
        )
        self.merge(source, target)
        self.assertEqual(lead.addressee_id, kept)
        self.assertFalse(lost.exists())

    def test_the_control_group_is_not_contacted_by_a_merge(self):
        source, target = self.companies[:2]
        held = self.add(source)
        held.write({"exclusion": "control", "is_control": True})
        self.add(target)
        self.merge(source, target)
        self.assertTrue(self.addressee(target).is_control)

    def test_company_and_person_that_are_the_same(self):
        person = self.env["res.partner"].create(
            {"name": "Zofia Maj", "email": "z@example.com"}
        )
        firm = self.companies[0]
        self.add(firm)
        self.add(firm, contact_id=person.id)
        self.add(firm.browse(), contact_id=person.id, partner_id=False)
        self.merge(person, firm)
        left = self.addressee(firm)
        self.assertEqual(len(left), 1)
        self.assertEqual(left.target_id, firm)

    def test_three_at_once(self):
        for partner, state in zip(
            self.companies[:3], ("contacted", "responded", "open"), strict=True
        ):
            self.add(partner, state)
        self.merge(*self.companies[:3])
        self.assertEqual(self.addressee(self.companies[2]).state, "responded")
