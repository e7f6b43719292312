"""Tasks in the relationship list: of any model that has partners, open and done."""

from dataclasses import replace

from odoo import api, models, tools
from odoo.tools import SQL
from odoo.tools.sql import existing_tables

from ..shared.source import Follow, Rows, is_column


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model
    @tools.ormcache()
    def _get_partner_columns(self):
        """Return ``{model: column of its partner}`` of what tasks hang at.

        A model has no table yet where the registry is set up before the database is:
        it is taken in when the registry is loaded again, or at night.
        """
        columns = {}
        for name, model in sorted(self.env.items()):
            if (
                model._abstract
                or not model._auto
                or "activity_ids" not in model._fields
            ):
                continue
            field = model._fields.get("partner_id")
            if name == "res.partner":
                columns[name] = "id"
            elif is_column(model, "partner_id") and field.comodel_name == "res.partner":
                columns[name] = "partner_id"
        # Its partners are its members: a task for one of them says for whom.
        columns["relationship.campaign"] = ""
        tables = {self.env[name]._table: name for name in columns}
        there = {tables[table] for table in existing_tables(self.env.cr, tables)}
        return {name: column for name, column in columns.items() if name in there}

    def _describe_source(self):
        return replace(super()._describe_source(), rows=self._describe_items())

    def _describe_items(self):
        # By its id from the cache: this is asked each time a description is.
        mail = self.env["ir.model.data"]._xmlid_to_res_id(
            "mail.mail_activity_data_email"
        )
        joins = [
            SQL("LEFT JOIN mail_activity_type t ON t.id = s.activity_type_id"),
            # The activity that generated it, or at which somebody has planned it.
            SQL(
                "LEFT JOIN relationship_activity b ON b.id ="
                " coalesce(s.relationship_activity_id, CASE WHEN s.res_model ="
                " 'relationship.activity' THEN s.res_id END)"
            ),
            SQL("LEFT JOIN relationship_campaign_addressee a ON a.id = s.addressee_id"),
        ]
        partners = [
            SQL("coalesce(a.partner_id, a.contact_id, b.partner_id, b.contact_id)")
        ]
        companies = [SQL("a.company_id"), SQL("b.company_id")]
        own = ("partner_id", "contact_id", "company_id")
        of_activity = (*own, "type_id", "campaign_id", "lead_id", "left_type_id")
        of_activity += ("channel",)
        follows = [
            Follow(
                "mail_activity_type", "s.activity_type_id = r.id", ("name", "category")
            ),
            Follow("relationship_campaign_addressee", "s.addressee_id = r.id", own),
            Follow(
                "relationship_activity",
                "s.relationship_activity_id = r.id",
                of_activity,
            ),
        ]
        for number, (model, column) in enumerate(self._get_partner_columns().items()):
            records, alias = self.env[model], f"d{number}"
            is_one = f"s.res_model = '{model}' AND s.res_id = r.id"
            joins.append(
                SQL(
                    # Of another model no record is looked up.
                    "LEFT JOIN %s %s ON %s ="
                    " CASE WHEN s.res_model = %s THEN s.res_id END",
                    SQL.identifier(records._table),
                    SQL(alias),
                    SQL.identifier(alias, "id"),
                    model,
                )
            )
            told = [column] if column not in ("", "id") else []
            if column:
                partners.append(SQL.identifier(alias, column))
            if is_column(records, "company_id"):
                companies.append(SQL.identifier(alias, "company_id"))
                told.append("company_id")
            if model == "relationship.activity":
                told = [*dict.fromkeys([*told, *of_activity])]
            if told:
                follows.append(Follow(records._table, is_one, tuple(told)))
        return Rows(
            kind="task",
            label=self.env._("Task"),
            icon="fa-tasks",
            where=SQL("s.res_model = ANY (%s)", list(self._get_partner_columns())),
            joins=SQL(" ").join(joins),
            follows=tuple(follows),
            values={
                "res_model": SQL("s.res_model"),
                "res_id": SQL("s.res_id"),
                "name": SQL("coalesce(nullif(s.summary, ''), t.name->>'en_US')"),
                "partner_id": SQL("coalesce(%s)", SQL(", ").join(partners)),
                "contact_id": SQL(
                    "CASE WHEN a.id IS NULL THEN b.contact_id"
                    " WHEN a.partner_id IS NOT NULL THEN a.contact_id END"
                ),
                "campaign_id": SQL(
                    "CASE WHEN s.res_model = 'relationship.campaign' THEN s.res_id"
                    " ELSE b.campaign_id END"
                ),
                "lead_id": SQL(
                    "CASE WHEN s.res_model = 'crm.lead' THEN s.res_id"
                    " ELSE b.lead_id END"
                ),
                "activity_type_id": SQL("b.type_id"),
                "left_type_id": SQL("b.left_type_id"),
                "task_type_id": SQL("s.activity_type_id"),
                # A call is one, whatever the activity is that it belongs to; of
                # e-mails, core has no category, only a type.
                "channel": SQL(
                    "CASE WHEN t.category = 'phonecall' THEN 'phone'"
                    " WHEN t.id = %s THEN 'email' ELSE b.channel END",
                    mail or 0,
                ),
                "status": SQL("CASE WHEN s.active THEN 'planned' ELSE 'done' END"),
                "user_id": SQL("s.user_id"),
                "company_id": SQL("coalesce(%s)", SQL(", ").join(companies)),
                "date_from": SQL("s.create_date"),
                "date_due": SQL("s.date_deadline"),
                "date_done": SQL("s.date_done"),
                "is_open": SQL("s.active"),
            },
        )
