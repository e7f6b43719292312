from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

OPPORTUNITIES = {
    "open": Domain("won_status", "=", "pending") & Domain("active", "=", True),
    "won": Domain("won_status", "=", "won"),
    "lost": Domain("won_status", "=", "lost"),
}
# Source → which activities, and their day.
ACTIVITIES = {
    "last_contact": SQL("NOT a.active AND a.date_done IS NOT NULL"),
    "next_contact": SQL("a.active"),
}
DAYS = {"last_contact": SQL("a.date_done"), "next_contact": SQL("a.date_deadline")}


class ResPartner(models.Model):
    """Where the figures of a partner come from.

    A source is one statement with a row for each record: ``id``, ``partner_id`` (the
    company behind a contact person), ``amount`` (in the currency of the current
    company) and ``day``. Computing, searching and opening a figure all start there.
    """

    _inherit = "res.partner"

    @api.model
    def _get_figure_rows(self, source, family=None):
        """Return the statement of a source, or None: the user may read none of it.

        :param source: ``open``, ``won``, ``lost``, ``last_contact``, ``next_contact``
        :param family: these commercial partners only
        """
        partners = self.with_context(active_test=False)
        self.flush_model(["commercial_partner_id"])
        if source in OPPORTUNITIES:
            return partners._get_opportunity_rows(source, family)
        if source == "last_contact":
            return partners._get_last_contact_rows(family)
        return partners._get_activity_rows(source, family)

    @api.model
    def _get_opportunity_domain(self, source):
        companies = [False, *self.env.companies.ids]
        return (
            Domain("type", "=", "opportunity")
            & Domain("company_id", "in", companies)
            & OPPORTUNITIES[source]
        )

    @api.model
    def _get_opportunity_rows(self, source, family):
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            return None
        domain = self._get_opportunity_domain(source)
        if family is not None:
            domain &= Domain("partner_id.commercial_partner_id", "in", family.ids)
        leads.flush_model(["company_id", "expected_revenue", "partner_id"])
        return SQL(
            """
            SELECT d.id, p.commercial_partner_id AS partner_id, NULL::date AS day,
                   coalesce(d.expected_revenue, 0)::numeric * %(rate)s AS amount
              FROM crm_lead d JOIN res_partner p ON p.id = d.partner_id
             WHERE d.id IN %(found)s
            """,
            rate=self._get_figure_rate(),
            found=leads._search(domain).subselect(),
        )

    @api.model
    def _get_figure_rate(self):
        """Return today's rate from the company of ``d`` to the current company.

        NULL where there is none; 1 for a record without a company.
        """
        target, today = self.env.company.currency_id, fields.Date.context_today(self)
        cases = [
            # As a subquery, it is asked once and not for each record.
            SQL(
                "WHEN %s THEN (SELECT relationship_currency_rate(%s, %s, %s, %s))",
                company.id,
                company.id,
                company.currency_id.id,
                target.id,
                today,
            )
            for company in self.env.companies
        ]
        self.env["res.currency.rate"].flush_model()
        return SQL("(CASE d.company_id %s ELSE 1 END)::numeric", SQL(" ").join(cases))

    @api.model
    def _get_activity_rows(self, source, family):
        """Return activities of partners and of their opportunities."""
        self.env["mail.activity"].flush_model()
        self.env["crm.lead"].flush_model(["partner_id"])
        near = SQL("TRUE")
        if family is not None:
            near = SQL("p.commercial_partner_id IN %s", tuple(family.ids))
        documents = {
            "res.partner": SQL("JOIN res_partner p ON p.id = a.res_id"),
            "crm.lead": SQL(
                "JOIN crm_lead d ON d.id = a.res_id"
                " JOIN res_partner p ON p.id = d.partner_id"
            ),
        }
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT a.id, p.commercial_partner_id AS partner_id, %(day)s AS day,
                       NULL::numeric AS amount
                  FROM mail_activity a %(document)s
                 WHERE a.res_model = %(model)s AND %(which)s AND %(near)s
                       AND %(visible)s
                """,
                day=DAYS[source],
                document=join,
                model=model,
                which=ACTIVITIES[source],
                near=near,
                visible=self._get_activity_access(model),
            )
            for model, join in documents.items()
        )

    @api.model
    def _get_activity_access(self, model):
        """Return whose activities the user may see, as core decides it.

        One's own, and those of records that one may post on.
        """
        records = self.env[model].with_context(active_test=False)
        if self.env.su:
            return SQL("TRUE")
        own = SQL("a.user_id = %s", self.env.uid)
        operation = getattr(records, "_mail_post_access", "read")
        if not (records.has_access("read") and records.has_access(operation)):
            return own
        allowed = self.env["ir.rule"]._compute_domain(model, operation)
        return SQL("(%s OR a.res_id IN %s)", own, records._search(allowed).subselect())
