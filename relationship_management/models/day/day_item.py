"""My day: what one person has to do, and whom to meet, by when it is due."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date, get_lang

from ..plan.found import open_tasks
from ..shared.button import notify, open_form
from ..shared.may_be_told import get_hidden_words

# Groups are shown in the order of their keys.
WHEN = [
    ("1_overdue", "Overdue"),
    ("2_today", "Today"),
    ("3_tomorrow", "Tomorrow"),
    ("4_week", "This week"),
    ("5_later", "Later"),
]
# Meetings further ahead than that are for the calendar.
MEETING_DAYS = 30


class RelationshipDayItem(models.Model):
    """A task or a meeting of the user who looks; nobody has rows of somebody else."""

    _name = "relationship.day.item"
    _description = "Item of my day"
    _auto = False
    _order = "date, start, id"
    _depends = {
        "mail.activity": [
            *("active", "activity_type_id", "calendar_event_id", "date_deadline"),
            *("res_id", "res_model", "summary", "user_id"),
        ],
        "mail.activity.type": ["icon", "name"],
        "calendar.event": [
            *("active", "allday", "name", "res_id", "res_model", "start"),
            *("start_date", "stop", "stop_date", "user_id"),
        ],
        "calendar.attendee": ["event_id", "partner_id", "state"],
    }

    name = fields.Char(string="What", readonly=True)
    kind = fields.Selection([("task", "Task"), ("meeting", "Meeting")], readonly=True)
    icon = fields.Char(readonly=True)
    kind_name = fields.Char(string="Kind of task", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    task_id = fields.Many2one("mail.activity", readonly=True)
    meeting_id = fields.Many2one("calendar.event", readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", readonly=True
    )
    date = fields.Date(string="Due", readonly=True)
    start = fields.Datetime(string="Time", readonly=True)
    # Moved in the calendar, with those who take part.
    is_meeting = fields.Boolean(string="Is a meeting", readonly=True)
    days = fields.Integer(
        string="Timing",
        readonly=True,
        aggregator=None,
        help="Days from today; late ones are negative.",
    )
    when = fields.Selection(WHEN, readonly=True)
    record_name = fields.Char(string="Belongs to", compute="_compute_record_name")
    partner_id = fields.Many2one("res.partner", compute="_compute_partner_id")
    phone = fields.Char(compute="_compute_partner_id")

    @property
    def _table_query(self):
        """Return tasks with even ids, meetings with odd ones."""
        today = fields.Date.context_today(self)
        first = int(get_lang(self.env).week_start) - 1
        return SQL(
            """
            SELECT i.*, i.date - %(today)s AS days,
                CASE WHEN i.date < %(today)s THEN '1_overdue'
                    WHEN i.date = %(today)s THEN '2_today'
                    WHEN i.date = %(tomorrow)s THEN '3_tomorrow'
                    WHEN i.date <= %(week)s THEN '4_week'
                    ELSE '5_later' END AS when
            FROM (%(tasks)s UNION ALL %(meetings)s) i
            """,
            today=today,
            tomorrow=today + timedelta(days=1),
            week=today + timedelta(days=(first - 1 - today.weekday()) % 7),
            tasks=self._select_tasks(),
            meetings=self._select_meetings(today),
        )

    def _select_tasks(self):
        # sudo: the user's own ones, without a question about each record; one of
        # something lost or archived is told by nothing but ids.
        tasks = open_tasks(self.env).sudo()
        mine = [("user_id", "=", self.env.uid), ("is_shelved", "=", False)]
        return SQL(
            """
            SELECT a.id * 2 AS id, 'task' AS kind, a.user_id, a.id AS task_id,
                NULL::int AS meeting_id, a.res_model, a.res_id,
                coalesce(nullif(a.summary, ''), %(kind)s) AS name,
                %(kind)s AS kind_name,
                coalesce(t.icon, 'fa-check') AS icon, a.date_deadline AS date,
                CASE WHEN NOT e.allday THEN e.start END AS start,
                a.calendar_event_id IS NOT NULL AS is_meeting
            FROM mail_activity a
                LEFT JOIN mail_activity_type t ON t.id = a.activity_type_id
                LEFT JOIN calendar_event e ON e.id = a.calendar_event_id AND e.active
            WHERE a.active AND a.id IN %(mine)s
            """,
            kind=self.env["mail.activity.type"]._field_to_sql("t", "name"),
            mine=tasks._search(mine).subselect(),
        )

    def _select_meetings(self, today):
        """Select meetings from today on, but for those that a task stands for."""

        def to_day(moment, day):
            return SQL(
                "CASE WHEN e.allday THEN %s"
                " ELSE (%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date END",
                SQL.identifier("e", day),
                SQL.identifier("e", moment),
                str(self.env.tz),
            )

        return SQL(
            """
            SELECT e.id * 2 + 1, 'meeting', %(uid)s, NULL, e.id, e.res_model, e.res_id,
                e.name, %(meeting)s, 'fa-calendar', greatest(%(begin)s, %(today)s),
                CASE WHEN NOT e.allday THEN e.start END, TRUE
            FROM calendar_event e
                LEFT JOIN calendar_attendee p
                    ON p.event_id = e.id AND p.partner_id = %(partner)s
            WHERE e.active AND (p.id IS NOT NULL OR e.user_id = %(uid)s)
                AND p.state IS DISTINCT FROM 'declined'
                AND %(begin)s <= %(last)s AND %(end)s >= %(today)s
                AND NOT EXISTS (
                    SELECT FROM mail_activity a WHERE a.calendar_event_id = e.id
                    AND a.active AND a.user_id = %(uid)s
                )
            """,
            uid=self.env.uid,
            partner=self.env.user.partner_id.id,
            meeting=self.env._("Meeting"),
            today=today,
            last=today + timedelta(days=MEETING_DAYS),
            begin=to_day("start", "start_date"),
            end=to_day("stop", "stop_date"),
        )

    def _in_own_companies(self):
        """Return the rows as one sees them who has switched on all own companies."""
        companies = self.env.user.company_ids.ids
        return self.with_context(allowed_company_ids=companies)

    def _get_records(self):
        """Yield rows of one model, and the records that they belong to."""
        for model, rows in self._in_own_companies().grouped("res_model").items():
            if model and model in self.env:
                records = rows.env[model].browse(rows.mapped("res_id"))
                yield rows, records.exists()

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_record_name(self):
        self.record_name = False
        for rows, records in self._get_records():
            visible = records._filtered_access("read")
            names = {record.id: record.display_name for record in visible}
            for record in records - visible:
                names[record.id] = get_hidden_words(record)
            for row in rows:
                row.record_name = names.get(row.res_id)

    @api.depends("res_model", "res_id", "task_id", "meeting_id")
    @api.depends_context("uid")
    def _compute_partner_id(self):
        """Name whom to call or meet: a member, a guest, the partner of the record."""
        own = self._in_own_companies()
        partners = own._get_nearest_partners()
        found = own.env["res.partner"].union(*partners.values()).exists()
        visible = found._filtered_access("read")
        for row in own:
            partner = partners.get(row.id, visible[:0]) & visible
            row.partner_id = partner
            row.phone = partner.phone

    def _get_nearest_partners(self):
        """Return ``{id of the row: partner}``, whoever may see them."""
        found = {}
        paths = self.env["relationship.source"]._get_paths()
        for rows, records in self._get_records():
            path = paths.get(records._name, (None,))[0]
            if not path or records._fields[path.split(".")[0]].type == "one2many":
                continue
            told = set(records._filtered_access("read").ids)
            # sudo: only ids; who of them is shown is asked by the caller.
            for record in records.sudo():
                partner = record if path == "id" else record.mapped(path)[:1]
                for row in rows.filtered(lambda row, id_=record.id: row.res_id == id_):
                    # Whoever is given a task is told for whom; a meeting is one's own.
                    if row.task_id or record.id in told:
                        found[row.id] = partner.sudo(False)
        for row in self.sudo():  # sudo: as above
            task, meeting = row.task_id, row.meeting_id
            activity = (task or meeting).relationship_activity_id
            member = task.addressee_id
            others = meeting.partner_ids - self.env.user.partner_id
            for partner in (
                *(others[:1], activity.contact_id or activity.partner_id),
                member.contact_id or member.partner_id,
            ):
                if partner:
                    found[row.id] = partner.sudo(False)
        return found

    def _check_access(self, operation):
        """Refuse the rows of others, whom the query of the user does not know."""
        own = self.exists() if self else self
        result = super(RelationshipDayItem, own)._check_access(operation)
        if own == self:
            return result
        forbidden = self - own + result[0] if result else self - own
        return forbidden, lambda: AccessError(
            self.env._("This is not in your day any more: load the page again.")
        )

    # Buttons

    def action_open(self):
        """Open the record, the meeting, or the task where there is nothing else."""
        self.ensure_one()
        self.check_access("read")
        if self.meeting_id:
            return open_form("calendar.event", res_id=self.meeting_id.id)
        action = self._in_own_companies().task_id.action_open_document()
        if "views" not in action:
            action["views"] = [(action.get("view_id", False), "form")]
        return action

    def action_done(self):
        """Ask what came of it."""
        self.ensure_one()
        self.check_access("read")
        return open_form(
            "relationship.task.done",
            name=self.name,
            target="new",
            context={
                "default_task_id": self.task_id.id,
                "allowed_company_ids": self.env.user.company_ids.ids,
                "dialog_size": "small",
            },
        )

    def action_tomorrow(self):
        """Put tasks off by a working day, late ones from today."""
        self.check_access("read")
        former = {task: task.date_deadline for task in self.task_id}
        _day, moved = self.task_id._put_off()
        return self._tell_moved(moved, former)

    def action_today(self):
        """Bring tasks back that were put off by mistake, or are done earlier."""
        self.check_access("read")
        former = {task: task.date_deadline for task in self.task_id}
        moved = self.task_id.filtered(lambda task: not task.calendar_event_id)
        moved.date_deadline = fields.Date.context_today(self)
        return self._tell_moved(moved, former)

    def _tell_moved(self, moved, former):
        """Return what tells from which day tasks were moved, to whoever has slipped."""
        if not moved:
            raise UserError(
                self.env._(
                    "Nothing is moved: a meeting is moved in the calendar, with all who"
                    " take part; a task that is due later stays. Open it to change it."
                )
            )
        sentences = [
            self.env._(
                "%(task)s: due on %(day)s now, before on %(former)s.",
                task=task.display_name,
                day=format_date(self.env, task.date_deadline),
                former=format_date(self.env, former[task]),
            )
            for task in moved
        ]
        return notify(" ".join(sentences))
