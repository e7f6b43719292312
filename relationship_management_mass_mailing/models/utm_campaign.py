from odoo import models

TEST_FIELDS = {
    "ab_testing_schedule_datetime",
    "ab_testing_winner_mailing_id",
    "ab_testing_winner_selection",
}
MAILER = "mass_mailing.group_mass_mailing_user"


class UtmCampaign(models.Model):
    """Let everybody who mails for a campaign set up its mailings.

    Core keeps the settings of A/B tests on the campaign and writes them with each
    mailing: a linked company could not mail at all, nor an employee without sales
    rights.
    """

    _inherit = "utm.campaign"

    def write(self, vals):
        if not self._is_test_of_mailings(vals) or self.has_access("write"):
            return super().write(vals)
        self.check_access("read")
        # sudo: whoever may mail and sees the campaign, for nothing but these settings.
        return super(UtmCampaign, self.sudo()).write(vals)

    def _is_test_of_mailings(self, vals):
        return (
            bool(vals)
            and vals.keys() <= TEST_FIELDS
            and not self.env.su
            and self.env.user.has_group(MAILER)
        )
