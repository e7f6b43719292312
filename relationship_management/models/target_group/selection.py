import ast

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from ..shared.kinds import cut
from ..shared.may_be_told import as_person, get_hidden_words, is_hidden
from .rule_text import describe_domain

PARTS = [
    ("all", "Everybody who was not excluded"),
    ("contacted", "Contacted"),
    ("responded", "Responded"),
    ("positive", "Positive responses"),
    ("silent", "Contacted, no response"),
    ("opportunity", "With an opportunity"),
    ("control", "Control group"),
]
# What reading a rule raises that is none.
BROKEN = (ValueError, SyntaxError, TypeError, MemoryError, RecursionError)
# What a step says; another one finds others.
STEP_FIELDS = ("operation", "source", "rule", "other_campaign_id", "part")
SET_OPERATORS = {"add": "UNION", "subtract": "EXCEPT", "intersect": "INTERSECT"}


class RelationshipCampaignSelection(models.Model):
    """A step of the rule that a target group follows.

    Steps apply one after the other to what was found before: add, subtract, intersect.
    """

    _name = "relationship.campaign.selection"
    _description = "Step of a target group"
    _inherit = [
        "relationship.discreet.mixin",
        "relationship.parent.guard.mixin",
        "relationship.type.guard.mixin",
    ]
    _type_paths = ("campaign_id.type_id",)
    _order = "campaign_id, sequence, id"
    _asks_right_first = True

    campaign_id = fields.Many2one(
        "relationship.campaign", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    operation = fields.Selection(
        [("add", "Add"), ("subtract", "Remove"), ("intersect", "Keep only")],
        required=True,
        default="add",
    )
    source = fields.Selection(
        [("rule", "Partners by a rule"), ("campaign", "Campaign members")],
        string="Whom",
        required=True,
        default="rule",
    )
    rule = fields.Text(default="[]")
    other_campaign_id = fields.Many2one(
        "relationship.campaign",
        string="Of the campaign",
        index="btree_not_null",
        ondelete="restrict",
    )
    part = fields.Selection(PARTS, default="all")
    text = fields.Char(string="In words", compute="_compute_text")
    everybody_count = fields.Integer(
        string="Everybody",
        compute="_compute_everybody_count",
        help="Without a condition a rule means everybody: so many partners.",
    )

    @api.depends(*STEP_FIELDS)
    @api.depends_context("lang", "uid")
    def _compute_text(self):
        for step in self:
            step.text = step._get_text()

    @api.depends("source", "rule")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_everybody_count(self):
        """Count whom a rule without any condition means; 0 for every other rule."""
        for step in self:
            step.everybody_count = 0
            if step._is_everybody():
                domain = step._get_rule_domain() & Domain("active", "=", True)
                step.everybody_count = self.env["res.partner"].search_count(domain)

    def _is_everybody(self):
        self.ensure_one()
        if self.source != "rule":
            return False
        try:
            return self._parse_rule().is_true()
        except ValidationError:
            return False  # the text of the step says that the rule is broken

    def _get_text(self):
        """Return the step as words that people read."""
        parts = dict(self._fields["part"]._description_selection(self.env))
        operations = dict(self._fields["operation"]._description_selection(self.env))
        if self.source == "campaign":
            whom = self.env._(
                "“%(campaign)s”: %(part)s",
                campaign=self._get_other_name(),
                part=parts.get(self.part, ""),
            )
        elif self._is_everybody():
            whom = self.env._("everybody, without any condition")
        else:
            try:
                whom = describe_domain(self.env["res.partner"], self._parse_rule())
            except ValidationError as error:
                whom = str(error)
            except RecursionError:
                whom = self.env._("a rule that is nested too deeply to be told")
        return f"{operations.get(self.operation, '')}: {whom}"

    def _get_other_name(self):
        """Name the other campaign to whoever may see it."""
        if self._is_other_hidden():
            return get_hidden_words(self.other_campaign_id)
        return self.other_campaign_id.display_name or "…"

    def _is_other_hidden(self):
        return self.source == "campaign" and is_hidden(self.other_campaign_id)

    @api.model_create_multi
    def create(self, vals_list):
        """Let nobody name a campaign that is hidden to this person."""
        self._ask_for_named(vals_list, "campaign_id", "other_campaign_id")
        return super().create(vals_list)

    def write(self, vals):
        """Let nobody name a campaign that is hidden to this person."""
        self.check_access("write")
        if vals.get("other_campaign_id"):
            self._ask_for_named([vals], "other_campaign_id")
        return super().write(vals)

    # The rule

    def _get_key(self):
        """Return all steps as one text that differs when the rule does."""
        steps = []
        for step in self.sorted(lambda s: (s.sequence, s._origin.id)):
            if step.source == "rule":
                steps.append((step.operation, step.rule))
            else:
                # sudo: only the id, to compare it; the campaign may be hidden by now.
                other = step.sudo().other_campaign_id
                steps.append((step.operation, other._origin.id, step.part))
        return repr(steps)

    @api.model
    def _tell_key(self, key):
        """Yield the steps that :meth:`_get_key` kept, in words for who reads them."""
        for operation, what, *part in ast.literal_eval(key):
            whom = {"source": "rule", "rule": what}
            if part:
                whom = {
                    "source": "campaign",
                    "other_campaign_id": what,
                    "part": part[0],
                }
            yield self.new({"operation": operation, **whom})._get_text()

    def _parse_rule(self):
        """Return the rule as a domain; a broken one is said in a sentence."""
        try:
            return Domain(self._read_rule())
        except BROKEN as error:
            raise ValidationError(
                self.env._(
                    "The rule “%(rule)s” cannot be read: edit it with New rule, or"
                    " copy it again completely.",
                    rule=cut(self.rule),
                )
            ) from error

    @api.constrains("source", "rule", "other_campaign_id", "part")
    def _check_source(self):
        for step in self:
            if step.source == "campaign" and not (step.other_campaign_id and step.part):
                raise ValidationError(
                    self.env._(
                        "Choose the campaign, and which of its members are meant."
                    )
                )
            if step.source == "rule" and not step.rule:
                raise ValidationError(
                    self.env._(
                        "Choose by which rule partners are found: New rule opens it."
                    )
                )

    def _read_rule(self):
        """Return the rule as a list, as it is stored."""
        return ast.literal_eval((self.rule or "").strip() or "[]")

    @api.constrains("rule", "source")
    def _check_rule(self):
        """Refuse a rule that could not be run, before anybody relies on it."""
        for step in self.filtered(lambda s: s.source == "rule"):
            domain = step._parse_rule()
            partners = as_person(self.env["res.partner"])
            try:
                query = partners._search(domain)
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                    self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
            except AccessError:
                raise
            except (
                ValueError,
                TypeError,
                KeyError,
                RecursionError,
                psycopg2.Error,
            ) as error:
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” asks for something that partners do not"
                        " have (%(error)s): remove this condition.",
                        rule=cut(step.rule),
                        error=cut(str(error).splitlines()[0]),
                    )
                ) from error

    # Partners

    def _get_found(self, company):
        """Return a statement of the partners' ids that these steps find together.

        Archived partners are found, too, and left out with this reason. Everything is
        asked as the user, through the record rules.
        """
        found = SQL("SELECT NULL::int WHERE FALSE")
        for step in self.sorted():
            operator = SET_OPERATORS[step.operation]
            found = SQL(
                f"(%s) {operator} (%s)",  # pylint: disable=sql-injection
                found,
                step._get_step(company),
            )
        return found

    def _get_step(self, company):
        if self.source == "campaign":
            return self._get_addressees()
        companies = company | self.env.companies
        partners = self.env["res.partner"].with_context(
            allowed_company_ids=companies.ids
        )
        domain = self._get_rule_domain() & Domain("active", "in", [True, False])
        return partners._search(domain).select()

    def _get_rule_domain(self):
        """Return the rule as a domain that never finds Odoo's technical partners."""
        technical = self.env["res.users"]._get_technical_partners()
        return self._parse_rule() & Domain("id", "not in", technical.ids)

    def _get_addressees(self):
        """Return a statement of partners in the chosen part of the other campaign.

        To take away or to keep, companies as well as their contact persons count.
        """
        addressees = self.env["relationship.campaign.addressee"]
        query = addressees._search(
            Domain("campaign_id", "=", self.other_campaign_id.id)
            & self._get_part_domain()
        )
        table = addressees._table
        if self.operation == "add":
            return query.select(SQL.identifier(table, "target_id"))
        return SQL(
            "%s UNION %s",
            query.select(SQL.identifier(table, "partner_id")),
            query.select(SQL.identifier(table, "contact_id")),
        )

    def _get_part_domain(self):
        return {
            "all": Domain("state", "!=", "excluded"),
            "contacted": Domain("state", "in", ("contacted", "responded")),
            "responded": Domain("state", "=", "responded"),
            "positive": Domain("state", "=", "responded")
            & Domain("response_id.kind", "=", "positive"),
            "silent": Domain("state", "=", "contacted"),
            "opportunity": Domain("lead_ids", "!=", False),
            "control": Domain("is_control", "=", True),
        }[self.part]
