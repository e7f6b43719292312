from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.source import Source

# Source → which activities, and their day.
ACTIVITIES = {
    "last_contact": SQL("NOT a.active AND a.date_done IS NOT NULL"),
    "next_contact": SQL("a.active"),
}
DAYS = {"last_contact": SQL("a.date_done"), "next_contact": SQL("a.date_deadline")}


class ResPartner(models.Model):
    """Where the figures of a partner come from.

    A source is one statement with a row for each record: ``id``, ``partner_id`` (the
    company behind a contact person) and ``day``; those that the descriptions of
    business models name also ``company_id``, ``amount`` (in the currency of its
    company) and ``rate`` (into the currency of the current one). Computing, searching
    and opening a figure all start there.
    """

    _inherit = "res.partner"

    def _describe_source(self):
        return Source(partners=("id",), activities=True)

    @api.model
    def _get_figure_rows(self, key, family=None):
        """Return the statement of a source, or None: the user may read none of it.

        :param key: of a figure, or ``last_contact``, ``next_contact``
        :param family: these commercial partners only
        """
        partners = self.with_context(active_test=False)
        self.flush_model(["commercial_partner_id"])
        near = SQL("TRUE")
        if family is not None:
            near = SQL("p.commercial_partner_id IN %s", tuple(family.ids))
        if key == "last_contact":
            return partners._get_last_contact_rows(near)
        if key == "next_contact":
            return partners._get_activity_rows(key, near)
        return partners._get_source_rows(key, family)

    @api.model
    def _find_figure(self, key, family=None):
        """Return a figure, its source, and the domain of what it counts.

        :param family: these commercial partners only
        """
        sources = self.env["relationship.source"]._get_descriptions().values()
        figure, source = next(
            (f, s) for s in sources for f in s.figures if f.key == key
        )
        domain = figure.domain
        if "may_analyse" in source.records:
            domain &= Domain("may_analyse", "=", True)
        if source.company:
            companies = [False, *self.env.companies.ids]
            domain &= Domain(source.company, "in", companies)
        if family is not None:
            path = f"{source.partners[0]}.commercial_partner_id"
            domain &= Domain(path, "in", family.ids)
        return figure, source, domain

    @api.model
    def _get_source_rows(self, key, family):
        figure, source, domain = self._find_figure(key, family)
        records = source.records
        if not records.has_access("read"):
            return None
        records.flush_model()
        found = records._search(domain).subselect()
        return getattr(self, figure.rows)(source, found)

    @api.model
    def _get_amount_rows(self, source, found):
        company = source.column(source.company, "int")
        return SQL(
            """
            SELECT s.id, p.commercial_partner_id AS partner_id,
                   %(company)s AS company_id, %(day)s AS day,
                   coalesce(%(amount)s, 0)::numeric AS amount, %(rate)s AS rate
              FROM %(table)s s JOIN res_partner p ON p.id = %(partner)s
             WHERE s.id IN %(found)s
            """,
            company=company,
            day=source.day(source.date),
            amount=source.column(source.amount, "numeric"),
            rate=self._get_figure_rate(company),
            table=source.table,
            partner=source.partner,
            found=found,
        )

    @api.model
    def _get_figure_rate(self, company):
        """Return today's rate from a company (a column) to the current company.

        NULL where there is none; 1 for a record without a company.
        """
        target, today = self.env.company.currency_id, fields.Date.context_today(self)
        cases = [
            # As a subquery, it is asked once and not for each record.
            SQL(
                "WHEN %s THEN (SELECT relationship_currency_rate(%s, %s, %s, %s))",
                each.id,
                each.id,
                each.currency_id.id,
                target.id,
                today,
            )
            for each in self.env.companies
        ]
        self.env["res.currency.rate"].flush_model()
        cases = SQL(" ").join(cases)
        return SQL("(CASE %s %s ELSE 1 END)::numeric", company, cases)

    @api.model
    def _get_activity_rows(self, which, near):
        """Return activities of partners and of what points to them."""
        self.env["mail.activity"].flush_model()
        sources = self.env["relationship.source"]._get_descriptions()
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT a.id, p.commercial_partner_id AS partner_id, %(day)s AS day
                  FROM mail_activity a %(document)s
                 WHERE a.res_model = %(model)s AND %(which)s AND %(near)s
                       AND %(visible)s AND %(told)s
                """,
                day=DAYS[which],
                document=self._join_partner(source),
                model=model,
                which=ACTIVITIES[which],
                near=near,
                visible=self._get_activity_access(model),
                told=self.env["mail.activity"]._select_told("a"),
            )
            for model, source in sources.items()
            if source.activities
        )

    @api.model
    def _join_partner(self, source):
        """Return the partner ``p`` of the record of an activity, as a JOIN."""
        source.records.flush_model()
        if source.partners[0] == "id":
            return SQL("JOIN res_partner p ON p.id = a.res_id")
        return SQL(
            "JOIN %s s ON s.id = a.res_id JOIN res_partner p ON p.id = %s",
            source.table,
            source.partner,
        )

    @api.model
    def _get_activity_access(self, model):
        """Return whose activities the user may see, as core decides it.

        One's own, and those of records that one may post on; none of what is hidden,
        which would tell that it is about the partner.
        """
        records = self.env[model].with_context(active_test=False)
        if self.env.su:
            return SQL("TRUE")
        if not records.has_access("read"):
            return SQL("FALSE")
        readable = records._search(Domain.TRUE).subselect()
        own = SQL("(a.user_id = %s AND a.res_id IN %s)", self.env.uid, readable)
        operation = getattr(records, "_mail_post_access", "read")
        if not records.has_access(operation):
            return own
        rules = self.env["ir.rule"]
        allowed = rules._compute_domain(model, "read")
        allowed &= rules._compute_domain(model, operation)
        if operation != "read" and hasattr(records, "_get_changeable_domain"):
            allowed &= records._get_changeable_domain()
        # sudo: as core follows its rules, which may lead through what is hidden.
        found = records.sudo()._search(allowed)
        return SQL("(%s OR a.res_id IN %s)", own, found.subselect())
