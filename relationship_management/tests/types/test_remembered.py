from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

from ..history.test_transactions import Session

MODEL = "relationship.role.type"


@tagged("post_install", "-at_install")
class TestRememberedRights(TransactionCase):
    """Requests at once: none of them leaves to others what was so before."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        with self.session() as env:
            self.type_id = env[MODEL].create({"name": "Closed meanwhile"}).id
        self.addCleanup(self._delete)

    def session(self):
        return Session(self.connection)

    def _delete(self):
        with self.session() as env:
            env[MODEL].browse(self.type_id).unlink()

    def is_hidden(self, env):
        """Tell by both caches, the own one and that of record rules."""
        user = env.ref("base.public_user")
        forbidden = env[MODEL].with_user(user)._get_forbidden_ids("see")
        rules = env["ir.rule"].with_user(user)._compute_domain(MODEL)
        found = env[MODEL].browse(self.type_id).filtered_domain(rules)
        self.assertEqual(self.type_id in forbidden, not found)
        return not found

    def close_type(self, env):
        env[MODEL].browse(self.type_id).see_group_ids = env.ref("base.group_system")
        env.flush_all()

    def signal(self):
        """Do what Odoo does after the request, if it has been told to."""
        self.assertIn("default", self.registry.cache_invalidated)
        with self.session() as env:
            env.cr.execute("INSERT INTO orm_signaling_default DEFAULT VALUES")

    def test_a_request_before_the_commit_leaves_nothing_open(self):
        writer = self.session()
        self.close_type(writer.__enter__())
        with self.session() as env:
            self.assertFalse(self.is_hidden(env))
        # Another request ends, and signals what it finds.
        self.registry.cache_invalidated.clear()
        writer.__exit__(None, None, None)
        with self.session() as env:
            self.assertTrue(self.is_hidden(env))
        self.signal()

    def test_a_request_that_began_before_the_commit_leaves_nothing_open(self):
        late = self.session()
        late_env = late.__enter__()
        late_env.cr.execute("SELECT 1")
        with self.session() as env:
            self.close_type(env)
        self.signal()
        self.assertFalse(self.is_hidden(late_env))
        with self.session() as env:
            self.assertTrue(self.is_hidden(env))
        late.__exit__(None, None, None)

    def test_planned_roles_are_forgotten_by_all_as_well(self):
        plans = "relationship.planned.role"
        with self.session() as env:
            env[plans]._get_demands()
            kind = env["relationship.reference.type"].search([], limit=1)
            stage = env["crm.stage"].search([], limit=1)
        writer = self.session()
        env = writer.__enter__()
        line = env[plans].create(
            {"reference_type_id": kind.id, "demand": "warning", "stage_id": stage.id}
        )
        env.flush_all()
        with self.session() as other:
            before = other[plans]._get_demands()
        writer.__exit__(None, None, None)
        with self.session() as env:
            self.assertEqual(env[plans]._get_demands(), before | {"warning"})
            env[plans].browse(line.id).unlink()
