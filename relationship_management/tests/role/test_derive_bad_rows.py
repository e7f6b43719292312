from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ...models.role import derive
from .role_case import RoleCase

LOGGER = derive.__name__


@tagged("post_install", "-at_install")
class TestBadRows(RoleCase):
    """A partner who cannot get a role stops neither the others nor the user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = (cls.anna | cls.piotr | cls.jan | cls.ewa).partner_id
        cls.partners.role_ids.unlink()

    def break_relation(self, partner):
        """Leave a relation without the role it asks for, as SQL beside the ORM does.

        No role can be given to the partner until that is mended.
        """
        role = self.give(partner, "organisation")
        relation_type = self.env["relationship.relation.type"].create(
            {
                "name": "advises",
                "inverse_name": "is advised by",
                "left_role_type_id": role.type_id.id,
            }
        )
        self.env["relationship.relation"].create(
            {
                "left_partner_id": partner.id,
                "type_id": relation_type.id,
                "right_partner_id": self.paktech.id,
            }
        )
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM relationship_role WHERE id = %s", [role.id])
        self.env.invalidate_all()

    def test_the_nightly_job_leaves_out_who_breaks_a_rule(self):
        self.break_relation(self.anna.partner_id)
        told = []

        def go_on(done, left):
            told.append((done, left))
            return True

        roles = self.env["relationship.role"]
        with self.assertLogs(LOGGER, "WARNING") as logs:
            count = roles._derive_roles(["res.users"], self.partners, go_on)
        self.assertEqual(count, 3)
        self.assertEqual(told, [(4, 0)])
        self.assertFalse(self.anna.partner_id.role_ids)
        others = self.partners - self.anna.partner_id
        self.assertEqual(others.role_ids.mapped("kind"), ["employee"] * 3)
        self.assertEqual(len(logs.output), 1)
        self.assertIn(f"for partner {self.anna.partner_id.id} ", logs.output[0])

    def test_of_rows_that_overlap_one_counts(self):
        first, second = self.partners[:2].ids
        rows = SQL(
            "VALUES (%s, NULL::int, DATE '2020-01-01'),"
            " (%s, NULL, DATE '2021-01-01'), (%s, NULL, DATE '2020-01-01')",
            *(first, first, second),
        )
        roles = self.env["relationship.role"]
        self.patch(
            type(roles), "_get_role_sources", lambda _self: {"x": ("customer", rows)}
        )
        with self.assertLogs(LOGGER, "WARNING"):
            self.assertEqual(roles._derive_roles(), 2)
        self.assertEqual(
            self.partners.role_ids.mapped("date_from"),
            [fields.Date.to_date("2020-01-01")] * 2,
        )

    def test_what_cannot_be_is_left_out(self):
        self.patch(
            type(self.env["relationship.role"]),
            "_prepare_given",
            lambda _self, kind, rows, _origin, _source: [
                {
                    "partner_id": partner_id,
                    "type_id": self.types[kind].id,
                    "date_from": day,
                    "date_to": "1990-01-01",
                }
                for partner_id, _company, day in rows
            ],
        )
        with self.assertLogs(LOGGER, "WARNING"), self.assertNoLogs("odoo.sql_db"):
            roles = self.env["relationship.role"]._create_derived(
                "customer", [(self.stalmet.id, None, self.today)], "x"
            )
        self.assertFalse(roles)

    def test_a_user_is_created_though_the_role_cannot_be_given(self):
        self.break_relation(self.stalmet)
        irena = new_test_user(
            self.env, "test_irena", "base.group_erp_manager,base.group_partner_manager"
        )
        with self.assertLogs(LOGGER, "WARNING"):
            user = (
                self.env["res.users"]
                .with_user(irena)
                .create(
                    {
                        "name": "Stalmet",
                        "login": "test_stalmet",
                        "partner_id": self.stalmet.id,
                    }
                )
            )
        self.assertTrue(user.exists())
        self.assertFalse(self.stalmet.role_ids)
        self.assertIn("could not be given", self.notes(self.stalmet)[0])

    def test_a_user_comes_back_though_the_role_cannot_be_given(self):
        self.anna.active = False
        self.break_relation(self.anna.partner_id)
        with self.assertLogs(LOGGER, "WARNING"):
            self.anna.active = True
        self.assertTrue(self.anna.active)
