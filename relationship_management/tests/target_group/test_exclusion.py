from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..campaign.campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestCampaignExclusion(TargetGroupCase):
    """Why somebody who was found is left out: address, consent, double."""

    def test_every_reason_is_told_and_counted(self):
        names = ("archived", "silent", "listed", "refusing", "twin", "twin again")
        archived, silent, listed, refusing, twin, again = self.companies[:6]
        for partner, name in zip(self.companies[:6], names, strict=True):
            partner.name = name
        archived.active = False
        silent.email = False
        self.env["mail.blacklist"].create({"email": listed.email})
        self.env["relationship.consent"].create(
            {
                "partner_id": refusing.id,
                "channel": "email",
                "action": "withdrawn",
                "purpose_id": self.env["relationship.consent.purpose"]
                .create({"name": "Fairs"})
                .id,
            }
        )
        self.campaign.purpose_id = self.env["relationship.consent.purpose"].search(
            [("name", "=", "Fairs")]
        )
        again.email = twin.email.upper()
        foreign = self.new_partners(1, "Leipzig", company_id=self.other_company.id)
        self.add_rule()
        self.anna.sudo().company_ids |= self.other_company
        campaign = self.campaign.with_context(
            allowed_company_ids=[self.company.id, self.other_company.id]
        )
        run = self.freeze(campaign)
        self.assertEqual(
            run.counts,
            {
                "new": {
                    "": 5,
                    "archived": 1,
                    "no_address": 1,
                    "blacklisted": 1,
                    "no_consent": 1,
                    "duplicate": 1,
                    "other_company": 1,
                }
            },
        )
        self.assertEqual(self.addressee(archived).exclusion, "archived")
        self.assertEqual(self.addressee(silent).exclusion, "no_address")
        self.assertEqual(self.addressee(listed).exclusion, "blacklisted")
        self.assertEqual(self.addressee(refusing).exclusion, "no_consent")
        self.assertEqual(self.addressee(twin).state, "open")
        self.assertEqual(self.addressee(again).exclusion, "duplicate")
        self.assertFalse(self.addressee(foreign), "its name would be seen here")
        self.assertIn("11 found: 5 members, 5 excluded, 1 not entered", run.summary)
        self.assertIn("Excluded:", run.summary)
        self.assertIn("Archived: 1", run.summary)

    def test_another_company_is_not_even_counted_without_the_right(self):
        self.new_partners(1, "Leipzig", company_id=self.other_company.id)
        self.add_rule()
        self.assertEqual(self.freeze().counts, {"new": {"": 10}})

    def test_only_with_consent(self):
        self.campaign.needs_consent = True
        self.env["relationship.consent"].create(
            {
                "partner_id": self.companies[0].id,
                "channel": "email",
                "action": "given",
            }
        )
        self.add_rule()
        self.assertEqual(self.freeze().counts, {"new": {"": 1, "no_consent": 9}})

    def test_who_has_agreed_is_preferred_where_this_is_needed(self):
        silent, agreeing = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "parent_id": self.companies[0].id,
                    "email": f"{name}@example.com",
                }
                for name in ("silent", "agreeing")
            ]
        )
        self.env["relationship.consent"].with_user(self.anna).create(
            {"partner_id": agreeing.id, "channel": "email", "action": "given"}
        )
        self.add_rule()
        self.freeze()
        self.assertEqual(self.addressee(self.companies[0]).contact_id, silent)
        campaign = self.new_campaign(channel="email", needs_consent=True)
        self.add_rule(campaign=campaign)
        run = self.freeze(campaign)
        self.assertEqual(run.counts, {"new": {"": 1, "no_consent": 9}})
        entered = self.addressee(self.companies[0], campaign)
        self.assertEqual((entered.contact_id, entered.state), (agreeing, "open"))

    def test_consent_is_asked_for_a_channel(self):
        with self.assertRaisesRegex(ValidationError, "Choose the channel"):
            self.new_campaign(channel=False, needs_consent=True)
        self.campaign.needs_consent = True
        with self.assertRaisesRegex(ValidationError, "Choose the channel"):
            self.campaign.channel = False
        campaign_type = self.fair_type.with_user(self.ewa)
        campaign_type.needs_consent = True
        with self.assertRaisesRegex(ValidationError, "Choose the channel"):
            campaign_type.channel = False

    def test_who_was_left_out_by_hand_makes_no_doubles_in_any_batch(self):
        self.add_rule()
        self.freeze()
        out = self.addressee(self.companies[0])
        out.action_leave_out()
        twin = self.new_partners(1, "Twin", email=self.companies[0].email)
        self.freeze()
        self.assertEqual(self.addressee(twin).state, "open")
        out.action_take_in()
        self.assertEqual(self.addressee(twin).state, "open")
        self.freeze()
        self.assertEqual(self.addressee(twin).exclusion, "duplicate")
        # Both by hand: one of them is taken in again.
        both = out | self.addressee(twin)
        both.write({"exclusion": "hand"})
        both.action_take_in()
        self.assertEqual(both.mapped("exclusion"), [False, "duplicate"])
