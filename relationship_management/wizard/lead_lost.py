from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.activity.status import CLOSING
from ..models.activity.tasks import QUIET
from ..models.plan.found import open_tasks
from ..models.plan.frame import generating
from ..models.shared.context import Marker


class CrmLeadLost(models.TransientModel):
    """*Lost* asks who won, where the reason is a competitor."""

    _name = "crm.lead.lost"
    _inherit = ["crm.lead.lost", "relationship.parent.guard.mixin"]

    open_task_count = fields.Integer(compute="_compute_open_task_count")
    open_tasks = fields.Selection(
        [
            ("keep", "Keep them: they come back with the opportunity"),
            ("done", "Mark them as done"),
            ("remove", "Remove them"),
        ],
        required=True,
        default="keep",
        help="Kept ones leave the clock at the top while the opportunity is lost.",
    )
    asks_winner = fields.Boolean(related="lost_reason_id.names_competitor")
    winner_id = fields.Many2one(
        "res.partner",
        string="Who won?",
        compute="_compute_winner_id",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.model
    def _get_guarded_fields(self):
        return {"winner_id"}

    @api.depends("lead_ids")
    def _compute_winner_id(self):
        """Propose the competitor of the opportunities, if there is only one."""
        for wizard in self:
            found = wizard.lead_ids._origin._get_competitors()
            wizard.winner_id = found if len(found) == 1 else wizard.winner_id

    def _get_open_tasks(self):
        return open_tasks(self.env).search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", self.lead_ids._origin.ids),
            ]
        )

    @api.depends("lead_ids")
    def _compute_open_task_count(self):
        for wizard in self:
            wizard.open_task_count = len(wizard._get_open_tasks())

    def action_lost_reason_apply(self):
        """Name the winner among the people and in the chatter, and end open tasks."""
        self.ensure_one()
        if self.asks_winner and self.winner_id:
            self._name_winner()
        result = super().action_lost_reason_apply()
        self._end_tasks()
        return result

    def _end_tasks(self):
        """Do with the open tasks what was chosen, as far as the user may.

        Nothing begins that waited for them.
        """
        if self.open_tasks == "keep":
            return
        tasks = self._get_open_tasks()._filtered_access("write")
        tasks = tasks.with_context(**{CLOSING: Marker()}, **QUIET)
        activities = tasks.relationship_activity_id._filtered_access("write")
        if self.open_tasks == "done":
            remark = self.env._("Closed when the opportunity was lost.")
            activities._ask_and_take_turn()
            activities._end_with_project(lambda ending: ending._close(remark))
            to_do = tasks.filtered("active")
            # They come back with the opportunity, as activities do.
            alone = to_do.filtered(lambda task: not task.relationship_activity_id)
            generating(alone).write({"is_closed_with_activity": True})
            to_do.action_feedback(feedback=remark)
            return
        activities._end_with_project(lambda ending: ending.action_cancel())
        tasks.exists().unlink()

    def _name_winner(self):
        self.winner_id.check_access("read")
        self.lead_ids.check_access("write")
        # sudo: whose people belong together, whoever may see them.
        customers = self.lead_ids.sudo().partner_id.commercial_partner_id
        if self.winner_id.sudo().commercial_partner_id in customers:
            raise UserError(
                self.env._(
                    "%(partner)s is the customer, and not a competitor: choose who won,"
                    " or nobody.",
                    partner=self.winner_id.name,
                )
            )
        told = self.env._("Lost to %(competitor)s.", competitor=self.winner_id.name)
        self.lost_feedback = Markup("<p>%s</p>%s") % (told, self.lost_feedback or "")
        competitors = self.env["relationship.reference.type"].search(
            [("kind", "=", "competitor"), ("can_use", "=", True)]
        )
        new = self.lead_ids.filtered(
            lambda lead: (
                not lead.reference_ids.filtered(
                    lambda line: (
                        line.kind == "competitor" and line.partner_id == self.winner_id
                    )
                )
            )
        )
        self.env["relationship.reference"].create(
            [
                {
                    "lead_id": lead.id,
                    "partner_id": self.winner_id.id,
                    "type_id": kinds[0].id,
                }
                for lead in new
                if (
                    kinds := competitors.filtered_domain(
                        competitors._check_company_domain(lead.company_id)
                    )
                )
            ]
        )
