from odoo import api, fields, models
from odoo.tools import SQL, split_every

BATCH = 1000


class RelationshipRole(models.Model):
    """Derive roles from business data: users, orders, invoices."""

    _inherit = "relationship.role"

    @api.model
    def _get_role_sources(self):
        """Return where roles come from: {source: (kind, SELECT)}.

        Each ``SELECT`` gives partner, company (or null) and first day. Extend it to
        derive roles from another model.
        """
        sources = {
            "res.users": (
                "employee",
                SQL(
                    "SELECT partner_id, NULL::int, min(create_date)::date"
                    " FROM res_users WHERE active AND NOT share GROUP BY partner_id"
                ),
            )
        }
        for model, kind, condition, day in (
            ("sale.order", "customer", SQL("d.state = 'sale'"), SQL("d.date_order")),
            (
                "purchase.order",
                "supplier",
                SQL("d.state IN ('purchase', 'done')"),
                SQL("coalesce(d.date_approve, d.date_order)"),
            ),
            ("account.move", "customer", self._get_move_condition("out"), SQL("date")),
            ("account.move", "supplier", self._get_move_condition("in"), SQL("date")),
        ):
            if model in self.env:
                sources[f"{model}:{kind}"] = (
                    kind,
                    SQL(
                        "SELECT p.commercial_partner_id, d.company_id, min(%s)::date"
                        " FROM %s d JOIN res_partner p ON p.id = d.partner_id"
                        " WHERE %s GROUP BY 1, 2",
                        day,
                        SQL.identifier(self.env[model]._table),
                        condition,
                    ),
                )
        return sources

    @api.model
    def _get_move_condition(self, direction):
        types = [f"{direction}_{kind}" for kind in ("invoice", "refund", "receipt")]
        return SQL("d.state = 'posted' AND d.move_type IN %s", tuple(types))

    @api.model
    def _derive_roles(self, progress=None):
        """Propose the roles that business data tell and nobody has entered or refused.

        :param progress: function that is told (done, remaining) after each batch
        :return: how many roles were proposed
        """
        self.env.flush_all()
        found = [
            (kind, source, *row)
            for source, (kind, select) in self._get_role_sources().items()
            for row in self._get_missing(kind, select)
        ]
        done = 0
        for batch in split_every(BATCH, found, list):
            for kind, source, partner_id, company_id, day in batch:
                self.env["res.partner"].browse(partner_id)._give_role(
                    kind,
                    company=self.env["res.company"].browse(company_id),
                    date_from=day,
                    origin="derived",
                    source=source.partition(":")[0],
                )
            done += len(batch)
            if progress:
                progress(len(batch), len(found) - done)
        return done

    def _get_missing(self, kind, select):
        """Return the rows of a source whose partner has no role of this kind."""
        return self.env.execute_query(
            SQL(
                """
                SELECT f.partner_id, f.company_id, f.first_day
                FROM (%s) f (partner_id, company_id, first_day)
                JOIN res_partner p ON p.id = f.partner_id
                WHERE (p.company_id IS NULL OR f.company_id IS NULL
                       OR p.company_id = f.company_id)
                  AND NOT EXISTS (
                    SELECT FROM relationship_role r
                    WHERE r.partner_id = f.partner_id AND r.kind = %s
                      AND (r.company_id IS NULL OR r.company_id = f.company_id
                           OR f.company_id IS NULL)
                      AND (r.date_to IS NULL OR r.state = 'refused'))
                ORDER BY f.first_day, f.partner_id
                """,
                select,
                kind,
            )
        )

    @api.model
    def _cron_derive_roles(self):
        self._derive_roles(
            lambda done, remaining: self.env["ir.cron"]._commit_progress(
                done, remaining=remaining
            )
        )


class RelationshipRoleType(models.Model):
    """Let managers derive roles at once."""

    _inherit = "relationship.role.type"

    @api.model
    def action_derive(self):
        """Derive now and say how many roles were proposed."""
        self.check_access("write")
        # sudo: a manager may look through all business data for partners, although
        # some of them lie in applications that the manager does not use.
        count = self.env["relationship.role"].sudo()._derive_roles()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Roles proposed: %(count)s", count=count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


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
        # sudo: whoever may create users may do without rights on partners' roles.
        employees.partner_id.sudo()._give_role(
            "employee",
            date_from=fields.Date.context_today(self),
            origin="derived",
            source="res.users",
        )
