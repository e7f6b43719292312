from contextlib import closing

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.relationship_management.tests.relation.test_rules import RuleCase


@tagged("post_install", "-at_install")
class TestRelationImport(RuleCase):
    """Relations come from the tables of another addon."""

    def make_tables(self):
        self.cr.execute(
            """
            CREATE TABLE res_partner_relation_type (
                id serial PRIMARY KEY, name jsonb, name_inverse jsonb,
                contact_type_left varchar, contact_type_right varchar,
                is_symmetric boolean);
            CREATE TABLE res_partner_relation (
                id serial PRIMARY KEY, left_partner_id integer,
                right_partner_id integer, type_id integer,
                date_start date, date_end date);
            INSERT INTO res_partner_relation_type VALUES
                (1, '{"en_US": "is godfather of"}', '{"en_US": "has godfather"}',
                 'p', 'p', false),
                (2, '{"en_US": "knows"}', '{"en_US": "knows"}', 'p', 'p', true);
            INSERT INTO res_partner_relation
                (left_partner_id, right_partner_id, type_id, date_start, date_end)
            VALUES (%(nowak)s, %(rek)s, 1, '2020-01-01', NULL),
                   (%(nowak)s, %(rek)s, 1, '2021-01-01', NULL),
                   (%(nowak)s, %(huta)s, 1, NULL, NULL),
                   (%(rek)s, %(nowak)s, 2, '2022-01-01', '2021-01-01'),
                   (%(rek)s, %(nowak)s, 2, '2022-01-01', '2023-01-01')
            """,
            {"nowak": self.nowak.id, "rek": self.rek.id, "huta": self.huta.id},
        )

    def run_import(self, action="action_import", user=None):
        wizards = self.env["relationship.relation.import"]
        wizard = wizards.with_user(user or self.ewa).create({})
        getattr(wizard, action)()
        return wizard

    def test_the_rows_of_another_addon_come_in_once(self):
        self.make_tables()
        before = self.env["relationship.relation"].search_count([])
        wizard = self.run_import("action_check")
        self.assertIn(
            "Relations that can be imported: 2. Rows that would be left out: 3.",
            wizard.summary,
        )
        self.assertEqual(self.env["relationship.relation"].search_count([]), before)
        self.assertFalse(self.direction("has godfather"))
        wizard = self.run_import()
        self.assertIn("Relations imported: 2. Rows left out: 3.", wizard.summary)
        self.assertIn("already there", wizard.problems)
        self.assertIn("Huta is a company", wizard.problems)
        self.assertIn("ends before it begins", wizard.problems)
        sentences = [row["sentence"] for row in self.nowak.get_relations()]
        self.assertIn("Anna Nowak is godfather of Tomasz Rek, since 2020", sentences)
        self.assertEqual(len(self.direction("knows")), 1, "the type there was is used")
        self.assertIn(
            "Relations imported: 0. Rows left out: 3.", self.run_import().summary
        )

    def test_rows_of_another_company_name_nobody(self):
        self.make_tables()
        (self.nowak | self.huta).company_id = self.company
        manager = "relationship_management.relationship_management_group_manager"
        self.katrin.group_ids |= self.env.ref(manager)
        for action in ("action_check", "action_import"):
            problems = self.run_import(action, self.katrin).problems
            self.assertRegex(problems, "Row [0-9]+: .*names somebody or something that")
            self.assertIn("ends before it begins", problems)
            for name in ("Nowak", "Rek", "Huta", "godfather"):
                self.assertNotIn(name, problems)

    def test_a_type_of_another_company_is_not_named(self):
        self.make_tables()
        self.cr.execute(
            """
            UPDATE res_partner_relation_type SET name = '{"en_US": "is spy of"}',
                name_inverse = '{"en_US": "has spy"}' WHERE id = 1
            """
        )
        self.env["relationship.relation.type"].create(
            {
                "name": "is spy of",
                "inverse_name": "has spy",
                "company_id": self.other_company.id,
            }
        )
        (self.nowak | self.rek).company_id = self.company
        problems = self.run_import("action_check").problems
        self.assertIn("names somebody or something that you may not see", problems)
        self.assertNotIn("spy", problems)

    def test_limits_by_tags_are_told_not_taken_over(self):
        self.make_tables()
        self.assertNotIn("tag", self.run_import("action_check").summary)
        self.cr.execute(
            """
            ALTER TABLE res_partner_relation_type
                ADD partner_category_left integer, ADD partner_category_right integer;
            UPDATE res_partner_relation_type SET partner_category_right = 1
             WHERE id = 1
            """
        )
        for action in ("action_check", "action_import"):
            summary = self.run_import(action).summary
            self.assertIn("asked for a tag", summary)
            self.assertIn("instead: is godfather of.", summary)

    def test_the_tables_of_each_version(self):
        """Versions differ in how names are stored and in which columns there are."""
        more = """
            ALTER TABLE res_partner_relation_type
                ADD allow_self boolean, ADD handle_invalid_onchange varchar,
                ADD partner_category_left integer, ADD partner_category_right integer;
            UPDATE res_partner_relation_type SET allow_self = false,
                handle_invalid_onchange = 'restrict'
        """
        plain_names = """
            ALTER TABLE res_partner_relation_type
                ALTER name TYPE varchar USING name ->> 'en_US',
                ALTER name_inverse TYPE varchar USING name_inverse ->> 'en_US'
        """
        archived = """
            ALTER TABLE res_partner_relation ADD active boolean;
            UPDATE res_partner_relation
               SET active = date_end IS NULL OR date_end > '2026-01-01'
        """
        fewest = """
            ALTER TABLE res_partner_relation_type
                DROP is_symmetric, DROP contact_type_left, DROP contact_type_right
        """
        for layout, changes in {
            "names translated": [more],
            "names translated, ended rows archived": [more, archived],
            "names as plain text": [plain_names, more],
            "fewest columns": [fewest],
        }.items():
            with self.subTest(layout=layout), closing(self.cr.savepoint()) as savepoint:
                self.make_tables()
                for change in changes:
                    self.cr.execute(change)
                wizard = self.run_import()
                sentences = [row["sentence"] for row in self.nowak.get_relations()]
                self.assertIn(
                    "Anna Nowak is godfather of Tomasz Rek, since 2020", sentences
                )
                self.assertTrue(
                    any("knows" in sentence for sentence in sentences),
                    "ended ones come along",
                )
                self.assertIn("ends before it begins", wizard.problems)
                savepoint.rollback()
                self.env.invalidate_all()
                self.env.registry.clear_cache()

    def test_without_tables_there_is_nothing_to_import(self):
        with self.assertRaisesRegex(UserError, "no relations of another addon"):
            self.run_import()

    def test_only_managers_import(self):
        clerk = new_test_user(self.env, "import_clerk", "base.group_partner_manager")
        portal = new_test_user(self.env, "import_portal", "base.group_portal")
        wizard = self.env["relationship.relation.import"].with_user(self.ewa).create({})
        for user in (self.jan, clerk, portal):
            with self.assertRaisesRegex(
                AccessError, "not allowed to create 'Import of"
            ):
                wizard.with_user(user).create({})
            for method in ("action_check", "action_import", "_import"):
                with self.assertRaisesRegex(AccessError, "'Import of relations'"):
                    getattr(wizard.with_user(user), method)()

    def test_the_settings_lead_to_it(self):
        view = self.env["res.config.settings"].get_view(view_type="form")
        action = self.env.ref(
            "relationship_management_import_relations."
            "relationship_relation_import_action"
        )
        self.assertIn(f'name="{action.id}"', view["arch"])
