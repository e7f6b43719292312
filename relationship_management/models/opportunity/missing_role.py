import logging
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, ValidationError

from ..shared.may_be_told import is_hidden, name_of

GUARDED_FIELDS = {"stage_id", "opportunity_type_id", "type"}


class MissingRole(NamedTuple):
    """A role that too few people play in an opportunity."""

    role: models.BaseModel
    count: int
    demand: str


def describe_missing(document, role, count, demand):
    """Return what a form is told of a missing role: as data for a Json field."""
    return {
        "type_id": role.id,
        "name": role.name,
        "count": count,
        "demand": demand,
        "field": document._people_field,
    }


class CrmLead(models.Model):
    """Roles that the type and the stage of an opportunity ask for."""

    _inherit = "crm.lead"

    missing_roles = fields.Json(
        compute="_compute_missing_roles",
        help="Roles that the type or the stage asks for, and that nobody plays.",
    )
    proposed_roles = fields.Json(
        compute="_compute_missing_roles",
        help="Roles that the type or the stage proposes, and that nobody plays.",
    )

    @api.depends(
        "opportunity_type_id",
        "stage_id",
        "company_id",
        "type",
        "won_status",
        "active",
        "reference_ids.type_id",
        "reference_ids.partner_id",
        "reference_ids.date_to",
    )
    @api.depends_context("lang", "uid")
    def _compute_missing_roles(self):
        """Name what is missing, except roles that the user may not see."""
        hidden = self.env["relationship.reference.type"]._get_forbidden_ids("see")
        at_work = self.filtered(lambda lead: lead.active and not lead._is_closed())
        missing = at_work._get_missing_roles()
        for lead in self:
            roles = [m for m in missing.get(lead, []) if m.role.id not in hidden]
            lead.missing_roles = [
                describe_missing(lead, *role)
                for role in roles
                if role.demand != "proposal"
            ]
            lead.proposed_roles = [
                describe_missing(lead, *role)
                for role in roles
                if role.demand == "proposal"
            ]

    def _is_closed(self):
        return self.won_status in ("won", "lost")

    def _get_missing_roles(self):
        """Return the roles that too few people play, the strictest demand of each.

        In a constant number of statements, and in none where nothing is asked for.

        :return: ``{lead: [MissingRole, …]}``; what is not in it lacks nobody
        """
        leads = self.filtered(lambda lead: lead.type == "opportunity")
        planned = self.env["relationship.planned.role"]
        if not leads or not planned._get_demands():
            return {}
        # sudo: a demand holds for whoever works on the opportunity, and a role is
        # filled whoever may see the person.
        lines = planned.sudo().search(
            [("opportunity_type_id", "in", [*leads.opportunity_type_id.ids, False])]
        )
        return {
            lead: lead._match_roles(lines, lead.sudo()._count_roles()) for lead in leads
        }

    def _match_roles(self, lines, filled):
        """Return what the lines ask for beyond the roles that are filled."""
        ranks = {"proposal": 0, "warning": 1, "block": 2}
        missing = {}
        lead = self.sudo()
        for line in lines:
            role = line.reference_type_id
            count = line.minimum - filled[role]
            if count <= 0 or not line._applies_to(lead):
                continue
            known = missing.get(role)
            if known and ranks[known.demand] >= ranks[line.demand]:
                count, demand = max(known.count, count), known.demand
            else:
                demand = line.demand
            missing[role] = MissingRole(role, count, demand)
        return sorted(missing.values(), key=lambda found: -ranks[found.demand])

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a first stage that asks for people who are not there."""
        leads = super().create(vals_list)
        leads._check_required_roles()
        return leads

    def write(self, vals):
        """Refuse a stage, or a type, that asks for people who are not there.

        Whoever stays where he is, or goes back, is not stopped by a later demand.
        """
        guarded = GUARDED_FIELDS & vals.keys()
        if (
            not guarded
            or "block" not in self.env["relationship.planned.role"]._get_demands()
        ):
            return super().write(vals)
        before = {
            lead: (lead.stage_id, lead.opportunity_type_id, lead.type) for lead in self
        }
        result = super().write(vals)
        moved = self.filtered(lambda lead: lead._has_moved_on(*before[lead]))
        asked = {name: vals[name] for name in guarded} if len(self) == 1 else None
        moved._check_required_roles(asked)
        return result

    def _has_moved_on(self, stage, opportunity_type, kind):
        """Return whether the opportunity is further than before, or another kind."""
        if opportunity_type != self.opportunity_type_id or kind != self.type:
            return True
        return stage != self.stage_id and stage.sequence <= self.stage_id.sequence

    def _check_required_roles(self, asked=None):
        """Raise for the first opportunity that its stage does not admit.

        :param asked: the refused values of a single opportunity; the message then
            leads to a dialog that adds a person, after which they are written again
        """
        if "block" not in self.env["relationship.planned.role"]._get_demands():
            return
        for lead, roles in self._get_missing_roles().items():
            required = [missing for missing in roles if missing.demand == "block"]
            if required:
                lead._refuse_stage(required, asked)

    def _refuse_stage(self, required, asked):
        names = ", ".join(
            f"{name_of(missing.role)} ({missing.count})"
            if missing.count > 1
            else name_of(missing.role)
            for missing in required
        )
        message = self.env._(
            "The stage %(stage)s of %(opportunity)s asks for people in these roles:"
            " %(roles)s. Enter them on the page People and try again.",
            stage=name_of(self.stage_id, after_noun=True),
            opportunity=name_of(self),
            roles=names,
        )
        role = required[0].role
        if not asked or self.env.context.get("import_file") or is_hidden(role):
            raise ValidationError(message)
        refusal = RedirectWarning(
            message,
            self._get_person_action(role, asked),
            self.env._("Add: %(role)s", role=role.name),
        )
        refusal.loglevel = logging.INFO  # no fault of the server
        raise refusal

    def _get_person_action(self, role, asked):
        """Return the dialog that enters a person and then does what was asked for."""
        return {
            "type": "ir.actions.client",
            "tag": "relationship_add_person",
            "name": role.name,
            "params": {
                "missing": {
                    "field": self._people_field,
                    "documentId": self.id,
                    "customerId": self.partner_id.id,
                    "title": self.display_name,
                    "roleId": role.id,
                    "role": role.name,
                },
                "values": asked,
            },
        }
