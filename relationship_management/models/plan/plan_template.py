from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.may_be_told import name_of
from .found import all_tasks, open_tasks
from .placeholder import EVERY, find_unknown
from .turn import take_turn


class MailActivityPlanTemplate(models.Model):
    """A task template: what is to be done, by whom, when, and after what.

    Lines of plans and of activity types are the same (decision 12).
    """

    _inherit = "mail.activity.plan.template"

    wait_template_id = fields.Many2one(
        "mail.activity.plan.template",
        string="Waits for",
        domain="[('plan_id', '=', plan_id), ('id', '!=', id)]",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="Its tasks are created when those of that line are done.",
    )
    # In the language of whoever plans it.
    summary = fields.Char(
        translate=True,
        help="May name {partner}, {contact}, {subject}, {number}, {project} and"
        " {responsible}: they are filled in when the task is created.",
    )

    @api.constrains("summary", "note")
    def _check_placeholders(self):
        for template in self:
            if unknown := find_unknown(template.summary, template.note):
                raise ValidationError(
                    self.env._(
                        "%(unknown)s is no placeholder: use %(known)s, or leave the"
                        " braces out.",
                        unknown=unknown[0],
                        known=EVERY,
                    )
                )

    @api.constrains("wait_template_id", "plan_id")
    def _check_waiting(self):
        # sudo: as below. Two who close a circle together write one plan.
        take_turn(self.sudo().filtered("wait_template_id").plan_id)
        for template in self:
            # sudo: the lines of one plan belong together, whoever changes one.
            above, seen = template.sudo().wait_template_id, template.sudo()
            if above and above.plan_id != template.plan_id:
                raise ValidationError(
                    self.env._(
                        "%(task)s can only wait for a task of the same list: choose"
                        " another one.",
                        task=name_of(template),
                    )
                )
            while above:
                if above in seen:
                    raise ValidationError(
                        self.env._(
                            "%(task)s would wait for itself, so that neither it nor"
                            " %(other)s would ever begin: choose another task to wait"
                            " for, or none.",
                            task=name_of(template),
                            other=name_of(template.wait_template_id),
                        )
                    )
                seen |= above
                above = above.wait_template_id

    def _get_above(self):
        """Return what it waits for, and what that waits for, in this order."""
        above = self.sudo().wait_template_id  # sudo: as above
        for template in above:
            above |= template._get_above()
        return above

    def _is_taken(self, record, ended):
        """Tell whether its tasks are there, of the plan that made others.

        A plan may be launched again: each time what waits has its turn.

        :param ended: what it waited for
        """
        tasks = all_tasks(self.env)
        mine = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        mine += [("plan_template_id", "=", self.id)]
        since = ["|", ("active", "=", True), ("id", ">", max(ended.ids, default=0))]
        return bool(tasks.search_count([*mine, *since], limit=1))

    def write(self, vals):
        """Begin what waits no longer."""
        if "plan_id" in vals:
            moved = self.filtered(lambda t: t.plan_id.id != vals["plan_id"])
            moved._let_go_of_waiting()
        is_other = "wait_template_id" in vals
        former = {t: t._get_above() for t in self} if is_other else {}
        result = super().write(vals)
        for template, above in former.items():
            if gone := above - template._get_above():
                template._stop_waiting_for(gone)
        return result

    def unlink(self):
        """Let what waits for these wait for what they waited for: nobody for ever."""
        self._let_go_of_waiting()
        return super().unlink()

    def _let_go_of_waiting(self):
        for template in self.search([("wait_template_id", "in", self.ids)]) - self:
            template.wait_template_id = (template._get_above() - self)[:1]

    def _stop_waiting_for(self, gone):
        """Begin where somebody has still to do what this one waited for."""
        # sudo: whoever changes a plan, for all that is under way.
        tasks = open_tasks(self.env).sudo()
        at_work = tasks.search([("plan_template_id", "in", gone.ids)])
        above = self._get_above()
        kept = tasks.search([("plan_template_id", "in", above.ids)])
        places = {(task.res_model, task.res_id) for task in kept}
        at_work.filtered(
            lambda task: (task.res_model, task.res_id) not in places
        )._begin_template(self)

    def _wait_like(self, others):
        """Let copies wait for each other as the lines that they were copied from."""
        # Core copies them by id, whatever their order is now.
        copies = dict(zip(others.sorted("id"), self.sorted("id"), strict=True))
        for other, template in copies.items():
            template.wait_template_id = copies.get(other.wait_template_id)


class MailActivityPlan(models.Model):
    _inherit = "mail.activity.plan"

    def unlink(self):
        """Delete the lines first: what waits, or has still to appear, goes on."""
        self.check_access("unlink")
        self.template_ids.unlink()
        return super().unlink()

    def copy(self, default=None):
        copies = super().copy(default)
        if "template_ids" in (default or {}):
            return copies  # whose lines are others
        for plan, copied in zip(self, copies, strict=True):
            copied.template_ids._wait_like(plan.template_ids)
        return copies
