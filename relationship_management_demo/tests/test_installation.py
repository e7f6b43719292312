import re

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..hooks import LOGINS, pre_init_hook, uninstall_hook
from ..story.player import MODULE


@tagged("post_install", "-at_install")
class TestInstallation(TransactionCase):
    """Who gets the story, and what becomes of it with an update."""

    def test_it_refuses_a_database_with_people_of_these_names(self):
        with self.assertRaisesRegex(
            UserError, "users with these logins: anna, ewa, jan"
        ):
            pre_init_hook(self.env)

    def test_it_names_whom_it_would_collide_with_also_when_archived(self):
        people = self.env["res.users"].search([("login", "in", LOGINS)])
        for user in people:
            user.login = f"{user.login}.elsewhere"
        pre_init_hook(self.env)
        people[0].write({"login": "marta", "active": False})
        with self.assertRaisesRegex(
            UserError, "these logins: marta. Install it into a new database."
        ):
            pre_init_hook(self.env)

    def test_an_update_leaves_all_of_it_alone(self):
        """Core deletes or writes again what a file brings, unless it is noupdate."""
        names = self.env["ir.model.data"].search([("module", "=", MODULE)])
        loose = names.filtered(
            lambda name: not name.noupdate and not name.model.startswith("ir.model")
        )
        self.assertFalse(loose.mapped("name"))

    def test_its_plans_can_go_with_it(self):
        """Stages stay, and would keep a plan whose tasks have gone."""
        plan = self.env.ref(f"{MODULE}.activity_plan_offer")
        self.assertTrue(
            self.env["crm.stage"].search([("activity_plan_id", "=", plan.id)])
        )
        uninstall_hook(self.env)
        plan.unlink()
        self.assertFalse(plan.exists())

    def test_the_addons_bring_nothing_of_it(self):
        for addon in self.env["ir.module.module"].search(
            [("name", "=like", "relationship_management%"), ("name", "!=", MODULE)]
        ):
            found = self.env["ir.model.data"].search_count(
                [
                    ("module", "=", addon.name),
                    ("model", "in", ("res.users", "res.company", "crm.lead")),
                ]
            )
            self.assertFalse(found, addon.name)

    def test_everyone_of_the_story_can_log_in(self):
        for login in LOGINS:
            self.assertEqual(self.env.ref(f"{MODULE}.user_{login}").login, login)


@tagged("post_install", "-at_install")
class TestWhatPeopleSee(TransactionCase):
    """What the story shows on a phone, and in Polish."""

    def test_everybody_has_a_phone_number_that_is_nobodys(self):
        names = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "res.partner")]
        )
        partners = self.env["res.partner"].browse(names.mapped("res_id"))
        partners |= partners.search([("email", "=like", "fair.%@example.com")])
        self.assertGreater(len(partners), 100)
        fiction = re.compile(r"\+(44 1632 960\d{3}|49 30 23125 \d{3})")
        others = partners.filtered(lambda p: not fiction.fullmatch(p.phone or ""))
        self.assertFalse(others.mapped(lambda p: (p.name, p.phone)))
        self.assertEqual(len(set(partners.mapped("phone"))), len(partners))

    def test_the_plan_of_an_offer_is_said_in_polish(self):
        anna = self.env.ref(f"{MODULE}.user_anna")
        plan = self.env.ref(f"{MODULE}.activity_plan_offer")
        polish = plan.with_user(anna).with_context(lang="pl_PL")
        self.assertEqual(polish.name, "Oferta")
        lead = self.env["crm.lead"].create(
            {"name": "Prasa", "type": "opportunity", "user_id": anna.id}
        )
        wizard = polish.env["mail.activity.schedule"].create(
            {"res_model": "crm.lead", "res_ids": str(lead.ids), "plan_id": plan.id}
        )
        wizard.action_schedule_plan()
        self.assertEqual(
            set(lead.activity_ids.mapped("summary")),
            {"Zapytać, kto decyduje i do kiedy", "Wysłać ofertę", "Omówić ofertę"},
        )

    def test_polish_amounts_have_separated_thousands(self):
        polish = self.env.ref("base.lang_pl")
        self.assertEqual(
            polish.format("%.2f", 1234567.891, grouping=True),
            "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,89",
        )
