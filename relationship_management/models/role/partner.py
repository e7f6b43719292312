from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from ..shared.context import Marker, without_defaults
from ..shared.partner_fields import EVERYBODY
from .role import SILENT, WHAT_COUNTS

# What decides which roles a partner holds.
HELD = [f"role_ids.{name}" for name in WHAT_COUNTS]


def _is_query(value):
    return isinstance(value, Query | SQL)


class ResPartner(models.Model):
    """The roles of a partner: search, group and give them."""

    _inherit = "res.partner"

    role_ids = fields.One2many(
        "relationship.role", "partner_id", string="Roles ever held", groups=EVERYBODY
    )
    role_type_ids = fields.Many2many(
        "relationship.role.type",
        string="Roles",
        compute="_compute_role_type_ids",
        search="_search_role_type_ids",
        help="The roles held today, or on the day of the search “Valid on”.",
        groups=EVERYBODY,
    )
    relationship_date = fields.Date(
        string="Valid on",
        store=False,
        compute="_compute_relationship_date",
        search="_search_relationship_date",
        help="Type a day here to search roles and relations as of that day.",
        groups=EVERYBODY,
    )

    @api.depends(*HELD)
    @api.depends_context("relationship_date", "allowed_company_ids", "uid")
    def _compute_role_type_ids(self):
        roles = self.env["relationship.role"]
        held = {}
        if roles.has_access("read"):
            domain = roles._get_holding_domain() & Domain("partner_id", "in", self.ids)
            held = dict(
                roles._read_group(domain, ["partner_id"], ["type_id:recordset"])
            )
        for partner in self:
            types = held.get(partner._origin)
            partner.role_type_ids = types.sorted() if types else False

    def _search_role_type_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        holding = self.env["relationship.role"]._get_holding_domain()
        if operator == "in" and not isinstance(value, str):
            value = set(value)
            domain = Domain("role_ids", "any", holding & Domain("type_id", "in", value))
            if False in value:
                domain |= Domain("role_ids", "not any", holding)
            return domain
        # The types are few: with their ids PostgreSQL takes the index of the roles.
        types = self.env["relationship.role.type"].with_context(active_test=False)
        wanted = Domain("id", "in", value) if _is_query(value) else Domain(value)
        types = types.search(wanted)
        return Domain("role_ids", "any", holding & Domain("type_id", "in", types.ids))

    @api.depends_context("relationship_date")
    def _compute_relationship_date(self):
        self.relationship_date = self.env["relationship.role"]._get_date()

    def _search_relationship_date(self, _operator, _value):
        """Restrict nothing: the search bar puts the day into the context."""
        return Domain.TRUE

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Group by the roles held on the day, too."""
        if groupby_spec != "role_type_ids":
            return super()._read_group_groupby(alias, groupby_spec, query)
        roles = self.env["relationship.role"]
        held = roles._search(roles._get_holding_domain())
        subquery = held.subselect(
            SQL(
                "DISTINCT %s, %s",
                SQL.identifier(held.table, "partner_id"),
                SQL.identifier(held.table, "type_id"),
            )
        )
        role_alias = query.make_alias(alias, "role_type_ids")
        query.add_join(
            "LEFT JOIN",
            role_alias,
            subquery,
            SQL(
                "%s = %s",
                SQL.identifier(role_alias, "partner_id"),
                SQL.identifier(alias, "id"),
            ),
        )
        return SQL.identifier(role_alias, "type_id")

    @api.model_create_multi
    def create(self, vals_list):
        """Give the role whose kind the context names in ``default_role_kind``.

        The people and addresses created together with a partner do not get it.
        """
        kind = self.env.context.get("default_role_kind")
        if not isinstance(kind, str) or not kind:
            return super().create(vals_list)
        plain = self.with_context(default_role_kind=False)
        partners = super(ResPartner, plain).create(vals_list)
        partners.filtered(lambda partner: not partner.role_ids)._give_role(kind)
        return partners.with_env(self.env)

    def write(self, vals):
        """Move the roles with their partner to another company."""
        company = self.env["res.company"].browse(vals.get("company_id"))
        if company and (moving := self.filtered(lambda p: p.company_id != company)):
            self.check_access("write")
            # sudo: whoever may move a partner moves its roles, also those that their
            # type or company hides.
            roles = self.env["relationship.role"].sudo()
            roles = roles.search([("partner_id", "in", moving.ids)])
            roles._log({}, also=roles._follow_company(company))
        return super().write(vals)

    def unlink(self):
        """Delete roles and relations with their partners, also hidden ones."""
        self.check_access("unlink")
        # sudo: whoever may delete partners deletes what stands at them only.
        env = self.with_context(**{SILENT: Marker()}).sudo().env
        relations = env["relationship.relation"]
        relations.search(relations._get_partner_domain(self.ids))._unlink_with(self)
        env["relationship.role"].search([("partner_id", "in", self.ids)]).unlink()
        return super().unlink()

    # For others

    def _has_role(self, kind, company=None, day=None):
        """Tell whether the partner holds a role of this kind on ``day``."""
        self.ensure_one()
        roles = self.env["relationship.role"]
        domain = roles._get_holding_domain(day) & Domain("kind", "=", kind)
        if company:
            domain &= Domain("company_id", "in", [False, company.id])
        return bool(
            roles.search_count(domain & Domain("partner_id", "=", self.id), limit=1)
        )

    def _give_role(
        self, kind, company=None, date_from=None, origin="manual", source=None
    ):
        """Give a role of this kind to those who do not hold it on that day or later.

        :param kind: of a role type; the first type of the kind is taken
        :param company: the role holds for this company only; empty: for every one
        :param date_from: first day, empty: today
        :param origin: ``derived`` proposes the role, unless it was refused before
        :param source: name of the model from which it was derived
        :return: the new roles
        """
        day = date_from or fields.Date.context_today(self)
        # sudo: what is hidden from the user, or refused, is there just the same.
        existing = (
            self.env["relationship.role"]
            .sudo()
            .search([("partner_id", "in", self.ids), ("kind", "=", kind)])
            .filtered(
                lambda r: (
                    r._excludes_another(origin, day)
                    and (not r.company_id or not company or r.company_id == company)
                )
            )
        )
        roles = without_defaults(self.env["relationship.role"])
        if origin == "derived":
            # sudo: whoever confirms an order or creates a user causes the role, and
            # need not be allowed to use its type.
            roles = roles.sudo()
        partners = self - existing.partner_id.with_env(self.env)
        rows = [
            (partner.id, (partner.company_id or company or partner.company_id).id, day)
            for partner in partners
        ]
        created = roles.create(roles._prepare_given(kind, rows, origin, source))
        return created.with_env(self.env)
