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

    def _count_waiting(self):
        """Return how many of those who are in the campaign could still be held back."""
        [(number,)] = self.env.execute_query(
            SQL("SELECT count(*) FROM (%s) waiting", self._get_waiting())
        )
        return number

    def _get_waiting(self):
        """Return a statement of whom nobody has turned to yet, nor to their company.

        A company is in the control group with all its people or not at all; who was
        added by hand was chosen by somebody.
        """
        return SQL(
            """
            SELECT a.id FROM relationship_campaign_addressee a
            WHERE a.campaign_id = %(campaign)s AND a.origin = 'rule'
              AND a.state = 'open'
              AND NOT EXISTS (SELECT FROM crm_lead l WHERE l.addressee_id = a.id)
              AND NOT EXISTS (
                SELECT FROM relationship_campaign_addressee other
                -- As the unique index has it.
                WHERE other.campaign_id + 0 = a.campaign_id
                  AND COALESCE(other.partner_id, 0) = a.partner_id
                  AND other.id <> a.id AND other.state <> 'excluded'
                  AND (other.state <> 'open' OR other.origin = 'hand'))
            """,
            campaign=self.campaign_id.id,
        )

    def _hold_back(self):
        """Choose the control group; return how many newcomers and how many others.

        The same seed and the same addressees give the same group. Newcomers bring it
        up to its share; where they are too few, as after the share was raised, those to
        whom nobody has turned yet.
        """
        wanted = self._count_control()
        if not wanted:
            return 0, 0
        self.env.cr.execute(
            SQL(
                """
                UPDATE relationship_campaign_addressee
                SET state = 'excluded', exclusion = 'control', is_control = TRUE
                WHERE id IN (
                    SELECT a.id FROM relationship_campaign_addressee a
                    WHERE a.id IN (%(waiting)s)
                    ORDER BY (a.freeze_id = %(run)s) IS NOT TRUE, md5(
                        %(seed)s || ':' || coalesce(a.partner_id, a.target_id)
                    ), a.id
                    LIMIT %(wanted)s
                )
                RETURNING (freeze_id = %(run)s) IS TRUE
                """,
                waiting=self._get_waiting(),
                run=self.id,
                seed=str(self.campaign_id.control_seed),
                wanted=wanted,
            )
        )
        return self._count_returned()

    def _leave_colleagues_out(self):
        """Leave out whose company is in the control group; return as hold_back does."""
        self.env.cr.execute(
            """
            UPDATE relationship_campaign_addressee a
            SET state = 'excluded', exclusion = 'held_back'
            WHERE a.campaign_id = %(campaign)s AND a.origin = 'rule'
              AND a.state = 'open' AND a.partner_id IN (
                SELECT held.partner_id FROM relationship_campaign_addressee held
                WHERE held.campaign_id = %(campaign)s AND held.is_control
            )
            RETURNING (a.freeze_id = %(run)s) IS TRUE
            """,
            {"campaign": self.campaign_id.id, "run": self.id},
        )
        return self._count_returned()

    def _count_returned(self):
        """Return how many newcomers of this run there are, and how many others."""
        newcomers = [is_new for (is_new,) in self.env.cr.fetchall()]
        self._forget_addressees()
        return sum(newcomers), len(newcomers) - sum(newcomers)
