from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user

from ..models.shared import row_trigger


class RefusalCase(TransactionCase):
    """Who asserts a refusal asserts its sentence: another one is another reason."""

    @contextmanager
    def refused(self, sentence, exception=UserError):
        """Expect a refusal in these words, and take back what was done before it.

        :param sentence: regular expression of what tells it from other refusals
        """
        with self.assertRaises(exception) as caught:
            yield caught
        self.assertRegex(str(caught.exception), sentence)


class RelationshipCase(RefusalCase):
    """Named people, one type and one opportunity, and a clock that can be moved.

    The history folds the changes of one opportunity, transaction and clock value into
    one row. A test is one transaction, so it moves the clock between two steps.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            # Users come without the mail that invites them: it costs as much as they.
            context=dict(
                cls.env.context,
                tracking_disable=True,
                no_reset_password=True,
                lang="en_US",
            )
        )
        # The default that an installation gives: opportunities here have no type.
        cls.env["ir.default"].search(
            [
                ("field_id.model", "=", "crm.lead"),
                ("field_id.name", "=", "opportunity_type_id"),
            ]
        ).unlink()
        cls.company = cls.env.company
        cls.other_company = cls.env["res.company"].create(
            {
                "name": "Nordmark Leipzig",
                "currency_id": cls._activate_currency("EUR").id,
            }
        )
        ours = "relationship_management.relationship_management_group"
        leipzig = cls.other_company.ids
        cls.anna, cls.piotr, cls.ewa, cls.jan, cls.katrin = cls._new_users(
            ("anna", "sales_team.group_sale_salesman", {}),
            ("piotr", "sales_team.group_sale_salesman_all_leads", {}),
            ("ewa", f"sales_team.group_sale_manager,{ours}_manager", {}),
            ("jan", f"{ours}_user", {}),
            (
                *("katrin", "sales_team.group_sale_manager"),
                {"company_id": leipzig[0], "company_ids": [(6, 0, leipzig)]},
            ),
        )
        cls.stages = cls.env["crm.stage"].create(
            [
                {"name": "Qualified 1", "sequence": 1},
                {"name": "Proposal 2", "sequence": 2},
                {"name": "Signed 3", "sequence": 3, "is_won": True},
            ]
        )
        cls.team = cls.env["crm.team"].create(
            {"name": "Machines", "company_id": False, "member_ids": [(4, cls.anna.id)]}
        )
        cls.machine_deal = cls.env["relationship.opportunity.type"].create(
            {
                "name": "Test machine deal",
                "code": "TMD",
                "margin_percent": 20,
                "sets_probability": True,
                "probability": 40,
                "days_to_close": 30,
                "stage_id": cls.stages[1].id,
            }
        )
        cls.competitor_type = cls.env.ref(
            "relationship_management.relationship_reference_type_competitor"
        )
        cls.representative_type = cls.env.ref(
            "relationship_management.relationship_reference_type_sales_representative"
        )
        cls.kranbau, cls.paktech, cls.stalmet = cls.env["res.partner"].create(
            [{"name": "Kranbau Wolff"}, {"name": "PakTech"}, {"name": "Stalmet S.A."}]
        )

    @classmethod
    def _activate_currency(cls, name):
        currency = (
            cls.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", name)])
        )
        if not currency.active:
            currency.active = True
        return currency

    @classmethod
    def _new_user(cls, login, groups, **values):
        return cls._new_users((login, groups, values))

    @classmethod
    def _new_users(cls, *people):
        """Create users at once, each as core's ``new_test_user()`` creates one.

        :param people: login, groups and further values of each
        """
        return cls.env["res.users"].create(
            [
                {
                    "name": f"test_{login} (base.group_user,{groups})",
                    "login": f"test_{login}",
                    "password": f"test_{login}".ljust(8, "x"),
                    "email": "t.t@example.com",
                    "group_ids": [
                        (4, cls.env.ref(name).id)
                        for name in ("base.group_user", *groups.split(","))
                    ],
                    "tz": "Europe/Warsaw",
                    "lang": "en_US",
                    **values,
                }
                for login, groups, values in people
            ]
        )

    def in_both_companies(self, user):
        """Let a user work for both companies; return the context of such a request."""
        user.company_ids |= self.other_company
        return {"allowed_company_ids": (self.company | self.other_company).ids}

    def setUp(self):
        super().setUp()
        self.addCleanup(row_trigger.set_clock, self.env.cr)
        self.clock = self.env.cr.now() - timedelta(days=30)
        self.tick()

    def get_today(self, user=None):
        """Return the day it is for ``user`` (Anna), who may be ahead of the server."""
        user = user or self.anna
        return fields.Date.context_today(user.with_user(user))

    def tick(self, minutes=1):
        """Move the clock on, after what was done so far has reached the database."""
        self.env.flush_all()
        self.clock += timedelta(minutes=minutes)
        row_trigger.set_clock(self.env.cr, self.clock)
        return self.clock

    @contextmanager
    def step(self):
        """Do one step at a time of its own and write it to the database."""
        moment = self.tick()
        yield moment
        self.env.flush_all()

    def new_lead(self, user=None, **values):
        """Create an opportunity as ``user`` (Anna), who then holds it."""
        self.tick()
        leads = self.env["crm.lead"].with_user(user or self.anna)
        return leads.create({"name": "Packing line", "type": "opportunity", **values})

    def rows(self, lead):
        """Return the history of an opportunity, oldest first."""
        self.env.flush_all()
        self.env["relationship.opportunity.history"].invalidate_model()
        return self.env["relationship.opportunity.history"].search(
            [("opportunity_id", "=", lead.id if hasattr(lead, "id") else lead)],
            order="id",
        )

    def assertHappened(self, lead, *events):
        """Assert the events of an opportunity, in their order."""
        self.assertEqual(self.rows(lead).mapped("event"), list(events))

    def look_up(self, partner):
        """Return the model and id of what core's privacy lookup finds of a person."""
        admin = new_test_user(
            self.env, "admin_privacy", groups="base.group_system,base.group_user"
        )
        wizard = (
            self.env["privacy.lookup.wizard"]
            .with_user(admin)
            .create({"name": partner.name, "email": partner.email})
        )
        wizard.action_lookup()
        return {
            (line.res_model_id.model, line.res_id) for line in wizard.line_ids.sudo()
        }
