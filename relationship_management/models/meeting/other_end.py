"""Nobody gets into a meeting that is busy for them from its other end.

Who comes stands also at the partners, which core's own rules for meetings do not know,
and a task says by itself to which meeting it belongs.
"""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from ..shared.kinds import check_kinds
from ..shared.may_be_told import get_hidden_sentence


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def _ask_for_change(self):
        """Refuse a change of meetings that does not come through themselves."""
        if self._find_busy_for(self.env.user):
            raise self._get_hidden_refusal()
        if self:
            self.check_access("write")

    def _ask_for_task(self):
        """Let those plan a task at a meeting who have to do with it.

        The task says who is told about the meeting.
        """
        self._ask_for_change()
        # sudo: who has made it, which a calendar does not tell
        made = self.sudo().filtered(lambda event: event.create_uid == self.env.user)
        if not all((self - made.with_env(self.env)).mapped("user_can_edit")):
            raise AccessError(
                self.env._(
                    "This is a meeting of others: ask one of those who take part to"
                    " plan a task for it."
                )
            )


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        """Bring nobody new into a meeting of others."""
        if not self.env.su:
            default = self.default_get(["meeting_ids"])
            for vals in vals_list:
                self.browse()._ask_for_meetings({**default, **vals})
        return super().create(vals_list)

    def write(self, vals):
        """Bring nobody into a meeting of others, or out of it."""
        if not self.env.su:
            self._ask_for_meetings(vals)
        return super().write(vals)

    def _ask_for_meetings(self, vals):
        """Ask for the right to change the meetings that values give or take."""
        if "meeting_ids" not in vals:
            return
        # sudo: which ones; whether the user may change them is asked
        coming = self.sudo().with_context(active_test=False)
        old = [partner.meeting_ids.ids for partner in coming] or [[]]
        touched = [
            id_ for ids in old for id_ in _find_touched(vals["meeting_ids"], ids)
        ]
        tasks = self.env["mail.activity"]
        check_kinds(tasks, [{"calendar_event_id": id_} for id_ in touched])
        meetings = self.env["calendar.event"].browse(
            filter(None, dict.fromkeys(touched))
        )
        meetings.exists()._ask_for_change()


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Let nobody come, by a merge, to meetings that are busy for who merges."""
        everybody = src_partners | dst_partner
        # sudo: whether one of them sees a calendar, and to what they come
        everybody = everybody.sudo().with_context(active_test=False)
        people = everybody.user_ids.partner_id
        if people and not self.env.su:
            gained = everybody.meeting_ids - people.meeting_ids
            if gained.with_env(self.env)._find_busy_for(self.env.user):
                raise AccessError(get_hidden_sentence(self.env))
        return super()._update_foreign_keys(src_partners, dst_partner)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a task at a meeting of others."""
        if not self.env.su:
            default = self.default_get(["calendar_event_id"])
            self.browse()._ask_for_meetings([{**default, **vals} for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to hang a task at a meeting of others."""
        if not self.env.su:
            self._ask_for_meetings([vals])
        return super().write(vals)

    def _ask_for_meetings(self, vals_list):
        """Ask for the right to plan tasks at the meetings that values name anew."""
        name = "calendar_event_id"
        vals_list = [{name: vals[name]} for vals in vals_list if vals.get(name)]
        check_kinds(self, vals_list)
        field = self._fields[name]
        given = {field.convert_to_cache(vals[name], self) for vals in vals_list}
        # sudo: only which one; what stands there already stays
        old = {task[name].id for task in self.sudo()}
        if given and (given - old or len(old) > 1):
            self.env["calendar.event"].browse(given).exists()._ask_for_task()


def _find_touched(value, old):
    """Return the ids that a value for a many2many field adds or takes away.

    :param value: commands, ids, or records, as core reads them
    :param old: the ids that stand there
    """
    if isinstance(value, models.BaseModel):
        value = value.ids
    if not isinstance(value, (list, tuple)):
        value = [Command.clear()]
    elif not any(isinstance(command, (list, tuple)) for command in value):
        value = [Command.set(list(value))] if value else []
    touched = []
    for command in value:
        if not isinstance(command, (list, tuple)):
            continue  # core passes over it, too
        code, id_, ids = (*command, 0, ())[:3]
        if code in (Command.LINK, Command.UNLINK, Command.DELETE):
            touched.append(id_)
        elif code in (Command.SET, Command.CLEAR):
            ids = list(ids) if isinstance(ids, (list, tuple)) else []
            touched += [id_ for id_ in ids if id_ not in old]
            touched += [id_ for id_ in old if id_ not in ids]
    return touched
