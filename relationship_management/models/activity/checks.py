"""What an activity may belong to, who may plan it, and who may be given it."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..opportunity.recorded import MERGING
from ..shared.context import get_marked
from ..shared.finite import FIRST_YEAR, LAST_YEAR, is_near
from ..shared.may_be_told import name_of, refuse_also, would_see

PROJECT = ("lead_id", "campaign_id")
PEOPLE = frozenset({"user_id", "participant_ids"})
# What decides who sees an activity, beside its responsible.
ABOUT = frozenset({"type_id", "partner_id", *PROJECT})
# What may belong to one company alone.
OF_COMPANY = ["type_id", "partner_id", "contact_id"]


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    @api.constrains("lead_id", "campaign_id", "partner_id")
    def _check_project(self):
        for activity in self:
            if activity.lead_id and activity.campaign_id:
                raise ValidationError(
                    self.env._(
                        "An activity belongs to a campaign or to an opportunity: choose"
                        " one of them."
                    )
                )
            if not activity._get_project():
                raise ValidationError(
                    self.env._(
                        "Choose what the activity belongs to: a campaign, an"
                        " opportunity, or a partner."
                    )
                )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for activity in self:
            if not activity._has_near_days():
                raise ValidationError(
                    self.env._(
                        "An activity lies between the years %(first)s and %(last)s:"
                        " change its dates.",
                        first=str(FIRST_YEAR),
                        last=str(LAST_YEAR),
                    )
                )
            if activity.date_to and activity.date_to < activity.date_from:
                raise ValidationError(
                    self.env._(
                        "The activity would end before it starts: change one of its"
                        " dates."
                    )
                )

    def _has_near_days(self):
        return all(is_near(day) for day in (self.date_from, self.date_to) if day)

    @api.constrains("date_from", "date_to", "campaign_id")
    def _check_campaign_dates(self):
        for activity in self.filtered("campaign_id"):
            campaign = activity.campaign_id
            start, end = campaign.date_from, campaign.date_to
            last = activity.date_to or activity.date_from
            if (start and activity.date_from < start) or (end and last > end):
                raise ValidationError(
                    self.env._(
                        "The activity would lie outside of the campaign %(campaign)s"
                        " (%(start)s – %(end)s): choose other dates, or change those of"
                        " the campaign.",
                        campaign=name_of(campaign, "title", after_noun=True),
                        start=(start and format_date(self.env, start)) or "…",
                        end=(end and format_date(self.env, end)) or "…",
                    )
                )

    @api.constrains("date_begun", "date_done")
    def _check_real_dates(self):
        for activity in self:
            begun, done = activity.date_begun, activity.date_done
            if begun and done and done < begun:
                raise ValidationError(
                    self.env._(
                        "The activity would have been done before it began: change one"
                        " of its dates."
                    )
                )

    @api.constrains("result_id", "type_id")
    def _check_result(self):
        for activity in self:
            # sudo: a result that is hidden is not one of the type either.
            if activity.result_id.sudo().type_id not in (
                activity.type_id,
                activity.type_id.browse(),
            ):
                raise ValidationError(
                    self.env._(
                        "The result belongs to another type of activities: choose one"
                        " of this type."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        if not self.env.su:
            activities.campaign_id._check_takes_activities()
        activities._check_people({})
        return activities

    def write(self, vals):
        """Ask whether people see what they have to do, but not what a merge moves."""
        if get_marked(self.env, MERGING) or not vals.keys() & (PEOPLE | ABOUT):
            return super().write(vals)
        staying = self._find_staying(vals)
        result = super().write(vals)
        # After a change core remembers only those who work here.
        self.invalidate_recordset(["participant_ids"])
        self._check_people(staying)
        return result

    def _get_colleagues(self):
        """Return who is responsible and who takes part, also those who have left."""
        return self.user_id | self.with_context(active_test=False).participant_ids

    def _find_staying(self, vals):
        """Return who stays where they are, whatever they see: ``{id: people}``.

        Nobody chooses them; where it becomes about something else, that is only who
        saw nothing of it before either.
        """
        is_other = vals.keys() & ABOUT
        return {
            activity.id: activity._get_colleagues().filtered(
                lambda user, a=activity: not is_other or a._explain_unable(user)
            )
            for activity in self.sudo()  # sudo: to look at colleagues
        }

    def _check_people(self, staying):
        """Refuse people who would not see what they have to do.

        :param staying: as of :meth:`_find_staying`
        """
        for activity in self.sudo():  # sudo: to look at colleagues
            people = activity._get_colleagues()
            for user in people - staying.get(activity.id, people.browse()):
                if refusal := activity._explain_unable(user):
                    raise ValidationError(refusal)

    def _explain_unable(self, user):
        """Return why a colleague cannot be given the activity, or None."""
        user = user.sudo()  # sudo: to look at a colleague and their companies
        companies, project = user.company_ids.ids, self._get_project()
        if user.share:
            return self.env._(
                "%(user)s does not work here: choose a colleague for the activity.",
                user=name_of(user),
            )
        if not (user.active or user == self.env.user):
            return self.env._(
                "%(user)s does not work here any more: choose somebody else for the"
                " activity.",
                user=name_of(user),
            )
        if not would_see(self.type_id, user, companies):
            return self.env._(
                "%(user)s may not see activities of the type %(type)s: choose somebody"
                " else, or another type.",
                user=name_of(user),
                type=name_of(self.type_id, after_noun=True),
            )
        # None at all is told by _check_project.
        if project and not (
            would_see(project, user, companies) and would_see(self, user, companies)
        ):
            return self.env._(
                "%(user)s may not see %(project)s: choose somebody else for the"
                " activity, or give this person access first.",
                user=name_of(user),
                project=name_of(project),
            )
        return None

    def _check_access(self, operation):
        """Let nobody plan on a project that they may not change."""
        result = super()._check_access(operation)
        if operation == "read" or self.env.su or not self.ids:
            return result
        allowed = self - result[0] if result else self
        refused = allowed._filter_unplannable()
        return refuse_also(result, refused, refused._get_project_refusal)

    @api.model
    def _get_changeable_domain(self):
        """Return those whose project the user may change, as a domain of the same."""
        free = Domain("lead_id", "=", False)
        return (
            self._get_changeable_through("lead_id")
            | (free & self._get_changeable_through("campaign_id"))
            | (
                free
                & Domain("campaign_id", "=", False)
                & self._get_changeable_through("partner_id")
            )
        )

    @api.model
    def _get_changeable_through(self, name):
        projects = self.env[self._fields[name].comodel_name]
        if not projects.has_access("write"):
            return Domain.FALSE
        rules = self.env["ir.rule"]._compute_domain(projects._name, "write")
        return Domain(name, "any!", rules)

    def _filter_unplannable(self):
        """Return those whose project the user may not change."""
        refused = self.browse()
        # sudo: only ids of projects are read, to ask for the right to them.
        by_project = self.sudo().grouped(lambda activity: activity._get_project())
        for project, activities in by_project.items():
            if project and not project.sudo(False).has_access("write"):
                refused |= activities.with_env(self.env)
        return refused

    def _get_project_refusal(self):
        # sudo: named to nobody who may not see it.
        project = self[:1].sudo()._get_project()
        return AccessError(
            self.env._(
                "You may not change %(project)s, and so not plan, change or delete"
                " activities there: ask somebody who may.",
                project=name_of(project),
            )
        )

    def _refuse_other_project(self, vals):
        """Keep an activity where its tasks hang; core moves both in a merge."""
        if self.env.su:
            return
        # One whose opportunity was deleted may find another place.
        for activity in self.filtered(lambda a: a._get_project()):
            names = list(PROJECT)
            if not (activity.lead_id or activity.campaign_id):
                names.append("partner_id")
            for name in names:
                if name in vals and vals[name] != activity[name].id:
                    raise UserError(
                        self.env._(
                            "%(activity)s belongs to %(project)s, as its tasks do:"
                            " cancel it, and plan another activity where it shall"
                            " be.",
                            activity=name_of(activity),
                            project=name_of(activity._get_project()),
                        )
                    )


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    def _check_takes_activities(self):
        """Refuse new work for a campaign that is over: nobody would be given it."""
        for campaign in self:
            if campaign.state in ("completed", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(campaign)s is over: reopen it to plan activities.",
                        campaign=name_of(campaign, "title"),
                    )
                )
