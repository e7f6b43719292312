import json
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..shared.may_be_told import find_hidden, find_visible
from ..shared.period_mixin import get_way_out

COLUMNS = (
    "left_partner_id integer, right_partner_id integer, type_id integer,"
    " company_id integer, date_from date, date_to date, share numeric,"
    " function varchar"
)
NAMES = SQL(
    "id, left_partner_id, right_partner_id, type_id, company_id, date_from, date_to,"
    " share, function"
)
TOGETHER = SQL(
    """o.type_id = n.type_id AND o.id <> n.id
       AND (n.company_id IS NULL OR o.company_id IS NULL
            OR n.company_id = o.company_id)
       AND COALESCE(n.date_from, '-infinity') <= COALESCE(o.date_to, 'infinity')
       AND COALESCE(o.date_from, '-infinity') <= COALESCE(n.date_to, 'infinity')"""
)
HAS_NO_ROLE = """
    t.{side}_role_type_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM relationship_role held
         WHERE held.partner_id = {partner}.id AND held.type_id = t.{side}_role_type_id
           AND held.state <> 'refused'
           AND COALESCE(held.date_from, '-infinity')
               <= COALESCE(n.date_to, 'infinity')
           AND COALESCE(n.date_from, '-infinity')
               <= COALESCE(held.date_to, 'infinity'))
"""
SHOWN = 5
# Relations that a person saw before the change that is being checked. It stands in the
# cache of the cursor, into which no client can put anything.
KNOWN = "relationship_known_relations"
# Rules on the two sides share their words.
RULE_TEXTS = {
    "left_person": "person",
    "right_person": "person",
    "left_company": "company",
    "right_company": "company",
    "company": "record_company",
    "one_right": "one",
    "one_left": "one",
    "left_role": "role",
    "right_role": "role",
}
# They speak of the first partner, the others of the second one.
LEFT_RULES = ("self", "left_person", "left_company", "left_role", "one_right")
LEFT_RULES += ("circle", "total_left")


class Problem(NamedTuple):
    """A rule that a relation breaks; ``other_id`` is the relation it collides with.

    For planned relations the ids are those of the plan: negative, -1 the first.
    """

    relation_id: int
    rule: str
    other_id: int


class RelationshipRelation(models.Model):
    """The rules of relations: one statement finds what is broken, for any number."""

    _inherit = "relationship.relation"

    @api.constrains(
        "left_partner_id",
        "right_partner_id",
        "type_id",
        "company_id",
        "date_from",
        "date_to",
        "share",
        "function",
    )
    def _check_rules(self):
        (self.left_partner_id | self.right_partner_id)._refuse_concurrent_change()
        self.type_id._refuse_concurrent_circle()
        self._refuse_problems(self._find_problems(SQL("id = ANY(%s)", self.ids)))

    @api.model
    def _find_type_problems(self, types):
        """Return the problems of all relations of ``types``, a few of them."""
        return self._find_problems(SQL("type_id = ANY(%s)", types.ids), limit=SHOWN + 1)

    @api.model
    def _find_partner_problems(self, partners, role_types=None):
        """Return the problems of all relations of ``partners``, a few of them.

        :param role_types: only of relations that ask for one of these roles
        """
        condition = SQL(
            "(left_partner_id = ANY(%(ids)s) OR right_partner_id = ANY(%(ids)s))",
            ids=partners.ids,
        )
        if role_types is not None:
            condition = SQL(
                """%s AND type_id IN (
                    SELECT id FROM relationship_relation_type
                     WHERE left_role_type_id = ANY(%s) OR right_role_type_id = ANY(%s)
                )""",
                condition,
                role_types.ids,
                role_types.ids,
            )
        return self._find_problems(condition, limit=SHOWN + 1)

    @api.model
    def _find_problems(self, condition, limit=None):
        """Return the :class:`Problem` of the stored relations that meet ``condition``.

        :param condition: SQL on the columns of ``relationship_relation``
        """
        self._flush_for_rules()
        candidates = SQL(
            "SELECT %s FROM relationship_relation WHERE %s", NAMES, condition
        )
        existing = SQL("relationship_relation")
        return self._run_rules(candidates, existing, limit)

    @api.model
    def _find_planned_problems(self, plan):
        """Return the :class:`Problem` of relations that do not exist yet.

        :param plan: list of dictionaries of column values, ids and ISO dates; the
            first gets the id -1. A planned relation also collides with others of the
            plan.
        """
        self._flush_for_rules()
        rows = [{**values, "id": -n} for n, values in enumerate(plan, 1)]
        candidates = SQL(
            "SELECT %s FROM jsonb_to_recordset(%s) AS plan (id integer, %s)",
            NAMES,
            json.dumps(rows, default=str),
            SQL(COLUMNS),
        )
        existing = SQL(
            "(SELECT %s FROM relationship_relation UNION ALL SELECT %s FROM candidate)",
            NAMES,
            NAMES,
        )
        return self._run_rules(candidates, existing, None)

    @api.model
    def _flush_for_rules(self):
        self.env["relationship.relation.type"].flush_model()
        self.env["relationship.role"].flush_model()
        self.env["res.partner"].flush_model(["is_company", "company_id"])
        self.flush_model()

    @api.model
    def _run_rules(self, candidates, existing, limit):
        query = SQL(
            """
            WITH candidate AS (%s)
            SELECT * FROM (%s UNION ALL %s) problem (relation_id, rule, other_id)
            ORDER BY relation_id DESC, rule <> 'self', rule, other_id %s
            """,
            candidates,
            self._get_own_rules(),
            self._get_pair_rules(existing),
            SQL("LIMIT %s", limit) if limit else SQL(),
        )
        return [Problem(*row) for row in self.env.execute_query(query)]

    @api.model
    def _get_own_rules(self):
        """Return the statement on rules that concern a relation alone."""
        return SQL(
            """
            SELECT n.id, v.rule, NULL::integer AS other_id
              FROM candidate n
              JOIN relationship_relation_type t ON t.id = n.type_id
              JOIN res_partner l ON l.id = n.left_partner_id
              JOIN res_partner r ON r.id = n.right_partner_id
             CROSS JOIN LATERAL (VALUES %s) AS v(rule, is_broken)
             WHERE v.is_broken
            """,
            SQL(", ").join(
                SQL("(%s::varchar, %s)", rule, SQL(condition))
                for rule, condition in self._get_own_conditions().items()
            ),
        )

    @api.model
    def _get_own_conditions(self):
        """Return ``{rule: SQL condition that is true when it is broken}``.

        ``n`` is the relation, ``t`` its type, ``l`` and ``r`` its partners.
        """
        return {
            "self": "n.left_partner_id = n.right_partner_id",
            "left_person": "t.left_is = 'person' AND l.is_company",
            "left_company": "t.left_is = 'company' AND l.is_company IS NOT TRUE",
            "right_person": "t.right_is = 'person' AND r.is_company",
            "right_company": "t.right_is = 'company' AND r.is_company IS NOT TRUE",
            "share": "t.share_use = 'required' AND COALESCE(n.share, 0) = 0",
            "function": "t.function_use = 'required' AND COALESCE(n.function, '') = ''",
            "left_role": HAS_NO_ROLE.format(side="left", partner="l"),
            "right_role": HAS_NO_ROLE.format(side="right", partner="r"),
            "partner_companies": "l.company_id <> r.company_id",
            "company": "n.company_id IS DISTINCT FROM"
            " COALESCE(l.company_id, r.company_id, t.company_id, n.company_id)",
            "type_company": "t.company_id <> COALESCE(l.company_id, r.company_id)",
        }

    @api.model
    def _get_pair_rules(self, existing):
        """Return the statement on rules that concern two relations of one type."""
        # A pair may break a rule in two ways; a type that is the same from both ends
        # is limited across its two sides.
        conditions = [
            (
                "overlap",
                """o.left_partner_id = n.left_partner_id
                   AND o.right_partner_id = n.right_partner_id""",
            ),
            (
                "one_right",
                """t.cardinality IN ('many_one', 'one_one')
                   AND o.left_partner_id = n.left_partner_id
                   AND o.right_partner_id <> n.right_partner_id""",
            ),
            (
                "one_left",
                """t.cardinality IN ('one_many', 'one_one')
                   AND o.right_partner_id = n.right_partner_id
                   AND o.left_partner_id <> n.left_partner_id""",
            ),
            (
                "one_right",
                """t.cardinality = 'one_one' AND t.is_symmetric
                   AND o.right_partner_id = n.left_partner_id""",
            ),
            (
                "one_left",
                """t.cardinality = 'one_one' AND t.is_symmetric
                   AND o.left_partner_id = n.right_partner_id""",
            ),
        ]
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT n.id, %s::varchar, o.id
                  FROM candidate n
                  JOIN relationship_relation_type t ON t.id = n.type_id
                  JOIN %s o ON %s
                 WHERE %s
                """,
                rule,
                existing,
                TOGETHER,
                SQL(condition),
            )
            for rule, condition in conditions
        )

    @api.model
    def _refuse_problems(self, problems, introduction=None):
        """Raise a sentence for each of the first few problems, if there are any."""
        if not problems:
            return
        told = self._get_told_sentences(
            {problem.relation_id for problem in problems}
            | {problem.other_id for problem in problems}
        )
        sentences = []
        for problem in problems:
            sentence = self.env._(
                "A relation that you may not see would break a rule of its type."
            )
            if problem.relation_id in told:
                # sudo: the user may see this relation, so also the names in it.
                relation = self.sudo().browse(problem.relation_id)
                other = self.sudo().browse(told.keys() & {problem.other_id})
                sentence = relation._explain(problem.rule, told.get(other.id), other)
            if sentence not in sentences:
                sentences.append(sentence)
        if len(sentences) > SHOWN:
            sentences = [
                *sentences[:SHOWN],
                self.env._("There are more such relations."),
            ]
        lines = [introduction, *sentences] if introduction else sentences
        raise ValidationError("\n".join(lines))

    @api.model
    def _get_told_sentences(self, relation_ids):
        """Return ``{id: sentence}`` of those relations that the user may see."""
        asked = self.browse(i for i in relation_ids if i and i > 0)
        visible = find_visible(asked)
        # sudo: only to look at the ends; who may not see one of them is told nothing.
        ends = visible.sudo().left_partner_id | visible.sudo().right_partner_id
        if hidden := find_hidden(ends):
            visible = visible.filtered(lambda r: not hidden & set(r.sudo()._get_ends()))
        known = self.env.cr.cache.get(KNOWN, ())
        visible |= asked.filtered(lambda r: r.id in known).with_env(visible.env)
        # sudo: these may be told, also those that this change takes from sight.
        return {
            relation.id: relation.sentence
            for relation in visible.sudo().with_context(relationship_partner_id=False)
        }

    def _explain(self, rule, words=None, other=None):
        """Return why this relation breaks a rule and what to do, in a sentence.

        :param words: the relation that it collides with, in words; None if the user
            may not know
        :param other: this relation itself, if it exists and the user may know
        """
        self.ensure_one()
        ends = (self.left_partner_id, self.right_partner_id)
        partner = ends[rule not in LEFT_RULES]
        sentence = self.with_context(relationship_partner_id=False).sentence
        # sudo: a relation type that one may use tells the role that it asks for.
        kind = self.type_id.sudo()
        return self._get_explanation(
            rule,
            {
                "sentence": sentence,
                "partner": partner.name,
                "role": kind.left_role_type_id.name
                if rule == "left_role"
                else kind.right_role_type_id.name,
                "other": words
                or self.env._("a relation that you may not see says otherwise"),
                "way_out": get_way_out(self, other),
            },
        )

    @api.model
    def _get_explanation(self, rule, values):
        """Return the sentence of a rule.

        :param values: ``sentence`` of the relation, the ``partner`` that is concerned,
            the ``role`` that is asked for, the ``other`` relation, the ``way_out`` of
            the collision with it, all of them texts
        """
        explanations = {
            "self": lambda: self.env._(
                "%(partner)s cannot be related to itself: choose another partner.",
                **values,
            ),
            "person": lambda: self.env._(
                "“%(sentence)s”: %(partner)s is a company, but must be a person.",
                **values,
            ),
            "company": lambda: self.env._(
                "“%(sentence)s”: %(partner)s is a person, but must be a company.",
                **values,
            ),
            "role": lambda: self.env._(
                "“%(sentence)s”: %(partner)s must hold the role %(role)s at that time."
                " Give the role first.",
                **values,
            ),
            "share": lambda: self.env._("“%(sentence)s”: enter the share.", **values),
            "function": lambda: self.env._(
                "“%(sentence)s”: enter the function.", **values
            ),
            "partner_companies": lambda: self.env._(
                "“%(sentence)s”: the two partners belong to different companies.",
                **values,
            ),
            "record_company": lambda: self.env._(
                "“%(sentence)s”: the company of the relation must be that of its"
                " partners.",
                **values,
            ),
            "type_company": lambda: self.env._(
                "“%(sentence)s”: the relation type belongs to another company than the"
                " partners.",
                **values,
            ),
            "overlap": lambda: self.env._(
                "“%(sentence)s”: this relation is already there in that time"
                " (%(other)s). Change the existing one, or choose other days.",
                **values,
            ),
            "one": lambda: self.env._(
                "“%(sentence)s”: only one at a time is possible for %(partner)s"
                " (%(other)s). %(way_out)s",
                **values,
            ),
        }
        return explanations[RULE_TEXTS.get(rule, rule)]()
