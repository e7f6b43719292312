"""What a form is answered about ids that nobody has chosen from a list.

Generated: every field of ours that names records × a hidden record × every other field.
"""

from collections import defaultdict

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..secret_case import MARK, SecretCase

OURS = ("relationship_", "olap_")
NAMING = ("many2one", "many2many")


def choose(field, record=None):
    """Return the value of a form in which a record, or none, is chosen."""
    if field.type == "many2many":
        return [Command.link(record.id)] if record else []
    return record.id if record else False


def is_ours(model):
    return model._original_module.startswith(OURS) and not model._abstract


def specify(records, *, only_ours=False):
    """Return what a form asks for that shows everything, also names."""
    names = {"fields": {"display_name": {}}}
    return {
        name: names if records._fields[name].relational else {}
        for name in records.fields_get(attributes=["type"])
        if not only_ours or (records._fields[name]._module or "").startswith(OURS)
    }


@tagged("post_install", "-at_install")
class TestOnchangeSecrets(SecretCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        registry = cls.env.registry
        cls.models = sorted(name for name, m in registry.items() if is_ours(m))
        cls.hidden = cls._hide_records()
        cls.env.flush_all()

    @classmethod
    def _hide_records(cls):
        """Return ``{model: record}`` of what only Katrin's company sees."""
        theirs = {"name": f"{MARK} thing", "company_id": cls.other_company.id}
        types = (
            "relationship.relation.type",
            "relationship.role.type",
            "relationship.opportunity.type",
            "relationship.reference.type",
            "relationship.campaign.type",
            "relationship.consent.purpose",
            "crm.stage",
            "crm.team",
        )
        hidden = {}
        for model in types:
            values = dict(theirs)
            if "code" in cls.env[model]._fields:
                values["code"] = MARK
            if "inverse_name" in cls.env[model]._fields:
                values["inverse_name"] = f"{MARK} back"
            hidden[model] = cls.env[model].create(values)
        relation_type = hidden["relationship.relation.type"]
        hidden["relationship.relation.direction"] = cls.env[
            "relationship.relation.direction"
        ].browse(relation_type.id * 2)
        hidden["res.partner"] = cls.client
        cls.client.write({"is_company": True, "email": f"{MARK}@example.com"})
        hidden["res.company"] = cls.other_company
        campaign = cls.foreign_campaign
        hidden["relationship.campaign"] = campaign
        hidden["utm.campaign"] = campaign.utm_campaign_id
        hidden["relationship.campaign.addressee"] = cls.env[
            "relationship.campaign.addressee"
        ].create(
            {
                "campaign_id": campaign.id,
                "partner_id": cls.client.id,
                "company_id": cls.other_company.id,
            }
        )
        hidden["crm.lead"] = (
            cls.env["crm.lead"]
            .with_user(cls.katrin)
            .create({"name": f"{MARK} line", "company_id": cls.other_company.id})
        )
        hidden["relationship.campaign.freeze"] = cls.env[
            "relationship.campaign.freeze"
        ].create(
            {
                "campaign_id": campaign.id,
                "company_id": cls.other_company.id,
                "addressing": "person",
                "origin": "hand",
            }
        )
        hidden["relationship.campaign.response"] = cls.env[
            "relationship.campaign.response"
        ].create(
            {
                "name": f"{MARK} yes",
                "type_id": hidden["relationship.campaign.type"].id,
                "kind": "positive",
            }
        )
        return hidden

    def _ask(self, user, model, values, asked, spec, **context):
        """Return what a form is answered, or the words in which it is refused."""
        self.env.invalidate_all()
        records = self.env[model].with_user(user).with_context(**context)
        try:
            return records.onchange(dict(values), list(asked), spec)
        except UserError as refusal:
            return str(refusal)

    def _each_name(self, models):
        """Give user, model and field, with a record that the user may not see."""
        for user in (self.jan, self.piotr, self.ewa):
            for name in models:
                records = self.env[name].with_user(user)
                if not records.has_access("create"):
                    continue
                for name_of_field in records.fields_get(attributes=["type"]):
                    field = records._fields[name_of_field]
                    hidden = self.hidden.get(field.comodel_name)
                    if (
                        field.type in NAMING
                        and hidden
                        and field.name not in ("create_uid", "write_uid")
                        and (field.store or not field.readonly)
                        and not hidden.with_user(user).has_access("read")
                    ):
                        yield user, name, field, hidden

    def test_everything_here_is_hidden(self):
        """The rest of this file would find nothing otherwise."""
        for model, record in self.hidden.items():
            for user in (self.jan, self.piotr, self.ewa):
                with self.subTest(model=model, user=user.login):
                    self.assertFalse(record.with_user(user).has_access("read"))

    def test_no_field_of_ours_tells_of_an_id(self):
        asked = 0
        for user, model, field, hidden in self._each_name(self.models):
            chosen = {field.name: choose(field, hidden)}
            with self.subTest(user=user.login, field=str(field)):
                spec = specify(self.env[model].with_user(user))
                told = self._ask(user, model, chosen, chosen, spec)
                self.assertNotIn(MARK, str(told))
                asked += 1
        self.assertGreater(asked, 100)

    def test_all_of_them_are_answered_like_none(self):
        """Also what is no name: kinds, colours, whether somebody is a company."""
        chosen = defaultdict(dict)
        for user, model, field, hidden in self._each_name(self.models):
            chosen[user, model][field] = choose(field, hidden)
        for (user, model), values in chosen.items():
            spec = specify(self.env[model].with_user(user))
            # What is another one each time: now, by chance, the name of what has none.
            for name in list(spec):
                if name in ("display_name", "control_seed") or (
                    self.env[model]._fields[name].type == "datetime"
                ):
                    spec.pop(name)
            hidden = {field.name: value for field, value in values.items()}
            nothing = {field.name: choose(field) for field in values}
            context = {f"default_{name}": value for name, value in hidden.items()}
            with self.subTest(user=user.login, model=model):
                for asked in (list(hidden), []):
                    self.assertEqual(
                        self._ask(user, model, hidden, asked, spec),
                        self._ask(user, model, nothing, asked, spec),
                    )
                told = self._ask(user, model, {}, [], spec, **context)
                self.assertNotIn(MARK, str(told))

    def test_no_line_tells_of_an_id(self):
        parents = {}
        for name, model in self.env.registry.items():
            for field in model._fields.values():
                if (
                    field.type == "one2many"
                    and field.inverse_name
                    and is_ours(self.env.registry[field.comodel_name])
                    and not model._abstract
                ):
                    parents.setdefault(field.comodel_name, (name, field.name))
        for user, line, field, hidden in self._each_name(sorted(parents)):
            parent, lines = parents[line]
            if field.type != "many2one" or not self.env[parent].with_user(
                user
            ).has_access("create"):
                continue
            spec = {lines: {"fields": specify(self.env[line].with_user(user))}}
            commands = [Command.create({field.name: hidden.id})]
            with self.subTest(user=user.login, field=str(field), parent=parent):
                told = self._ask(user, parent, {lines: commands}, [lines], spec)
                self.assertNotIn(MARK, str(told))

    def test_no_field_of_ours_on_a_record_of_core_tells_of_an_id(self):
        models = [
            name
            for name, model in self.env.registry.items()
            if not is_ours(model)
            and not model._abstract
            and any(
                (f._module or "").startswith(OURS) and (f.compute or f.related)
                for f in model._fields.values()
            )
        ]
        for user, model, field, hidden in self._each_name(sorted(models)):
            if field.type != "many2one":
                continue
            spec = specify(self.env[model].with_user(user), only_ours=True)
            chosen = {field.name: choose(field, hidden)}
            with self.subTest(user=user.login, field=str(field)):
                told = self._ask(user, model, chosen, chosen, spec)
                self.assertNotIn(MARK, str(told))
