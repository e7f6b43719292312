from odoo import fields, models
from odoo.tools import SQL

# What the statistics may know of a fact, and its type in PostgreSQL.
COLUMNS = {
    "res_model": "varchar",
    "res_id": "integer",
    "partner_id": "integer",
    "name": "varchar",
    "number": "varchar",
    "status": "varchar",
    "type_id": "integer",
    "activity_type_id": "integer",
    "stage_id": "integer",
    "user_id": "integer",
    "team_id": "integer",
    "company_id": "integer",
    "date": "date",
    "date_closing": "date",
    "expected_revenue": "numeric",
    "forecast_revenue": "numeric",
    "won_revenue": "numeric",
}


class RelationshipPartnerReport(models.Model):
    """What the statistics of partners count, as one SELECT a kind of fact."""

    _inherit = "relationship.partner.report"

    def _get_facts(self):
        """Return what is counted: {kind: SELECT made by ``_select_fact()``}.

        At most 16 kinds; at the end of the dictionary, so that ids stay what they are.
        """
        return {
            "opportunity": self._select_opportunities(),
            "activity": self._select_activities(),
        }

    def _get_columns(self):
        """Return what every fact has: {column: type in PostgreSQL}.

        Amounts (``numeric``) are in the currency of the company of the fact, and need a
        second field, ``group_<column>``.
        """
        return COLUMNS

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

    def _get_day(self, moment):
        """Return SQL of the day, where the user is, of a moment in UTC."""
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, str(self.env.tz)
        )

    def _select_opportunities(self):
        return self._select_fact(
            SQL("crm_lead s WHERE s.type = 'opportunity'"),
            res_model="crm.lead",
            res_id=SQL("s.id"),
            partner_id=SQL("s.partner_id"),
            name=SQL("s.name"),
            number=SQL("s.number"),
            status=SQL(
                "CASE WHEN s.won_status IN ('won', 'lost') THEN s.won_status"
                " WHEN s.active THEN 'open' ELSE 'archived' END"
            ),
            type_id=SQL("s.opportunity_type_id"),
            stage_id=SQL("s.stage_id"),
            user_id=SQL("s.user_id"),
            team_id=SQL("s.team_id"),
            company_id=SQL("s.company_id"),
            date=self._get_day(SQL("s.create_date")),
            date_closing=SQL(
                "CASE WHEN s.won_status IN ('won', 'lost')"
                " THEN coalesce(%s, s.date_deadline) ELSE s.date_deadline END",
                self._get_day(SQL("s.date_closed")),
            ),
            expected_revenue=SQL("s.expected_revenue"),
            forecast_revenue=SQL("s.forecast_revenue"),
            won_revenue=SQL(
                "CASE WHEN s.won_status = 'won' THEN s.expected_revenue ELSE 0 END"
            ),
        )

    def _get_activity_documents(self):
        """Return the models whose activities count.

        :return: {model: SELECT of ``id``, ``partner_id``, ``company_id``, ``type_id``,
            ``stage_id`` and ``team_id``}
        """
        return {
            "res.partner": SQL(
                "SELECT id, id AS partner_id, company_id, NULL::integer AS type_id,"
                " NULL::integer AS stage_id, NULL::integer AS team_id FROM res_partner"
            ),
            "crm.lead": SQL(
                "SELECT id, partner_id, company_id, opportunity_type_id AS type_id,"
                " stage_id, team_id FROM crm_lead"
            ),
        }

    def _select_activities(self):
        """Select planned activities and those done; cancelled ones leave no trace."""
        documents = SQL(" UNION ALL ").join(
            SQL("SELECT %s AS model, d.* FROM (%s) d", model, select)
            for model, select in self._get_activity_documents().items()
        )
        return self._select_fact(
            SQL(
                """
                mail_activity s
                JOIN (%s) d ON d.model = s.res_model AND d.id = s.res_id
                LEFT JOIN mail_activity_type t ON t.id = s.activity_type_id
                WHERE s.active OR s.date_done IS NOT NULL
                """,
                documents,
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
