"""Who joins a campaign after an activity was planned gets its tasks, too.

Where the type says so at once, otherwise by a button. Who is included again does at
once: others had something to do for it before.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..campaign.status import OPEN as CAMPAIGN_OPEN
from ..plan.turn import take_turn
from .activity import OPEN
from .preview import JUDGED
from .waiting import LACKING


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    joined_text = fields.Char(
        string="Members without a task", compute="_compute_joined_text"
    )

    @api.depends("type_id", "state", "active", "run_state", "channel", "task_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_joined_text(self):
        allowed = self._origin._filtered_access("write")
        for activity in self:
            activity.joined_text = False
            found = (activity._origin & allowed)._find_joined(JUDGED)
            members = activity._filter_reachable(found)
            if members and len(found) < JUDGED:
                activity.joined_text = self.env._(
                    "Members who joined since and have no task yet: %(count)s.",
                    count=len(members),
                )
            elif members:
                activity.joined_text = self.env._(
                    "Members who joined since and have no task yet: %(count)s or more.",
                    count=len(members),
                )

    def action_plan_joined(self):
        """Create the tasks of those who joined since, each of them once."""
        self.check_access("write")
        take_turn(self)
        for activity in self:
            members = activity._filter_reachable(activity._find_joined())
            activity._plan_joined(activity, members)

    def _is_at_work(self):
        """Tell whether its tasks are created, and not just being created."""
        begun = self.run_state not in ("copied", "running", "failed")
        return begun and self._takes_members()

    def _takes_members(self):
        # sudo: the status of a campaign, for whoever adds a member to it
        is_open = self.campaign_id.sudo().state in CAMPAIGN_OPEN
        return is_open and self.active and self.state in OPEN

    def _get_joined_lines(self):
        """Return the lines that have begun for all members.

        Those that are each for itself after another one follow by themselves.
        """
        return self._get_begun().filtered(
            lambda t: t.per == "addressee" and not t._is_each_as(t.wait_template_id)
        )

    def _find_joined(self, limit=None):
        """Return the newest members who have no task of a line that has begun."""
        if not (self and self._is_at_work()):
            return self.env["relationship.campaign.addressee"]
        return self._find_lacking(limit)

    def _find_lacking(self, limit=None):
        """Return the newest of all members who have no task of a line, see above."""
        members = self.env["relationship.campaign.addressee"]
        lines = self._get_joined_lines()
        if not lines:
            return members
        tasks = ["relationship_activity_id", "plan_template_id", "task_key"]
        self.env["mail.activity"].flush_model(tasks)

        def select_lacking(_model, alias, _query):
            key = SQL("'member:' || %s", SQL.identifier(alias, "id"))
            parts = (
                SQL(LACKING, activity=self.id, line=line.id, key=key) for line in lines
            )
            return SQL("(%s)", SQL(" OR ").join(SQL("(%s)", part) for part in parts))

        lacking = Domain.custom(to_sql=select_lacking)
        found = Domain(self._get_member_domain()) & lacking
        return members.search(found, order="id DESC", limit=limit)

    def _join(self, members):
        """Create what has begun for members of the campaign who came later.

        As the responsible; a fault hinders nobody from adding members: it is told at
        the activity.
        """
        is_begun = self._takes_members() and self.run_state != "copied"
        if owner := is_begun and members and self._as_responsible():
            self._try(lambda: self._plan_joined(owner, members))

    def _plan_joined(self, owner, members):
        """Create tasks for members; for many in the background.

        :param owner: the activity as whoever sees whom it is for
        """
        lines = owner._get_joined_lines()
        if not (lines and members):
            return
        if self.run_state == "running" or self._are_many(members):
            owner._as_able()._start_run(lines, min(members.ids))
            return
        keys = {f"member:{member.id}" for member in members}
        planner = owner._only_for(members)
        self._insert_tasks(planner._prepare_missing(lines, keys))
        self._go_on()


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    def _find_joining(self):
        """Return the activities that begin for members who join, as their type says."""
        return self._find_under_way(("type_id.includes_joining", "=", True))

    def _find_under_way(self, *domain):
        # sudo: whoever adds a member; what everybody is called for
        brackets = self.env["relationship.activity"].sudo()
        here = [("campaign_id", "in", self.ids), ("state", "in", OPEN)]
        return brackets.search([*here, *domain], order="id")


class RelationshipCampaignAddressee(models.Model):
    _inherit = "relationship.campaign.addressee"

    @api.model_create_multi
    def create(self, vals_list):
        """Let activities begin for these whose type says so."""
        members = super().create(vals_list)
        joined = members.filtered(lambda member: member.state != "excluded")
        # sudo: whether there are such types, of whichever company
        types = self.env["relationship.activity.type"].sudo()
        if types.search_count([("includes_joining", "=", True)], limit=1):
            # Whoever plans for all members at this moment does not see these.
            take_turn(joined.campaign_id)
        by_campaign = joined.grouped("campaign_id")
        for bracket in joined.campaign_id._find_joining():
            bracket._join(by_campaign[bracket.campaign_id.with_env(self.env)])
        return members

    def _come_back(self):
        """Give people to do again what was taken back."""
        back = self.filtered(lambda member: member.state == "open")
        by_campaign = back.grouped("campaign_id")
        for bracket in back.campaign_id._find_under_way():
            bracket._join(by_campaign[bracket.campaign_id.with_env(self.env)])
