from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.relation.rules import LEFT_RULES
from ..models.shared.button import notify
from ..models.shared.context import get_active_ids
from ..models.shared.period_mixin import get_way_out

SHOWN = 20


class RelationshipRelationCreate(models.TransientModel):
    """Relate many partners to one, after showing whose relation would break a rule."""

    _name = "relationship.relation.create"
    _description = "Relate to…"
    _inherit = ["relationship.parent.guard.mixin"]

    partner_ids = fields.Many2many(
        "res.partner",
        string="Partners",
        required=True,
        default=lambda self: self._default_partner_ids(),
        context={"active_test": False},
    )
    direction_id = fields.Many2one(
        "relationship.relation.direction",
        string="Relation",
        required=True,
        domain="[('can_use', '=', True)]",
    )
    other_partner_id = fields.Many2one(
        "res.partner", string="Other partner", required=True
    )
    date_from = fields.Date(string="From", default=fields.Date.context_today)
    date_to = fields.Date(string="Until")
    share = fields.Float(string="Share (%)")
    function = fields.Char()
    share_use = fields.Selection(related="direction_id.type_id.share_use")
    function_use = fields.Selection(
        related="direction_id.type_id.function_use", string="Use of the function"
    )
    other_is = fields.Char(related="direction_id.other_is")

    summary = fields.Char(compute="_compute_preview")
    problems = fields.Text(string="Left out", compute="_compute_preview")

    @api.model
    def _default_partner_ids(self):
        return get_active_ids(self.env, "res.partner")

    @api.depends(
        *("partner_ids", "direction_id", "other_partner_id"),
        *("date_from", "date_to", "share", "function"),
    )
    def _compute_preview(self):
        for wizard in self:
            if not wizard.direction_id or not wizard.other_partner_id:
                wizard.summary = wizard.problems = False
                continue
            kind = wizard.direction_id.type_id
            if not wizard.direction_id.can_use:
                wizard.summary = False
                wizard.problems = str(
                    wizard.env["relationship.relation"]._get_type_refusal(kind)
                )
                continue
            ready, problems = wizard._plan()
            wizard.summary = self.env._(
                "Relations that will be entered: %(ready)s of %(total)s.",
                ready=len(ready),
                total=len(wizard.partner_ids),
            )
            lines = list(problems.values())
            if len(lines) > SHOWN:
                left = len(lines) - SHOWN
                lines = [
                    *lines[:SHOWN],
                    self.env._("… and %(count)s more.", count=left),
                ]
            wizard.problems = "\n".join(lines)

    def _plan(self):
        """Return what can be entered and why the rest cannot.

        A constant number of queries, whatever the number of partners.

        :return: list of values of relations, ``{partner: sentence}``
        """
        self.ensure_one()
        partners = self.partner_ids._origin
        plan = [self._prepare_relation(partner) for partner in partners]
        relations = self.env["relationship.relation"]
        found = relations._find_planned_problems(
            [
                {
                    **values,
                    "company_id": (
                        partner.company_id
                        or self.other_partner_id.company_id
                        or self.direction_id.company_id
                    ).id
                    or None,
                }
                for values, partner in zip(plan, partners, strict=True)
            ]
        )
        problems = {}
        told = relations._get_told_sentences({problem.other_id for problem in found})
        for problem in found:
            partner = partners[-problem.relation_id - 1]
            problems.setdefault(partner, self._explain(problem, partner, told))
        ready = [
            values
            for values, partner in zip(plan, partners, strict=True)
            if partner not in problems
        ]
        return ready, problems

    def _prepare_relation(self, partner):
        relations = self.env["relationship.relation"]
        values = relations._prepare_ends(
            {
                "this_partner_id": partner.id,
                "direction_id": self.direction_id.id,
                "other_partner_id": self.other_partner_id._origin.id,
            }
        )
        return {
            **values,
            "date_from": self.date_from or None,
            "date_to": self.date_to or None,
            "share": self.share,
            "function": self.function or None,
        }

    def _explain(self, problem, partner, told):
        ends = (partner, self.other_partner_id)
        left, right = ends[::-1] if self.direction_id.is_inverse else ends
        kind = self.direction_id.type_id
        concerned = left if problem.rule in LEFT_RULES else right
        is_left = problem.rule == "left_role"
        role = kind.left_role_type_id if is_left else kind.right_role_type_id
        # sudo: a relation type that one may use tells the role that it asks for.
        role = role.sudo()
        relations = self.env["relationship.relation"]
        words = self.env._("another one of this list")
        way_out = self.env._("Choose one of them.")
        if (problem.other_id or 0) > 0:
            words = told.get(problem.other_id)
            # sudo: only its days, if the user may know it.
            other = relations.sudo().browse(told.keys() & {problem.other_id})
            way_out = get_way_out(self, other)
        return relations._get_explanation(
            problem.rule,
            {
                "sentence": f"{partner.name} {self.direction_id.name}"
                f" {self.other_partner_id.name}",
                "partner": concerned.name,
                "role": role.name,
                "other": words,
                "way_out": way_out,
            },
        )

    def action_create(self):
        """Enter the relations that break no rule, and say how many."""
        self.ensure_one()
        ready, problems = self._plan()
        if not ready:
            raise UserError(
                self.env._(
                    "No relation can be entered:\n%(problems)s",
                    problems="\n".join(list(problems.values())[:SHOWN]),
                )
            )
        relations = self.env["relationship.relation"].create(ready)
        return notify(
            self.env._(
                "Relations entered: %(done)s. Partners left out: %(left)s.",
                done=len(relations),
                left=len(problems),
            )
        )
