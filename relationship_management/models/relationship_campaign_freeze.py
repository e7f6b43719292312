from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, format_datetime

from .campaign_freeze_sql import FreezeQuery
from .relationship_campaign_addressee import EXCLUSIONS
from .relationship_campaign_type import ADDRESSING

# Up to here a person waits for the result; more go on in the background.
DIRECT_LIMIT = 5000
BATCH = 5000
# So often a batch begins anew when somebody else changed the same records.
TRIES = 5


class RelationshipCampaignFreeze(models.Model):
    """One run that turns found partners into addressees of a campaign.

    It keeps who did it, when, for which company and by which rule, and counts what came
    of it. The ids that were found are staged in one statement; batches walk through
    them, so that a run that was killed goes on where it stopped.
    """

    _name = "relationship.campaign.freeze"
    _description = "Freezing of a target group"
    _order = "id DESC"

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
    rule_text = fields.Text(string="Rule")
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
        help="Addressees of the campaign after the run that are not left out, as far as"
        " its user sees them.",
    )
    summary = fields.Text(string="Result", compute="_compute_summary")
    error = fields.Char()

    @api.depends("campaign_id", "started_on")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "%(when)s by %(user)s",
                when=format_datetime(self.env, run.started_on, dt_format="short"),
                # sudo: the name of a colleague, whatever the companies.
                user=run.sudo().user_id.name,
            )

    @api.depends("total", "done")
    def _compute_progress(self):
        for run in self:
            run.progress = 100 * run.done / run.total if run.total else 100

    @api.depends("counts", "reached")
    @api.depends_context("lang")
    def _compute_summary(self):
        for run in self:
            run.summary = run._get_summary(run.counts or {}, run.reached or None)

    @api.model
    def _get_summary(self, counts, reached=None):
        """Return counts by kind and reason as lines of text.

        :param counts: ``{"new": {reason or "": number}, "known": {…}, "control": {…}}``
        :param reached: addressees in all, once that is known
        """
        new, known = dict(counts.get("new") or {}), counts.get("known") or {}
        control = sum((counts.get("control") or {}).values())
        entered = new.pop("", 0) - control
        if reached is None:
            lines = [self.env._("%(count)s new addressees", count=entered)]
        else:
            lines = [
                self.env._("%(count)s new, %(all)s in all", count=entered, all=reached)
            ]
        if control:
            lines.append(
                self.env._("%(count)s held back as control group", count=control)
            )
        if known and reached is None:
            lines.append(
                self.env._("%(count)s are there already", count=sum(known.values()))
            )
        labels = dict(EXCLUSIONS)
        if new:
            labels = dict(
                self.env["relationship.campaign.addressee"]
                ._fields["exclusion"]
                ._description_selection(self.env)
            )
            lines.append(self.env._("%(count)s left out:", count=sum(new.values())))
        lines += [
            f"– {labels[reason]}: {count}"
            for reason, count in sorted(new.items(), key=lambda item: -item[1])
        ]
        return "\n".join(lines)

    def _get_short_summary(self):
        """Return in one line what came of the run, for a notice."""
        self.ensure_one()
        counts = self.counts or {}
        new = dict(counts.get("new") or {})
        control = sum((counts.get("control") or {}).values())
        entered = new.pop("", 0) - control
        numbers = {"count": entered, "all": self.reached}
        if left_out := sum(new.values()) + control:
            return self.env._(
                "%(count)s new addressees, %(all)s in all, %(left_out)s left out",
                left_out=left_out,
                **numbers,
            )
        return self.env._("%(count)s new addressees, %(all)s in all", **numbers)

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
        return _add_counts({}, rows)

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
                "counts": _add_counts(self.counts or {}, rows),
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
        counts = dict(self.counts or {})
        if held := self._hold_back():
            counts["control"] = {"": held}
        self.write(
            {
                "state": "done",
                "finished_on": fields.Datetime.now(),
                "done": self.total,
                "counts": counts,
                "reached": self._count_reached(),
                "error": False,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM relationship_campaign_freeze_item WHERE freeze_id = %s",
            [self.id],
        )

    def _count_reached(self):
        """Count who is reached now, as far as the user of the run sees them."""
        self.env.flush_all()
        companies = self.company_id | self.allowed_company_ids
        addressees = (
            self.env["relationship.campaign.addressee"]
            .with_user(self.user_id)
            .with_context(allowed_company_ids=companies.ids)
        )
        return addressees.search_count(
            [("campaign_id", "=", self.campaign_id.id), ("state", "!=", "excluded")]
        )

    def _hold_back(self):
        """Choose the control group among the newcomers; return how many.

        The same seed and the same addressees give the same group. Later newcomers
        bring it up to its share.
        """
        campaign = self.campaign_id
        if self.origin != "rule" or not campaign.control_percent:
            return 0
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE relationship_campaign_addressee
                SET state = 'excluded', exclusion = 'control', is_control = TRUE
                WHERE id IN (
                    SELECT id FROM relationship_campaign_addressee
                    WHERE freeze_id = %(run)s AND state = 'open'
                    ORDER BY md5(%(seed)s || ':' || target_id), id
                    LIMIT greatest(0, (
                        SELECT round(count(*) * %(percent)s / 100.0)
                               - count(*) FILTER (WHERE is_control)
                        FROM relationship_campaign_addressee
                        WHERE campaign_id = %(campaign)s AND origin = 'rule'
                          AND (state <> 'excluded' OR is_control)
                    ))
                )
                """,
                run=self.id,
                seed=str(campaign.control_seed),
                percent=campaign.control_percent,
                campaign=campaign.id,
            )
        )
        held = self.env.cr.rowcount
        self._forget_addressees()
        return held

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

    # Background

    @api.model
    def _cron_go_on(self):
        """Go on with the runs in the background, batch by batch."""
        runs = self.search([("state", "=", "running")], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=runs._count_left())
        for run in runs:
            tries = 0
            while run.try_lock_for_update() and run.state == "running":
                before = run.done
                tries += 1
                try:
                    with self.env.cr.savepoint():
                        run._run_batch()
                    tries = 0
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    if tries < TRIES:
                        # Only a new transaction sees what the colleague changed.
                        self.env.cr.rollback()
                        continue
                    run._stop(run._get_concurrency_error())
                except Exception as error:  # noqa: BLE001 - told on the run
                    run._stop(error)
                if run.state != "running":
                    run._tell_user()
                if not cron._commit_progress(
                    run.done - before, remaining=runs._count_left()
                ):
                    return

    def _count_left(self):
        running = self.filtered(lambda run: run.state == "running")
        return sum(max(run.total - run.done, 1) for run in running)

    def _get_concurrency_error(self):
        run = self.with_context(lang=self.user_id.lang)
        return run.env._(
            "Others change the same addressees or partners again and again: wait a"
            " little, and choose Go on."
        )

    def _stop(self, error):
        self.invalidate_recordset()
        self.write({"state": "failed", "error": str(error) or type(error).__name__})

    def _tell_user(self):
        run = self.with_context(lang=self.user_id.lang)
        if self.state == "done":
            message = run.env._(
                "Target group of “%(campaign)s”: %(summary)s",
                campaign=run.campaign_id.title,
                summary=run._get_short_summary(),
            )
        else:
            message = run.env._(
                "The target group of “%(campaign)s” was not frozen completely: open the"
                " campaign to see why, and choose Go on.",
                campaign=run.campaign_id.title,
            )
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "success" if self.state == "done" else "danger",
                "message": message,
                "sticky": self.state != "done",
            },
        )

    @api.autovacuum
    def _gc_drafts(self):
        """Forget previews that nobody has applied."""
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.search([("state", "=", "draft"), ("create_date", "<", yesterday)]).unlink()


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


def _add_counts(counts, rows):
    """Return counts by kind and reason, with the lines of a statement added."""
    total = {kind: dict(numbers) for kind, numbers in counts.items()}
    for kind, reason, number in rows:
        numbers = total.setdefault(kind, {})
        numbers[reason or ""] = numbers.get(reason or "", 0) + number
    return total
