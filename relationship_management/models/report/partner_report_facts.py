from odoo import api, fields, models
from odoo.tools import SQL

# What the view adds to the facts, from their partner and company.
ADDED = {"id", "kind", "currency_id"}
ADDED |= {"commercial_partner_id", "industry_id", "country_id"}


class RelationshipPartnerReport(models.Model):
    """What the statistics of partners count, as one SELECT a kind of fact."""

    _inherit = "relationship.partner.report"

    def _register_hook(self):
        """Refuse facts with unknown columns when the registry is loaded."""
        super()._register_hook()
        self._get_facts()

    @api.model
    def _get_kinds(self):
        sources = self.env["relationship.source"]._get_descriptions().values()
        facts = [(fact.kind, fact.label) for s in sources for fact in s.facts]
        return [("activity", self.env._("Activity")), *facts]

    def _get_facts(self):
        """Return what is counted, at most 16 kinds: {kind: SELECT}."""
        sources = self.env["relationship.source"]._get_descriptions()
        activities = self._select_activities(sources)
        return {
            "activity": sources["mail.activity"].flush_before(activities),
            **{
                fact.kind: self._select_source(source, fact)
                for source in sources.values()
                for fact in source.facts
            },
        }

    def _get_columns(self):
        """Return what every fact has: {column: type in PostgreSQL}.

        Amounts (``numeric``) are in the currency of the company of the fact.
        """
        return {
            name: field.column_type[1]
            for name, field in self._fields.items()
            if field.store and name not in ADDED and not name.startswith("group_")
        }

    def _select_fact(self, source, **columns):
        """Return the columns and the source of a kind of fact.

        :param source: SQL after FROM, in which the counted records are named ``s``
        :param columns: values or SQL of the known columns; the others stay empty
        """
        known = self._get_columns()
        if unknown := columns.keys() - known.keys():
            raise ValueError(f"The statistics have no column {sorted(unknown)}.")
        values = SQL(", ").join(
            SQL("%s::%s AS %s", columns.get(name), SQL(kind), SQL.identifier(name))
            for name, kind in known.items()
        )
        return SQL("%s FROM %s", values, source)

    def _select_source(self, source, fact):
        """Return the SELECT of a fact that a description names."""
        columns = {
            "res_model": source.records._name,
            "res_id": SQL("s.id"),
            "partner_id": source.partner,
            "name": source.column(source.name),
            "number": source.column(source.number),
            "date": source.day(source.date),
        }
        for name in ("type", "stage", "user", "team", "company"):
            columns[f"{name}_id"] = source.column(getattr(source, name))
        select = self._select_fact(
            SQL("%s s WHERE %s", source.table, fact.where), **{**columns, **fact.values}
        )
        return source.flush_before(select)

    def _select_activities(self, sources):
        """Select planned activities and those done; cancelled ones leave no trace."""
        tasks = self.env["mail.activity"]
        documents = SQL(" UNION ALL ").join(
            self._select_document(each) for each in sources.values() if each.activities
        )
        return self._select_fact(
            SQL(
                """
                mail_activity s
                JOIN (%s) d ON d.model = s.res_model AND d.id = s.res_id
                LEFT JOIN mail_activity_type t ON t.id = s.activity_type_id
                WHERE (s.active OR s.date_done IS NOT NULL) AND %s AND %s
                """,
                documents,
                tasks._select_told("s"),
                tasks._select_counted("s"),
            ),
            res_model=SQL("s.res_model"),
            res_id=SQL("s.res_id"),
            partner_id=SQL("d.partner_id"),
            name=SQL(
                "coalesce(nullif(s.summary, ''), %s)",
                self.env["mail.activity.type"]._field_to_sql("t", "name"),
            ),
            status=SQL(
                "CASE WHEN NOT s.active THEN 'done'"
                " WHEN s.date_deadline < %s THEN 'overdue' ELSE 'planned' END",
                fields.Date.context_today(self),
            ),
            type_id=SQL("d.type_id"),
            activity_type_id=SQL("s.activity_type_id"),
            stage_id=SQL("d.stage_id"),
            user_id=SQL("s.user_id"),
            team_id=SQL("d.team_id"),
            company_id=SQL("d.company_id"),
            date=SQL("coalesce(s.date_done, s.date_deadline)"),
        )

    def _select_document(self, source):
        """Select the records of a model whose activities count."""
        names = (source.company, source.type, source.stage, source.team)
        records, counted = source.records, SQL("TRUE")
        if hasattr(records, "_select_analysed"):
            counted = records._select_analysed(SQL("s.id"))
        select = SQL(
            "SELECT %s AS model, s.id, %s AS partner_id, %s AS company_id,"
            " %s AS type_id, %s AS stage_id, %s AS team_id FROM %s s WHERE %s",
            records._name,
            source.partner,
            *(source.column(name, "int") for name in names),
            source.table,
            counted,
        )
        return source.flush_before(select)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_view_statistics(self):
        """Count opportunities, activities … of these partners and their contacts."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_partner_report_action"
        )
        return {
            **action,
            "display_name": self.env._("Statistics"),
            "domain": [("partner_id", "child_of", self.ids)],
            "context": {},
        }
