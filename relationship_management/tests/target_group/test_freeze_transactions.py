from unittest.mock import patch

from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...models.target_group import (
    freeze,
    freeze_background,
)
from ..history.test_transactions import Session


@tagged("post_install", "-at_install")
class TestFreezeBesideColleagues(TransactionCase):
    """The background goes on while a colleague works, each in real transactions."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        self.addCleanup(self._delete)
        self.patch(freeze, "DIRECT_LIMIT", 0)
        with self.session() as env:
            admin = env.ref("base.user_admin")
            self.partner_ids = (
                env["res.partner"]
                .create(
                    [
                        {
                            "name": f"Two at once {n}",
                            "is_company": True,
                            "email": f"two{n}@example.com",
                        }
                        for n in range(2)
                    ]
                )
                .ids
            )
            self.type_id = (
                env["relationship.campaign.type"]
                .create({"name": "Two at once", "channel": "email"})
                .id
            )
            campaign = (
                env["relationship.campaign"]
                .with_user(admin)
                .create({"title": "Two at once", "type_id": self.type_id})
            )
            self.campaign_id = campaign.id
            campaign.addressee_ids = [(0, 0, {"partner_id": self.partner_ids[0]})]
            # What the run has to change, too.
            campaign.addressee_ids.partner_id.email = False
            campaign.selection_ids = [
                (0, 0, {"rule": str([("id", "in", self.partner_ids)])})
            ]
            run = campaign._stage_rule()
            run._start()
            self.run_id = run.id

    def session(self):
        return Session(self.connection)

    def _delete(self):
        with self.session() as env:
            campaign = env["relationship.campaign"].browse(self.campaign_id)
            env.cr.execute(
                "DELETE FROM relationship_campaign_addressee WHERE campaign_id = %s",
                [campaign.id],
            )
            env.invalidate_all()
            campaign.unlink()
            env["relationship.campaign.type"].browse(self.type_id).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    def work(self, note):
        """Do, as a colleague, what the running batch is about to do."""
        with self.session() as env:
            campaign = env["relationship.campaign"].browse(self.campaign_id)
            campaign.with_user(env.ref("base.user_admin")).addressee_ids.note = note

    def go_on(self, times):
        """Let the background work while a colleague comes between so many times."""
        freezes = type(self.env["relationship.campaign.freeze"])
        original, calls = freezes._get_query, []

        def get_query(run):
            calls.append(run)
            if len(calls) <= times:
                self.work(f"Call {len(calls)}")
            return original(run)

        with (
            mute_logger("odoo.sql_db"),
            patch.object(freezes, "_get_query", get_query),
            self.session() as env,
        ):
            env["relationship.campaign.freeze"]._cron_go_on()
        return len(calls)

    def check(self, state, note, exclusion):
        with self.session() as env:
            run = env["relationship.campaign.freeze"].browse(self.run_id)
            self.assertEqual(run.state, state)
            addressee = run.campaign_id.addressee_ids.sorted("id")[0]
            self.assertEqual(addressee.note, note)
            self.assertEqual(addressee.exclusion, exclusion)
            return run.done, run.error

    def test_a_batch_begins_anew_after_a_colleague(self):
        self.assertEqual(self.go_on(times=2), 3)
        self.assertEqual(self.check("done", "Call 2", "no_address"), (2, False))

    def test_it_gives_up_in_a_sentence(self):
        self.assertEqual(self.go_on(times=100), freeze_background.TRIES)
        done, error = self.check("failed", "Call 5", False)
        self.assertEqual(done, 0)
        self.assertIn("choose Go on", error)
