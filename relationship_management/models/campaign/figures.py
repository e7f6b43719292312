"""What came of campaigns: counted for whoever looks, in few statements for many."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.finite import finite

COUNTS = (
    "addressee_count",
    "excluded_count",
    "control_count",
    "contacted_count",
    "responded_count",
    "positive_count",
    "opportunity_count",
    "won_count",
)
AMOUNTS = ("won_revenue", "won_margin")


def _figure(label, field_type=fields.Integer, **options):
    return field_type(label, compute="_compute_figures", **options)


class RelationshipCampaign(models.Model):
    """Figures of campaigns. They are never stored and never counted card by card.

    Amounts are in the currency of the campaign, each converted at the rate of the day
    on which the opportunity was won. Amounts without a rate are not counted, and
    ``without_rate_count`` says how many.
    """

    _inherit = "relationship.campaign"

    addressee_count = _figure("Number of members")
    excluded_count = _figure("Excluded")
    control_count = _figure("Control group")
    contacted_count = _figure("Contacted")
    responded_count = _figure("Responded")
    positive_count = _figure("Positive responses")
    opportunity_count = _figure("Number of opportunities")
    won_count = _figure("Won")
    won_revenue = _figure("Revenue", fields.Monetary)
    won_margin = _figure("Contribution margin", fields.Monetary)
    without_rate_count = _figure("Won without exchange rate")
    contacted_percent = _figure("Contacted (%)", fields.Float)
    goal_percent = fields.Float(
        "Goal reached (%)",
        compute="_compute_goal_percent",
        help="Of the revenue goal; without one of the opportunities, then the"
        " responses. 0 while you do not see all of them.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_figures(self):
        figures = self._origin._get_figures()
        for campaign in self:
            found = figures.get(campaign._origin.id, {})
            for name in (*COUNTS, *AMOUNTS, "without_rate_count"):
                campaign[name] = found.get(name, 0)
            campaign.contacted_percent = _percent(
                campaign.contacted_count, campaign.addressee_count
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_goal_percent(self):
        campaigns = self._origin
        hidden = campaigns._count_hidden(
            {found.id: {name: found[name] for name in COUNTS} for found in campaigns}
        )
        for campaign in self:
            campaign.goal_percent = campaign._get_goal_percent(
                hidden.get(campaign._origin.id, {})
            )

    def _get_goal_percent(self, hidden):
        """Return how much of the first goal that is set has been reached."""
        for goal, reached, seen_in in (
            (self.goal_revenue, self.won_revenue, "hidden_opportunity_count"),
            (
                self.goal_opportunities,
                self.opportunity_count,
                "hidden_opportunity_count",
            ),
            (self.goal_responses, self.responded_count, "hidden_addressee_count"),
        ):
            if goal:
                return 0 if hidden.get(seen_in) else _percent(reached, goal)
        return 0

    def _get_figures(self, currency=None):
        """Count what the user may see, in two statements for any number of campaigns.

        :param currency: of the amounts; by default that of each campaign
        :return: ``{campaign id: {name of the figure: number}}``
        """
        figures = {id_: dict.fromkeys((*COUNTS, *AMOUNTS), 0) for id_ in self.ids}
        analysed = self.filtered("may_analyse")
        for campaign_id, found in analysed._count_addressees():
            figures[campaign_id].update(found)
        if self.env["crm.lead"].has_access("read"):
            for campaign_id, found in analysed._count_opportunities(currency):
                figures[campaign_id].update(found)
        return figures

    def _count_addressees(self):
        groups = self.env["relationship.campaign.addressee"]._read_group(
            [("campaign_id", "in", self.ids)],
            ["campaign_id", "state", "response_id", "is_control"],
            ["__count"],
        )
        # sudo: whoever may see an addressee may know what the answer means.
        kinds = {
            response.id: response.sudo().kind
            for _campaign, _state, response, *_rest in groups
        }
        found = {}
        for campaign, state, response, is_control, count in groups:
            numbers = found.setdefault(campaign.id, dict.fromkeys(COUNTS[:6], 0))
            if state == "excluded":
                numbers["control_count" if is_control else "excluded_count"] += count
                continue
            numbers["addressee_count"] += count
            numbers["contacted_count"] += count if state != "open" else 0
            numbers["responded_count"] += count if state == "responded" else 0
            if state == "responded" and kinds[response.id] == "positive":
                numbers["positive_count"] += count
        return found.items()

    def _count_opportunities(self, currency=None):
        if not self:
            return
        leads = self.env["crm.lead"].with_context(active_test=False)
        visible = leads._search(self._get_counted_domain())
        self.env["relationship.campaign"].flush_model(["currency_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, count(*), count(*) FILTER (WHERE won),
                       coalesce(sum(revenue * rate) FILTER (WHERE won), 0),
                       coalesce(sum(margin * rate) FILTER (WHERE won), 0),
                       count(*) FILTER (WHERE won AND rate IS NULL)
                  FROM (SELECT c.id, l.won_status = 'won' AS won,
                               coalesce(l.expected_revenue, 0) AS revenue,
                               coalesce(l.contribution_margin, 0) AS margin,
                               CASE WHEN l.won_status = 'won'
                                    THEN relationship_currency_rate(
                                        l.company_id,
                                        coalesce(k.currency_id, %(own)s),
                                        coalesce(%(currency)s, c.currency_id),
                                        coalesce(l.date_closed, now())::date)
                               END AS rate
                          FROM crm_lead l
                          JOIN relationship_campaign c
                            ON c.utm_campaign_id = l.campaign_id
                          LEFT JOIN res_company k ON k.id = l.company_id
                         WHERE l.id IN %(visible)s) won_or_not
                 GROUP BY id
                """,
                own=self.env.company.currency_id.id,
                currency=currency.id if currency else None,
                visible=visible.subselect(),
            )
        )
        names = ("opportunity_count", "won_count", *AMOUNTS, "without_rate_count")
        for campaign_id, *numbers in rows:
            yield campaign_id, dict(zip(names, map(_number, numbers), strict=True))

    def _count_hidden(self, figures):
        """Count the addressees and opportunities that are not among the figures.

        :param figures: as returned by :meth:`_get_figures`
        :return: ``{campaign id: {hidden_addressee_count, hidden_opportunity_count}}``
        """
        # sudo: whoever sees a campaign may know how many others there are, and no more.
        everything = self.sudo().with_context(active_test=False)
        addressees = dict(
            everything.env["relationship.campaign.addressee"]._read_group(
                [("campaign_id", "in", self.ids)], ["campaign_id"], ["__count"]
            )
        )
        opportunities = {}
        if self.env["crm.lead"].has_access("read"):
            opportunities = dict(
                everything.env["crm.lead"]._read_group(
                    everything._get_opportunity_domain(), ["campaign_id"], ["__count"]
                )
            )
        hidden = {}
        for campaign in everything:
            seen = figures[campaign.id]
            hidden[campaign.id] = {
                "hidden_addressee_count": addressees.get(campaign, 0)
                - seen["addressee_count"]
                - seen["excluded_count"]
                - seen["control_count"],
                "hidden_opportunity_count": opportunities.get(
                    campaign.utm_campaign_id, 0
                )
                - seen["opportunity_count"],
            }
        return hidden

    def _get_opportunity_domain(self):
        """Return the domain of the opportunities that came out of these campaigns."""
        # sudo: the core side is only the link between the two.
        core_ids = self.sudo().utm_campaign_id.ids
        return Domain("campaign_id", "in", core_ids) & Domain(
            "type", "=", "opportunity"
        )

    def _get_counted_domain(self):
        """Return the domain of those of them that the figures of the user count."""
        return self._get_opportunity_domain() & Domain("may_analyse", "=", True)


def _percent(part, whole):
    return finite(100 * part / whole) if whole else 0


def _number(value):
    """Return what PostgreSQL counts as int and what it adds up as float."""
    return value if isinstance(value, int) else float(finite(value))
