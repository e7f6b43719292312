"""Evaluation of a campaign: figures in words, and the records behind each of them."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from ..shared.figures_mixin import show_figure
from ..shared.finite import finite
from ..shared.may_be_told import name_of
from .figures import AMOUNTS, _percent

HEADER = ("contacted", "responded", "opportunities", "revenue")
MONEY = {*AMOUNTS, "actual_cost"}


class RelationshipCampaign(models.Model):
    _name = "relationship.campaign"
    _inherit = ["relationship.campaign", "relationship.figures.mixin"]

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

    def _get_figure_title(self, figure):
        return f"{self.title}: {figure['label']}"

    def _describe_figures(self, key=None, with_parts=False, header=False):
        """Return the figures of one campaign, or of it and its parts."""
        if not self.may_analyse:
            return [], [self._get_analysis_refusal()]
        campaigns = self._get_visible_parts() if with_parts else self
        numbers = {} if key else self._add_up(campaigns)
        figures = self._describe_addressees(campaigns, numbers)
        if self.env["crm.lead"].has_access("read"):
            figures += self._describe_opportunities(campaigns, numbers)
        notes = self._get_hidden_notes(numbers, campaigns)
        notes += self._get_rate_notes(numbers)
        if not header:
            results, said = self._describe_results(campaigns, numbers)
            figures += results
            notes += said
        figures += self._describe_costs(campaigns, numbers)
        if with_parts and not key:
            notes = self._get_part_notes(campaigns) + notes
        return [f for f in figures if not header or f["key"] in HEADER], notes

    # Numbers

    def _get_visible_parts(self):
        """Return this campaign and the parts that the user may see and analyse."""
        campaigns = self.with_context(active_test=False)
        parts = [("id", "child_of", self.ids), ("may_analyse", "=", True)]
        return campaigns.search(parts).with_context(active_test=True)

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
            numbers[name] = sum(campaigns._get_topmost(name).mapped(name))
        return numbers

    def _get_topmost(self, name):
        """Return the campaigns whose goals add up: those of parts are in a parent's."""
        with_goal = self.filtered(name)
        ids = {str(campaign.id) for campaign in with_goal}
        return with_goal.filtered(
            lambda c: not ids.intersection(c.parent_path.split("/")[:-2])
        )

    def _add_up_plans(self, campaigns):
        """Return costs and revenue goal: ``{name: (amount, amounts without a rate)}``.

        A cost is converted at the rate of its day, a goal at that of the start. The
        goal of a campaign holds those of its parts.
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
                                 WHERE c.id = ANY(%(topmost)s)) amounts) converted
                """,
                currency=self.currency_id.id,
                ids=campaigns.ids,
                topmost=campaigns._get_topmost("goal_revenue").ids,
            )
        )
        names = ("planned_cost", "actual_cost", "goal_revenue")
        return {
            name: (float(finite(amount)), without_rate)
            for name, amount, without_rate in zip(names, row[:3], row[3:], strict=True)
        }

    # Words

    def _describe_addressees(self, campaigns, numbers):
        mine = Domain("campaign_id", "in", campaigns.ids)
        taken = mine & Domain("state", "!=", "excluded")
        # The control group is a figure of its own.
        left_out = mine & Domain(
            [("state", "=", "excluded"), ("is_control", "=", False)]
        )
        asked = mine & Domain("state", "in", ("contacted", "responded"))
        answered = mine & Domain("state", "=", "responded")
        positive = answered & Domain("response_id.kind", "=", "positive")
        described = [
            ("addressees", self.env._("Members"), "addressee_count", None, taken),
            (
                "contacted",
                self.env._("Contacted"),
                "contacted_count",
                "addressee_count",
                asked,
            ),
            (
                "responded",
                self.env._("Responded"),
                "responded_count",
                "goal_responses",
                answered,
            ),
            (
                "positive",
                self.env._("Positive responses"),
                "positive_count",
                None,
                positive,
            ),
            ("excluded", self.env._("Excluded"), "excluded_count", None, left_out),
        ]
        model, hidden = "relationship.campaign.addressee", "hidden_addressee_count"
        return self._describe(model, described, numbers, numbers.get(hidden))

    def _describe_opportunities(self, campaigns, numbers):
        all_ = campaigns._get_counted_domain()
        won = all_ & Domain("won_status", "=", "won")
        described = [
            (
                "opportunities",
                self.env._("Opportunities"),
                "opportunity_count",
                "goal_opportunities",
                all_,
            ),
            ("won", self.env._("Won"), "won_count", None, won),
            ("revenue", self.env._("Revenue"), "won_revenue", "goal_revenue", won),
            ("margin", self.env._("Contribution margin"), "won_margin", None, won),
        ]
        hidden = numbers.get("hidden_opportunity_count")
        hint = self.env._("What the opportunities won were expected to bring.")
        figures = self._describe("crm.lead", described, numbers, hidden)
        return figures[:2] + [{**figure, "hint": hint} for figure in figures[2:]]

    def _describe_results(self, campaigns, numbers):
        """Return figures that bridges add beside the opportunities, and notes on them.

        :param numbers: as of :meth:`_describe`
        """
        return [], []

    def _describe_costs(self, campaigns, numbers):
        model = "relationship.campaign.cost"
        domain = Domain("campaign_id", "in", campaigns.ids)
        label = self.env._("Costs")
        described = [("cost", label, "actual_cost", "planned_cost", domain)]
        (figure,) = self._describe(model, described, numbers)
        figures = [{**figure, "planned": True}]
        if self.env["crm.lead"].has_access("read"):
            cost, margin = numbers.get("actual_cost", 0), numbers.get("won_margin", 0)
            # All costs, compared with a part of the margin, would say nothing.
            parts = ("hidden_opportunity_count", "without_rate_count")
            is_known = cost and not any(numbers.get(name) for name in parts)
            value = f"{_percent(margin - cost, cost):.0f} %" if is_known else "–"
            label = self.env._("ROI")
            hint = self.env._(
                "(contribution margin of the opportunities won − costs) ÷ costs"
            )
            figures.append(
                show_figure("return", label, value, model, domain, hint=hint)
            )
        return figures

    def _describe(self, model, described, numbers, hidden=0):
        """Return figures of a model, each with its goal.

        :param described: key, label, names of the number and of its goal, domain
        :param numbers: as returned by :meth:`_add_up`; empty where only the records
            behind the figures are wanted
        :param hidden: how many the user does not see: goals of everybody are not
            compared with what one person sees
        """
        figures = []
        for key, label, name, goal_name, domain in described:
            number, goal = numbers.get(name, 0), numbers.get(goal_name)
            in_words = self._format_money if name in MONEY else str
            is_compared = goal and not (hidden and goal_name.startswith("goal_"))
            figures.append(
                show_figure(
                    *(key, label, in_words(number), model, domain),
                    goal=in_words(goal) if goal else False,
                    percent=round(_percent(number, goal)) if is_compared else False,
                )
            )
        return figures

    def _format_money(self, amount):
        return format_amount(self.env, amount, self.currency_id, trailing_zeroes=False)

    def _get_analysis_refusal(self):
        return self.env._(
            "You may not analyse campaigns of the type %(type)s: ask a manager.",
            type=name_of(self.type_id, after_noun=True),
        )

    def action_open_figure(self, key, with_parts=False):
        """Say why, if there are no figures for this user."""
        self._check_figure_access()
        if not self.may_analyse:
            raise AccessError(self._get_analysis_refusal())
        return super().action_open_figure(key, with_parts)

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
        parts = [("id", "child_of", self.ids)]
        unanalysed = self._count_unanalysed(parts)
        hidden = everything.search_count(parts) - len(campaigns) - unanalysed
        if unanalysed:
            notes.append(
                self.env._(
                    "Parts not counted, since you may not analyse their types:"
                    " %(count)s.",
                    count=unanalysed,
                )
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

    def _get_hidden_notes(self, numbers, campaigns):
        """Return sentences on what the figures of this user do not count."""
        if not numbers:
            return []
        domain = campaigns._get_opportunity_domain()
        unanalysed = self.env["crm.lead"]._count_unanalysed(domain)
        addressees = numbers.get("hidden_addressee_count")
        opportunities = numbers.get("hidden_opportunity_count", 0) - unanalysed
        notes = []
        if unanalysed:
            notes.append(
                self.env._(
                    "Opportunities not counted, since you may not analyse their types:"
                    " %(count)s.",
                    count=unanalysed,
                )
            )
        if addressees:
            notes.append(
                self.env._(
                    "Members not counted, since you may not see them or their"
                    " company is not switched on: %(count)s.",
                    count=addressees,
                )
            )
        if opportunities > 0:
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
