"""Who is no longer addressed by a campaign leaves nobody anything to do.

Who is included again gets it back: see ``joining``. Tasks name who a member becomes;
who has done one that is a contact has contacted the member.
"""

from collections import Counter

from odoo import models
from odoo.fields import Domain

from ..plan.found import all_tasks, open_tasks
from ..plan.frame import generating
from ..plan.turn import take_turn
from ..shared.context import Marker, get_marked
from ..shared.may_be_told import log_notes
from ..target_group.addressee_rules import WHO_FIELDS
from .follow import BY_NOBODY, FOLLOWING
from .status import CLOSING


class RelationshipCampaignAddressee(models.Model):
    _inherit = "relationship.campaign.addressee"

    def _judge(self):
        excluded = self.filtered(lambda member: member.state == "excluded")
        result = super()._judge()
        self._let_go()
        excluded._come_back()
        return result

    def _write_state(self, vals):
        excluded = self.filtered(lambda member: member.state == "excluded")
        result = super()._write_state(vals)
        self._let_go()
        excluded._come_back()
        return result

    def write(self, vals):
        result = super().write(vals)
        if WHO_FIELDS & vals.keys():
            self._name_in_tasks()
        return result

    def _name_in_tasks(self):
        """Let open tasks that nobody has changed name who these are by now."""
        # sudo: whoever changes a member; texts of tasks, as their templates say.
        mine = ("addressee_id", "in", self.ids)
        tasks = open_tasks(self.env).sudo().search([mine, BY_NOBODY])
        todo = self.env["relationship.activity.todo"].sudo().search([mine])
        shown = tasks.grouped("relationship_activity_id")
        later = todo.grouped("activity_id")
        for bracket in tasks.relationship_activity_id | todo.activity_id:
            bracket._name_anew(
                shown.get(bracket, tasks.browse()), later.get(bracket, todo.browse())
            )

    def _let_go(self):
        if excluded := self.filtered(lambda member: member.state == "excluded"):
            brackets, lines = self._take_back_tasks([("id", "in", excluded.ids)])
            brackets._go_on(lines)

    def _take_back_tasks(self, domain, reason=None):
        """Take back what nobody has changed or done, and tell it at the activities.

        :param domain: of these members
        :param reason: why, if it is not the one of their exclusion
        :return: the activities, which may go on now, and the lines of these tasks
        """
        # sudo: whoever excludes a member, or archives its partner; what others had to
        # do for it goes, and nothing of that is shown.
        everybody = self.sudo().with_context(active_test=False)
        mine = [("addressee_id", "in", everybody._search(Domain(domain)))]
        tasks = open_tasks(self.env).sudo().search([*mine, BY_NOBODY])
        todo = self.env["relationship.activity.todo"].sudo().search(mine)
        brackets = tasks.relationship_activity_id | todo.activity_id
        lines = tasks.plan_template_id | todo.template_id
        # Whoever plans for them at this moment is not seen yet.
        take_turn(everybody.search(Domain(domain)).campaign_id)
        take_turn(brackets)
        shown = tasks.grouped("relationship_activity_id")
        later = todo.grouped("activity_id")
        for bracket in brackets:
            bracket._tell_taken_back(
                shown.get(bracket, tasks.browse()),
                later.get(bracket, todo.browse()),
                reason,
            )
        todo.unlink()
        tasks.with_context(**{FOLLOWING: Marker()}).unlink()
        return brackets, lines

    def _take_over(self, others):
        """Let who stands for others have one task of each kind."""
        # sudo: whoever may merge partners; what was to do for them is to do for one.
        tasks = all_tasks(self.env).sudo()
        found = tasks.search([("addressee_id", "in", (self | others).ids)])
        foreign = found.filtered(
            lambda t: t.addressee_id.company_id != self.company_id and t._is_secret()
        )
        known, reason = set(), "duplicate"
        if self.state == "excluded":
            # Nobody is contacted by a merge: what nobody has touched is taken back.
            found = found.filtered(lambda t: not t.active or t.is_changed_by_hand)
            reason = self.exclusion
        for task in found.sorted(lambda t: (t.addressee_id != self, t.active)):
            kind = task.relationship_activity_id, task.plan_template_id
            if kind not in known and task.addressee_id != self:
                key = f"member:{self.id}"
                generating(task).write({"addressee_id": self.id, "task_key": key})
            known.add(kind)
        keys = {f"member:{member.id}": f"member:{self.id}" for member in others}
        # sudo: as above
        campaign = self.campaign_id.sudo().with_context(active_test=False)
        campaign.bracket_ids._rename_remembered(keys)
        left = found.filtered(lambda t: t.addressee_id != self and t._is_secret())
        done = (foreign | left).filtered(lambda t: not t.active)
        done._keep_private()
        brackets, lines = self._take_back_tasks([("id", "in", others.ids)], reason)
        result = super()._take_over(others)
        brackets._go_on(lines)
        return result

    def unlink(self):
        """Let their tasks go with members who were entered by mistake."""
        self.check_access("unlink")
        brackets, lines = self._take_back_tasks([("id", "in", self.ids)], "hand")
        # sudo: only what is kept of them, from other companies than theirs
        left = all_tasks(self.env).sudo().search([("addressee_id", "in", self.ids)])
        left.filtered(lambda task: task._is_secret())._keep_private()
        result = super().unlink()
        brackets._go_on(lines)
        return result


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=False):
        """Mark as contacted whom somebody has called, or written to."""
        # Core deletes tasks whose record is gone: of these nothing is read afterwards.
        # sudo: who does the task may not change the member; the status alone.
        tasks = self.sudo().filtered("plan_template_id.is_contact")
        members = tasks.addressee_id
        result = super()._action_done(feedback, attachment_ids)
        if not get_marked(self.env, CLOSING):
            waiting = members.exists().filtered(lambda a: a.state == "open")
            waiting._write_state({"state": "contacted"})
        return result


class RelationshipCampaignFreeze(models.Model):
    _inherit = "relationship.campaign.freeze"

    def _finish(self):
        """Take back what is to do for those whom the run has excluded."""
        result = super()._finish()
        excluded = [
            ("campaign_id", "=", self.campaign_id.id),
            ("state", "=", "excluded"),
        ]
        members = self.env["relationship.campaign.addressee"]
        going_on, lines = members._take_back_tasks(excluded)
        going_on._go_on(lines)
        if brackets := self.campaign_id._find_joining():
            joined = self._get_joined()
            for bracket in brackets:
                bracket._join(joined)
        return result

    def _get_joined(self):
        """Return the members whom the run has entered, or has let in again."""
        # The clock of this transaction, in which it may have been started.
        since = min(self.started_on, self.env.cr.now())
        return self.env["relationship.campaign.addressee"].search(
            [
                ("campaign_id", "=", self.campaign_id.id),
                *(("state", "=", "open"), ("write_date", ">=", since)),
            ]
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Let nobody call on whom somebody has archived."""
        result = super().write(vals)
        if vals.get("active") is False:
            members = self.env["relationship.campaign.addressee"]
            ends = (("partner_id", "in", self.ids), ("target_id", "in", self.ids))
            brackets, lines = members._take_back_tasks(["|", *ends], "archived")
            brackets._go_on(lines)
        return result


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _tell_taken_back(self, tasks, todo, reason):
        """Say in the chatter how many have no task any more, and why: no names."""
        members = tasks.addressee_id | todo.addressee_id
        reasons = Counter(reason or member.exclusion for member in members)
        body = self.env._(
            "Members who are not addressed any more – %(reasons)s. Open tasks taken"
            " back: %(count)s.",
            reasons=self._tell_left_out(reasons),
            count=len(tasks) + len(todo),
        )
        log_notes(self, {self.id: body})
