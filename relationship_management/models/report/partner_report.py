from odoo import fields, models
from odoo.tools import SQL

MAX_FACTS = 16


def group_amount(string):
    """Return the field of an amount in the group currency."""
    return fields.Monetary(
        string=string,
        currency_field="group_currency_id",
        readonly=True,
        help="At the rate of today; empty without a rate.",
    )


class RelationshipPartnerReport(models.Model):
    """What happened with partners: a row per opportunity and activity, to be counted.

    Other addons add theirs by the ``facts`` of a description (``relationship.source``).
    An amount of their own is a field, and one more in the group currency,
    ``group_<name>``.
    """

    _name = "relationship.partner.report"
    _description = "Partner statistics"
    _inherit = ["relationship.source.access.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "res.partner": [
            "commercial_partner_id",
            "industry_id",
            "country_id",
            "company_id",
        ],
        "res.company": ["currency_id"],
        "res.currency.rate": ["currency_id", "company_id", "name", "rate"],
    }

    name = fields.Char(readonly=True)
    number = fields.Char(readonly=True)
    kind = fields.Selection("_get_kinds", readonly=True)
    status = fields.Selection(
        [
            ("open", "Open"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("archived", "Archived"),
            ("planned", "Planned"),
            ("overdue", "Overdue"),
            ("done", "Done"),
        ],
        readonly=True,
        help="Opportunities are open, won, lost or archived; activities planned,"
        " overdue or done.",
    )

    # A column of the view, unlike the computed one of the mixin: it can be grouped by.
    partner_id = fields.Many2one(store=True, compute=None, search=None, readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Company of the partner", readonly=True
    )
    industry_id = fields.Many2one("res.partner.industry", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)

    type_id = fields.Many2one(
        "relationship.opportunity.type", string="Opportunity type", readonly=True
    )
    activity_type_id = fields.Many2one("mail.activity.type", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(
        readonly=True,
        help="When the opportunity was created; when the activity was done, or is due.",
    )
    date_closing = fields.Date(
        string="Closing",
        readonly=True,
        help="When the opportunity was closed, or is expected to be.",
    )

    currency_id = fields.Many2one(
        "res.currency", string="Currency of the company", readonly=True
    )
    expected_revenue = fields.Monetary(readonly=True)
    forecast_revenue = fields.Monetary(readonly=True)
    won_revenue = fields.Monetary(readonly=True)
    group_currency_id = fields.Many2one("res.currency", readonly=True)
    group_expected_revenue = group_amount("Expected revenue in the group currency")
    group_forecast_revenue = group_amount("Forecast revenue in the group currency")
    group_won_revenue = group_amount("Won revenue in the group currency")

    @property
    def _table_query(self):
        """Unite the facts and add what their partner and company tell.

        An amount without a company is in the currency of the current one, as on the
        form of the opportunity. ``OFFSET 0``: one rate a company, not one a row.
        """
        facts = self._get_facts().items()
        return SQL(
            """
            SELECT f.*, p.commercial_partner_id, m.currency_id,
                coalesce(p.industry_id, h.industry_id) AS industry_id,
                coalesce(p.country_id, h.country_id) AS country_id,
                %(group)s AS group_currency_id,
                %(amounts)s
            FROM (%(facts)s) f
            JOIN res_partner p ON p.id = f.partner_id
            LEFT JOIN res_partner h ON h.id = p.commercial_partner_id
            JOIN (
                SELECT c.id, c.currency_id, relationship_currency_rate(
                    c.id, c.currency_id, %(group)s, %(today)s) AS rate
                FROM res_company c OFFSET 0
            ) m ON m.id = coalesce(f.company_id, %(company)s)
            """,
            amounts=SQL(", ").join(
                SQL(
                    "f.%s * m.rate AS %s",
                    SQL.identifier(name),
                    SQL.identifier(f"group_{name}"),
                )
                for name, kind in self._get_columns().items()
                if kind == "numeric"
            ),
            facts=SQL(" UNION ALL ").join(
                SQL(
                    "SELECT s.id::bigint * %s + %s AS id, %s AS kind, %s",
                    MAX_FACTS,
                    slot,
                    kind,
                    select,
                )
                for slot, (kind, select) in enumerate(facts)
            ),
            group=self._get_group_currency_id(),
            company=self.env.company.id,
            today=fields.Date.context_today(self),
        )

    def _get_group_currency_id(self):
        """Return the currency that the history uses, too, for sums of companies."""
        # sudo: which currency the group uses is no secret.
        parameters = self.env["ir.config_parameter"].sudo()
        value = parameters.get_param("relationship_management.group_currency_id", "")
        if value.isdigit():
            return int(value)
        first = self.env["res.company"].sudo().search([], order="id", limit=1)
        return first.currency_id.id
