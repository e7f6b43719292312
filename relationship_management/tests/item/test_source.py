"""A business model comes into the list by its description, and goes without harm."""

import re

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.item.names import LONGEST, get_name
from ..shared.source_case import VISIT, SourceCase

JOINED = re.compile(r'JOIN "?(\w+)"? "?(\w+)"? ON')
# Nobody changes it.
STAYS = {"id"}


@tagged("post_install", "-at_install")
class TestItemSource(SourceCase):
    def find(self, user, **about):
        self.env.flush_all()
        items = self.env["relationship.item"].with_user(user)
        domain = [(name, "=", value) for name, value in about.items()]
        return items.search([("source", "=", VISIT), *domain])

    def test_one_description_is_enough(self):
        row = self.find(self.anna)
        self.assertEqual(
            (row.source_id, row.kind, row.name, row.partner_id),
            (self.visit.id, "visit", "Walk through the hall", self.nowak),
        )
        self.assertEqual(row.commercial_partner_id, self.stalmet)
        self.assertEqual(row.timing, "5_done")
        kinds = dict(row._fields["kind"]._description_selection(self.env))
        self.assertEqual(kinds["visit"], "Visit")
        self.assertEqual(row.action_open()["res_model"], VISIT)
        self.assertEqual(self.find(self.piotr).source_id, self.other_visit.id)
        self.assertFalse(self.find(self.jan))
        self.visit.state = "planned"
        self.assertTrue(self.find(self.anna, is_open=True))
        self.visit.unlink()
        self.assertFalse(self.find(self.anna))

    def test_its_tasks_have_its_partner(self):
        task = self.visit.with_user(self.anna).activity_schedule(
            "mail.mail_activity_data_call", user_id=self.anna.id
        )
        self.env.flush_all()
        items = self.env["relationship.item"].with_user(self.anna)
        row = items.search(
            [("source", "=", "mail.activity"), ("source_id", "=", task.id)]
        )
        self.assertEqual((row.partner_id, row.res_model), (self.nowak, VISIT))
        self.visit.partner_id = self.paktech
        self.env.flush_all()
        row.invalidate_recordset()
        self.assertEqual(row.partner_id, self.paktech)

    def test_without_triggers_nothing_breaks(self):
        """As while an addon is uninstalled, whose tables go."""
        items = self.env["relationship.item"]
        items._remove()
        self.assertFalse(items._is_installed(items._get_functions()))
        self.visit.name = "Nobody sees it"
        self.env.flush_all()
        items._install(items._get_functions())
        self.assertTrue(items._is_installed(items._get_functions()))
        self.assertEqual(self.find(self.anna).name, "Nobody sees it")

    def test_a_column_that_the_list_has_not_is_refused(self):
        items = self.env["relationship.item"]
        source = items._get_sources()[VISIT]
        source.rows.values["colour"] = 1
        with self.assertRaisesRegex(ValueError, "unknown columns: colour"):
            items._get_select(source, True)

    def test_whatever_a_row_tells_of_another_table_it_follows(self):
        """Else it would say what was so before, or point to what is gone."""
        items = self.env["relationship.item"]
        for model, source in items._get_sources().items():
            rows = source.rows
            joins = items._to_text(rows.joins) if rows.joins.code else ""
            parts = [*rows.values.values(), rows.kind, rows.where]
            told = [items._to_text(part) for part in parts if isinstance(part, SQL)]
            code = " ".join([joins, *told])
            followed = {}
            for follow in rows.follows:
                followed.setdefault(follow.table, {*STAYS}).update(follow.columns)
            for table, alias in JOINED.findall(joins):
                told = set(re.findall(rf'\b"?{alias}"?\."?(\w+)"?', code))
                self.assertLessEqual(
                    told, followed.get(table, STAYS), f"{model}: {table}"
                )

    def test_a_long_name_of_a_table_is_cut_the_same_each_time(self):
        name = get_name("sync_" + "x" * 60)
        self.assertEqual(len(name), LONGEST)
        self.assertNotEqual(name, get_name("sync_" + "x" * 59 + "y"))
        self.assertEqual(get_name("sync_crm_lead"), "relationship_item_sync_crm_lead")

    def test_it_follows_also_where_tables_are_looked_for_elsewhere(self):
        self.visit.name = "Elsewhere"
        self.env.flush_all()
        with self.env.cr.savepoint():
            self.env.cr.execute("SET LOCAL search_path = ''")
            self.env.cr.execute(
                "UPDATE public.crm_lead SET name = 'Restored' WHERE id ="
                " (SELECT min(id) FROM public.crm_lead WHERE type = 'opportunity')"
            )
            self.env.cr.execute("SET LOCAL search_path = public")
        items = self.env["relationship.item"]
        self.assertTrue(items.search([("name", "=", "Restored")]))
