import itertools
from datetime import timedelta

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

    def test_an_opportunity_stands_in_the_way_of_no_merge(self):
        """What was so is not judged again, whatever may not be entered by hand."""
        source, target = self.companies[:2]
        held = self.add(target)
        held.write({"exclusion": "control", "is_control": True})
        other = self.new_campaign(channel="email")
        leads = self.new_lead(
            addressee_id=self.add(source).id,
            campaign_id=self.campaign.utm_campaign_id.id,
        )
        leads |= self.new_lead(
            addressee_id=self.add(source, campaign=other).id,
            campaign_id=other.utm_campaign_id.id,
        )
        elsewhere = self.add(target, "contacted", campaign=other)
        leads[1].campaign_id = self.campaign.utm_campaign_id
        self.merge(source, target)
        self.assertTrue(self.addressee(target).is_control)
        self.assertEqual(leads.mapped("addressee_id"), held | elsewhere)

    def test_whom_the_rule_found_is_still_compared(self):
        source, target = self.companies[:2]
        self.add(source).write({"origin": "rule"})
        kept = self.add(target, "contacted")
        self.assertEqual(kept.origin, "hand")
        self.merge(source, target)
        self.assertEqual((self.addressee(target), kept.origin), (kept, "rule"))

    def test_a_run_under_way_enters_the_one_that_stays(self):
        source, other = self.companies[:2]
        kept = self.env["res.partner"].create({"name": "Kept", "email": "k@x.example"})
        self.add_rule()
        action = self.campaign.with_user(self.anna).action_freeze()
        self.merge(source, kept)
        wizard = self.env[action["res_model"]].with_user(self.anna)
        wizard.browse(action["res_id"]).action_apply()
        self.assertEqual(len(self.campaign.addressee_ids), 10)
        self.assertTrue(self.addressee(kept))
        self.assertTrue(self.addressee(other))

    # Merged opportunities

    def merge_leads(self, *members, campaign=None):
        """Merge opportunities of these members (or none); return the one that stays."""
        leads = self.env["crm.lead"]
        for number, member in enumerate(members):
            where = member.campaign_id if member else campaign
            leads |= self.new_lead(
                self.piotr,
                addressee_id=member and member.id,
                campaign_id=where and where.utm_campaign_id.id,
                probability=90 - number * 20,
            )
        merged = leads.with_user(self.piotr).merge_opportunity()
        self.env.invalidate_all()
        self.assertEqual(merged, leads[0])
        return merged.sudo()

    def test_a_member_keeps_its_opportunity_when_opportunities_are_merged(self):
        member = self.add(self.companies[0])
        lead = self.merge_leads(None, member)
        self.assertEqual(lead.addressee_id, member)
        self.assertEqual(lead.campaign_id, self.campaign.utm_campaign_id)

    def test_a_member_of_another_campaign_is_not_taken_over_but_told(self):
        other = self.new_campaign(title="Autumn", channel="email")
        kept = self.add(self.companies[0])
        lost = self.add(self.companies[1], campaign=other)
        lead = self.merge_leads(kept, lost)
        self.assertEqual(lead.addressee_id, kept)
        told = " ".join(lead.message_ids.mapped("body"))
        self.assertRegex(told, "“Autumn”, member that has this .*: Firm 1")
        lead = self.merge_leads(None, lost, campaign=self.campaign)
        self.assertFalse(lead.addressee_id)

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

    def answer(self, partner, name=None, days_ago=0, **values):
        """Add an addressee who answered so many days ago."""
        added = self.add(partner, "responded")
        self.env.flush_all()
        response = name and self.env.ref(
            f"relationship_management.relationship_campaign_response_{name}"
        )
        day = self.get_today() - timedelta(days=days_ago)
        added.write({"response_id": response and response.id, "state": "responded"})
        added.write({"responded_on": day, "contacted_on": day, **values})
        return added

    def test_the_newer_answer_wins_whichever_row_is_older(self):
        for first, second in (("yes", "no"), ("no", "yes")):
            for newer_is_first in (True, False):
                source, target = self.new_partners(
                    2, f"{first}{newer_is_first}", company_id=self.company.id
                )
                self.answer(source, first, 1 if newer_is_first else 9)
                self.answer(target, second, 9 if newer_is_first else 1)
                self.merge(source, target)
                left = self.addressee(target)
                name = first if newer_is_first else second
                self.assertEqual(
                    left.response_id,
                    self.env.ref(
                        f"relationship_management.relationship_campaign_response_{name}"
                    ),
                )
                self.assertEqual((self.get_today() - left.responded_on).days, 1)
                notes = " ".join(target.message_ids.mapped("body"))
                self.assertIn("response that no longer counts", notes)

    def test_an_answer_that_says_something_wins(self):
        source, target = self.companies[:2]
        self.answer(source, None, 1)
        said = self.answer(target, "yes", 9)
        self.merge(source, target)
        self.assertEqual(self.addressee(target), said)
        self.assertEqual(said.response_kind, "positive")

    def test_what_only_one_of_them_knows_is_kept(self):
        source, target = self.companies[:2]
        self.answer(source, "yes", 3)
        kept = self.answer(target, None, 2)
        kept.write({"response_id": False, "state": "responded", "contacted_on": False})
        self.merge(source, target)
        left = self.addressee(target)
        self.assertEqual(left.response_kind, "positive")
        self.assertTrue(left.contacted_on)

    def test_addressees_that_need_nothing_are_not_touched(self):
        source, target, third = self.companies[:3]
        kept = self.add(target, "contacted") | self.add(third)
        self.add(source)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE relationship_campaign_addressee SET write_date = '2020-01-01'"
        )
        self.merge(source, target)
        self.assertEqual(self.addressee(target) | self.addressee(third), kept)
        self.assertEqual({day.year for day in kept.mapped("write_date")}, {2020})

    def test_the_campaign_tells_what_was_united(self):
        """Where the partner's page may not say it, in a group of companies."""
        source, target = self.new_partners(2, "Told")
        self.add(source)
        self.add(target)
        self.merge(source, target)
        told = " ".join(self.campaign.message_ids.mapped(lambda m: str(m.body)))
        self.assertIn("united: Told", told)
