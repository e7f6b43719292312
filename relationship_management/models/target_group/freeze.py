from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..campaign.settings import ADDRESSING
from .addressee import TAB_DOMAINS
from .freeze_sql import FreezeQuery, add_counts

# Up to here a person waits for the result; more go on in the background.
DIRECT_LIMIT = 5000
BATCH = 5000


class RelationshipCampaignFreeze(models.Model):
    """One run that turns found partners into addressees of a campaign.

    It keeps who did it, when, for which company and by which rule, and counts what came
    of it. The ids that were found are staged in one statement; batches walk through
    them, so that a run that was killed goes on where it stopped.
    """

    _name = "relationship.campaign.freeze"
    _description = "Freezing of a target group"
    _order = "id DESC"
    _not_offered = frozenset({"last_partner_id"})

    campaign_id = fields.Many2one(
        "relationship.campaign", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    allowed_company_ids = fields.Many2many(
        "res.company",
        relation="relationship_campaign_freeze_company_rel",
        help="The companies that were switched on.",
    )
    addressing = fields.Selection(ADDRESSING, required=True)
    origin = fields.Selection(
        [("rule", "Target group"), ("hand", "Added by hand")],
        required=True,
        default="rule",
    )
    rule_words = fields.Text(string="Rule", compute="_compute_rule_words")
    # Of runs without a key: in the words of whoever froze, who may see more.
    rule_text = fields.Text(groups=fields.NO_ACCESS)
    rule_key = fields.Text(help="The steps of the rule, to see whether they changed.")
    state = fields.Selection(
        [
            ("draft", "Preview"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Stopped"),
        ],
        string="Status",
        required=True,
        default="draft",
        index=True,
    )
    started_on = fields.Datetime(default=fields.Datetime.now)
    finished_on = fields.Datetime()
    total = fields.Integer(string="Found")
    done = fields.Integer()
    progress = fields.Float(compute="_compute_progress")
    last_partner_id = fields.Integer(help="How far the batches have come.")
    counts = fields.Json(help="Number by kind and reason.")
    reached = fields.Integer(
        string="In all",
        help="Members of the campaign after the run that are not excluded, as far as"
        " its user sees them.",
    )
    held = fields.Integer(
        string="Control group in all",
        help="Members of the campaign after the run that are held back as control"
        " group, as far as its user sees them.",
    )
    left_out = fields.Integer(
        string="Excluded in all",
        help="Members of the campaign after the run that are excluded for another"
        " reason, as far as its user sees them.",
    )
    error = fields.Char()

    @api.depends("origin", "rule_key", "total", "user_id")
    @api.depends_context("lang", "uid")
    def _compute_rule_words(self):
        """Tell the rule to whoever reads it, who need not see what it names."""
        steps = self.env["relationship.campaign.selection"]
        for run in self:
            if run.origin == "hand":
                run.rule_words = self.env._(
                    "Partners chosen: %(count)s", count=run.total
                )
            elif run.rule_key:
                run.rule_words = "\n".join(steps._tell_key(run.rule_key))
            else:
                # sudo: whoever froze reads what was told to them then.
                own = run.sudo().rule_text if run.user_id == self.env.user else False
                run.rule_words = own

    @api.depends("total", "done")
    def _compute_progress(self):
        for run in self:
            run.progress = 100 * run.done / run.total if run.total else 100

    # Staging

    @api.model
    def _stage(self, campaign, found, **values):
        """Return a new run over the partners that a statement of ids finds."""
        company = campaign._get_adding_company()
        # sudo: runs are written by the system alone; the caller has checked that the
        # user may add addressees to the campaign.
        run = self.sudo().create(
            {
                "campaign_id": campaign.id,
                "user_id": self.env.uid,
                "company_id": company.id,
                "allowed_company_ids": [(6, 0, self.env.companies.ids)],
                "addressing": campaign.addressing,
                **values,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO relationship_campaign_freeze_item
                       (freeze_id, partner_id, skip)
                   SELECT %s, id, FALSE FROM (%s) f (id) WHERE id IS NOT NULL""",
                run.id,
                found,
            )
        )
        run.total = self.env.cr.rowcount
        self.env["relationship.campaign.freeze.item"].invalidate_model()
        return run.with_env(self.env)

    def _get_query(self):
        """Return the statements of this run, as its user and in its companies."""
        self.ensure_one()
        run = self.sudo()
        companies = run.company_id | run.allowed_company_ids
        campaign = run.campaign_id.with_user(run.user_id)
        return FreezeQuery(
            campaign.with_context(allowed_company_ids=companies.ids), run
        )

    def _get_items(self, after=0, until=None):
        """Return the statement of the staged ids that count."""
        return SQL(
            """SELECT partner_id FROM relationship_campaign_freeze_item
               WHERE freeze_id = %s AND NOT skip AND partner_id > %s AND %s""",
            self.id,
            after,
            SQL("TRUE") if until is None else SQL("partner_id <= %s", until),
        )

    def _preview(self):
        """Return what the run would do, as :meth:`_get_summary` takes it."""
        query = self._get_query()
        rows = self.env.execute_query(
            query.get_counts(query.get_pairs(self._get_items()))
        )
        counts = add_counts({}, rows)
        newcomers = counts.get("new", {}).get("", 0)
        if wanted := self._count_control(newcomers):
            held = min(newcomers, wanted)
            others = min(self._count_waiting(), wanted - held)
            counts = add_counts(counts, self._get_control_rows((held, others)))
        return counts

    @api.model
    def _get_control_rows(self, held, colleagues=(0, 0)):
        """Return lines for :func:`add_counts`; each takes from those that are entered.

        :param held: numbers of newcomers and others who are held back
        :param colleagues: likewise, of people of their companies
        """
        rows = [
            ("control", None, held[0]),
            ("new", None, -colleagues[0]),
            ("new", "held_back", colleagues[0]),
            ("control", "known", held[1]),
            ("known", "held_back", colleagues[1]),
            ("known", None, -colleagues[1]),
        ]
        return [row for row in rows if row[2]]

    # Running

    def _start(self):
        """Enter the addressees now, or in the background if there are many."""
        self.ensure_one()
        run = self.sudo()  # sudo: see _stage()
        run.write({"state": "running", "started_on": fields.Datetime.now()})
        if run.total <= DIRECT_LIMIT:
            while run._run_batch():
                pass
            return
        cron = self.env.ref("relationship_management.ir_cron_campaign_freeze")
        cron.sudo()._trigger()  # sudo: whoever may freeze may wake the cron.

    def _run_batch(self, size=BATCH):
        """Enter the next partners; return how many are left."""
        self.ensure_one()
        self._check_not_over()
        self.env.flush_all()
        items = SQL(
            "%s ORDER BY partner_id LIMIT %s",
            self._get_items(self.last_partner_id),
            size,
        )
        [(last, number)] = self.env.execute_query(
            SQL("SELECT max(partner_id), count(*) FROM (%s) i", items)
        )
        if not number:
            self._finish()
            return 0
        query = self._get_query()
        batch = self._get_items(self.last_partner_id, last)
        rows = self.env.execute_query(query.get_insertion(query.get_pairs(batch)))
        self._forget_addressees()
        self.write(
            {
                "last_partner_id": last,
                "done": self.done + number,
                "counts": add_counts(self.counts or {}, rows),
            }
        )
        if number < size:
            self._finish()
            return 0
        return max(self.total - self.done, 1)

    def _check_not_over(self):
        """Stop when the campaign was completed or cancelled in the meantime."""
        if self.campaign_id.state in ("completed", "cancelled"):
            run = self.with_context(lang=self.user_id.lang)
            raise UserError(
                run.env._(
                    "%(campaign)s is over: reopen it, and choose Go on to enter the"
                    " others.",
                    campaign=run.campaign_id.title,
                )
            )

    def _finish(self):
        counts = self.counts or {}
        held = self._hold_back()
        if any(held):
            rows = self._get_control_rows(held, self._leave_colleagues_out())
            counts = add_counts(counts, rows)
        self.write(
            {
                "state": "done",
                "finished_on": fields.Datetime.now(),
                "done": self.total,
                "counts": counts,
                **self._count_addressees(),
                "error": False,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM relationship_campaign_freeze_item WHERE freeze_id = %s",
            [self.id],
        )
        self._note_in_chatter()

    def _count_addressees(self):
        """Count as the figures of the campaign do, for the user of the run."""
        self.env.flush_all()
        companies = self.company_id | self.allowed_company_ids
        addressees = (
            self.env["relationship.campaign.addressee"]
            .with_user(self.user_id)
            .with_context(allowed_company_ids=companies.ids)
        )
        mine = Domain("campaign_id", "=", self.campaign_id.id)
        return {
            name: addressees.search_count(mine & shown)
            for name, shown in (
                ("reached", TAB_DOMAINS["reached"]),
                ("held", TAB_DOMAINS["control"]),
                ("left_out", TAB_DOMAINS["excluded"]),
            )
        }

    def _forget_addressees(self):
        self.env["relationship.campaign.addressee"].invalidate_model(flush=False)
        self.campaign_id.invalidate_recordset(["addressee_ids"], flush=False)

    def action_resume(self):
        """Go on with a run that stopped because of an error."""
        self.ensure_one()
        self.check_access("read")
        self.campaign_id._check_may_freeze()
        if self.state != "failed":
            raise UserError(self.env._("This run has not stopped: reload the page."))
        self._start()


class RelationshipCampaignFreezeItem(models.Model):
    """A partner that a run has found and not yet entered, for the time of the run."""

    _name = "relationship.campaign.freeze.item"
    _description = "Partner found for a target group"
    _log_access = False

    freeze_id = fields.Many2one(
        "relationship.campaign.freeze", required=True, ondelete="cascade"
    )
    # No foreign key: a merge would move or delete it in the middle of a run.
    partner_id = fields.Integer(required=True)
    skip = fields.Boolean(default=False)

    _freeze_partner_unique = models.UniqueIndex("(freeze_id, partner_id)")
