"""Who was not told about a meeting is not told when its task goes, or it is copied.

A task hides a meeting, and so does the activity that has put it into the calendar.
Where neither is there any more, the meeting hangs at the activity or project itself.
"""

from collections import defaultdict

from odoo import models
from odoo.exceptions import AccessError

from ..activity.follow import FOLLOWING
from ..plan.found import all_tasks
from ..shared.context import Marker
from .outlive import PLACE, PLACE_READ
from .places import ACTIVITY, find_secret

PRIVATE = {"privacy": "private"}
# What says where a task hangs its meeting.
MOVING = frozenset({"calendar_event_id", "res_id", "res_model", "res_model_id"})


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def copy_data(self, default=None):
        """Let copies, and occurrences, be told to those who are told the meeting."""
        vals_list = super().copy_data(default)
        going = self._get_all_tasks()._get_places()
        for event in self._get_of_activities():
            # sudo: which one, to hang the copy there
            going[event.id].add((ACTIVITY, event.sudo().relationship_activity_id.id))
        kept = self._prepare_kept(going, self._get_places())
        for event, vals in zip(self, vals_list, strict=True):
            vals.update(event._prepare_copied(kept.get(event.id)))
        return vals_list

    def _prepare_copied(self, values):
        """Return where a copy hangs; one of somebody who sees nothing there is private.

        Core, too, lets nobody but the organizer make one that is private.
        """
        if not values:
            return {}
        if "res_id" in values:
            # sudo: its name
            model = self.env["ir.model"].sudo().browse(values["res_model_id"])
            if self.env[model.model].browse(values["res_id"]).has_access("read"):
                return values
        if not self.env.su and self.user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "Only its organizer may duplicate this meeting, or let it repeat:"
                    " it belongs to something that you may not see."
                )
            )
        return {**PRIVATE, **dict.fromkeys(PLACE, False)}

    def _get_all_tasks(self):
        """Return the tasks of the meetings, done ones too, whoever sees them."""
        # sudo: only where they hang, to leave the meetings there
        tasks = all_tasks(self.env).sudo()
        return tasks.search([("calendar_event_id", "in", self.ids)])

    def _get_places(self):
        """Return where the meetings hang by themselves, as ``{id: places}``."""
        # What a reader is not told stands as empty in the cache.
        self.invalidate_recordset(PLACE_READ)
        # sudo: only where, to leave them there
        return {
            event.id: {
                (event.res_model, event.res_id),
                ("crm.lead", event.opportunity_id.id),
            }
            for event in self.sudo()
        }

    def _prepare_kept(self, going, staying):
        """Return ``{id: values}`` that keep the meetings from whom they are kept now.

        :param going: ``{id: places}`` that said so
        :param staying: ``{id: places}`` that say so still
        """
        told = {place for places in going.values() for place in places}
        if not told:
            return {}
        told = told.union(*staying.values())
        secret = find_secret(self.env, told)
        kept = {}
        for event in self.sudo():  # sudo: as in _get_places()
            stays = staying[event.id]
            lost = secret.keys() & going.get(event.id, set())
            # Who sees an activity sees its project.
            over = {secret[place] for place in lost | (secret.keys() & stays)}
            if lost := lost - stays - over:
                here = (event.res_model, event.res_id)
                is_free = here not in secret or here in over
                kept[event.id] = self._prepare_place(lost if is_free else ())
        return kept

    def _prepare_place(self, places):
        """Return the values of a meeting at one place; at more it is private."""
        if len(places) != 1:
            return PRIVATE
        [(model, id_)] = places
        return {"res_model_id": self.env["ir.model"]._get_id(model), "res_id": id_}

    def _keep_secret(self, going):
        """Hide by themselves meetings whose tasks did it, which are somewhere else now.

        :param going: ``{id: places}`` of these tasks before
        """
        meetings = self.exists().filtered(lambda event: event.privacy != "private")
        staying = meetings._get_places()
        tasks = meetings._get_all_tasks()._get_places()
        for event in meetings:
            named = event.relationship_activity_id
            staying[event.id] |= tasks[event.id] | {(ACTIVITY, named.id)}
        kept = meetings._prepare_kept(going, staying)
        for event in meetings.with_context(**{FOLLOWING: Marker()}):
            if values := kept.get(event.id):
                event.write(values)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def write(self, vals):
        """Leave what was hidden so, where tasks are moved, or go to another meeting."""
        if not MOVING & vals.keys():
            return super().write(vals)
        meetings, going = self._get_meetings()
        result = super().write(vals)
        meetings._keep_secret(going)
        return result

    def unlink(self):
        """Leave what was hidden so, whoever may delete the tasks."""
        meetings, going = self._get_meetings()
        result = super().unlink()
        meetings._keep_secret(going)
        return result

    def _get_meetings(self):
        """Return the meetings of these tasks, and where they hang them."""
        # sudo: of whoever may move or delete the tasks, which is asked next; where the
        # meetings hang, and nothing else of them, is changed then
        tasks = all_tasks(self.env).sudo()
        here = [("id", "in", self.ids), ("calendar_event_id", "!=", False)]
        tasks = tasks.search(here)
        return tasks.calendar_event_id, tasks._get_places()

    def _get_places(self):
        """Return where tasks hang their meetings, as ``{id of a meeting: places}``."""
        found = defaultdict(set)
        for task in self:
            found[task.calendar_event_id.id] |= {
                (ACTIVITY, task.relationship_activity_id.id),
                (task.res_model, task.res_id),
            }
        return found


class ResUsers(models.Model):
    _inherit = "res.users"

    def unlink(self):
        """Leave what was hidden so, where tasks go with who did them."""
        tasks = all_tasks(
            self.env
        ).sudo()  # sudo: as above, of whoever may delete users
        tasks = tasks.search([("user_id", "in", self.ids)])
        meetings, going = tasks._get_meetings()
        result = super().unlink()
        meetings._keep_secret(going)
        return result
