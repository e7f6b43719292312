"""What people do in the relationship list, without opening what a row tells of."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..shared.button import notify, open_form
from .access import TASK


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    def _get_open_tasks(self):
        """Return the open tasks that these rows tell of; others are passed over."""
        self.check_access("read")
        rows = self.filtered(lambda row: row.source == TASK and row.is_open)
        if not rows:
            raise UserError(
                self.env._(
                    "Choose open tasks: nothing else is done or moved from here."
                )
            )
        return self.env[TASK].browse(rows.mapped("source_id")).exists()

    def action_done(self):
        """Ask what came of a task."""
        self.ensure_one()
        task = self._get_open_tasks()
        return open_form(
            "relationship.task.done",
            name=self.display_name,
            target="new",
            context={"default_task_id": task.id, "dialog_size": "small"},
        )

    def action_tomorrow(self):
        """Put tasks off to the next working day, as far as they are due or late."""
        tasks = self._get_open_tasks()
        day, moved = tasks._put_off()
        if not moved:
            raise UserError(
                self.env._(
                    "Nothing is put off: these tasks are due later, or are meetings."
                    " Choose Move or hand over."
                )
            )
        message = self.env._(
            "Due on %(day)s now: %(count)s.",
            day=format_date(self.env, day),
            count=len(moved),
        )
        if left := tasks - moved:
            message += " " + self.env._(
                "Left as they are, due later or meetings: %(count)s.",
                count=len(left),
            )
        return notify(message)

    def action_change(self):
        """Ask on which day, or by whom, tasks are to be done."""
        tasks = self._get_open_tasks()
        return open_form(
            "relationship.item.change",
            name=self.env._("Move or hand over"),
            target="new",
            context={
                "default_task_ids": tasks.ids,
                "default_left_count": len(self) - len(tasks),
                "dialog_size": "small",
            },
        )

    def action_assign_to_campaign(self):
        """Put the partners of these rows into a campaign that there is."""
        return self._open_campaign_dialog("relationship_campaign_assign_action")

    def action_generate_campaign(self):
        """Put the partners of these rows into a new campaign."""
        return self._open_campaign_dialog("relationship_campaign_generate_action")

    def _open_campaign_dialog(self, name):
        self.check_access("read")
        people = self.env["res.partner"].union(
            *(row.contact_id or row.partner_id for row in self)
        )
        if not people:
            raise UserError(
                self.env._("None of these rows has a partner: choose others.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"relationship_management.{name}"
        )
        chosen = {"active_model": people._name, "active_ids": people.ids}
        is_new = {"default_is_new": True} if "generate" in name else {}
        return {**action, "context": {**chosen, **is_new}}
