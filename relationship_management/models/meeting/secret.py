"""What a meeting is about is told to those who are told its activity, and who come.

And nothing of an opportunity or a campaign of a hidden type, to anybody else than who
comes.

Others see in a shared calendar that somebody is busy, as of core's private meetings.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.base.models.ir_attachment import condition_values

from ..plan.found import all_tasks
from ..shared.context import Marker, get_marked
from ..shared.may_be_told import as_person, refuse_also
from .places import ACTIVITY, TYPES, hangs_at, hangs_at_no_other

# Set while groups are sorted, which have no id.
GROUPING = "relationship_grouping"
MEETING = "calendar.event"
# What else a search may ask for: whose calendar it is, and whether it repeats.
ASKED = frozenset({"follow_recurrence", "partner_ids", "recurrency"})
# What tells nothing of a record but which one it is.
PLAIN = frozenset({"=", "!=", "<", "<=", ">", ">=", "in", "not in"})


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    is_told = fields.Boolean(compute="_compute_is_told")

    @api.depends(
        *("relationship_activity_id", "opportunity_id", "res_model", "res_id"),
        *("user_id", "partner_ids"),
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_told(self):
        """Tell whether the user comes, or may see what it is about, if anything.

        Of opportunities their types alone keep it: core names each in a calendar.
        """
        me = self.env.user
        secret = self._find_of_hidden_types()
        activities = self._map_activities()
        # sudo: who comes; and no more than is asked, which a reader would find then
        others = (
            self.sudo()
            .with_context(prefetch_fields=False)
            .filtered(
                lambda event: (
                    (activities.get(event._get_key()) or event._origin.id in secret)
                    and event.user_id != me
                    and me.partner_id not in event.partner_ids
                )
            )
        )
        # As the person behind a superuser: core shows names behind a many2one so.
        asked = {
            id_ for event in others for id_ in activities.get(event._get_key(), ())
        }
        found = as_person(self.env[ACTIVITY].browse(asked).exists())
        hidden = set((found - found._filtered_access("read"))._ids)
        busy = {
            event.id
            for event in others
            if event._origin.id in secret
            or hidden.intersection(activities.get(event._get_key(), ()))
        }
        for event in self:
            event.is_told = event.id not in busy

    def _get_key(self):
        return self._origin.id or self.id

    def _map_activities(self):
        """Return ``{meeting: activities}`` that it, or a task of it, is about.

        Not by the fields, which keep what was read for somebody else.
        """
        found = defaultdict(set)
        names = ("relationship_activity_id", "res_model", "res_id")
        self.flush_model(names)
        columns = SQL(", ").join(map(SQL.identifier, ("id", *names)))
        for id_, activity_id, model, res_id in self.env.execute_query(
            SQL(
                "SELECT %s FROM calendar_event WHERE id = ANY(%s)",
                columns,
                self._origin.ids,
            )
        ):
            found[id_] |= {activity_id} - {None}
            if model == ACTIVITY:
                found[id_].add(res_id)
        tasks = all_tasks(self.env).sudo()  # sudo: as above
        for task in tasks.search([("calendar_event_id", "in", self._origin.ids)]):
            event_id = task.calendar_event_id.id
            if task.relationship_activity_id:
                found[event_id].add(task.relationship_activity_id.id)
            if task.res_model == ACTIVITY:
                found[event_id].add(task.res_id)
        return found

    @api.model
    def _select_hidden(self):
        """Return a query of the meetings about what is of a hidden type, or None."""
        hidden = Domain.FALSE
        for model, name in TYPES.items():
            types = self.env[self.env[model]._fields[name].comodel_name]
            closed = as_person(types)._get_forbidden_ids("see")
            if closed:
                # sudo: only which ones, to tell nothing about them
                records = self.env[model].sudo().with_context(active_test=False)
                found = records._search(Domain(name, "in", closed))
                hidden |= hangs_at(found, model)
        if hidden.is_false():
            return None
        # sudo: as above
        events = self.sudo().with_context(active_test=False)
        return events._search(hidden)

    def _find_of_hidden_types(self):
        """Return the ids of the meetings about records of hidden types.

        Asked of the database: what was masked once for somebody is empty in the cache.
        """
        hidden = self._select_hidden() if self.ids else None
        if hidden is None:
            return set()
        hidden.add_where(SQL("%s IN %s", SQL.identifier(self._table, "id"), self._ids))
        return set(hidden.get_result_ids())

    @api.model
    def _get_public_fields(self):
        """Leave the link there: its name is told only to who may see the activity."""
        return super()._get_public_fields() | {"relationship_activity_id"}

    def _check_private_event_conditions(self):
        return super()._check_private_event_conditions() or not self.is_told

    def _find_busy_for(self, user):
        """Return those that a colleague sees as busy, also as of private calendars.

        Without filling the cache for anybody else.
        """
        companies = user.company_ids.ids
        # sudo: who comes; what is asked about the rest asks as this colleague
        theirs = (
            self.with_user(user)
            .sudo()
            .with_context(allowed_company_ids=companies, prefetch_fields=False)
        )
        busy = theirs.filtered(lambda event: event._check_private_event_conditions())
        return busy.with_env(self.env)

    @api.model
    def _get_told_meetings(self):
        """Return a domain of the meetings about which the user may be told."""
        activities = self.env[ACTIVITY].with_context(active_test=False)
        is_open = activities.has_access("read")
        told = hangs_at_no_other(activities._search([]) if is_open else None)
        hidden = self._select_hidden()
        if hidden is not None:
            told &= Domain("id", "not in", hidden)
        return (
            told
            | Domain("user_id", "=", self.env.uid)
            | Domain("partner_ids", "in", self.env.user.partner_id.ids)
        )

    def _get_default_privacy_domain(self):
        told = super()._get_default_privacy_domain()
        return Domain(told) & self._get_told_meetings()

    @api.model
    def _get_told_domain(self):
        return super()._get_told_domain() & self._get_told_meetings()

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort those about which the user is not told as if nothing stood there."""
        is_grouped = get_marked(self.env, GROUPING)
        public = self._get_public_fields() | ASKED
        # By a many2one core sorts as the records there are, whoever may see them.
        public -= {"relationship_activity_id"}
        if self.env.su or is_grouped or field_name.split(".")[0] in public:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        events = self.with_context(active_test=False)
        told = events._search(self._get_told_domain())
        return SQL(
            "CASE WHEN %s IN %s THEN %s END %s %s",
            SQL.identifier(alias, "id"),
            told.subselect(),
            self._field_to_sql(alias, field_name, query),
            direction,
            nulls,
        )

    def _read_group_orderby(self, order, groupby_terms, query):
        """Sort groups as core does: what is not told is in none, by its privacy."""
        grouping = self.with_context(**{GROUPING: Marker()})
        return super(CalendarEvent, grouping)._read_group_orderby(
            order, groupby_terms, query
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Find by what they are about only those about which the user is told."""
        if not self.env.su:
            domain = Domain(domain)
            public = self._get_public_fields() | ASKED
            if any(_is_telling(c, public) for c in domain.iter_conditions()):
                domain &= self._get_told_domain()
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        """Let nobody change or delete a meeting about which they are not told."""
        result = super()._check_access(operation)
        if operation == "read" or self.env.su or not self.ids:
            return result
        hidden = self.filtered(lambda event: not event.is_told)
        return refuse_also(result, hidden, hidden._get_hidden_refusal)

    def copy(self, default=None):
        """Copy nothing of a meeting that is busy: what a copy takes over is asked."""
        if not self.env.su and self._find_busy_for(self.env.user):
            raise self._get_hidden_refusal()
        return super().copy(default)

    def _get_hidden_refusal(self):
        return AccessError(
            self.env._(
                "This is a meeting of others about something that you may not see: ask"
                " one of those who take part to change it."
            )
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Keep the messages of a meeting from those who are not told about it."""
        result = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        hidden = self.filtered(lambda event: not event.is_told)
        return result | dict.fromkeys(hidden, "write")


class CalendarAttendee(models.Model):
    """Who comes to a meeting, and the key to its page, is a part of it."""

    _inherit = "calendar.attendee"

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self.env.su:
            told = self.env["calendar.event"]._get_told_domain()
            domain = Domain(domain) & Domain("event_id", "any!", told)
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self.ids:
            return result
        busy = self._get_meeting()._find_busy_for(self.env.user)
        hidden = self.filtered(lambda attendee: attendee._get_meeting() in busy)
        refusal = self.env["calendar.event"]._get_hidden_refusal
        return refuse_also(result, hidden, refusal)

    def _get_meeting(self):
        # sudo: only which one, to ask whether the user is told about it
        attendee = self.sudo().with_context(prefetch_fields=False)
        return attendee.event_id.sudo(self.env.su)


class IrAttachment(models.Model):
    """Files of a meeting, such as its invitation, say what it is about."""

    _inherit = "ir.attachment"

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Find none of a meeting that is busy: core asks its record rules alone."""
        if not (self.env.su or kwargs.get("bypass_access")):
            # Core reads what is asked, and how, so that stays as it is.
            domain = Domain(domain)
            # Of more models core asks for the access to each file, as below.
            if MEETING in (condition_values(self, "res_model", domain) or ()):
                domain &= self._get_told_files()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _get_told_files(self):
        """Return a domain of all files but those of meetings that are busy.

        Public ones, and those of a meeting that is not saved yet, are core's to judge.
        """
        events = self.env[MEETING].with_context(active_test=False)
        told = events._search(events._get_told_domain())

        def to_sql(_files, alias, _query):
            return SQL(
                "(%(model)s IS DISTINCT FROM %(meeting)s OR coalesce(%(id)s, 0) = 0"
                " OR %(id)s IN %(told)s OR %(public)s)",
                model=SQL.identifier(alias, "res_model"),
                meeting=MEETING,
                id=SQL.identifier(alias, "res_id"),
                told=told.subselect(),
                public=SQL.identifier(alias, "public"),
            )

        return Domain.custom(to_sql=to_sql)

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        ids = [id_ for id_ in model_and_ids.get(MEETING, ()) if id_]
        if ids and not self.env.su:
            events = self.env[MEETING].browse(ids).exists()
            for event in events._find_busy_for(self.env.user):
                yield event._name, event.id


def _is_telling(condition, public):
    """Tell whether who finds meetings by this would learn more than that of *Busy*."""
    name = condition.field_expr.split(".")[0]
    if name == "id":
        # Core takes what *any* asks for conditions on the meeting itself.
        return condition.operator not in PLAIN
    return name not in public
