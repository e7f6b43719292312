from odoo.tests import TransactionCase, tagged

from ..story.consents import ENTRIES
from ..story.player import MODULE


@tagged("post_install", "-at_install")
class TestConsentDemo(TransactionCase):
    """The consents of the story."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entries = cls.env["relationship.consent"].concat(
            *(cls.env.ref(f"{MODULE}.consent_{entry[0]}") for entry in ENTRIES)
        )

    def test_each_entry_is_made_by_its_person(self):
        self.assertEqual(len(self.entries), len(ENTRIES))
        for entry, (_name, _days, login, *_rest) in zip(
            self.entries, ENTRIES, strict=True
        ):
            self.assertEqual(entry.user_id, self.env.ref(f"{MODULE}.user_{login}"))

    def test_a_second_installation_changes_nothing(self):
        before = self.env["relationship.consent"].search([])
        self.env["relationship.demo.story"]._record_consents()
        self.assertEqual(self.env["relationship.consent"].search([]), before)

    def test_the_story_has_something_to_show(self):
        partners = self.env["res.partner"].with_user(
            self.env.ref(f"{MODULE}.user_marta")
        )
        nowak = partners.browse(self.env.ref(f"{MODULE}.partner_nowak").id)
        consents = {c["channel"]: c for c in nowak.get_consents()}
        self.assertEqual(consents["email"]["state"], "given")
        self.assertEqual(consents["phone"]["state"], "withdrawn")
        self.assertEqual([p["state"] for p in consents["phone"]["purposes"]], ["given"])
        brandt = partners.browse(self.env.ref(f"{MODULE}.partner_brandt").id)
        self.assertEqual(brandt.consent_email, "unknown")
        self.assertFalse(brandt.is_blacklisted)
        self.assertTrue(self.env.ref(f"{MODULE}.partner_wolski").is_blacklisted)

    def test_nobody_is_called_who_has_refused_it(self):
        calls = self.env.ref(f"{MODULE}.activity_spare_parts_calls")
        nowak = self.env.ref(f"{MODULE}.partner_nowak")
        tasks = self.env["mail.activity"].search(
            [("relationship_activity_id", "=", calls.id)]
        )
        members = calls.campaign_id.addressee_ids
        self.assertIn(nowak, members.target_id)
        self.assertGreater(len(tasks), 20)
        self.assertNotIn(nowak, tasks.addressee_id.target_id)
