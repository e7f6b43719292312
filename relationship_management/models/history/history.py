import logging
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import create_index

from ..shared import row_trigger
from . import capture
from .columns import COLUMNS

_logger = logging.getLogger(__name__)

EVENTS = [
    ("baseline", "First record"),
    ("create", "Created"),
    ("change", "Changed"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("reopen", "Reopened"),
    ("archive", "Archived"),
    ("restore", "Restored"),
    ("merge", "Merged"),
    ("delete", "Deleted"),
]
# What PostgreSQL stores and neither Python nor a browser reads is shown as empty.
READABLE = {
    "datetime": ("0001-01-01", "9999-12-31"),
    "date": ("0001-01-01", "9999-12-31"),
    "float": (-1e300, 1e300),
    "monetary": (-1e300, 1e300),
}

STATUSES = [
    ("open", "Open"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("archived", "Archived"),
]
_amount = partial(fields.Monetary, readonly=True, aggregator=None)


class RelationshipOpportunityHistory(models.Model):
    """What an opportunity was after each transaction that changed it.

    Written by PostgreSQL triggers only, so that no way of changing an opportunity is
    missed; read-only for everybody and kept after the opportunity is gone. The
    Many2one fields have no foreign keys and may point to what no longer exists:
    see ``relationship.former.name`` for the names. The columns are described in
    ``columns.py``. Amounts are snapshots: adding them up means nothing.
    """

    _name = "relationship.opportunity.history"
    _description = "Opportunity history"
    _inherit = ["relationship.analysed.mixin"]
    _analysed_by = "opportunity_type_id"
    _order = "id desc"
    _auto = False
    _rec_name = "name"

    opportunity_id = fields.Many2one("crm.lead", readonly=True)
    transaction_id = fields.Char(readonly=True)
    changed_at = fields.Datetime(string="Date", readonly=True)
    event = fields.Selection(EVENTS, readonly=True)
    path = fields.Selection(
        [("orm", "By a user"), ("sql", "By the system")],
        readonly=True,
        help="By the system: a statement beside Odoo's screens, for example the"
        " nightly lead scoring, or the deletion of a team that the opportunity had.",
    )
    changed_by_id = fields.Many2one("res.users", string="Changed by", readonly=True)
    number = fields.Char(readonly=True)
    name = fields.Char(string="Opportunity name", readonly=True)
    lead_type = fields.Selection(
        [("lead", "Lead"), ("opportunity", "Opportunity")],
        string="Lead or opportunity",
        readonly=True,
    )
    status = fields.Selection(STATUSES, readonly=True)
    previous_status = fields.Selection(STATUSES, string="Status before", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    opportunity_type_id = fields.Many2one(
        "relationship.opportunity.type", string="Opportunity type", readonly=True
    )
    final_type_id = fields.Many2one(
        "relationship.opportunity.type",
        string="Type today, or at the end",
        groups=fields.NO_ACCESS,
        compute="_compute_final_type_id",
        search="_search_final_type_id",
    )
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    lost_reason_id = fields.Many2one(
        "crm.lost.reason", string="Lost reason", readonly=True
    )
    binding = fields.Boolean(readonly=True)
    apply_probability = fields.Boolean(string="Apply probability", readonly=True)
    probability = fields.Float(readonly=True, aggregator=None, digits=(5, 2))
    automated_probability = fields.Float(
        string="Automated probability", readonly=True, aggregator=None, digits=(5, 2)
    )
    is_automated_probability = fields.Boolean(
        string="Probability is automatic", readonly=True
    )
    expected_revenue = _amount(string="Expected revenue")
    recurring_revenue = _amount(string="Recurring revenue")
    recurring_revenue_monthly = _amount(string="Monthly recurring revenue")
    contribution_margin = _amount(string="Contribution margin")
    forecast_revenue = _amount(string="Forecast revenue")
    forecast_margin = _amount(string="Forecast margin")
    currency_id = fields.Many2one("res.currency", readonly=True)
    group_currency_id = fields.Many2one(
        "res.currency", string="Group currency", readonly=True
    )
    group_rate = fields.Float(
        string="Rate to the group currency", readonly=True, aggregator=None, digits=0
    )
    date_deadline = fields.Date(string="Expected closing", readonly=True)
    # Also those whom the reader may not see: told by the summary, in words for each.
    reference_lines = fields.Json(
        string="Partner references", readonly=True, groups=fields.NO_ACCESS
    )
    merged_into_id = fields.Many2one("crm.lead", string="Merged into", readonly=True)

    summary = fields.Text(string="What changed", compute="_compute_summary")

    @api.model
    def _get_columns(self):
        """Return what the history keeps of an opportunity, one ``Column`` each.

        An addon that tracks a column of ``crm.lead`` adds it here; an update of that
        addon adds it to the table and the triggers.
        """
        return COLUMNS

    def init(self):
        columns = self._get_columns()
        created = capture.sync_table(self.env.cr, columns)
        self.pool.post_init(capture.install_capture, self.env.cr, columns)
        if created:
            self.pool.post_init(capture.insert_baseline, self.env.cr, columns)
        # Few rows, which the record rules look for.
        create_index(
            self.env.cr,
            f"{self._table}_ended",
            self._table,
            ["opportunity_type_id", "opportunity_id"],
            where="event IN ('delete', 'merge')",
        )

    def _register_hook(self):
        """Say in the log when a trigger does not do its work."""
        super()._register_hook()
        triggers = capture.get_triggers(self._get_columns())
        for problem in row_trigger.check(self.env.cr, triggers):
            _logger.error("Opportunity history: %s Update the addon.", problem)

    def _compute_final_type_id(self):
        """Ask for the newest row: the history follows each change of a type."""
        found = self.env.execute_query(
            SQL(
                """
                SELECT h.id, l.opportunity_type_id
                  FROM relationship_opportunity_history h
                 CROSS JOIN LATERAL (
                       SELECT n.opportunity_type_id
                         FROM relationship_opportunity_history n
                        WHERE n.opportunity_id = h.opportunity_id
                        ORDER BY n.id DESC LIMIT 1) l
                 WHERE h.id = ANY(%s)
                """,
                self.ids,
                to_flush=self.env["crm.lead"]._fields["opportunity_type_id"],
            )
        )
        types = dict(found)
        for row in self:
            row.final_type_id = types.get(row.id)

    @api.model
    def _search_final_type_id(self, operator, value):
        """Find the rows of all opportunities that have one of some types, or had."""
        if operator != "in":
            return NotImplemented
        found = SQL(
            """
            (SELECT id FROM crm_lead WHERE opportunity_type_id = ANY(%(types)s)
              UNION ALL
             SELECT opportunity_id FROM relationship_opportunity_history
              WHERE event IN ('delete', 'merge')
                    AND opportunity_type_id = ANY(%(types)s))
            """,
            types=list(value),
            to_flush=self.env["crm.lead"]._fields["opportunity_type_id"],
        )
        return Domain("opportunity_id", "in", found)

    @api.depends("changed_at")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_summary(self):
        for row, changes in self._get_changes().items():
            row.summary = "; ".join(change["text"] for change in changes)

    def _fetch_query(self, query, fields):
        """Read a reference to something that is gone as empty."""
        existing = self.with_context(existing_records_only=True)
        fetched = super(RelationshipOpportunityHistory, existing)._fetch_query(
            query, fields
        )
        return fetched.with_env(self.env)

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Group references to something that is gone with the empty ones."""
        existing = self.with_context(existing_records_only=True)
        return super(RelationshipOpportunityHistory, existing)._read_group_groupby(
            alias, groupby_spec, query
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Leave out ids without a record, which the web client cannot show.

        Only where values are read or grouped: conditions compare the plain column, so
        that the history of a deleted opportunity is found by its id.
        """
        expression = super()._field_to_sql(alias, field_expr, query)
        if field_expr == "transaction_id":
            # Numbers of 64 bits: in JSON-RPC and XML-RPC they travel as text.
            return SQL("%s::text", expression, to_flush=expression.to_flush)
        field = self._fields.get(field_expr)
        if not self.env.context.get("existing_records_only") or not field:
            return expression
        if field.type in READABLE:
            return SQL(
                "CASE WHEN %s BETWEEN %s AND %s THEN %s END",
                *(expression, *READABLE[field.type], expression),
                to_flush=expression.to_flush,
            )
        if field.type != "many2one":
            return expression
        table = SQL.identifier(self.env[field.comodel_name]._table)
        return SQL(
            "(SELECT id FROM %(table)s WHERE id = %(value)s)",
            table=table,
            value=expression,
            to_flush=expression.to_flush,
        )

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise UserError(self._get_read_only_message())

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self._get_read_only_message())

    def unlink(self):  # pylint: disable=method-required-super
        message = self._get_read_only_message()
        raise UserError(message)  # pylint: disable=no-raise-unlink

    def action_view_timeline(self):
        """Open the timeline of the opportunity of this row."""
        self.ensure_one()
        self.check_access("read")
        ids = self._get_facts().ids[self.id]
        return self._get_timeline_action(ids["opportunity_id"], self.name)

    @api.model
    def _get_timeline_action(self, opportunity_id, name):
        return {
            "type": "ir.actions.client",
            "tag": "relationship_opportunity_timeline",
            "name": self.env._("History of %(opportunity)s", opportunity=name),
            "context": {"active_id": opportunity_id},
            "params": {"opportunity_id": opportunity_id},
        }

    @api.model
    def get_timeline(self, opportunity_id):
        """Return what the user may see of the history of one opportunity.

        :param opportunity_id: id of a ``crm.lead``, which may be gone
        :return: list of dict, newest first, with ``id``, ``name``, ``changed_at``
            (UTC), ``event``, ``event_label``, ``path``, ``who``, ``changes`` (list of
            dict with ``label``, ``old``, ``new``, ``text``), ``forecast``,
            ``forecast_text``, ``currency`` (code) and ``probability`` (0–100)
        """
        rows = self.search([("opportunity_id", "=", opportunity_id)])
        events = dict(self._fields["event"]._description_selection(self.env))
        previous = rows._get_previous()
        facts = rows._get_facts()
        changes = rows._get_changes()
        return [
            {
                "id": row.id,
                "name": row.name,
                "changed_at": fields.Datetime.to_string(row.changed_at),
                "event": row.event,
                "event_label": events[row.event],
                "path": row.path,
                "who": row._get_who(previous[row], facts),
                "changes": changes[row],
                "forecast": row.forecast_revenue,
                "forecast_text": row.currency_id.format(row.forecast_revenue)
                if row.currency_id
                else str(row.forecast_revenue),
                "currency": row.currency_id.sudo().name or "",
                "probability": row.probability,
            }
            for row in rows
        ]

    def _get_who(self, before, facts):
        """Return who made this row, in words.

        :param before: the row before it, or no row
        :param facts: result of ``_get_facts``
        """
        self.ensure_one()
        ids = facts.ids[self.id]
        if self.path == "orm":
            return self._format_record("res.users", ids["changed_by_id"], facts)
        if self.event == "baseline":
            return self.env._("System: start of the history")
        if before and self.automated_probability != before.automated_probability:
            return self.env._("System: lead scoring")
        if before and any(
            facts.ids[before.id][name] and not ids[name]
            for name in ("team_id", "campaign_id", "partner_id")
        ):
            return self.env._("System: deletion of a linked record")
        return self.env._("System")

    def _get_previous(self):
        """Return, for each row, the row before it of the same opportunity."""
        if not self.ids:
            return {}
        pairs = self.env.execute_query(
            SQL(
                """
                SELECT h.id, (SELECT max(p.id)
                                FROM relationship_opportunity_history p
                               WHERE p.opportunity_id = h.opportunity_id
                                 AND p.id < h.id)
                  FROM relationship_opportunity_history h
                 WHERE h.id IN %s
                """,
                tuple(self.ids),
            )
        )
        # sudo: who may see a row may see what changed in it.
        return {self.browse(row): self.sudo().browse(before) for row, before in pairs}

    @api.model
    def _get_read_only_message(self):
        return self.env._(
            "The history of opportunities is written by the database and cannot be"
            " changed by hand."
        )
