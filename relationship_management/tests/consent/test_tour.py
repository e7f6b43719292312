from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..tour_case import TourCase

ADDON = "relationship_management"


@tagged("post_install", "-at_install")
class TestConsentTour(TourCase):
    """A withdrawal is recorded by mistake, and corrected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jan = cls.new_jan("jan_tour")
        cls.brewery = cls.env["res.partner"].create(
            {
                "name": "A Tour brewery",
                "is_company": True,
                "email": "info@brewery.example.com",
                "phone": "+44 1632 960001",
            }
        )
        entries = cls.env["relationship.consent"].with_user(cls.jan)
        events = cls.env.ref(f"{ADDON}.relationship_consent_purpose_events")
        for days, action, purpose in (
            (30, "given", None),
            (20, "withdrawn", events.id),
        ):
            entries.create(
                {
                    "partner_id": cls.brewery.id,
                    "channel": "email",
                    "action": action,
                    "purpose_id": purpose,
                    "date": fields.Datetime.now() - timedelta(days=days),
                }
            )

    def test_a_withdrawal_and_its_correction(self):
        self.start_tour(
            f"/odoo/relationship-partners/{self.brewery.id}",
            "relationship_consent_tour",
            login="jan_tour",
        )
        void, withdrawn, *_older = self.brewery.consent_ids.sorted("id", reverse=True)
        self.assertEqual(
            (void.action, void.corrects_id, void.user_id),
            ("void", withdrawn, self.jan),
        )
        self.assertEqual(withdrawn.evidence, "Said at the gate")
        self.assertFalse(self.brewery.is_blacklisted)
        self.assertEqual(len(self.brewery.consent_ids), 4)


@tagged("post_install", "-at_install")
class TestConsentTourOnPhone(TestConsentTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
