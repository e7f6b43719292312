"""One batch of the background: whose task is when, and which ones appear."""

from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date

from ..campaign.status import OPEN as CAMPAIGN_OPEN
from ..shared.context import Marker
from .activity import OPEN
from .tasks import MEMBERS

SIZE = 2000
SHOWN_AT_ONCE = 5000
# Tasks appear so many days before they are due.
DAYS_AHEAD = 5
PLANNED = """
    INSERT INTO relationship_activity_todo (
        activity_id, template_id, addressee_id, task_key, user_id, date_deadline,
        summary, note, create_uid, write_uid, create_date, write_date)
    SELECT %(activity)s, t.*, %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
        now() AT TIME ZONE 'UTC'
    FROM unnest(%(templates)s::int[], %(members)s::int[], %(keys)s::text[],
        %(users)s::int[], %(days)s::date[], %(summaries)s::text[], %(notes)s::text[]
    ) t (template_id, addressee_id, task_key, user_id, day, summary, note)
    ON CONFLICT DO NOTHING
"""
DUE = """
    SELECT t.id FROM relationship_activity_todo t
    JOIN relationship_activity b ON b.id = t.activity_id
    JOIN relationship_campaign w ON w.id = b.campaign_id
    -- What rests appears when it goes on.
    WHERE t.date_deadline <= %(until)s AND b.active AND w.state IN %(at_work)s
    ORDER BY t.date_deadline, t.id LIMIT %(size)s FOR UPDATE OF t SKIP LOCKED
"""
# A person or member may have gone, or left, since the task was planned.
SHOWN = """
    WITH due AS (
        DELETE FROM relationship_activity_todo WHERE id = ANY(%(due)s) RETURNING *
    ), shown AS (
        INSERT INTO mail_activity (
            res_model_id, res_model, res_id, res_name, activity_type_id, summary, note,
            date_deadline, user_id, user_tz, automated, active, create_uid, write_uid,
            create_date, write_date, crm_stage_id, relationship_activity_id,
            plan_template_id, task_key, addressee_id)
        SELECT %(model)s, 'relationship.campaign', b.campaign_id,
            coalesce(c.title->>%(lang)s, c.title->>'en_US'),
            p.activity_type_id, d.summary, d.note, d.date_deadline, u.id, r.tz, FALSE,
            TRUE, d.create_uid, d.create_uid, now() AT TIME ZONE 'UTC',
            now() AT TIME ZONE 'UTC', b.stage_id, b.id, d.template_id, d.task_key,
            d.addressee_id
        FROM due d
        JOIN relationship_activity b ON b.id = d.activity_id
        JOIN relationship_campaign w ON w.id = b.campaign_id
        JOIN utm_campaign c ON c.id = w.utm_campaign_id
        JOIN mail_activity_plan_template p ON p.id = d.template_id
        JOIN relationship_campaign_addressee m ON m.id = d.addressee_id
        JOIN res_users o ON o.id = d.user_id
        JOIN res_users u ON u.id = CASE WHEN o.active THEN o.id ELSE b.user_id END
        JOIN res_partner r ON r.id = u.partner_id
        WHERE b.state IN %(open)s AND m.state <> 'excluded' AND d.id <> ALL(%(refused)s)
        ON CONFLICT (relationship_activity_id, plan_template_id, task_key)
            WHERE task_key <> '' DO NOTHING
        RETURNING user_id, date_deadline
    )
    SELECT s.user_id, count(*) FROM shown s WHERE s.date_deadline <= %(today)s
    GROUP BY s.user_id
"""


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _run_batch(self):
        """Plan the tasks of the next members, as whoever planned the activity.

        :return: whether it may go on; not while another worker is at it
        """
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        if self.state not in OPEN:
            self.run_state = False
            return True
        owner = self._as_planner()
        if not owner.campaign_id.has_access("write"):
            raise AccessError(
                self.env._(
                    "Whoever planned it may not change the campaign any more: somebody"
                    " else has to plan the activity."
                )
            )
        lines = owner._get_run_lines(is_left=True)
        members = owner.env["relationship.campaign.addressee"]
        if lines:
            members = members.search(
                [*owner._get_member_domain(), ("id", ">", self.run_member_id)],
                order="id",
                limit=SIZE,
            )
        if members:
            self._plan_members(owner, members)
        if len(members) < SIZE:
            self._finish_run(lines)
            self._try(self._go_on)
        self.env.flush_all()
        self.env.invalidate_all()
        return True

    def _as_planner(self, user=None):
        """Return the activity as whoever planned it, for the same companies as then."""
        user = user or self.run_user_id or self.user_id
        planner = self.with_user(user)
        return planner.with_context(
            allowed_company_ids=self._get_companies_of(user),
            lang=user.sudo().lang,  # sudo: a colleague
        )

    def _get_companies_of(self, user):
        """Return ids of those companies of a user for which it was planned."""
        companies = user.sudo().company_ids.ids  # sudo: a colleague
        planned = self.sudo().run_companies or companies
        return [id_ for id_ in planned if id_ in companies] or companies

    def _plan_members(self, owner, members):
        left_out = owner._find_left_out(members)
        reached = members.filtered(lambda member: member.id not in left_out)
        batch = owner.with_context(**{MEMBERS: Marker(reached)})
        frame = batch._get_task_frame()
        tasks = []
        for template in owner._get_run_lines(is_left=True):
            keys = owner._get_free_keys(template, reached)
            tasks += template._prepare_tasks(frame, keys)
        self._take_turn_of(frame.work)
        if tasks:
            self._insert_planned(tasks)
        known, last = self.left_out_until, members[-1].id
        self._count_left_out({m: why for m, why in left_out.items() if m > known})
        done = self.run_done + len(members)
        until = max(known, last)
        self.write({"run_done": done, "run_member_id": last, "left_out_until": until})

    def _count_left_out(self, left_out):
        counts = Counter(self.left_out or {})
        counts.update(left_out.values())
        self.left_out = dict(counts)

    def _get_free_keys(self, template, members):
        """Return the keys of members who are to get a task that they have not got.

        Each after its own task of the line before, where this is one for each, too.
        """
        keys = {f"member:{member.id}" for member in members}
        before = template.wait_template_id
        if template._is_each_as(before):
            done = self._get_tasks(
                ("active", "=", False),
                ("plan_template_id", "=", before.id),
                ("task_key", "in", list(keys)),
            )
            keys &= set(done.mapped("task_key"))
        return keys - {key for *_line, key in self._get_known_keys(template, keys)}

    def _insert_planned(self, tasks):
        """Plan tasks that nobody has, see :meth:`_get_free_keys`.

        Also what is near appears in a later transaction only: who was excluded or has
        refused while this one judged and planned is seen there.
        """
        self.env.flush_all()
        columns = {
            "templates": "plan_template_id",
            "members": "addressee_id",
            "keys": "task_key",
            "users": "user_id",
            "days": "date_deadline",
            "summaries": "summary",
            "notes": "note",
        }
        values = {
            key: [task[name] or None for task in tasks] for key, name in columns.items()
        }
        values["notes"] = [note and str(note) for note in values["notes"]]
        uid = (self.run_user_id or self.user_id).id
        self.env.cr.execute(SQL(PLANNED, activity=self.id, uid=uid, **values))

    def _finish_run(self, lines):
        """Tell each person once what is coming, and that the planner's work is done.

        :param lines: that were planned; without any there is nothing new to tell
        """
        planned = dict.fromkeys(self.run_lines or {}, False)
        self.write({"run_state": False, "run_member_id": 0, "run_lines": planned})
        if lines:
            self._tell_planned_tasks()

    def _tell_planned_tasks(self):
        self.env.flush_all()
        followers = self.env["res.partner"]
        for user, count, first, last in self.env[
            "relationship.activity.todo"
        ]._read_group(
            [("activity_id", "=", self.id)],
            ["user_id"],
            ["__count", "date_deadline:min", "date_deadline:max"],
        ):
            followers |= user.partner_id
            told = self.with_context(lang=user.lang or self.env.lang)
            told.message_notify(
                partner_ids=user.partner_id.ids,
                subject=told.env._("New tasks: %(count)s", count=count),
                body=told.env._(
                    "You have tasks of %(activity)s (%(count)s), due from %(first)s to"
                    " %(last)s. They appear in your list some days before.",
                    count=count,
                    activity=self.name,
                    first=format_date(told.env, first),
                    last=format_date(told.env, last),
                ),
            )
        self.message_subscribe(partner_ids=followers.ids)

    @api.model
    def _show_batch(self):
        """Let tasks appear whose day is near.

        :return: whether there may be more, and the activities of which there are none
            any more: of who has left meanwhile nothing appears, not even the last one
        """
        self.env.flush_all()
        today = fields.Date.context_today(self)
        until = today + timedelta(days=DAYS_AHEAD)
        rows = self.env.execute_query(
            SQL(DUE, until=until, size=SHOWN_AT_ONCE, at_work=tuple(CAMPAIGN_OPEN))
        )
        due = self.env["relationship.activity.todo"].browse(id_ for (id_,) in rows)
        planned = due.activity_id
        shown = self.env.execute_query(
            SQL(
                SHOWN,
                due=due.ids,
                refused=planned._leave_out_refused(due).ids,
                today=today,
                model=self.env["ir.model"]._get_id("relationship.campaign"),
                open=OPEN,
                lang=self.env.lang or "en_US",
            )
        )
        self.env.invalidate_all()
        for user_id, count in shown:
            self.env["res.users"].browse(user_id)._bus_send(
                "mail.activity/updated",
                {"activity_created": True, "count_diff": count},
            )
        ended = planned - self.browse(planned._count_todo())
        return len(due) >= SHOWN_AT_ONCE, ended

    def _leave_out_refused(self, due):
        """Count whom one may reach no longer, and return what was planned for them.

        It was planned weeks before: who refused since then is not called.
        """
        refused = due.browse()
        for activity, rows in due.grouped("activity_id").items():
            planner = activity._as_planner().sudo()
            members = rows.addressee_id.filtered(lambda m: m.state != "excluded")
            left_out = planner._find_left_out(members.with_env(planner.env))
            if left_out:
                activity._count_left_out(left_out)
                refused |= rows.filtered(lambda r, o=left_out: r.addressee_id.id in o)
        self.env.flush_all()
        return refused
