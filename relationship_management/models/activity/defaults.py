"""Creating an activity: the values of its type and of its project, then its tasks."""

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..shared.context import Marker
from .tasks import IS_OPEN

MOST_NAMES = 4
# In the context while activities are created whose tasks have not been yet.
BEGINNING = "relationship_beginning"


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    @api.model_create_multi
    def create(self, vals_list):
        """Plan activities, and generate their tasks in the same transaction."""
        self._refuse_types(vals_list)
        self._ask_for_named(
            vals_list, "type_id", "lead_id", "campaign_id", "partner_id"
        )
        prepared = [self._prepare_type_values(self._complete(v)) for v in vals_list]
        beginning = self.with_context(**{BEGINNING: Marker()})
        activities = super(RelationshipActivity, beginning).create(prepared)
        activities = activities.with_env(self.env)
        activities._create_tasks()
        return activities

    def web_save(self, vals, specification, next_id=None):
        """Tell whoever saves a new form, and perhaps only leaves it, what that did."""
        is_new = not self
        result = super().web_save(vals, specification, next_id=next_id)
        if is_new:
            self.browse([each["id"] for each in result])._tell_saver()
        return result

    def _tell_saver(self):
        """Tell the user which colleagues have something to do now."""
        tasks = self._get_tasks(IS_OPEN, ("user_id", "!=", self.env.uid))
        if tasks:
            people = tasks.user_id.mapped("name")
            message = self.env._(
                "Tasks created for %(people)s: %(count)s. If that was a mistake, cancel"
                " the activity.",
                people=", ".join(people[:MOST_NAMES]),
                count=len(tasks),
            )
            told = {"type": "info", "title": self[:1].name, "message": message}
            self.env.user._bus_send("simple_notification", told)

    def _complete(self, vals):
        """Return the values with what a client may not say left out."""
        defaults = self.default_get(["type_id", "date_from"])
        vals = {**defaults, **{k: v for k, v in vals.items() if self._may_say(k)}}
        if not vals.get("type_id"):
            raise ValidationError(
                self.env._(
                    "Choose the type of the activity: it says what is to be done. If"
                    " there is none, ask a manager for one."
                )
            )
        if not self.env.su:
            vals["run_companies"] = self.env.companies.ids
        if not vals.get("name"):
            # sudo: it is to be chosen by whoever may use it, which was asked.
            types = self.env["relationship.activity.type"].sudo()
            vals["name"] = types.browse(vals["type_id"]).name
        return vals

    def _may_say(self, name):
        """Tell whether a client may give a value; the server keeps the others."""
        return self.env.su or name not in self._get_server_fields()

    @api.model
    def _get_server_fields(self):
        kept = (f.name for f in self._fields.values() if f.store and f.readonly)
        return frozenset({*kept, "task_ids"})

    def _refuse_said(self, vals):
        """Refuse what follows from the tasks, and from what an activity belongs to."""
        # A file that names records by their ids gives these as well.
        if said := [n for n in vals if n != "id" and not self._may_say(n)]:
            labels = (self._fields[n]._description_string(self.env) for n in said)
            raise UserError(
                self.env._(
                    "%(fields)s of an activity cannot be changed by hand: this follows"
                    " from its tasks, and from what it belongs to.",
                    fields=", ".join(sorted(labels)),
                )
            )

    def _take_number(self, record_type, vals):
        """Take it from the range of the company of the project."""
        company = self._find_project(vals).company_id or self.env.company
        return record_type._next_number(company.sudo(False))

    def _find_project(self, vals):
        """Return the project that values name, for its company and responsible."""
        # sudo: for whoever may see it, which is asked when it is saved
        lead = self.env["crm.lead"].sudo().browse(vals.get("lead_id") or ())
        campaigns = self.env["relationship.campaign"].sudo()
        return lead or campaigns.browse(vals.get("campaign_id") or ())
