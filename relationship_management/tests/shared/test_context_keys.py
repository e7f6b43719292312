from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.consent.blacklist import SAID_BY, SAID_CHANNELS
from ...models.consent.ledger import IMPORTING
from ...models.opportunity.margin import FOLLOWS
from ...models.role.role import ONE_COMPANY, SILENT
from ...models.shared.context import REMEMBERED_KEYS
from ...models.shared.kinds import cut
from ..relation.test_rules import RuleCase


@tagged("post_install", "-at_install")
class TestContextKeys(RuleCase):
    """What clients send as context switches nothing off and breaks nothing."""

    def test_the_chatter_tells_a_role_whatever_the_context_says(self):
        roles = self.env["relationship.role"].with_user(self.jan)
        supplier = self.env.ref(
            "relationship_management.relationship_role_type_supplier"
        )
        before = self.stalmet.message_ids
        forged = {SILENT: True, "relationship_role_silent": {"value": 1}}
        roles.with_context(**forged).create(
            {"partner_id": self.stalmet.id, "type_id": supplier.id}
        )
        self.assertRegex((self.stalmet.message_ids - before).body, "Role given")

    def test_a_blacklisting_is_recorded_for_all_channels_and_now(self):
        self.stalmet.email = "office@stalmet.example.com"
        keeper = self._new_user("keeper", "base.group_system")
        purpose = self.env["relationship.consent.purpose"].search([], limit=1)
        forged = {
            SAID_CHANNELS: [],
            SAID_BY: self.stalmet.ids,
            "relationship_consent_channels": ["fax"],
            "relationship_consent_partner_ids": self.stalmet.ids,
            "default_date": "2001-01-01 00:00:00",
            "default_purpose_id": purpose.id,
            "default_evidence": "Forged",
            "default_valid_until": "2001-01-01",
        }
        blacklist = self.env["mail.blacklist"].with_user(keeper)
        blacklist.with_context(**forged).create({"email": self.stalmet.email})
        entry = self.stalmet.consent_ids
        self.assertEqual(entry.channel, "email")
        self.assertEqual(entry.action, "withdrawn")
        self.assertEqual(entry.date.date(), date.today())  # noqa: DTZ011
        self.assertFalse(entry.purpose_id or entry.evidence or entry.valid_until)

    def test_nobody_says_that_a_typed_consent_was_imported(self):
        for forged in ({"import_file": True}, {IMPORTING: True}):
            entry = (
                self.env["relationship.consent"]
                .with_user(self.jan)
                .with_context(**forged)
                .create(
                    {
                        "partner_id": self.stalmet.id,
                        "channel": "letter",
                        "action": "given",
                    }
                )
            )
            self.assertEqual(entry.origin, "person")

    def test_roles_of_other_companies_stay_apart(self):
        supplier = self.env.ref(
            "relationship_management.relationship_role_type_supplier"
        )
        roles = self.env["relationship.role"].sudo()
        roles.create(
            {
                "partner_id": self.huta.id,
                "type_id": supplier.id,
                "company_id": self.other_company.id,
            }
        )
        mine = (
            self.env["relationship.role"]
            .with_user(self.jan)
            .with_context(**{ONE_COMPANY: True})
            .create(
                {
                    "partner_id": self.huta.id,
                    "type_id": supplier.id,
                    "company_id": self.company.id,
                }
            )
        )
        self.assertTrue(mine)

    def test_no_margin_means_no_amount(self):
        lead = (
            self.env["crm.lead"]
            .with_user(self.anna)
            .create({"name": "Press", "expected_revenue": 100, "margin_percent": 20})
        )
        forged = {FOLLOWS: True, "margin_percent_follows": True}
        lead.with_context(**forged).write({"margin_percent": 0})
        self.assertEqual(lead.contribution_margin, 0)

    def test_keys_of_a_wrong_kind_break_nothing(self):
        self.relate(self.nowak, self.knows, self.rek)
        partner = self.stalmet.with_user(self.ewa)
        for key in (
            "relationship_date",
            "relationship_partner_id",
            "relationship_purpose_id",
            "relationship_addressees",
            "relationship_stages_for",
            "default_role_kind",
            "active_ids",
            "only_this_partner",
        ):
            for value in ("x", 5, -1, [], ["x"], [[1]], {"a": 1}, True, 1.5, 10**20):
                forged = {key: value, "active_model": "res.partner"}
                with self.subTest(key=key, value=value):
                    try:
                        self._use_everything(partner.with_context(**forged))
                    except UserError as error:
                        self.assertRegex(str(error), "is no day: write it as")
                        self.assertEqual(key, "relationship_date")
        for day in ("0001-01-01", "9999-12-31"):
            self._use_everything(partner.with_context(relationship_date=day))

    def test_fields_are_remembered_for_whatever_a_context_has(self):
        """Read every field that depends on a key, with values that core cannot."""
        nested = []
        for _level in range(5000):
            nested = [nested]
        values = ({"a": 1}, [[1]], [{}], {"a": {"b": []}}, nested, [["x"] * 100_000])
        ours = set(REMEMBERED_KEYS)
        depending = [
            (field, keys & ours)
            for field, found in self.registry.field_depends_context.items()
            if (keys := set(found)) & ours
        ]
        self.assertEqual(set().union(*(keys for _f, keys in depending)), ours)
        self.relate(self.nowak, self.knows, self.rek)
        for field, keys in depending:
            records = self.env[field.model_name].with_user(self.ewa)
            for key in keys:
                for value in values:
                    forged = records.with_context(**{key: value})
                    with self.subTest(field=str(field), key=key, value=cut(value)[:20]):
                        self._read(forged.search([], limit=1), field.name)
                        self._read(forged.new({}), field.name)

    def _read(self, record, name):
        try:
            record.mapped(name)
            record.onchange({}, [], {name: {}})
        except UserError as error:
            self.assertRegex(str(error), "is no day: write it as")
            self.assertLess(len(str(error)), 1000)

    def _use_everything(self, partner):
        partner.invalidate_model()
        partner.read(
            ["role_type_ids", "consent_email", "role_badges", "relationship_date"]
        )
        env = partner.env
        env["res.partner"].search_count([("role_type_ids", "!=", False)])
        env["relationship.relation"].search([], limit=3).read(["sentence", "words"])
        env["relationship.relation"].default_get(["this_partner_id"])
        env["relationship.campaign"].search([], limit=1).read(["addressee_tab"])
        env["crm.stage"].search_count([])
        env["relationship.document"].search_count([("partner_id", "=", partner.id)])
        for wizard in ("campaign.assign", "relation.create", "consent.record"):
            model = env[f"relationship.{wizard}"]
            model.default_get(list(model._fields))
        env["res.partner"].new({"name": "New"}).role_badges  # noqa: B018
