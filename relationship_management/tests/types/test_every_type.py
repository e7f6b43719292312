"""Whoever adds a type, or a record of one, adds its rules: else this fails."""

from collections import defaultdict

from odoo import Command
from odoo.fields import Domain
from odoo.tests import tagged

from ..common import RelationshipCase

TYPE = "relationship.type.mixin"
RIGHTS = ("use", "see", "analyse")
OPERATIONS = {"read": "see", "write": "use", "create": "use", "unlink": "use"}
# Fields that name a type without being the type of their record, and why no rule of
# theirs is needed. Their names hide themselves.
NO_TYPE_OF = {
    "mail.activity.plan.template.reference_type_id": "whose people do a task",
    "relationship.campaign.type.opportunity_type_id": "what its opportunities become",
    "relationship.reference.type.relation_type_ids": "whom the role is suggested to",
    "sale.order.opportunity_type_id": "orders are reached by whoever invoices them",
    "relationship.relation.type.left_role_type_id": "who may stand there",
    "relationship.relation.type.right_role_type_id": "who may stand there",
    "res.partner.role_type_ids": "computed from the roles that the user sees",
    "res.partner.relation_type_id": "only searched by",
    "res.partner.related_role_type_ids": "only searched by",
    "res.users.role_type_ids": "see res.partner",
    "res.users.relation_type_id": "see res.partner",
    "res.users.related_role_type_ids": "see res.partner",
}
# What a form shows of a type that its campaign has just chosen.
NOT_STORED = {"applied_type_id"}
# Who asks the record of ours around it, which has the rule.
ASKS_ELSEWHERE = {
    "utm.campaign": {"write", "create", "unlink"},
    # What a row of the relationship list tells of, see tests/item/test_access.py.
    "relationship.item": {"read"},
}


@tagged("post_install", "-at_install")
class TestEveryType(RelationshipCase):
    """Record rules of each type, and of whatever carries it, by the registry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env["res.groups"].create({"name": "Confidential"})
        everybody = cls.env.ref("base.group_user")
        cls.closed = {}
        for model in cls.get_types(cls):
            for right in RIGHTS:
                values = {"name": f"Not to {right}", f"{right}_group_ids": group.ids}
                if "inverse_name" in cls.env[model]:
                    values["inverse_name"] = f"Not to {right} from the other end"
                if right == "use":
                    values["see_group_ids"] = everybody.ids
                cls.closed[model, right] = cls.env[model].create(values)

    def get_types(self):
        return sorted(
            name
            for name in self.env.registry.descendants([TYPE], "_inherit")
            if not self.env[name]._abstract
        )

    def get_carriers(self):
        """Return ``{model: {field: model of its type}}`` of what carries a type."""
        types, carriers = self.get_types(), defaultdict(dict)
        for name, model in self.env.registry.items():
            if model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if (
                    field.relational
                    and field.comodel_name in types
                    and field.type != "one2many"
                    and field.name not in NOT_STORED
                    and f"{name}.{field.name}" not in NO_TYPE_OF
                ):
                    carriers[name][field.name] = field.comodel_name
        return carriers

    def is_closed(self, user, model, operation, kind, right):
        """Tell whether a rule keeps the user from a type, for an operation."""
        domain = self.env["ir.rule"].with_user(user)._compute_domain(model, operation)
        closed = self.closed[kind, right].id
        return any(
            condition.operator == "not in" and closed in condition.value
            for condition in self.get_conditions(domain)
            if self.leads_to(model, condition.field_expr, kind)
        )

    def get_conditions(self, domain):
        """Yield conditions on ids, those of other models by their whole path."""
        for condition in Domain(domain).iter_conditions():
            if isinstance(condition.value, Domain):
                prefix = condition.field_expr
                for inner in self.get_conditions(condition.value):
                    path = f"{prefix}.{inner.field_expr}"
                    yield type(inner)(path, inner.operator, inner.value)
            elif not isinstance(condition.value, (str, int, bool, float)):
                yield condition

    def leads_to(self, model, path, kind):
        if path == "id":
            return model == kind
        records = self.env[model]
        for name in path.removesuffix(".id").split("."):
            comodel = records._fields[name].comodel_name
            if comodel not in self.env:
                return False
            records = self.env[comodel]
        return records._name == kind

    def find_problems(self):
        """Yield what is missing, in words."""
        for kind in self.get_types():
            if not self.is_closed(self.anna, kind, "read", kind, "see"):
                yield f"{kind}: no rule for its own hidden records"
        for model, fields in self.get_carriers().items():
            for kind in sorted(set(fields.values())):
                for operation, right in self.get_asked(model):
                    if not self.is_closed(self.anna, model, operation, kind, right):
                        yield f"{model}: no rule to {right} {kind} ({operation})"

    def get_asked(self, model):
        """Yield the operations for which a rule is needed, and the right to ask for."""
        for operation, right in OPERATIONS.items():
            # What managers alone may do, who may everything, needs none.
            if operation not in ASKS_ELSEWHERE.get(model, ()) and any(
                self.env[model].with_user(user).has_access(operation)
                for user in (self.jan, self.anna, self.katrin)
            ):
                yield operation, right
        if model in self.get_reports():
            yield "read", "analyse"

    def get_reports(self):
        """Return the views in SQL that count: others show a record as it is."""
        shown = {
            "relationship.relation.direction",
            "relationship.opportunity.history",
            "relationship.item",
        }
        return {
            name
            for name, model in self.env.registry.items()
            if not model._auto and not model._abstract and name not in shown
        }

    def test_every_type_and_what_carries_it_has_its_rules(self):
        self.assertEqual(len(self.get_types()), 6)
        self.assertGreaterEqual(len(self.get_carriers()), 9)
        self.assertEqual(list(self.find_problems()), [])

    def test_each_of_these_rules_is_missed(self):
        """Take away one after another: the finder has to find it."""
        rules = self.env["ir.rule"].search(
            [("domain_force", "like", "relationship_forbidden_types")]
        )
        carriers = {*self.get_carriers(), *self.get_types()}
        rules = rules.filtered(lambda rule: rule.model_id.model in carriers)
        self.assertGreaterEqual(len(rules), 18)
        for rule in rules:
            with self.subTest(rule.name):
                rule.active = False
                self.env.flush_all()
                self.assertTrue(list(self.find_problems()))
                rule.active = True

    def test_pivots_and_graphs_leave_out_what_may_not_be_analysed(self):
        """Each model of ours with such a view has a type that says so, or none."""
        types = self.get_types()
        views = self.env["ir.ui.view"].search([("type", "in", ("pivot", "graph"))])
        ours = {
            view.model
            for view in views
            if view.model in self.env
            and view.xml_id.startswith("relationship_management.")
        }
        self.assertIn("relationship.campaign", ours)
        for name in ours:
            model = self.env[name]
            carried = [f for f in model._fields.values() if f.comodel_name in types]
            if not carried or (not model._auto and name in self.get_reports()):
                continue
            with self.subTest(name):
                kind = model._fields[model._analysed_by].comodel_name
                closed = self.closed[kind, "analyse"]
                self.assertIn(
                    closed.id, model.with_user(self.anna)._get_unanalysed_types()
                )
                self.assertNotIn(
                    closed.id, model.with_user(self.ewa)._get_unanalysed_types()
                )

    def test_managers_may_everything_and_others_what_their_groups_say(self):
        for kind in self.get_types():
            for right in RIGHTS:
                closed = self.closed[kind, right]
                for user, may in ((self.anna, False), (self.ewa, True)):
                    with self.subTest(kind, right=right, user=user.login):
                        found = closed.with_user(user)
                        self.assertEqual(
                            closed.id not in found._get_forbidden_ids(right), may
                        )
                        if right == "see":
                            self.assertEqual(
                                bool(found.search([("id", "=", closed.id)])), may
                            )
                            self.assertEqual(bool(found.name_search("Not to see")), may)
                            self.assertEqual(found.has_access("read"), may)

    def test_a_type_without_groups_closes_nothing(self):
        for kind in self.get_types():
            self.env[kind].search([("name", "like", "Not to ")]).write(
                {f"{right}_group_ids": [Command.clear()] for right in RIGHTS}
            )
            for right in RIGHTS:
                types = self.env[kind].with_user(self.anna)
                self.assertFalse(
                    {r.id for (k, _r), r in self.closed.items() if k == kind}
                    & set(types._get_forbidden_ids(right))
                )
