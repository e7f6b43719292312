"""The control group: whole companies, chosen at random, whom nobody contacts."""

from odoo import models
from odoo.tools import SQL


class RelationshipCampaignFreeze(models.Model):
    _inherit = "relationship.campaign.freeze"

    def _count_control(self, newcomers=0):
        """Return how many more the control group needs.

        :param newcomers: addressees that will be in the campaign, beside those that are
        """
        campaign = self.campaign_id
        if self.origin != "rule" or not campaign.control_percent:
            return 0
        self.env.flush_all()
        [(number,)] = self.env.execute_query(
            SQL(
                """
                SELECT round((count(*) + %(newcomers)s) * %(percent)s / 100.0)
                       - count(*) FILTER (WHERE is_control)
                FROM relationship_campaign_addressee
                WHERE campaign_id = %(campaign)s AND origin = 'rule'
                  AND (state <> 'excluded' OR is_control)
                """,
                newcomers=newcomers,
                percent=campaign.control_percent,
                campaign=campaign.id,
            )
        )
        return max(0, int(number))

    def _hold_back(self):
        """Choose the control group among the newcomers; return how many.

        The same seed and the same addressees give the same group. Later newcomers
        bring it up to its share. A company is in it with all its people or not at all,
        so nobody is chosen whose company is contacted already.
        """
        wanted = self._count_control()
        if not wanted:
            return 0
        self.env.cr.execute(
            SQL(
                """
                UPDATE relationship_campaign_addressee
                SET state = 'excluded', exclusion = 'control', is_control = TRUE
                WHERE id IN (
                    SELECT a.id FROM relationship_campaign_addressee a
                    WHERE a.freeze_id = %(run)s AND a.state = 'open' AND NOT EXISTS (
                        SELECT FROM relationship_campaign_addressee other
                        -- As the unique index has it.
                        WHERE other.campaign_id + 0 = a.campaign_id
                          AND COALESCE(other.partner_id, 0) = a.partner_id
                          AND other.freeze_id IS DISTINCT FROM a.freeze_id
                          AND other.state <> 'excluded'
                    )
                    ORDER BY md5(
                        %(seed)s || ':' || coalesce(a.partner_id, a.target_id)
                    ), a.id
                    LIMIT %(wanted)s
                )
                """,
                run=self.id,
                seed=str(self.campaign_id.control_seed),
                wanted=wanted,
            )
        )
        held = self.env.cr.rowcount
        self._forget_addressees()
        return held

    def _leave_colleagues_out(self):
        """Leave out newcomers whose company is in the control group; return how many.

        They were entered in the same run as the one who was chosen.
        """
        self.env.cr.execute(
            """
            UPDATE relationship_campaign_addressee a
            SET state = 'excluded', exclusion = 'held_back'
            WHERE a.freeze_id = %s AND a.state = 'open' AND a.partner_id IN (
                SELECT held.partner_id FROM relationship_campaign_addressee held
                WHERE held.campaign_id = %s AND held.is_control
            )
            """,
            [self.id, self.campaign_id.id],
        )
        number = self.env.cr.rowcount
        self._forget_addressees()
        return number
