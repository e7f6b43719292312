import random
from collections import Counter
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import combinations
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.relation import merge as relation_merge
from ...models.role import contact as role_contact
from ...models.role import merge as role_merge
from ..relation.test_rules import RuleCase

START = date(2020, 1, 1)
SEEDS = (1, 2, 3, 10)
STEPS = 50
NOTHING_THERE = "There is none."
FAR = (date.min, date.max)


@tagged("post_install", "-at_install")
class TestPartnerProperties(RuleCase):
    """Whatever people do in whatever order, the promises about partners hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.merger = cls._new_user(
            "merger",
            "base.group_partner_manager,sales_team.group_sale_salesman_all_leads",
        )
        # Few types and few partners: things shall collide.
        cls.relation_types = cls.tax_adviser | cls._type("adviser") | cls.knows
        cls.role_types = cls.env["relationship.role.type"].search(
            [("kind", "in", ("customer", "supplier", "contact"))]
        )
        cls.actions = (
            *(cls._create_relation,) * 6,
            *(cls._create_role,) * 6,
            *(cls._end, cls._retype, cls._delete, cls._archive_type) * 2,
            *(cls._confirm, cls._refuse, cls._archive) * 2,
            *(cls._merge,) * 3,
        )
        cls.contact_types = cls.role_types.filtered(lambda t: t.kind == "contact").ids
        cls.today = fields.Date.context_today(cls.stalmet)
        cls.played = Counter()

    def setUp(self):
        super().setUp()
        self.partners = self.env["res.partner"].browse()
        self._add_partners(6)

    def _add_partners(self, number):
        self.partners |= self.env["res.partner"].create(
            [{"name": f"Partner {n}", "is_company": n == 0} for n in range(number)]
        )

    def test_the_promises_hold_after_every_step(self):
        self.relation_types.write({"left_is": "any", "right_is": "any"})
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.setUp()
                self._play(random.Random(seed))  # noqa: S311 (no secret)
        never = {action.__name__ for action in self.actions} - self.played.keys()
        self.assertFalse(never, "never allowed")
        self.assertGreater(self.played["_merge"], 3, "hardly any merge was allowed")

    def _play(self, dice):
        done = 0
        for _step in range(STEPS):
            action = dice.choice(self.actions)
            partners = self.partners
            try:
                with self.cr.savepoint(), mute_logger("odoo.sql_db"):
                    action(self, dice)
                    self.env.flush_all()
                done += 1
                self.played[action.__name__] += 1
            except (UserError, ValidationError):
                self.partners = partners
                self.env.invalidate_all()  # refused: nothing may have changed
            self._check_promises()
        self.assertGreater(done, STEPS / 4, "hardly anything was allowed")

    # What people do

    def _days(self, dice):
        start = START + timedelta(days=dice.randrange(0, 2000))
        end = start + timedelta(days=dice.randrange(0, 900))
        return {
            "date_from": dice.choice([start, start, False]),
            "date_to": dice.choice([end, end, False]),
        }

    def _create_relation(self, dice):
        left, right = dice.choices(self.partners, k=2)
        self.relate(left, dice.choice(self.relation_types), right, **self._days(dice))

    def _create_role(self, dice):
        origin = dice.choice(["manual", "manual", "derived"])
        user = dice.choice([self.jan, self.jan, self.katrin])
        # Only the server derives a role, whoever caused it.
        self.env["relationship.role"].with_user(user).sudo(origin == "derived").create(
            {
                "partner_id": dice.choice(self.partners).id,
                "type_id": dice.choice(self.role_types).id,
                "company_id": dice.choice([False, user.company_id.id]),
                "origin": origin,
                "state": "confirmed" if origin == "manual" else "proposed",
                **self._days(dice),
            }
        )

    def _get_relations(self):
        relations = self.env["relationship.relation"].with_user(self.jan)
        return relations.search(relations._get_partner_domain(self.partners.ids))

    def _get_roles(self):
        return self.env["relationship.role"].search(
            [("partner_id", "in", self.partners.ids)]
        )

    def _choose(self, dice):
        """Return a role or a relation, as somebody who may change it."""
        records = dice.choice([self._get_roles, self._get_relations])()
        if not records:
            raise UserError(NOTHING_THERE)
        record = dice.choice(records)
        theirs = record.sudo().company_id == self.other_company
        return record.with_user(self.katrin if theirs else self.jan)

    def _end(self, dice):
        record = self._choose(dice)
        record.date_to = record.date_from or START

    def _retype(self, dice):
        record = self._choose(dice)
        is_role = record._name == "relationship.role"
        record.type_id = dice.choice(
            self.role_types if is_role else self.relation_types
        )

    def _delete(self, dice):
        self._choose(dice).unlink()

    def _archive_type(self, dice):
        """Roles and relations are not archived, but their types are."""
        kind = self._choose(dice).type_id.with_user(self.ewa)
        kind.active = not kind.active

    def _confirm(self, dice):
        if roles := self._get_roles().filtered(lambda r: r.origin == "derived"):
            dice.choice(roles).action_confirm()

    def _refuse(self, dice):
        if roles := self._get_roles().filtered(lambda r: r.origin == "derived"):
            dice.choice(roles).action_refuse()

    def _archive(self, dice):
        dice.choice(self.partners).active = dice.choice([True, False])

    def _merge(self, dice):
        sources = self.env["res.partner"].union(*dice.choices(self.partners, k=2))
        target = dice.choice(self.partners - sources)
        before = self._get_covered(sources, target)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.merger)
        noted = target.message_ids
        with ExitStack() as openly:
            # As somebody reads it who may see all.
            for module in (relation_merge, role_contact, role_merge):
                openly.enter_context(patch.object(module, "tell", _tell_openly))
            wizard.create({})._merge(
                (sources | target).ids, target.with_user(self.merger)
            )
        self.env.invalidate_all()
        self.partners -= sources
        self._add_partners(len(sources))
        after = self._get_covered(self.env["res.partner"], target)
        notes = (target.message_ids - noted).mapped("body")
        lines = [line for note in notes for line in note.split("</li>")]
        for key, days in before.items():
            everywhere = (*key[:2], False) if key[0] == "role" else key
            covering = after.get(key, []) + after.get(everywhere, [])
            missing = self._subtract(self._since_known(days, covering), covering)
            if missing:
                told = any(
                    all(words in line for words in every)
                    for every in self._explain(key)
                    for line in lines
                )
                self.assertTrue(told, (key, missing, lines))

    def _since_known(self, days, covering):
        """Let what began on an unknown day begin with the first day that is known."""
        known = min((day for day, _last in covering if day > FAR[0]), default=FAR[0])
        return [
            (known if first == FAR[0] and known <= last else first, last)
            for first, last in days
        ]

    def _explain(self, key):
        """Return what the chatter says where a merge has to shorten something.

        :return: of each possible sentence the words that it has
        """
        if key[0] == "relation":
            how = ("Ended", "Shortened", "Dropped")
            return [(f"{what}, because only one",) for what in how]
        name = self.env["relationship.role.type"].browse(key[1]).name
        reasons = ["because another one says", "because it says"]
        if key[1] in self.contact_types:
            reasons.append("No longer")
        return [(reason, name) for reason in reasons]

    # What has to hold

    def _check_promises(self):
        relations = self._get_relations()
        for relation in relations:
            self.assertNotEqual(relation.left_partner_id, relation.right_partner_id)
            if relation.type_id.is_symmetric:
                self.assertLess(
                    relation.left_partner_id.id, relation.right_partner_id.id
                )
        for one, other in combinations(relations, 2):
            self.assertFalse(self._collide(one, other), (one, other))
        roles = self._get_roles().filtered(lambda role: role.state != "refused")
        for one, other in combinations(roles, 2):
            self.assertFalse(self._exclude(one, other), (one, other))
        self._check_both_ends_agree(relations)

    def _exclude(self, one, other):
        """Tell whether two roles may not be held by one partner at once."""
        if one.partner_id != other.partner_id or not one._overlaps(other):
            return False
        if one.company_id and other.company_id and one.company_id != other.company_id:
            return False
        if one.type_id == other.type_id:
            return True
        if other.kind == "contact":
            one, other = other, one
        return (
            one.kind == "contact"
            and other.type_id.ends_contact
            and other.state == "confirmed"
            and self._span(other)[1] >= self.today
        )

    def _collide(self, one, other):
        if one.type_id != other.type_id or not one._overlaps(other):
            return False
        same_left = one.left_partner_id == other.left_partner_id
        same_right = one.right_partner_id == other.right_partner_id
        limits = one.type_id.cardinality
        return (
            (same_left and same_right)
            or (same_left and limits in ("many_one", "one_one"))
            or (same_right and limits in ("one_many", "one_one"))
        )

    def _check_both_ends_agree(self, relations):
        told = {}
        for partner in self.partners:
            for row in partner.with_user(self.jan).get_relations():
                told.setdefault(row["id"], set()).add(
                    (partner.id, row["partner"]["id"])
                )
        expected = {
            relation.id: {
                (relation.left_partner_id.id, relation.right_partner_id.id),
                (relation.right_partner_id.id, relation.left_partner_id.id),
            }
            for relation in relations
        }
        self.assertEqual(told, expected)

    def _get_covered(self, sources, target):
        """Return which days are covered, as if the partners were merged already.

        :return: ``{key of a role or relation: [(first day, last day), …]}``
        """
        everybody = sources | target
        covered = {}
        roles = self.env["relationship.role"].search(
            [("partner_id", "in", everybody.ids), ("state", "!=", "refused")]
        )
        for role in roles:
            key = ("role", role.type_id.id, role.company_id.id)
            covered.setdefault(key, []).append(self._span(role))
        for relation in self._get_relations():
            ends = [
                target.id if end in everybody else end.id
                for end in (relation.left_partner_id, relation.right_partner_id)
            ]
            if ends[0] == ends[1] or target.id not in ends:
                continue
            if relation.type_id.is_symmetric:
                ends.sort()
            key = ("relation", relation.type_id.id, *ends)
            covered.setdefault(key, []).append(self._span(relation))
        return covered

    def _span(self, record):
        return record.date_from or FAR[0], record.date_to or FAR[1]

    def _subtract(self, days, others):
        """Return the parts of ``days`` that no other span covers."""
        missing = []
        for span in days:
            parts = [span]
            for first, last in others:
                parts = [
                    part
                    for start, end in parts
                    for part in _cut(start, end, first, last)
                ]
            missing += parts
        return missing


def _tell_openly(_record, sentence, *_who_may_know):
    return sentence


def _cut(start, end, first, last):
    """Return what is left of one span without the other."""
    if last < start or first > end:
        return [(start, end)]
    left = []
    if start < first:
        left.append((start, first - timedelta(days=1)))
    if last < end:
        left.append((last + timedelta(days=1), end))
    return left
