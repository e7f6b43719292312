from contextlib import closing

from psycopg2 import errors

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import RefusalCase
from ..relation.test_rules import RuleCase

ADDONS = ("relationship_management", "olap_export")
# Plain data of an address, as core's own phone and industry.
OPEN_FIELDS = {"fax", "industry_id"}


@tagged("post_install", "-at_install")
class TestPartnerRights(RuleCase):
    """What others must not read, change or pass by."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "portal_r", groups="base.group_portal")
        cls.clerk = new_test_user(
            cls.env, "clerk_r", groups="base.group_user,base.group_partner_manager"
        )
        cls.public = cls.env.ref("base.public_user")
        cls.secret_group = cls.env["res.groups"].create({"name": "Secret service"})
        cls.secret_role_type = cls.env["relationship.role.type"].create(
            {
                "name": "Informant",
                "kind": "other",
                "use_group_ids": [Command.set(cls.secret_group.ids)],
            }
        )

    def get_own_fields(self):
        return [
            name
            for name, field in self.env["res.partner"]._fields.items()
            if field._modules and field._modules[0].startswith(ADDONS)
        ]

    def test_nobody_else_reads_our_fields_of_a_partner(self):
        names = set(self.get_own_fields()) - OPEN_FIELDS
        self.assertGreater(len(names), 40)
        for user in (self.portal, self.public, self.clerk):
            partner = self.portal.partner_id.with_user(user)
            for name in names:
                with self.subTest(user=user.login, field=name):
                    self.assertNotIn(name, partner.fields_get())
                    with self.refused(
                        "not have enough rights to access the field", AccessError
                    ):
                        partner.read([name])

    def test_nobody_else_asks_for_figures(self):
        for user in (self.portal, self.clerk):
            partner = self.portal.partner_id.with_user(user)
            with self.refused('the field "abc_class"', AccessError):
                partner.get_figures()
            with self.refused('the field "abc_class"', AccessError):
                partner.action_open_figure("last_contact")
        self.assertTrue(self.nowak.with_user(self.jan).get_figures()["figures"])

    def test_a_clerk_merges_and_keeps_what_he_does_not_see(self):
        self.rek.credit_rating = "AA+"
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.clerk)
        wizard.create({})._merge((self.nowak | self.rek).ids, self.nowak)
        self.assertEqual(self.nowak.credit_rating, "AA+")

    def test_a_role_is_not_written_into_a_type_one_may_not_use(self):
        supplier = self.env.ref(
            "relationship_management.relationship_role_type_supplier"
        )
        role = self.env["relationship.role"].create(
            {"partner_id": self.nowak.id, "type_id": supplier.id}
        )
        with self.refused("records of the type Informant", AccessError):
            role.with_user(self.jan).write({"type_id": self.secret_role_type.id})
        with self.refused(r"'read' access to:\n- Companies \(", AccessError):
            role.with_user(self.jan).write({"company_id": self.other_company.id})

    def test_a_relation_is_not_written_into_a_type_one_may_not_use(self):
        types = self.env["relationship.relation.type"]
        plain = types.create({"name": "likes", "inverse_name": "is liked by"})
        secret = types.create(
            {
                "name": "informs on",
                "inverse_name": "is informed on by",
                "use_group_ids": [Command.set(self.secret_group.ids)],
            }
        )
        relation = self.env["relationship.relation"].create(
            {
                "left_partner_id": self.nowak.id,
                "right_partner_id": self.rek.id,
                "type_id": plain.id,
            }
        )
        with self.refused("records of the type informs on", AccessError):
            relation.with_user(self.jan).write({"type_id": secret.id})
        with self.refused(r"'read' access to:\n- Companies \(", AccessError):
            relation.with_user(self.jan).write({"company_id": self.other_company.id})

    def test_a_consent_of_an_archived_partner_is_recorded(self):
        self.rek.active = False
        dialog = self.env["relationship.consent.record"].with_user(self.jan)
        dialog = dialog.with_context(
            active_model="res.partner", active_ids=self.rek.ids
        ).create({"action": "withdrawn", "email": True})
        dialog.action_record()
        self.assertEqual(self.rek.consent_ids.action, "withdrawn")
        with self.assertRaisesRegex(UserError, "at least one partner"):
            self.env["relationship.consent.record"].with_user(self.jan).create(
                {"action": "withdrawn", "email": True}
            ).action_record()

    def test_a_public_file_of_somebody_else_is_no_evidence(self):
        file = self.env["ir.attachment"].create(
            {"name": "logo.png", "raw": b"logo", "public": True}
        )
        with self.refused("not allowed to access this document", AccessError):
            self.env["relationship.consent"].with_user(self.jan).create(
                {
                    "partner_id": self.nowak.id,
                    "channel": "email",
                    "action": "given",
                    "legal_basis": "consent",
                    "attachment_ids": [Command.set(file.ids)],
                }
            )
        self.assertFalse(file.res_id)

    def test_relating_tells_a_role_that_is_hidden(self):
        self.secret_role_type.see_group_ids = self.secret_group
        kind = self.env["relationship.relation.type"].create(
            {
                "name": "leads",
                "inverse_name": "is led by",
                "left_role_type_id": self.secret_role_type.id,
            }
        )
        wizard = self.env["relationship.relation.create"].with_user(self.jan)
        dialog = wizard.create(
            {
                "partner_ids": [Command.set(self.nowak.ids)],
                "direction_id": self.env["relationship.relation.direction"]
                ._get_direction(kind, False)
                .id,
                "other_partner_id": self.rek.id,
            }
        )
        with self.assertRaisesRegex(UserError, "Informant"):
            dialog.action_create()


@tagged("post_install", "-at_install")
class TestTwoPeopleAtOnce(RefusalCase):
    """Two transactions that begin together do not both enter the same thing."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        with self.connection.cursor() as cr:
            self.partner_ids = (
                self.in_env(cr)["res.partner"]
                .create([{"name": "Two at once 1"}, {"name": "Two at once 2"}])
                .ids
            )
        self.addCleanup(self.forget)

    def in_env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def forget(self):
        with self.connection.cursor() as cr:
            self.in_env(cr)["res.partner"].browse(self.partner_ids).unlink()

    def enter_twice(self, enter):
        """Enter the same thing in two transactions that do not see each other."""
        with (
            closing(self.connection.cursor()) as first,
            closing(self.connection.cursor()) as second,
        ):
            second.execute("SELECT 1")  # its snapshot begins here
            enter(self.in_env(first))
            first.commit()
            with self.assertRaises(errors.SerializationFailure):
                enter(self.in_env(second))
            second.rollback()
            with self.refused("already (there|holds)", ValidationError):
                enter(self.in_env(second))
            second.rollback()

    @mute_logger("odoo.sql_db")
    def test_two_people_enter_the_same_role(self):
        def enter(env):
            kind = env.ref("relationship_management.relationship_role_type_supplier")
            env["relationship.role"].create(
                {"partner_id": self.partner_ids[0], "type_id": kind.id}
            )
            env.flush_all()

        self.enter_twice(enter)

    @mute_logger("odoo.sql_db")
    def test_two_people_enter_the_same_relation(self):
        def enter(env):
            kind = env["relationship.relation.type"].search(
                [
                    ("left_is", "=", "any"),
                    ("right_is", "=", "any"),
                    ("left_role_type_id", "=", False),
                    ("right_role_type_id", "=", False),
                    ("share_use", "!=", "required"),
                    ("function_use", "!=", "required"),
                ],
                limit=1,
            )
            self.assertTrue(kind)
            env["relationship.relation"].create(
                {
                    "left_partner_id": self.partner_ids[0],
                    "right_partner_id": self.partner_ids[1],
                    "type_id": kind.id,
                }
            )
            env.flush_all()

        self.enter_twice(enter)
