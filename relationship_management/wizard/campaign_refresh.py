from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..models.shared.button import notify, open_form
from ..models.shared.context import get_id
from ..models.shared.kinds import check_kinds
from ..models.target_group.freeze_sql import FreezeQuery

# So many joiners and leavers can be chosen one by one; the rest goes with the switch.
SHOWN = 200


class RelationshipCampaignRefresh(models.TransientModel):
    """Show what freezing a target group would change, and do what is chosen of it."""

    _name = "relationship.campaign.refresh"
    _description = "Freeze or refresh the target group"
    _inherit = ["relationship.parent.guard.mixin"]

    campaign_id = fields.Many2one(
        "relationship.campaign", required=True, ondelete="cascade", readonly=True
    )
    freeze_id = fields.Many2one(
        "relationship.campaign.freeze", required=True, ondelete="cascade", readonly=True
    )
    is_first = fields.Boolean(compute="_compute_is_first")
    rule_words = fields.Text(related="freeze_id.rule_words", related_sudo=False)
    counts = fields.Json(readonly=True, help="What was found, by kind and reason.")
    preview = fields.Text(compute="_compute_preview")
    apply_joiners = fields.Boolean(string="Take in those who join", default=True)
    apply_leavers = fields.Boolean(string="Exclude those who no longer match")
    line_ids = fields.One2many("relationship.campaign.refresh.line", "refresh_id")
    joiner_ids = fields.One2many(
        "relationship.campaign.refresh.line",
        "refresh_id",
        domain=[("kind", "=", "join")],
    )
    leaver_ids = fields.One2many(
        "relationship.campaign.refresh.line",
        "refresh_id",
        domain=[("kind", "=", "leave")],
    )
    joiner_count = fields.Integer(readonly=True)
    leaver_count = fields.Integer(readonly=True)
    more_joiners = fields.Integer(compute="_compute_more")
    more_leavers = fields.Integer(compute="_compute_more")

    @api.depends("campaign_id")
    def _compute_is_first(self):
        for wizard in self:
            runs = wizard.campaign_id.freeze_ids
            wizard.is_first = not runs.filtered(
                lambda run: run.origin == "rule" and run.state == "done"
            )

    @api.depends("counts", "apply_joiners", "apply_leavers", "line_ids.chosen")
    def _compute_preview(self):
        """Tell what is ticked; the judge was asked when the dialog was opened."""
        for wizard in self:
            run = wizard.freeze_id  # none yet, where somebody opens the bare form
            wizard.preview = run and "\n".join(wizard._get_preview_lines())

    def _get_preview_lines(self):
        counts = dict(self.counts or {})
        if not self.apply_joiners:
            counts.pop("new", None)
            counts["control"] = {**(counts.get("control") or {}), "": 0}
        if self.apply_leavers:
            stay = self.leaver_ids.filtered(lambda line: not line.chosen)
            counts["gone"] = {"rule": self.leaver_count - len(stay)}
        yield self.freeze_id._get_summary(counts)
        left = self.joiner_ids.filtered(lambda line: not line.chosen)
        if self.apply_joiners and left:
            yield self.env._(
                "Of these not taken in, as chosen: %(count)s", count=len(left)
            )

    @api.depends("joiner_count", "leaver_count")
    def _compute_more(self):
        for wizard in self:
            wizard.more_joiners = max(0, wizard.joiner_count - SHOWN)
            wizard.more_leavers = max(0, wizard.leaver_count - SHOWN)

    @api.constrains("campaign_id", "freeze_id")
    def _check_run(self):
        """Refuse all but one's own preview of the campaign.

        The right to change another campaign was not asked, and a run goes on with the
        rights and companies of whoever began it.
        """
        for wizard in self:
            # sudo: the run may be one that the user does not see.
            run = wizard.freeze_id.sudo()
            if (
                run.campaign_id != wizard.campaign_id
                or run.user_id != self.env.user
                or run.state != "draft"
            ):
                raise ValidationError(
                    self.env._("Press Freeze or Refresh on the campaign again.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        check_kinds(self, vals_list)
        default = get_id(self.env, "default_campaign_id")
        ids = {vals.get("campaign_id", default) for vals in vals_list} - {None, False}
        self.env["relationship.campaign"].browse(ids).check_access("write")
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard.campaign_id.check_access("write")
            wizard._find_changes()
        return wizards

    def _check_after_move(self):
        self.campaign_id.check_access("write")
        return super()._check_after_move()

    def _find_changes(self):
        """Note who joins and who leaves: their number, and the first of them.

        Of joiners who become one addressee, as a company and its contact person, the
        number counts one, as the result does.
        """
        counts = self.counts = self.freeze_id._preview()
        for kind, statement in (
            ("join", self._get_joiners()),
            ("leave", self._get_leavers()),
        ):
            [(number,)] = self.env.execute_query(
                SQL("SELECT count(*) FROM (%s) found", statement)
            )
            if kind == "join":
                number = sum(counts.get("new", {}).values())
            self["joiner_count" if kind == "join" else "leaver_count"] = number
            rows = self.env.execute_query_dict(SQL("%s LIMIT %s", statement, SHOWN))
            # sudo: whoever may freeze the group is shown who joins and leaves, by name.
            self.env["relationship.campaign.refresh.line"].sudo().create(
                [{**row, "refresh_id": self.id, "kind": kind} for row in rows]
            )

    def _get_joiners(self):
        """Return a statement of found partners who are not in the campaign yet."""
        self.env.flush_all()
        return SQL(
            """
            SELECT i.partner_id FROM relationship_campaign_freeze_item i
            WHERE i.freeze_id = %(run)s AND NOT EXISTS (
                SELECT FROM relationship_campaign_addressee a
                WHERE a.campaign_id = %(campaign)s
                  AND a.partner_id = i.partner_id
                  AND a.exclusion IS DISTINCT FROM 'rule'
            ) AND NOT EXISTS (
                SELECT FROM relationship_campaign_addressee a
                WHERE a.campaign_id = %(campaign)s
                  AND a.contact_id = i.partner_id
                  AND a.exclusion IS DISTINCT FROM 'rule'
            ) ORDER BY i.partner_id
            """,
            run=self.freeze_id.id,
            campaign=self.campaign_id.id,
        )

    def _get_leavers(self):
        """Return a statement of the addressees whom the rule does not find any more.

        Who was added by hand, was contacted, or belongs to another company of the
        campaign, stays. The control group leaves as the others do, until somebody was
        contacted: then it stays as they do.
        """
        return SQL(
            """
            SELECT a.id AS addressee_id, a.target_id AS partner_id
            FROM relationship_campaign_addressee a
            WHERE a.campaign_id = %(campaign)s AND a.origin = 'rule'
              AND (a.state = 'open' OR a.is_control AND NOT EXISTS (
                SELECT FROM relationship_campaign_addressee asked
                WHERE asked.campaign_id = a.campaign_id
                  AND asked.state IN ('contacted', 'responded')))
              AND a.company_id = ANY(%(companies)s)
              AND NOT EXISTS (
                SELECT FROM relationship_campaign_freeze_item i
                WHERE i.freeze_id = %(run)s AND i.partner_id = a.partner_id
            ) AND NOT EXISTS (
                SELECT FROM relationship_campaign_freeze_item i
                WHERE i.freeze_id = %(run)s AND i.partner_id = a.contact_id
            ) ORDER BY a.id
            """,
            run=self.freeze_id.id,
            campaign=self.campaign_id.id,
            companies=self.env.companies.ids,
        )

    def _get_action(self):
        self.ensure_one()
        return open_form(
            self._name,
            name=self.env._("Freeze the target group")
            if self.is_first
            else self.env._("Refresh the target group"),
            res_id=self.id,
            target="new",
        )

    def action_apply(self):
        """Do what is ticked; nothing is deleted."""
        self.ensure_one()
        run = self.freeze_id
        self.campaign_id._check_may_freeze()
        if run.state != "draft":
            raise UserError(
                self.env._("This has been applied already: reload the page to see it.")
            )
        if self.apply_leavers and (gone := self._leave_out()):
            # sudo: runs are written by the system alone.
            run.sudo().counts = {"gone": {"rule": gone}}
        self._skip_items()
        run._start()
        return self.campaign_id._get_freeze_message(run)

    def _leave_out(self):
        """Leave out the chosen ones who no longer match; return how many."""
        self.env.flush_all()
        stay = self.leaver_ids.filtered(lambda line: not line.chosen).addressee_id
        self.env.cr.execute(
            SQL(
                """UPDATE relationship_campaign_addressee
                   SET state = 'excluded', exclusion = 'rule', is_control = FALSE,
                       write_uid = %s, write_date = %s
                   WHERE id IN (SELECT addressee_id FROM (%s) found)
                     AND id <> ALL(%s)""",
                self.env.uid,
                self.env.cr.now(),
                self._get_leavers(),
                stay.ids,
            )
        )
        number = self.env.cr.rowcount
        self.env["relationship.campaign.addressee"].invalidate_model()
        return number

    def _skip_items(self):
        """Keep out of the run who joins, but was not chosen."""
        if self.apply_joiners:
            stay = self.joiner_ids.filtered(lambda line: not line.chosen).partner_id
            skipped = FreezeQuery.get_ids(stay.ids)
        else:
            skipped = self._get_joiners()
        self.env.cr.execute(
            SQL(
                """UPDATE relationship_campaign_freeze_item SET skip = TRUE
                   WHERE freeze_id = %s AND partner_id IN (%s)""",
                self.freeze_id.id,
                skipped,
            )
        )


class RelationshipCampaignRefreshLine(models.TransientModel):
    """Somebody who joins or leaves a target group."""

    _name = "relationship.campaign.refresh.line"
    _description = "Change of a target group"
    _inherit = ["relationship.parent.guard.mixin"]

    refresh_id = fields.Many2one(
        "relationship.campaign.refresh", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection([("join", "Joins"), ("leave", "Leaves")], required=True)
    chosen = fields.Boolean(string="Apply", default=True)
    partner_id = fields.Many2one("res.partner", ondelete="cascade", readonly=True)
    addressee_id = fields.Many2one(
        "relationship.campaign.addressee",
        string="Member",
        ondelete="cascade",
        readonly=True,
    )


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    def _get_freeze_message(self, run):
        """Return the message that tells what came of a run, over the reloaded form."""
        self.ensure_one()
        if run.state == "done":
            return notify(run._get_short_summary(), title=self.title)
        message = self.env._(
            "%(count)s partners are being entered in the background. The page Target"
            " group shows how far it is.",
            count=run.total,
        )
        return notify(message, "info", title=self.title)
