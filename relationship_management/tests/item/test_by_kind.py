"""Counts and groups of very many rows find the same as one row after the other."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ...models.item import by_kind
from . import test_access
from .test_mirror import ItemCase

DOMAINS = (
    [],
    [("source", "=", "mail.activity")],
    [("is_open", "=", True)],
    [("partner_id.name", "ilike", "a")],
    [("may_analyse", "=", True)],
    ["|", ("user_id", "=", False), ("campaign_id", "!=", False)],
)


@tagged("post_install", "-at_install")
class TestItemsByKind(test_access.TestItemAccess):
    """All that holds of rows that are looked up holds of rows read by kind."""

    def setUp(self):
        super().setUp()
        self.is_many = True
        self.patch(type(self.items), "_asks_for_many", lambda *_asked: self.is_many)

    def test_a_page_reads_no_more_than_its_rows(self):
        """The other way reads each kind of row in a statement of its own."""
        query = self.items.with_user(self.anna)._search([], limit=80)
        self.assertIn("UNION ALL", query.from_clause.code)

    def both(self, ask):
        """Return what is answered one way, and the other."""
        answers = []
        for self.is_many in (True, False):
            self.env.invalidate_all()
            answers.append(ask())
        return answers

    def test_it_finds_counts_and_groups_the_same(self):
        for user in (self.anna, self.piotr, self.ewa, self.jan, self.katrin):
            rows = self.items.with_user(user)
            for domain in DOMAINS:
                with self.subTest(user.login, domain=domain):
                    one, other = self.both(lambda r=rows, d=domain: r.search(d).ids)
                    self.assertEqual(one, other)
                    one, other = self.both(
                        lambda r=rows, d=domain: r.search(d, limit=5, offset=2).ids
                    )
                    self.assertEqual(one, other)
                    one, other = self.both(
                        lambda r=rows, d=domain: r.search_count(d, limit=7)
                    )
                    self.assertEqual(one, other)
                    for group in ("kind", "date:month", "partner_id"):
                        one, other = self.both(
                            lambda r=rows, d=domain, g=group: r._read_group(
                                d, [g], ["__count"]
                            )
                        )
                        self.assertEqual(one, other)

    def test_what_others_search_through_it(self):
        """As a part of another search, too."""
        rows = self.items.with_user(self.anna)
        one, other = self.both(
            lambda: rows.search([("id", "in", rows._search([]))]).ids
        )
        self.assertTrue(one)
        self.assertEqual(one, other)

    def test_who_may_read_nothing_finds_nothing(self):
        for model in self.items._get_sources():
            self.forbid(model)
        self.assertFalse(self.items.with_user(self.anna).search([]))
        self.assertFalse(self.items.with_user(self.anna).search_count([]))


@tagged("post_install", "-at_install")
class TestManyRows(ItemCase):
    """Rows are looked up one by one until that takes longer than the other way."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(by_kind, "LOOKED_UP", 100))
        self.share = 1.0
        self.patch(type(self.items), "_get_seen_share", lambda _rows, _day: self.share)

    def asks(self, domain=(), offset=0, limit=None):
        return self.items.with_user(self.anna)._asks_for_many(
            Domain(list(domain)), offset, limit
        )

    def test_a_page_of_who_sees_all(self):
        self.assertFalse(self.asks(limit=80))

    def test_a_late_page(self):
        self.assertTrue(self.asks(limit=80, offset=80))

    def test_a_page_of_who_sees_little(self):
        self.share = 0.5
        self.assertTrue(self.asks(limit=80))
        self.share = 0.0
        self.assertTrue(self.asks(limit=1))

    def test_all_of_them(self):
        self.assertTrue(self.asks())
        for domain in (
            [("kind", "=", "task")],
            [("partner_id", "!=", self.paktech.id)],
            [("partner_id", "=", False)],
            [("name", "ilike", "a")],
            ["|", ("id", "=", 1), ("kind", "=", "task")],
        ):
            self.assertTrue(self.asks(domain), domain)

    def test_few_rows_are_looked_up(self):
        self.share = 0.0
        for domain in (
            [("partner_id", "=", self.paktech.id)],
            [("partner_id", "child_of", self.paktech.id), ("kind", "=", "task")],
            [("id", "in", [1, 2])],
            [("name", "ilike", "pak")],
        ):
            self.assertFalse(self.asks(domain), domain)

    def test_a_small_table(self):
        self.share = None
        self.assertFalse(self.asks())

    def test_pages_that_core_takes(self):
        for values in (
            {"offset": None, "limit": 5},
            {"offset": "2", "limit": "5"},
            {"offset": 2, "limit": "5"},
        ):
            rows = self.items.with_user(self.anna)
            self.assertTrue(rows.search([], **values).ids)
            self.assertFalse(self.asks(**values))
        self.assertFalse(self.asks(limit="many"))


@tagged("post_install", "-at_install")
class TestNothingIsTold(ItemCase):
    """What one may not know decides nothing that one sees."""

    def setUp(self):
        super().setUp()
        for name, value in (("LOOKED_UP", 1), ("SAMPLE", 1)):
            self.startPatcher(patch.object(by_kind, name, value))
        self.env.cr.execute("ANALYZE relationship_item")
        self.env.registry.clear_cache()
        self.addCleanup(self.env.registry.clear_cache)
        self.rows = self.items.with_user(self.anna)
        self.asked = []
        execute = type(self.env.cr).execute

        def note(cr, query, *values, **options):
            self.asked.append(str(getattr(query, "code", query)))
            return execute(cr, query, *values, **options)

        self.patch(type(self.env.cr), "execute", note)

    def test_no_condition_is_asked_of_the_rows_of_others(self):
        self.rows.search([])
        self.asked.clear()
        self.rows.search([("channel", "=like", "zz")])
        told = [query for query in self.asked if '"channel"' in query]
        self.assertEqual(len(told), 1)
        self.assertIn("UNION ALL", told[0])

    def test_a_field_for_others_is_refused_before_it_is_looked_at(self):
        with self.refused("enough rights to access the field", AccessError):
            self.rows.search_count([("partner_id.signup_type", "=like", "z\\")])
        self.assertFalse([query for query in self.asked if "signup_type" in query])

    def test_rows_that_are_alike_come_in_the_same_order_both_ways(self):
        orders = []
        for is_many in (True, False):
            self.patch(type(self.items), "_asks_for_many", lambda *_a, m=is_many: m)
            orders.append(
                [
                    self.rows.search([], order=order).ids
                    for order in ("kind", "kind desc", "is_open DESC", "source, kind")
                ]
            )
        self.assertEqual(*orders)
        self.assertNotEqual(orders[0][0], sorted(orders[0][0]))


@tagged("post_install", "-at_install")
class TestSeenShare(ItemCase):
    """It is told by some rows anywhere in the table."""

    def get_share(self, day, user=None):
        self.env.cr.execute("ANALYZE relationship_item")
        with patch.object(by_kind, "LOOKED_UP", 1):
            return self.items.with_user(user or self.katrin)._get_seen_share(day)

    def test_of_a_row_that_one_sees(self):
        [seen] = self.items.with_user(self.anna).search([], limit=1).ids
        self.env.cr.execute("DELETE FROM relationship_item WHERE id <> %s", [seen])
        self.assertEqual(self.get_share("2026-04-05", self.anna), 1)

    def test_of_rows_that_one_does_not_see(self):
        seen = self.items.with_user(self.katrin).search([]).ids
        self.env.cr.execute("DELETE FROM relationship_item WHERE id = ANY(%s)", [seen])
        self.assertEqual(self.get_share("2026-04-06"), 0)

    def test_of_a_small_table(self):
        self.assertIsNone(self.items.with_user(self.anna)._get_seen_share("2026-04-07"))

    def test_of_a_list_without_rows(self):
        self.env.cr.execute("DELETE FROM relationship_item")
        rows = self.items.with_user(self.anna)
        self.patch(by_kind, "SIZE", "SELECT 100000")
        self.assertEqual(rows._get_seen_share("2026-04-08"), 0)
        self.assertFalse(rows.search_count([]))
