"""How late a row of the relationship list is, on the day of whoever looks."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# In the order in which groups stand.
TIMINGS = [
    ("1_overdue", "Overdue"),
    ("2_today", "Today"),
    ("3_planned", "Planned"),
    ("4_no_date", "No date"),
    ("5_done", "Done"),
    ("6_done_late", "Done late"),
    ("7_over", "Over"),
    # Whom it is all about: nothing that has a time.
    ("8_partner", "Partners"),
]


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    timing = fields.Selection(
        TIMINGS, compute="_compute_timing", search="_search_timing"
    )
    days = fields.Integer(
        compute="_compute_timing",
        help="Until it is due; of what was done late, by how many days.",
    )

    done_on = fields.Date(string="Done", compute="_compute_done_on")

    @api.depends("date_done", "done_at")
    @api.depends_context("tz")
    def _compute_done_on(self):
        for row in self:
            moment = row.done_at
            if moment:
                moment = fields.Datetime.context_timestamp(self, moment).date()
            row.done_on = moment or row.date_done

    @api.depends("kind", "is_open", "status", "date_due", "done_on")
    @api.depends_context("tz")
    def _compute_timing(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.timing, row.days = row._get_timing(today)

    def _get_timing(self, today):
        due, done = self.date_due, self.done_on
        if self.kind == "partner":
            return "8_partner", 0
        if self.is_open:
            if not due:
                return "4_no_date", 0
            if due == today:
                return "2_today", 0
            return ("1_overdue" if due < today else "3_planned"), (due - today).days
        if not done or self.status in ("cancelled", "lost", "excluded", "archived"):
            return "7_over", 0
        if due and done > due:
            return "6_done_late", (done - due).days
        return "5_done", 0

    @api.model
    def _get_timing_sql(self, alias):
        """Return the same as SQL, to search, sort and group by."""
        today = fields.Date.context_today(self)
        column = {
            name: SQL.identifier(alias, name)
            for name in (
                "kind",
                "is_open",
                "status",
                "date_due",
                "date_done",
                "done_at",
            )
        }
        column["done_on"] = SQL(
            "coalesce((%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date, %s)",
            column["done_at"],
            str(self.env.tz),
            column["date_done"],
        )
        return SQL(
            """
            CASE WHEN %(kind)s = 'partner' THEN '8_partner'
                WHEN %(is_open)s AND %(date_due)s IS NULL THEN '4_no_date'
                WHEN %(is_open)s AND %(date_due)s < %(today)s THEN '1_overdue'
                WHEN %(is_open)s AND %(date_due)s = %(today)s THEN '2_today'
                WHEN %(is_open)s THEN '3_planned'
                WHEN %(done_on)s IS NULL
                  OR %(status)s IN ('cancelled', 'lost', 'excluded', 'archived')
                THEN '7_over'
                WHEN %(done_on)s > %(date_due)s THEN '6_done_late'
                ELSE '5_done' END
            """,
            today=today,
            **column,
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "timing":
            return self._get_timing_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _search_timing(self, operator, value):
        if operator != "in":
            return NotImplemented

        def to_sql(rows, alias, _query):
            keys = [key for key in value if key]
            return SQL("%s = ANY (%s)", rows._get_timing_sql(alias), keys)

        return Domain.custom(to_sql=to_sql)
