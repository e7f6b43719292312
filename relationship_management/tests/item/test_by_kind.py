"""Counts and groups of very many rows find the same as one row after the other."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.relationship_management.models.item import by_kind

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
        for name, value in (("SAMPLE", 10), ("LOOKED_UP", 100)):
            self.startPatcher(patch.object(by_kind, name, value))
        self.env.registry.clear_cache()
        self.share = 1.0
        self.patch(type(self.items), "_get_seen_share", lambda _rows, _day: self.share)

    def asks(self, domain=(), offset=0, limit=None):
        return self.items.with_user(self.anna)._asks_for_many(
            list(domain), offset, limit
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

    def test_a_search_that_finds_few(self):
        self.share = 0.0
        [one] = self.items.search([], limit=1)
        self.assertFalse(self.asks([("id", "=", one.id)]))


@tagged("post_install", "-at_install")
class TestSeenShare(ItemCase):
    def test_of_rows_that_one_sees(self):
        rows = self.items.with_user(self.katrin)
        seen = rows.search([]).ids
        self.env.cr.execute("DELETE FROM relationship_item WHERE id <> ALL(%s)", [seen])
        self.assertEqual(rows._get_seen_share("2026-04-05"), 1)

    def test_of_rows_that_one_does_not_see(self):
        rows = self.items.with_user(self.katrin)
        seen = rows.search([]).ids
        self.env.cr.execute("DELETE FROM relationship_item WHERE id = ANY(%s)", [seen])
        self.assertEqual(rows._get_seen_share("2026-04-06"), 0)

    def test_a_list_without_rows(self):
        self.env.cr.execute("DELETE FROM relationship_item")
        rows = self.items.with_user(self.anna)
        self.assertEqual(rows._get_seen_share("2026-04-04"), 0)
        self.assertFalse(rows.search_count([]))
