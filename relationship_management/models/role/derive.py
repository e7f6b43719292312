import logging

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ..shared.button import notify

_logger = logging.getLogger(__name__)

BATCH = 1000


class RelationshipRole(models.Model):
    """Derive roles from business data: users, orders, invoices."""

    _inherit = "relationship.role"

    @api.model
    def _get_role_sources(self):
        """Return where roles come from: {source: (kind, SELECT)}.

        Each ``SELECT`` gives partner, company (or null) and first day. Besides users,
        they are those that the descriptions of business models name.
        """
        employees = SQL(
            "SELECT partner_id, NULL::int, min(create_date)::date"
            " FROM res_users WHERE active AND NOT share GROUP BY partner_id"
        )
        sources = {"res.users": ("employee", employees)}
        described = self.env["relationship.source"]._get_descriptions()
        for model, source in described.items():
            for role in source.roles:
                select = SQL(
                    "SELECT p.commercial_partner_id, %s, min(%s)::date"
                    " FROM %s s JOIN res_partner p ON p.id = %s WHERE %s GROUP BY 1, 2",
                    source.column(source.company, "int"),
                    role.day,
                    source.table,
                    source.partner,
                    role.where,
                )
                sources[f"{model}:{role.kind}"] = role.kind, select
        return sources

    @api.model
    def _derive_roles(self, sources=None, partners=None, go_on=None):
        """Propose the roles that business data tell and nobody has entered or refused.

        :param sources: names from :meth:`_get_role_sources`; empty: all of them
        :param partners: look at these ``res.partner`` only; empty: at all
        :param go_on: function that is told (done, remaining) after each batch and says
            whether to go on
        :return: how many roles were proposed
        """
        # sudo: what follows from documents does not depend on who looks.
        roles = self.sudo()
        count = 0
        for name, (kind, select) in self._get_role_sources().items():
            if sources and name not in sources:
                continue
            self.env.flush_all()
            found = self._get_missing(kind, select, partners)
            left = len(found)
            for rows in split_every(BATCH, found, list):
                source = name.partition(":")[0]
                count += len(roles._create_derived(kind, rows, source))
                left -= len(rows)
                if go_on and not go_on(len(rows), left):
                    return count
        return count

    @api.model
    def _create_derived(self, kind, rows, source):
        """Create the roles of ``rows``, without those that a rule refuses.

        Halves what was refused until the bad rows stand alone, so that few of them cost
        little.

        :param rows: as of :meth:`_prepare_given`
        """
        try:
            with self.env.cr.savepoint():
                return self.create(self._prepare_given(kind, rows, "derived", source))
        except (UserError, IntegrityError) as error:
            if len(rows) == 1:
                self._log_missing(kind, rows[0][0], source, error)
                return self.browse()
        half = len(rows) // 2
        return self._create_derived(kind, rows[:half], source) + self._create_derived(
            kind, rows[half:], source
        )

    @api.model
    def _log_missing(self, kind, partner_id, source, error):
        _logger.warning(
            "No role %s for partner %s from %s: %s", kind, partner_id, source, error
        )

    @api.model
    def _get_missing(self, kind, select, partners=None):
        """Return the rows of a source whose partner has no role of this kind."""
        only = SQL("AND p.id = ANY(%s)", partners.ids) if partners else SQL()
        return self.env.execute_query(
            SQL(
                """
                SELECT f.partner_id, coalesce(f.company_id, p.company_id), f.first_day
                FROM (%s) f (partner_id, company_id, first_day)
                JOIN res_partner p ON p.id = f.partner_id %s
                WHERE (p.company_id IS NULL OR f.company_id IS NULL
                       OR p.company_id = f.company_id)
                  AND NOT EXISTS (
                    SELECT FROM relationship_role r
                    WHERE r.partner_id = f.partner_id AND r.kind = %s
                      AND (r.company_id IS NULL OR r.company_id = f.company_id
                           OR f.company_id IS NULL)
                      AND (r.date_to IS NULL OR r.date_to >= f.first_day
                           OR r.state = 'refused'))
                ORDER BY f.first_day, f.partner_id
                """,
                select,
                only,
                kind,
            )
        )

    @api.model
    def _prepare_given(self, kind, rows, origin, source):
        """Return the values of new roles of a kind.

        :param rows: list of (partner id, company id or None, first day)
        """
        types = {
            company_id: self._get_type_of_kind(kind, company_id)
            for company_id in {row[1] for row in rows}
        }
        return [
            {
                "partner_id": partner_id,
                "type_id": types[company_id].id,
                "company_id": company_id,
                "date_from": day,
                "origin": origin,
                "state": "proposed" if origin == "derived" else "confirmed",
                "source": source,
            }
            for partner_id, company_id, day in rows
            if types[company_id]
        ]

    @api.model
    def _get_type_of_kind(self, kind, company_id):
        """Return the first type of a kind that a company (empty: every one) may use."""
        # sudo: whether the user may use the type is asked when the role is created.
        types = self.env["relationship.role.type"].sudo()
        return types.search(
            [("kind", "=", kind), ("company_id", "in", [False, company_id or False])],
            limit=1,
        )

    def _excludes_another(self, origin, day):
        """Tell whether this role forbids to give one of its kind from ``day`` on."""
        self.ensure_one()
        if self.state == "refused":
            return origin == "derived"
        return not self.date_to or self.date_to >= day

    @api.model
    def _cron_derive_roles(self):
        """Derive all roles in batches, each committed; goes on where it stopped."""

        def commit(done, remaining):
            return self.env["ir.cron"]._commit_progress(done, remaining=remaining)

        self._derive_roles(go_on=commit)


class RelationshipRoleType(models.Model):
    """Let managers derive roles at once."""

    _inherit = "relationship.role.type"

    @api.model
    def action_derive(self):
        """Derive now and say how many roles were proposed."""
        self.check_access("write")
        count = self.env["relationship.role"]._derive_roles()
        if count:
            message = self.env._(
                "Roles proposed: %(count)s. Confirm or refuse them in the menu"
                " Partners, Roles.",
                count=count,
            )
        else:
            message = self.env._("The partners hold every role that can be derived.")
        return notify(message, "success" if count else "info")


class ResUsers(models.Model):
    """An internal user is an employee at once."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._derive_employee()
        return users

    def write(self, vals):
        result = super().write(vals)
        if {"active", "group_ids", "share"} & vals.keys():
            self._derive_employee()
        return result

    def _derive_employee(self):
        employees = self.filtered(lambda user: user.active and not user.share)
        if not employees:
            return
        # sudo: whoever may create users may do without rights on partners' roles.
        roles = self.env["relationship.role"].sudo()
        roles._try_to_derive(
            "employee",
            employees.partner_id.sudo(),
            self.env["res.company"],
            fields.Date.context_today(self),
            "res.users",
        )
