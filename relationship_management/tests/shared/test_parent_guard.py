from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import RelationshipCase

OURS = ("relationship_management", "olap_export")
GROUPS = (
    "base.group_user",
    "base.group_partner_manager",
    "sales_team.group_sale_manager",
    "relationship_management.relationship_management_group_manager",
    "mass_mailing.group_mass_mailing_user",
)
# Fields of ours on models of core that say where a record belongs.
CORE_FIELDS = {
    "calendar.event": ("opportunity_id",),
    "crm.lead": ("addressee_id", "campaign_id", "opportunity_type_id", "stage_id"),
    "crm.stage": ("activity_plan_id", "campaign_plan_id", "company_id"),
    "mail.activity": ("crm_stage_id",),
    "mail.activity.plan.template": (
        *("plan_id", "reference_type_id", "relationship_type_id", "team_id"),
        "wait_template_id",
    ),
    "mailing.mailing": ("campaign_id",),
    "sale.order": ("campaign_id", "opportunity_id"),
}
# Whatever is given here, a new record gets what the server says.
SERVER_FIELDS = {
    ("mail.activity.plan.template", "plan_id"),
    ("relationship.activity", "company_id"),
    ("relationship.activity", "left_type_id"),
    ("relationship.activity", "stage_id"),
    ("relationship.campaign", "relationship_company_id"),
    ("relationship.campaign", "relationship_type_id"),
    ("relationship.campaign.addressee", "freeze_id"),
    ("relationship.campaign.addressee", "response_id"),
    ("relationship.campaign.addressee", "target_id"),
}
REFUSED = (
    "doesn't have '(read|write|create)' access to"
    "|cannot be changed: exclude the member"
    "|stays as it is: links, leads and mailings find it"
    "|You may not change the campaign"
    "|as its tasks do: cancel it"
    "|was recorded stays|cannot be changed"
    "|Only campaigns under Relationships have a type and companies"
    "|belongs to another campaign than the opportunity: generate"
    "|[Cc]ampaign.* belongs to another company than"
    "|Something that you may not see stands against this"
)


@tagged("post_install", "-at_install")
class TestParentGuard(RelationshipCase):
    """Nothing is put where the user could not have created it.

    The cases come from the registry: a new model is tried without a change here, if its
    required fields can be invented.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = [g for g in GROUPS if cls.env.ref(g, raise_if_not_found=False)]
        cls.companies = cls.company | cls.other_company
        cls.boss = new_test_user(
            cls.env,
            "boss_g",
            groups=",".join(groups),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.companies.ids)],
        )
        cls.rita = new_test_user(cls.env, "rita_g", groups=",".join(groups))
        cls.known = {}

    # Inventing records

    def get_any(self, model, company):
        """Return a record of a company, for everybody who works for it."""
        key = model, company
        if key not in self.known:
            self.known[key] = self.invent(model, company)
        return self.known[key]

    def invent(self, model, company):
        if model == "relationship.relation.direction":  # a view
            kind = self.get_any("relationship.relation.type", company)
            directions = self.env[model]
            return directions.search([("type_id", "=", kind.id)], limit=1)
        records, vals = self.prepare(model, company)
        return records.create(vals)

    def prepare(self, model, company):
        """Return the model and values for a record of a company.

        What only its creator sees is Rita's.
        """
        is_own = self.env[model]._transient and company == self.company
        user = self.rita if is_own else self.boss
        context = {"allowed_company_ids": company.ids, "tracking_disable": True}
        recipe = self.get_recipe(model, company)
        records = self.env(user=user.id, su=True, context=context)[model]
        records = records.with_context(**recipe.pop("context", {}))
        vals = {**records.default_get(list(records._fields)), **recipe}
        for name, field in records._fields.items():
            if not field.store or field.related or name in records._inherits.values():
                continue
            if name == "company_id":
                vals[name] = company.id
            elif field.required and name not in recipe and not vals.get(name):
                vals[name] = self.invent_value(field, company)
        return records, vals

    def invent_value(self, field, company):
        if field.type == "many2one":
            return self.get_any(field.comodel_name, company).id
        if field.type == "many2many":
            return [Command.set(self.get_any(field.comodel_name, company).ids)]
        if field.type == "selection":
            return field.get_values(self.env)[0]
        if field.type in ("date", "datetime"):
            return fields.Date.today()
        if field.type in ("integer", "float", "monetary"):
            return 1
        return f"{field.name} {len(self.known)}"

    def get_recipe(self, model, company):
        """Return the values of a model that nobody could invent."""

        def some(comodel):
            return self.get_any(comodel, company).id

        def another(comodel):
            return self.invent(comodel, company).id

        user = self.rita if company == self.company else self.boss
        partners = self.env["ir.model"]._get_id("res.partner")
        recipes = {
            "crm.lead": lambda: {"type": "opportunity", "user_id": False},
            "crm.stage": lambda: {"use_for": "both"},
            "mail.activity": lambda: {
                "res_model_id": partners,
                "res_model": "res.partner",
                "res_id": some("res.partner"),
                "user_id": user.id,
            },
            "mail.activity.plan": lambda: {
                "res_model": "relationship.activity",
                "res_model_id": self.env["ir.model"]._get_id("relationship.activity"),
                "relationship_type_id": another("relationship.activity.type"),
            },
            "mail.activity.plan.template": lambda: {
                "relationship_type_id": some("relationship.activity.type")
            },
            "mailing.mailing": lambda: {"mailing_model_id": partners},
            "relationship.activity": lambda: {
                "partner_id": some("res.partner"),
                "user_id": user.id,
            },
            "relationship.campaign": lambda: {
                "title": "A campaign",
                "date_to": "2030-01-01",
                "company_id": company.id,
                "user_id": user.id,
            },
            "relationship.campaign.addressee": lambda: {
                "partner_id": another("res.partner"),
                "user_id": user.id,
            },
            "relationship.campaign.freeze": lambda: {
                "campaign_id": some("relationship.campaign"),
                "user_id": user.id,
            },
            "relationship.campaign.opportunity": lambda: {
                "context": {
                    "active_model": "relationship.campaign.addressee",
                    "active_ids": self.get_any(
                        "relationship.campaign.addressee", company
                    ).ids,
                }
            },
            "relationship.relation.type": lambda: {"inverse_name": "goes back to"},
            "relationship.campaign.response": lambda: {
                "type_id": some("relationship.campaign.type")
            },
            "relationship.campaign.selection": lambda: {
                "other_campaign_id": some("relationship.campaign"),
                "source": "campaign",
            },
            "relationship.planned.role": lambda: {"stage_id": some("crm.stage")},
            "relationship.reference": lambda: {"lead_id": some("crm.lead")},
            "relationship.relation": lambda: {
                "left_partner_id": another("res.partner"),
                "right_partner_id": another("res.partner"),
            },
            "relationship.role": lambda: {"partner_id": another("res.partner")},
            "res.partner": lambda: {"name": "A partner"},
        }
        return recipes.get(model, dict)()

    def get_hidden(self, model):
        """Return a record that Rita does not see; empty if she sees all of them."""
        if model == "res.company":
            return self.other_company
        if model == "utm.campaign":
            campaign = self.get_any("relationship.campaign", self.other_company)
            return campaign.utm_campaign_id
        hidden = self.get_any(model, self.other_company)
        return hidden.browse() if self.as_rita(hidden).has_access("read") else hidden

    def as_rita(self, records):
        context = {**records.env.context, "allowed_company_ids": self.company.ids}
        return records.with_env(self.env(user=self.rita.id, su=False, context=context))

    # The cases

    def get_cases(self):
        """Yield a model and a field that puts its records somewhere."""
        for model in sorted(self.env.registry):
            records = self.env[model]
            names = CORE_FIELDS.get(model, ())
            if records._original_module.startswith(OURS) and not records._abstract:
                names = [
                    name
                    for name, field in records._fields.items()
                    if field.type == "many2one" and (field.store or field.inverse)
                ]
            for name in names:
                if self.is_case(model, records._fields[name]):
                    yield model, name

    def is_case(self, model, field):
        rules = self.env["ir.rule"].with_user(self.rita)
        return (
            self.env[model]._auto
            and field.name not in ("create_uid", "write_uid")
            and field.comodel_name != "res.users"  # colleagues of all companies
            and not rules._compute_domain(field.comodel_name, "read").is_true()
            and (
                self.as_rita(self.env[model]).has_access("write")
                or self.as_rita(self.env[model]).has_access("create")
            )
        )

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule")
    def test_nothing_is_put_under_what_is_hidden(self):
        tried = set()
        for model, name in self.get_cases():
            with self.subTest(model=model, field=name), self.env.cr.savepoint():
                self.known.clear()
                hidden = self.get_hidden(self.env[model]._fields[name].comodel_name)
                self.assertTrue(hidden, "Rita sees every record there")
                self.try_write(model, name, hidden)
                self.try_create(model, name, hidden)
                tried.add((model, name))
        self.assertGreater(len(tried), 40)

    def try_write(self, model, name, hidden):
        record = self.invent(model, self.company)
        if not self.as_rita(record).has_access("write"):
            return
        self.env.flush_all()
        before = record[name]
        with self.assertRaisesRegex((AccessError, UserError), REFUSED):
            self.as_rita(record).write({name: hidden.id})
        self.env.invalidate_all()
        self.assertEqual(record[name], before)

    def try_create(self, model, name, hidden):
        records, vals = self.prepare(model, self.company)
        records = self.as_rita(records)
        if not records.has_access("create"):
            return
        if (model, name) in SERVER_FIELDS:
            self.assertNotEqual(records.create({**vals, name: hidden.id})[name], hidden)
            return
        with self.assertRaisesRegex((AccessError, UserError), REFUSED):
            records.create({**vals, name: hidden.id})

    def test_what_points_to_ours_is_guarded(self):
        """On each model of core that has guarded fields at all."""
        guarded = 0
        for name, model in self.env.registry.items():
            if model._abstract or not hasattr(model, "_get_guarded_fields"):
                continue
            fields_of_model = self.env[name]._get_guarded_fields()
            for field in model._fields.values():
                if field.type != "many2one" or not field.store or field.related:
                    continue
                comodel = self.env.registry[field.comodel_name]
                if field.comodel_name in (
                    "crm.lead",
                    "utm.campaign",
                ) or comodel._original_module.startswith(OURS):
                    with self.subTest(field=str(field)):
                        self.assertIn(field.name, fields_of_model)
                        guarded += 1
        self.assertGreater(guarded, 10)
