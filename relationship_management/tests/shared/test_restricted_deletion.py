from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..campaign.campaign_case import TargetGroupCase

ADDONS = ("relationship_management", "olap_export")
TYPES = ("opportunity", "reference", "role", "relation", "campaign", "activity")
KNOWS = "relationship_management.relationship_relation_type_knows"
# Deleted with the partner; only what deletes him in another way is refused.
GOES_WITH_PARTNER = {
    ("relationship.role", "partner_id"),
    ("relationship.relation", "left_partner_id"),
    ("relationship.relation", "right_partner_id"),
}
# Whatever comes first: ours, or what core and the ledger say of these examples.
REFUSED = "It is used by|rchive|remove the admin user|not allowed to delete 'Consent'"
# What PostgreSQL, and core in its place, say when nobody spoke before them.
RAW = "violates|constraint|troublemaker|Another model"


def get_restricting_fields(env):
    """Return the fields of ours that keep a record from being deleted.

    Bridges have tests of their own: who installs this addon alone has none of them.
    """
    return [
        (name, field)
        for name, model in sorted(env.registry.items())
        if model._auto and not model._abstract and not model._transient
        for field in model._fields.values()
        if field.store
        and field._module in ADDONS
        and getattr(field, "ondelete", None) == "restrict"
    ]


@tagged("post_install", "-at_install")
class TestRestrictedDeletion(TargetGroupCase):
    """What keeps a record from being deleted is said in a sentence, on every server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env,
            "test_boss",
            groups="base.group_user,base.group_system,base.group_erp_manager,"
            "base.group_partner_manager,sales_team.group_sale_manager,"
            "relationship_management.relationship_management_group_manager",
            lang="en_US",
            company_ids=[Command.set((cls.company + cls.other_company).ids)],
        )
        cls.group = cls.env["res.groups"].create({"name": "Market watch"})
        cls.examples = {}
        cls.purpose = cls._make(
            "relationship.consent.purpose",
            name="Newsletter",
            company_id=cls.other_company.id,
        )
        cls.answer = cls.env["relationship.campaign.response"].create(
            {"name": "Comes", "type_id": cls.fair_type.id}
        )
        cls._make_types()
        cls._make_opportunity()
        cls._make_campaign()
        cls._make_consents()
        cls._make_activities()
        cls._make_companies()

    @classmethod
    def keep(cls, records):
        cls.examples.setdefault(records._name, records.browse())
        cls.examples[records._name] |= records
        return records

    @classmethod
    def _make(cls, model, **values):
        return cls.keep(cls.env[model].create(values))

    @classmethod
    def _make_types(cls):
        guarded = {
            f"{right}_group_ids": [Command.set(cls.group.ids)]
            for right in ("use", "see", "analyse")
        }
        cls.boss.group_ids |= cls.group
        words = {"relation": {"inverse_name": "is guarded by"}}
        cls.types = {
            kind: cls._make(
                f"relationship.{kind}.type",
                name=f"Guarded {kind}",
                code="GU",
                **guarded,
                **words.get(kind, {}),
            )
            for kind in TYPES
        }
        for kind in ("opportunity", "campaign", "activity"):
            kept = cls.types[kind]
            kept.number_sequence_id = cls.env["ir.sequence"].create({"name": kept.name})
        cls.types["relation"].write(
            {
                "left_role_type_id": cls.types["role"].id,
                "right_role_type_id": cls.types["role"].id,
            }
        )
        cls.plan, cls.campaign_plan = cls.env["mail.activity.plan"].create(
            [
                {"name": "Offer", "res_model": "crm.lead", "company_id": False},
                {
                    "name": "Fair",
                    "res_model": "relationship.campaign",
                    "company_id": False,
                },
            ]
        )
        cls.types["opportunity"].activity_plan_id = cls.plan
        cls.types["campaign"].activity_plan_id = cls.campaign_plan
        cls.types["campaign"].purpose_id = cls.env[
            "relationship.consent.purpose"
        ].create({"name": "Fairs"})
        cls._make(
            "crm.stage",
            name="Nordmark only",
            company_id=cls.other_company.id,
            activity_plan_id=cls.plan.id,
            campaign_plan_id=cls.campaign_plan.id,
            use_for="both",
        )

    @classmethod
    def _make_opportunity(cls):
        lead = cls._make(
            "crm.lead",
            name="Packing line",
            type="opportunity",
            opportunity_type_id=cls.types["opportunity"].id,
            stage_id=cls.stages[0].id,
        )
        contact = cls.env["res.partner"].create(
            {"name": "Hans Wolff", "parent_id": cls.kranbau.id}
        )
        cls._make(
            "relationship.reference",
            lead_id=lead.id,
            type_id=cls.types["reference"].id,
            partner_id=cls.kranbau.id,
            contact_id=contact.id,
        )
        cls._make(
            "relationship.planned.role",
            stage_id=cls.stages[0].id,
            reference_type_id=cls.types["reference"].id,
        )
        for partner in cls.stalmet + cls.paktech:
            cls._make(
                "relationship.role",
                partner_id=partner.id,
                type_id=cls.types["role"].id,
            )
        cls._make(
            "relationship.relation",
            left_partner_id=cls.stalmet.id,
            type_id=cls.types["relation"].id,
            right_partner_id=cls.paktech.id,
        )

    @classmethod
    def _make_campaign(cls):
        fairs = cls.types["campaign"].purpose_id
        cls.keep(cls.campaign.sudo())
        part = cls.keep(
            cls.new_campaign(parent_id=cls.campaign.id, purpose_id=fairs.id).sudo()
        )
        cls.keep(part.utm_campaign_id)
        cls._make(
            "relationship.campaign.selection",
            campaign_id=part.id,
            source="campaign",
            other_campaign_id=cls.campaign.id,
        )
        cls._make(
            "relationship.campaign.freeze",
            campaign_id=part.id,
            company_id=cls.company.id,
            addressing="company_contact",
        )
        firm = cls.companies[0]
        contact = cls.env["res.partner"].create(
            {"name": "Maria Nowak", "parent_id": firm.id, "email": "maria@example.com"}
        )
        cls._make(
            "relationship.campaign.addressee",
            campaign_id=cls.campaign.id,
            partner_id=firm.id,
            contact_id=contact.id,
            state="responded",
            response_id=cls.answer.id,
        )

    @classmethod
    def _make_consents(cls):
        first = cls._make(
            "relationship.consent",
            partner_id=cls.companies[1].id,
            company_id=cls.other_company.id,
            purpose_id=cls.purpose.id,
            channel="email",
            action="given",
        )
        cls._make(
            "relationship.consent",
            partner_id=cls.companies[1].id,
            company_id=cls.other_company.id,
            purpose_id=cls.purpose.id,
            channel="email",
            action="withdrawn",
            corrects_id=first.id,
        )

    @classmethod
    def _make_activities(cls):
        kind = cls.types["activity"]
        cls._make(
            "mail.activity.plan.template",
            relationship_type_id=kind.id,
            summary="Call",
            team_id=cls.team.id,
            reference_type_id=cls.types["reference"].id,
        )
        result = cls._make("relationship.activity.result", name="Met", type_id=kind.id)
        firm = cls.companies[0]
        cls._make(
            "relationship.activity",
            name="Visit",
            type_id=kind.id,
            campaign_id=cls.campaign.id,
            partner_id=firm.id,
            contact_id=firm.child_ids[0].id,
            user_id=cls.boss.id,
            result_id=result.id,
        )
        cls._make(
            "relationship.activity",
            name="Left over",
            type_id=kind.id,
            partner_id=cls.env["res.partner"].create({"name": "Left"}).id,
            user_id=cls.boss.id,
            left_type_id=cls.types["opportunity"].id,
        )

    @classmethod
    def _make_companies(cls):
        """Let a company keep something of each kind for itself."""
        firm, person = cls.env["res.partner"].create(
            [{"name": "Firm"}, {"name": "Ida"}]
        )
        of = {f"relationship.{kind}.type": {"name": f"Own {kind}"} for kind in TYPES}
        of["relationship.relation.type"]["inverse_name"] = "is own"
        of["relationship.role"] = {
            "partner_id": firm.id,
            "type_id": cls.types["role"].id,
        }
        of["relationship.relation"] = {
            "left_partner_id": firm.id,
            "type_id": cls.env.ref(KNOWS).id,
            "right_partner_id": person.id,
        }
        companies = cls.env["res.company"].create([{"name": name} for name in of])
        cls.boss.company_ids += companies
        for (model, values), company in zip(of.items(), companies, strict=True):
            cls._make(model, **values, company_id=company.id)

    def delete(self, record, user=None):
        """Delete a record as a request does, without the end of the transaction."""
        record.with_user(user or self.boss).unlink()

    def test_every_restriction_speaks(self):
        for model, field in get_restricting_fields(self.env):
            users = self.examples[model].filtered(field.name)
            self.assertTrue(users, f"make an example of {model} with {field.name}")
            target = users[0][field.name][:1]
            with self.subTest(f"{model}.{field.name}"):
                if (model, field.name) not in GOES_WITH_PARTNER:
                    with self.refused(REFUSED) as refusal:
                        self.delete(target)
                    self.assertNotRegex(str(refusal.exception), RAW)
                kind = self.env["relationship.source"]._get_label(model)
                with self.assertRaisesRegex(UserError, f"is used by: .*{kind}"):
                    target.with_user(self.boss)._unlink_restricted()

    def test_what_stands_at_a_partner_only_goes_with_him(self):
        self.delete(self.stalmet)
        for model, field in GOES_WITH_PARTNER:
            found = self.env[model].search([(field, "=", self.stalmet.id)])
            self.assertFalse(found)

    def test_what_can_be_archived_says_so(self):
        with self.assertRaisesRegex(
            UserError, "^“Comes” is in use .* Archive it instead, or change what uses"
        ):
            self.delete(self.answer)

    def test_an_answer_does_not_go_with_its_type_while_it_is_given(self):
        self.env["relationship.campaign"].search(
            [("type_id", "=", self.fair_type.id)]
        ).type_id = self.types["campaign"]
        with self.assertRaisesRegex(UserError, "^“Comes” is in use .* used by: Member"):
            self.delete(self.fair_type)

    def test_what_the_user_may_not_see_is_not_named(self):
        clerk = new_test_user(
            self.env,
            "test_clerk_d",
            groups="base.group_user,base.group_partner_manager",
            lang="en_US",
        )
        with self.assertRaises(UserError) as refusal:
            self.delete(self.companies[0], clerk)
        self.assertEqual(
            str(refusal.exception),
            "“Firm 0” is in use and cannot be deleted. It is used by: something"
            " that you may not see. Archive it instead, or change what uses it first.",
        )

    def test_a_name_that_is_half_a_sentence_stands_in_quotation_marks(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.env["res.lang"]._activate_lang("de_DE")
        kind = self.types["relation"].with_context(lang="en_US")
        kind.name = "is a subsidiary of"
        for lang, sentence in (
            ("en_US", "^“is a subsidiary of” is in use and cannot be deleted."),
            ("pl_PL", "^Nie można usunąć „is a subsidiary of”, bo jest w użyciu."),
            ("de_DE", "^„is a subsidiary of“ kann nicht gelöscht werden, weil es"),
        ):
            with self.refused(sentence):
                self.delete(kind.with_context(lang=lang))

    def test_what_others_have_set_up_with_a_stage_or_a_type_does_not_vanish(self):
        """Neither goes with it, nor loses it, what its keeper cannot see."""
        types = self.env["relationship.opportunity.type"]
        theirs = types.create({"name": "Theirs", "company_id": self.other_company.id})
        stage = self.env["crm.stage"].create({"name": "Decided"})
        role_type = self.env["relationship.reference.type"].create({"name": "Jury"})
        general = types.create({"name": "Of all"})

        def plan(**values):
            planned = {"reference_type_id": role_type.id, **values}
            return self.env["relationship.planned.role"].create(planned)

        of_theirs = plan(opportunity_type_id=theirs.id, stage_id=stage.id)
        hidden = "Something that you may not see stands against this"
        with self.refused(hidden, UserError):
            self.delete(stage, self.ewa)
        of_theirs.unlink()
        theirs.stage_id = stage
        with self.refused(hidden, UserError):
            self.delete(stage, self.ewa)
        theirs.stage_id = False
        of_all = plan(opportunity_type_id=general.id, stage_id=stage.id)
        self.delete(stage, self.ewa)
        self.assertFalse(of_all.exists())
        campaigns = self.env["relationship.campaign.type"].create(
            {
                "name": "Their fair",
                "company_id": self.other_company.id,
                "opportunity_type_id": general.id,
            }
        )
        with self.refused(hidden, UserError):
            self.delete(general, self.ewa)
        campaigns.opportunity_type_id = False
        self.delete(general, self.ewa)
        self.assertFalse(general.exists())

    def test_who_may_not_delete_learns_nothing(self):
        with self.assertRaisesRegex(UserError, "not allowed to delete"):
            self.delete(self.group, self.jan)

    def test_what_nobody_uses_goes(self):
        group = self.env["res.groups"].create({"name": "Nobody"})
        self.delete(group)
        self.assertFalse(group.exists())

    @mute_logger("odoo.sql_db")
    def test_a_restriction_that_only_the_server_saw_reads_as_before(self):
        """A record that another transaction adds escapes every guard."""
        with self.assertRaises(IntegrityError) as violation, self.env.cr.savepoint():
            self.env.cr.execute(
                "DELETE FROM crm_stage WHERE id = %s", self.stages[0].ids
            )
        self.assertRegex(
            self.env["crm.lead"]._sql_error_to_message(violation.exception),
            "^Another model is using the record you are trying to delete",
        )
