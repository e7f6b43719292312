"""Who does a task: found by the rule of its template, or whoever stands in."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.may_be_told import would_see
from .found import open_tasks

# What core finds by itself.
OF_CORE = ("on_demand", "other")


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    responsible_type = fields.Selection(
        selection_add=[
            ("on_demand", "The responsible; a plan asks for it"),
            ("record", "Responsible of the record"),
            ("partner", "Salesperson of the partner"),
            ("team", "Least loaded of a team"),
            ("saver", "Whoever saves it"),
        ],
        ondelete={
            "record": "set default",
            "partner": "set default",
            "team": "set default",
            "saver": "set default",
        },
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Of the team",
        check_company=True,
        ondelete="restrict",
        help="Each task goes to the member who has the fewest open ones.",
    )
    if_nobody = fields.Selection(
        [
            ("responsible", "The responsible does it"),
            ("skip", "No task"),
        ],
        string="If nobody is found",
        required=True,
        default="responsible",
        help="If the rule finds nobody, or nobody who may see what it is about.",
    )

    @api.constrains("responsible_type", "team_id")
    def _check_team(self):
        for template in self:
            if template.responsible_type == "team" and not template.team_id:
                raise ValidationError(
                    self.env._(
                        "Choose the team among whose members the tasks are shared out."
                    )
                )

    def _determine_responsible(self, on_demand_responsible, applied_on_record):
        """Find whom our rules mean, else whoever takes the plan."""
        if self.responsible_type in OF_CORE:
            return super()._determine_responsible(
                on_demand_responsible, applied_on_record
            )
        found = self._find_users(applied_on_record, None)[:1]
        responsible = found or on_demand_responsible or self.env.user
        return {"responsible": responsible, "error": False, "warning": False}

    def _find_users(self, record, partner):
        """Return the people whom a rule of ours means.

        :param partner: whom the task is about, if not the partner of the record
        """
        self.ensure_one()
        # sudo: who looks after something is asked for the task, not shown.
        record, users = record.sudo(), self.env["res.users"].sudo()
        if self.responsible_type == "record" and "user_id" in record._fields:
            users = record.user_id
        if self.responsible_type == "partner":
            partner = (partner or self._get_partner_of(record)).sudo()
            users = partner.user_id or partner.commercial_partner_id.user_id
        if self.responsible_type == "team":
            users = self.team_id.sudo().member_ids
        if self.responsible_type == "saver":
            users = self.env.user
        return users.sudo(self.env.su)

    def _get_partner_of(self, record):
        if record._name == "res.partner":
            return record
        known = "partner_id" in record._fields
        return record.partner_id if known else self.env["res.partner"]

    def _choose_user(self, frame, subject, day):
        """Return who does a task on a day; empty if it is not to be created."""
        owner = self._choose_owner(frame, subject, day)
        user = owner and self._get_able_stand_in(frame, owner, day)
        frame.work.given[user.id] += 1
        return user

    def _get_able_stand_in(self, frame, user, day):
        """Return who is there on the day; the user, if nobody there may see it.

        Instead of who works here no more, without a substitute: whoever is responsible
        for the record, or causes the task.
        """
        people = [user._get_stand_in(day)]
        if not user.sudo().active:  # sudo: a colleague who has left
            record = frame.record.sudo()  # sudo: who is asked for the task, not shown
            people += [record["user_id"]] if "user_id" in record._fields else []
            people += [self.env.user]
        able = (self._filter_able(frame, who.sudo(self.env.su)) for who in people)
        return next(filter(None, able), user)

    def _choose_owner(self, frame, subject, day):
        """Return whose task it is, there or not; empty if there is to be none."""
        users = self._find_owners(frame, subject)
        if not users and self.if_nobody == "skip":
            return users
        users = users or frame.responsible
        if len(users) > 1:
            return self._choose_least_loaded(frame, users, day)
        return users

    def _is_left_to_responsible(self, subject, owners):
        """Tell whether the responsible does it: by the rule, or as it finds nobody."""
        is_asked = subject.user is None and self.responsible_type == "on_demand"
        return is_asked or not owners

    def _find_owners(self, frame, subject):
        """Return whom the rule finds, of those who may do it."""
        self.ensure_one()
        if subject.user is not None:
            users = subject.user
        elif self.responsible_type == "on_demand":
            users = frame.responsible
        elif self.responsible_type == "other":
            users = self.sudo().responsible_id.sudo(self.env.su)  # sudo: as above
        elif self.responsible_type == "saver" and frame.bracket:
            # What waits begins when others do something: they save nothing.
            users = frame.bracket.create_uid or self.env.user
        else:
            users = self._find_users(frame.record, subject.partner)
        return self._filter_able(frame, users)

    def _filter_able(self, frame, users):
        """Return those who work here and may see what the task is about."""
        # Who is chosen in a form that is not saved is a colleague there is.
        users = users._origin
        for user in users:
            if user not in frame.seeing:
                seen = [frame.record]
                if frame.bracket and frame.bracket.ids:
                    seen.append(frame.bracket)
                companies = user.sudo().company_ids  # sudo: a colleague's companies
                frame.seeing[user] = user.sudo().active and all(
                    would_see(record, user, companies.ids) for record in seen
                )
        return users.filtered(lambda user: frame.seeing[user])

    def _choose_least_loaded(self, frame, users, day):
        """Return who has the fewest open tasks, of those who are there on the day."""
        present = users.filtered(lambda user: not user._is_absent(day)) or users
        had, given = frame.work.open, frame.work.given
        missing = users.filtered(lambda user: user.id not in had)
        if missing:
            had.update({user.id: 0 for user in missing})
            for user, count in self._count_open(missing):
                had[user.id] += count
        return min(present, key=lambda user: (had[user.id] + given[user.id], user.id))

    @api.model
    def _count_open(self, users):
        """Return pairs of a user and a number of open tasks."""
        # sudo: tasks that whoever plans may not see are work just the same.
        tasks = open_tasks(self.env).sudo()
        return tasks._read_group(
            [("user_id", "in", users.ids)], ["user_id"], ["__count"]
        )
