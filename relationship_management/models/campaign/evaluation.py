"""Evaluation of a campaign: figures in words, and the records behind each of them."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from ..shared.finite import finite
from .figures import _percent

HEADER = ("contacted", "responded", "opportunities", "revenue")


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    has_parts = fields.Boolean(compute="_compute_has_parts")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_has_parts(self):
        """Say whether there are parts that the user may see."""
        groups = self.with_context(active_test=False)._read_group(
            [("parent_id", "in", self.ids)], ["parent_id"]
        )
        parents = {parent.id for (parent,) in groups}
        for campaign in self:
            campaign.has_parts = campaign.id in parents

    def get_campaign_figures(self, with_parts=False, header=False):
        """Return the figures of one campaign for its form.

        :param with_parts: add those of its parts of any depth, as far as the user may
            see them
        :param header: only the four of the header
        :return: ``{figures: [{key, label, value, goal, percent, hint}], notes: []}``
        """
        self.ensure_one()
        self.check_access("read")
        campaigns = self._get_visible_parts() if with_parts else self
        numbers = self._add_up(campaigns)
        figures = [
            {
                key: value
                for key, value in figure.items()
                if key not in ("model", "domain")
            }
            for figure in self._describe_figures(campaigns, numbers)
            if not header or figure["key"] in HEADER
        ]
        notes = self._get_hidden_notes(numbers) + self._get_rate_notes(numbers)
        if with_parts:
            notes = self._get_part_notes(campaigns) + notes
        return {"figures": figures, "notes": notes}

    def action_open_campaign_figure(self, key, with_parts=False):
        """Open exactly the records that a figure counts."""
        self.ensure_one()
        self.check_access("read")
        campaigns = self._get_visible_parts() if with_parts else self
        for figure in self._describe_figures(campaigns, {}):
            if figure["key"] == key:
                views = [(False, "list"), (False, "form")]
                if figure["model"] == "crm.lead":
                    views = [(False, "list"), (False, "kanban"), (False, "form")]
                return {
                    "type": "ir.actions.act_window",
                    "name": f"{self.title}: {figure['label']}",
                    "res_model": figure["model"],
                    "views": views,
                    "domain": list(figure["domain"]),
                    "context": {"active_test": False, "create": False},
                }
        raise UserError(
            self.env._("There is no such figure: reload the page and try again.")
        )

    # Numbers

    def _get_visible_parts(self):
        """Return this campaign and the parts of any depth that the user may see."""
        campaigns = self.with_context(active_test=False)
        return campaigns.search([("id", "child_of", self.ids)]).with_context(
            active_test=True
        )

    def _add_up(self, campaigns):
        """Return the figures of several campaigns in the currency of this one."""
        numbers = {}
        figures = campaigns._get_figures(self.currency_id)
        hidden = campaigns._count_hidden(figures)
        for found in (*figures.values(), *hidden.values()):
            for name, number in found.items():
                numbers[name] = numbers.get(name, 0) + number
        for name, (amount, without_rate) in self._add_up_plans(campaigns).items():
            numbers[name] = amount
            numbers["without_rate_count"] = (
                numbers.get("without_rate_count", 0) + without_rate
            )
        for name in ("goal_opportunities", "goal_responses"):
            numbers[name] = sum(campaigns.mapped(name))
        return numbers

    def _add_up_plans(self, campaigns):
        """Return costs and revenue goal: ``{name: (amount, amounts without a rate)}``.

        A cost is converted at the rate of its day, a goal at that of the start.
        """
        self.env["relationship.campaign.cost"].flush_model()
        self.env["relationship.campaign"].flush_model()
        (row,) = self.env.execute_query(
            SQL(
                """
                SELECT sum(planned * rate), sum(actual * rate), sum(goal * rate),
                       count(*) FILTER (WHERE rate IS NULL AND planned > 0),
                       count(*) FILTER (WHERE rate IS NULL AND actual > 0),
                       count(*) FILTER (WHERE rate IS NULL AND goal > 0)
                  FROM (SELECT planned, actual, goal,
                               relationship_currency_rate(
                                   company_id, currency_id, %(currency)s,
                                   coalesce(on_day, now()::date)) AS rate
                          FROM (SELECT c.currency_id, u.relationship_company_id AS
                                       company_id, k.date AS on_day,
                                       coalesce(k.planned_amount, 0) AS planned,
                                       coalesce(k.actual_amount, 0) AS actual,
                                       0 AS goal
                                  FROM relationship_campaign_cost k
                                  JOIN relationship_campaign c ON c.id = k.campaign_id
                                  JOIN utm_campaign u ON u.id = c.utm_campaign_id
                                 WHERE c.id = ANY(%(ids)s)
                                 UNION ALL
                                SELECT c.currency_id, u.relationship_company_id,
                                       c.date_from, 0, 0, coalesce(c.goal_revenue, 0)
                                  FROM relationship_campaign c
                                  JOIN utm_campaign u ON u.id = c.utm_campaign_id
                                 WHERE c.id = ANY(%(ids)s)) amounts) converted
                """,
                currency=self.currency_id.id,
                ids=campaigns.ids,
            )
        )
        names = ("planned_cost", "actual_cost", "goal_revenue")
        return {
            name: (float(finite(amount)), without_rate)
            for name, amount, without_rate in zip(names, row[:3], row[3:], strict=True)
        }

    # Words

    def _describe_figures(self, campaigns, numbers):
        """Return the figures: extend it for more.

        :param numbers: as returned by :meth:`_add_up`; may be empty where only the
            records behind the figures are wanted
        :return: list of ``{key, label, value, goal, percent, hint, model, domain}``
        """
        figures = self._describe_addressees(campaigns, numbers)
        if self.env["crm.lead"].has_access("read"):
            figures += self._describe_opportunities(campaigns, numbers)
        return figures + self._describe_costs(campaigns, numbers)

    def _describe_addressees(self, campaigns, numbers):
        mine = Domain("campaign_id", "in", campaigns.ids)
        taken = mine & Domain("state", "!=", "excluded")
        answered = mine & Domain("state", "=", "responded")
        described = [
            ("addressees", self.env._("Addressees"), "addressee_count", taken, None),
            (
                "contacted",
                self.env._("Contacted"),
                "contacted_count",
                mine & Domain("state", "in", ("contacted", "responded")),
                numbers.get("addressee_count"),
            ),
            (
                "responded",
                self.env._("Answered"),
                "responded_count",
                answered,
                numbers.get("goal_responses"),
            ),
            (
                "positive",
                self.env._("Positive answers"),
                "positive_count",
                answered & Domain("response_id.kind", "=", "positive"),
                None,
            ),
            (
                "excluded",
                self.env._("Left out"),
                "excluded_count",
                mine & Domain("state", "=", "excluded"),
                None,
            ),
        ]
        model = "relationship.campaign.addressee"
        figures = [
            self._describe(key, label, numbers.get(name, 0), goal, model, domain)
            for key, label, name, domain, goal in described
        ]
        if numbers.get("hidden_addressee_count"):
            self._withhold_percent(figures, {"responded"})
        return figures

    def _describe_opportunities(self, campaigns, numbers):
        domain = campaigns._get_opportunity_domain()
        won = domain & Domain("won_status", "=", "won")
        revenue = numbers.get("won_revenue", 0)
        figures = [
            self._describe(
                "opportunities",
                self.env._("Opportunities"),
                numbers.get("opportunity_count", 0),
                numbers.get("goal_opportunities"),
                "crm.lead",
                domain,
            ),
            self._describe(
                "won",
                self.env._("Won"),
                numbers.get("won_count", 0),
                None,
                "crm.lead",
                won,
            ),
            self._describe(
                "revenue",
                self.env._("Revenue"),
                revenue,
                numbers.get("goal_revenue"),
                "crm.lead",
                won,
                money=True,
            ),
            self._describe(
                "margin",
                self.env._("Contribution margin"),
                numbers.get("won_margin", 0),
                None,
                "crm.lead",
                won,
                money=True,
            ),
        ]
        if numbers.get("hidden_opportunity_count"):
            self._withhold_percent(figures, {"opportunities", "revenue"})
        return figures

    @api.model
    def _withhold_percent(self, figures, keys):
        """Compare no goal of everybody with what one person sees."""
        for figure in figures:
            if figure["key"] in keys:
                figure["percent"] = False

    def _describe_costs(self, campaigns, numbers):
        cost, margin = numbers.get("actual_cost", 0), numbers.get("won_margin", 0)
        domain = Domain("campaign_id", "in", campaigns.ids)
        figures = [
            self._describe(
                "cost",
                self.env._("Costs"),
                cost,
                numbers.get("planned_cost"),
                "relationship.campaign.cost",
                domain,
                money=True,
            )
        ]
        figures[0]["planned"] = True
        if self.env["crm.lead"].has_access("read"):
            # All costs, compared with a part of the margin, would say nothing.
            is_known = cost and not numbers.get("hidden_opportunity_count")
            share = _percent(margin - cost, cost)
            figures.append(
                {
                    "key": "return",
                    "label": self.env._("Return on the costs"),
                    "value": f"{share:.0f} %" if is_known else "–",
                    "goal": False,
                    "percent": False,
                    "hint": self.env._("(contribution margin − costs) ÷ costs"),
                    "model": "relationship.campaign.cost",
                    "domain": domain,
                }
            )
        return figures

    def _describe(self, key, label, number, goal, model, domain, money=False):
        def in_words(amount):
            if not money:
                return str(amount)
            return format_amount(
                self.env, amount, self.currency_id, trailing_zeroes=False
            )

        return {
            "key": key,
            "label": label,
            "value": in_words(number),
            "goal": in_words(goal) if goal else False,
            "percent": round(_percent(number, goal)) if goal else False,
            "hint": "",
            "model": model,
            "domain": domain,
        }

    def _get_part_notes(self, campaigns):
        """Return sentences on what the totals do not count."""
        notes = [
            self.env._(
                "Campaigns counted: %(count)s. Currency: %(currency)s.",
                count=len(campaigns),
                currency=self.currency_id.name,
            )
        ]
        # sudo: how many there are is all that is told of those that are hidden.
        everything = self.sudo().with_context(active_test=False)
        hidden = everything.search_count([("id", "child_of", self.ids)]) - len(
            campaigns
        )
        if hidden:
            notes.append(
                self.env._(
                    "Parts not counted, since you may not see them or their company is"
                    " not switched on: %(count)s.",
                    count=hidden,
                )
            )
        return notes

    def _get_hidden_notes(self, numbers):
        """Return sentences on what the figures of this user do not count."""
        addressees = numbers.get("hidden_addressee_count")
        opportunities = numbers.get("hidden_opportunity_count")
        notes = []
        if addressees:
            notes.append(
                self.env._(
                    "Addressees not counted, since you may not see them or their"
                    " company is not switched on: %(count)s.",
                    count=addressees,
                )
            )
        if opportunities:
            notes.append(
                self.env._(
                    "Opportunities not counted, since you may not see them or their"
                    " company is not switched on: %(count)s.",
                    count=opportunities,
                )
            )
        return notes

    def _get_rate_notes(self, numbers):
        if not numbers.get("without_rate_count"):
            return []
        return [
            self.env._(
                "Amounts not counted, since there is no exchange rate to"
                " %(currency)s: %(count)s. Ask an accountant to enter the rate.",
                count=numbers["without_rate_count"],
                currency=self.currency_id.name,
            )
        ]
