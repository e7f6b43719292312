from odoo.tests import new_test_user, tagged

from odoo.addons.relationship_management.tests.consent.test_consent import ConsentCase


@tagged("post_install", "-at_install")
class TestMailingBlacklist(ConsentCase):
    def test_a_mailing_user_blacklists_and_takes_off_with_a_reason(self):
        mailer = new_test_user(
            self.env,
            "test_mailer",
            groups="base.group_user,mass_mailing.group_mass_mailing_user",
        )
        self.env["mail.blacklist"].with_user(mailer)._add(self.nowak.email)
        self.assertEqual(self.state(self.nowak, "email"), "withdrawn")
        self.assertEqual(self.entries(self.nowak).user_id, mailer)
        action = self.nowak.with_user(mailer).mail_action_blacklist_remove()
        dialog = self.env[action["res_model"]].with_user(mailer)
        dialog.create(
            {"email": self.nowak.email, "reason": "Asked us to"}
        ).action_unblacklist_apply()
        self.assertEqual(self.state(self.nowak, "email"), "unknown")
        self.env.invalidate_all()
        self.assertFalse(self.nowak.is_blacklisted)
