from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..role.partner import HELD
from ..shared.partner_fields import EVERYBODY


class ResPartner(models.Model):
    """What the head of a partner form tells, in one statement for any number."""

    _inherit = "res.partner"

    role_badges = fields.Json(
        compute="_compute_relationship_overview", groups=EVERYBODY
    )
    relation_count = fields.Integer(
        string="Relations", compute="_compute_relationship_overview", groups=EVERYBODY
    )
    addressee_count = fields.Integer(
        string="Campaigns", compute="_compute_relationship_overview", groups=EVERYBODY
    )

    @api.depends(*HELD)
    @api.depends_context("relationship_date", "allowed_company_ids", "uid", "lang")
    def _compute_relationship_overview(self):
        """Compute the badges of the roles and the number of current relations.

        A badge is ``{id, name, color, state, origin, when, period, company}``; ``when``
        is ``now``, ``future`` or ``over``, in this order. A role that is over is left
        out where the same one is held now.
        """
        badges, counts, addressed = {}, {}, {}
        roles, relations = (
            self.env["relationship.role"],
            self.env["relationship.relation"],
        )
        if roles.has_access("read") and relations.has_access("read") and self.ids:
            for model in (
                roles,
                relations,
                self.env["relationship.role.type"],
                self.env["relationship.campaign.addressee"],
            ):
                model.flush_model()
            for partner_id, rows, count, addressees in self.env.execute_query(
                self._get_overview_query(roles, relations)
            ):
                addressed[partner_id] = addressees
                badges[partner_id] = self._prepare_badges(rows or ())
                counts[partner_id] = count
        for partner in self:
            partner.role_badges = badges.get(partner._origin.id) or (
                partner._get_preset_badges()
            )
            partner.relation_count = counts.get(partner._origin.id, 0)
            partner.addressee_count = addressed.get(partner._origin.id, 0)

    def _get_overview_query(self, roles, relations):
        companies = [False, *self.env.companies.ids]
        held = roles._search(
            Domain("partner_id", "in", self.ids)
            & Domain("state", "!=", "refused")
            & Domain("company_id", "in", companies),
            bypass_access=False,
        )
        ends = [
            relations._search(
                relations._get_valid_domain() & Domain(end, "in", self.ids)
            ).subselect(SQL.identifier(relations._table, end))
            for end in ("left_partner_id", "right_partner_id")
        ]
        name = self.env["relationship.role.type"]._field_to_sql("t", "name")
        return SQL(
            """
            SELECT p.id,
                (SELECT json_agg(json_build_object(
                        'id', r.id, 'name', %(name)s, 'color', t.color,
                        'state', r.state, 'origin', r.origin,
                        'from', r.date_from, 'until', r.date_to, 'company', c.name
                    ) ORDER BY r.type_sequence, r.date_from)
                 FROM relationship_role r
                 JOIN relationship_role_type t ON t.id = r.type_id
                 LEFT JOIN res_company c ON c.id = r.company_id
                 WHERE r.partner_id = p.id AND r.id IN %(held)s),
                (SELECT count(*) FROM (%(lefts)s UNION ALL %(rights)s) e (partner_id)
                 WHERE e.partner_id = p.id),
                (SELECT count(*) FROM (%(addressees)s) e (partner_id)
                 WHERE e.partner_id = p.id)
            FROM res_partner p WHERE p.id IN %(ids)s
            """,
            name=name,
            held=held.subselect(),
            lefts=ends[0],
            rights=ends[1],
            addressees=self._get_addressee_ends(),
            ids=tuple(self.ids),
        )

    def _get_preset_badges(self):
        """Return the badge of the role that a new partner is about to get."""
        self.ensure_one()
        kind = self.env.context.get("default_role_kind")
        if self._origin or not isinstance(kind, str) or not kind:
            return []
        role_type = self.env["relationship.role"]._get_type_of_kind(kind, None)
        if role_type.id in role_type._get_forbidden_ids("use"):
            return []  # It will be refused, and may be one that nobody is to know of.
        return [
            {
                "id": False,
                "name": role_type.name,
                "color": role_type.color,
                "state": "confirmed",
                "origin": "manual",
                "when": "now",
                "period": "",
                "company": None,
            }
        ][: len(role_type)]

    @api.model
    def _prepare_badges(self, rows):
        badges = [self._prepare_badge(row) for row in rows]
        held = {(b["name"], b["company"]) for b in badges if b["when"] == "now"}
        order = ["now", "future", "over"]
        return sorted(
            (
                badge
                for badge in badges
                if badge["when"] != "over"
                or (badge["name"], badge["company"]) not in held
            ),
            key=lambda badge: order.index(badge["when"]),
        )

    @api.model
    def _prepare_badge(self, row):
        day = self.env["relationship.role"]._get_date().isoformat()
        first, last = row.pop("from"), row.pop("until")
        if last and last < day:
            when, period = "over", "–".join(sorted({(first or last)[:4], last[:4]}))
        elif first and first > day:
            when = "future"
            period = self.env._("from %(day)s", day=format_date(self.env, first))
        else:
            when, period = "now", ""
        if len(self.env.companies) == 1:
            row["company"] = None
        return {**row, "when": when, "period": period}
