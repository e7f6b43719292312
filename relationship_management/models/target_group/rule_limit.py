from odoo import api, models
from odoo.exceptions import UserError

from ..shared.search_limit import iter_searched
from .selection import BROKEN

# What one search may have is limited as well (``search_limit``); here, all steps.
# A step costs some 10 ms whenever the rule is checked, a condition up to 100 ms.
MOST_STEPS = 30
MOST_CONDITIONS = 40


class RelationshipCampaignSelection(models.Model):
    """Limit what all steps of a target group ask for: it is one question in the end."""

    _inherit = "relationship.campaign.selection"

    @api.constrains("campaign_id", "rule", "source")
    def _check_rule(self):
        """Look how much it is before the rules are tried, one after another."""
        for campaign in self.campaign_id:
            campaign.selection_ids._refuse_too_much()
        return super()._check_rule()

    def _check_complete(self):
        """Refuse what was saved before there was a limit."""
        self._refuse_too_much()
        return super()._check_complete()

    def _refuse_too_much(self):
        """Refuse steps of one campaign that would keep everybody waiting."""
        if len(self) > MOST_STEPS:
            raise UserError(
                self.env._(
                    "The target group has %(count)s steps, and would take too long to"
                    " find: leave at most %(most)s of them. A step can also take the"
                    " members of another campaign, which has its own.",
                    count=len(self),
                    most=MOST_STEPS,
                )
            )
        count = sum(step._count_conditions() for step in self)
        if count > MOST_CONDITIONS:
            raise UserError(
                self.env._(
                    "The steps of the target group have %(count)s conditions on"
                    " relations, roles, consents or figures in all, and would take too"
                    " long to find: leave at most %(most)s of them. A step can also"
                    " take the members of another campaign, which has its own.",
                    count=count,
                    most=MOST_CONDITIONS,
                )
            )

    def _count_conditions(self):
        """Return how many conditions a step has that cost much; 0 if it is broken."""
        if self.source != "rule":
            return 0
        partners = self.env["res.partner"]
        try:
            rule = self._parse_rule()
            count = len(list(iter_searched(partners, rule)))
            if count > 1:
                # Alternatives and repetitions of one value are one condition.
                rule = rule.optimize(partners)
                count = len(list(iter_searched(partners, rule)))
        except (*BROKEN, KeyError, UserError):
            return 0  # said by the check of each rule
        return count
